"""What a name is, how one is found beside some words, and when two names can be one person's."""

import re
from collections.abc import Iterable

from knowledge.languages import ENGLISH
from knowledge.text import is_spaceless, without_accents

_SMALL = "a-zß-öø-ÿа-яё"
_CAPITALISED = rf"(?<![{_SMALL}])[^\W\d_{_SMALL}](?:[^\W\d_]|[.'’-])*(?!\w)"
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
    """Whether two names can be one person's, as far as names can tell: only what is certain makes two people.

    It takes another last name, or another first name where neither is short for the other. Titles and trades do not
    count; an office alone, a paper or names in two scripts may be anybody's, and so is a handle that holds the name.
    """
    mine, theirs = _name_parts(one), _name_parts(other)
    if not mine or not theirs or set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return True
    if is_spaceless(mine[-1]) and is_spaceless(theirs[-1]):
        return mine[-1] in theirs[-1] or theirs[-1] in mine[-1]  # 习近平主席: the office stands behind, without a space
    if one.startswith("@") or other.startswith("@"):
        handle, name = (mine, theirs) if one.startswith("@") else (theirs, mine)
        return any(len(part) > _SHORT and part in handle[0] for part in name)
    if _is_organisation(one, mine) or _is_organisation(other, theirs) or _is_latin(mine) != _is_latin(theirs):
        return True
    if not _is_inflected(mine[-1], theirs[-1]):
        return False
    return not mine[:-1] or not theirs[:-1] or any(_is_short_for(a, b) for a in mine[:-1] for b in theirs[:-1])


def _is_organisation(name: str, parts: list[str]) -> bool:
    """Whether a name is one of many people's: by its last word, or by capitals alone (CNN)."""
    return parts[-1] in _ORGANISATIONS or (name.isupper() and name.isascii() and " " not in name)


def _is_latin(parts: list[str]) -> bool:
    """Whether folded words are Latin; an accent makes no other script."""
    return "".join(parts).isascii()


def _is_short_for(one: str, other: str) -> bool:
    """Whether two folded first names can be one: the same, an initial, a short form, or another Slavic case."""
    whole = one.startswith(other) or other.startswith(one) or _FULL.get(one, one) == _FULL.get(other, other)
    return whole or _is_inflected(one, other)


def _is_inflected(one: str, other: str) -> bool:
    """Whether two folded names are the same or, outside the Latin script, begin alike: Волкова, Волковой."""
    if one == other or one.isascii() or other.isascii():
        return one == other
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same >= _SHORT and max(len(one), len(other)) - same <= _SHORT


_FULL = {
    short: full
    for full, shorts in (
        names.split(":")
        for names in (
            "michael:mike,mick/bernard:bernie/william:bill,billy,will/robert:bob,bobby/joseph:joe,joey/james:jim,jimmy/"
            "richard:dick,rick/edward:ted,ed,eddie/anthony:tony/thomas:tom,tommy/john:jack,johnny/charles:chuck,charlie/"
            "stephen:steve,steven/andrew:andy,drew/lawrence:larry/henry:hank,harry/elizabeth:liz,beth,betsy,betty/"
            "katherine:kate,kathy,katie/deborah:debbie/margaret:maggie,meg,peggy/gerald:jerry/theodore:ted"
        ).split("/")
    )
    for short in shorts.split(",")
}
"""Short forms that do not begin as the name does, by the form; those that do need no table."""
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
    "update exclusive opinion analysis video watch live rt fact claim source must democratic republican "
    "though although if since because however meanwhile still yet once".split()
)


_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december".split()
)
_CROWDS = frozenset(
    "critics supporters opponents officials voters experts analysts sources police people others some many most "
    "several both lawyers attorneys aides allies prosecutors delegates researchers scientists residents witnesses "
    "investigators protesters lawmakers advisers advisors authorities members reporters republicans democrats "
    "conservatives liberals americans her their our my its no nobody everyone everybody somebody someone".split()
)
"""Who begins a sentence with a capital and is no name, nor is what follows: "Critics of Ada Brook"."""
_OF = frozenset(
    "secretary minister department ministry house university bank board office chamber bureau institute council "
    "college church court chief director chairman president governor duke prince king queen school state league "
    "academy society association federation union club".split()
)
"""What is named by what it is of; a person is only from there."""


def plain_name(name: str) -> str | None:
    """A name without the grammar in front of it, a day behind it or where its bearer is from; None if none is left."""
    words = name.split()
    while words and words[0].casefold().rstrip(".") in _NO_NAMES:
        del words[0]
    if not words or words[0].casefold() in _CROWDS:
        return None
    if "of" in words and (at := words.index("of")) > 1 and words[at - 1].casefold() not in _OF:
        del words[at:]
    while len(words) > 1 and words[-1].casefold().rstrip(".,") in _DAYS:
        del words[-1]
    return " ".join(words).rstrip(".,'’-").removesuffix("'s").removesuffix("’s") or None


_HOME = re.compile(r"(?<=\w)\s+(?:of|from)\s+")


def _name_parts(name: str) -> list[str]:
    """The words of a name that tell people apart, folded; none where it is an office alone."""
    called = _HOME.split(name.split(",")[0])[0].replace("-", " ").replace("’", "'")
    words = [without_accents(_POSSESSIVE.sub("", word.strip(".,'’@").casefold())) for word in called.split()]
    return [word for word in words if word and word not in _OFFICES]


_POSSESSIVE = re.compile(r"['’]s$")
_OFFICES = frozenset({*ENGLISH.grammar.titles, *ENGLISH.grammar.titles.values()}) | frozenset(
    "mr mrs ms miss sir lady lord the former then late president vice secretary minister prime chancellor attorney "
    "mayor judge justice speaker jr sr ii iii sir chairman chairwoman chief candidate coach king queen pope of us "
    "u.s potus flotus vp 主席 总统 总理".split()
)
