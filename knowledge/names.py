"""What a name is, how one is found beside some words, and when two names can be one person's."""

import re
from collections.abc import Iterable

from knowledge.lexicon import TITLES
from knowledge.text import without_accents

_CAPITALISED = r"[^\W\d_a-z](?:[^\W\d_]|[.'’-])*(?!\w)"
_PARTICLES = r"(?:(?:de|von|van|der|la|al|bin|of)\s+){0,2}"
NAME = rf"(?:@\w{{2,30}}|{_CAPITALISED}(?:(?<![a-z]{{4}}\.)\s+{_PARTICLES}{_CAPITALISED}){{0,6}})"
"""A pattern for a handle, or for capitalised words in a row."""
NAMED = rf"(?P<name>{NAME})"


def first_name(patterns: Iterable[re.Pattern[str]], beside: str) -> str | None:
    """The `name` group of the first pattern that finds one in a text, without words of grammar; None without."""
    for pattern in patterns:
        match = pattern.search(beside)
        if match is not None and (name := plain_name(match["name"])):
            return name
    return None


def same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: the same last name and no other first name, or a handle that holds it.

    Titles and trades do not count. An office or a paper may speak for anybody, so it is nobody else.
    """
    mine, theirs = _name_parts(one), _name_parts(other)
    if not mine or not theirs or set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return True
    if one.startswith("@") or other.startswith("@"):
        handle, name = (mine, theirs) if one.startswith("@") else (theirs, mine)
        return any(len(part) > _SHORT and part in handle[0] for part in name)
    if mine[-1] in _ORGANISATIONS or theirs[-1] in _ORGANISATIONS:
        return True
    if mine[-1] != theirs[-1]:
        return False
    first, second = mine[:-1], theirs[:-1]
    return not first or not second or any(a.startswith(b) or b.startswith(a) for a in first for b in second)


_SHORT = 3
_ORGANISATIONS = frozenset(
    "house department campaign committee office agency times post news university party report ministry police court "
    "council administration government company organization organisation institute foundation commission bureau "
    "senate congress journal press union association group team center centre".split()
)


_NO_NAMES = frozenset(
    "did does do is was has have had i he she they we you it who what when the this that these those so and but in "
    "on at as for while after before later then there here a an mr mrs ms monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november december breaking "
    "update exclusive opinion analysis video watch live rt fact claim source must democratic republican".split()
)


def plain_name(name: str) -> str | None:
    """A name without the capitalised words of grammar in front of it; None if nothing is left."""
    words = name.split()
    while words and words[0].casefold().rstrip(".") in _NO_NAMES:
        del words[0]
    return " ".join(words).rstrip(".,'’-").removesuffix("'s").removesuffix("’s") or None


_HOME = re.compile(r"(?<=\w)\s+(?:of|from)\s+")


def _name_parts(name: str) -> list[str]:
    """The words of a name that tell people apart, folded."""
    words = [without_accents(word.strip(".,'’@").casefold()) for word in _HOME.split(name)[0].replace("-", " ").split()]
    kept = [word for word in words if word and word not in _OFFICES]
    return kept or words


_OFFICES = frozenset({*TITLES, *TITLES.values()}) | frozenset(
    "mr mrs ms miss sir lady lord the former then late president vice secretary minister prime chancellor attorney "
    "mayor judge justice speaker jr sr ii iii sir chairman chairwoman chief candidate coach king queen pope of us "
    "u.s".split()
)
