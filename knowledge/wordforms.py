"""What two words are to each other: one in another guise, spelling, form or slip of the other, or its opposite.

The typed word diff (`differences`) asks here about every pair of words that stand in the same place of both texts.
"""

import re
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Final

from rapidfuzz.distance import OSA

from knowledge.background import is_known
from knowledge.lexicon import FORMS, OPPOSING_PREFIXES, SPELLINGS, TITLES
from knowledge.text import terms, without_accents


def means_the_same(one: str, other: str) -> bool:
    """Whether two words are one, contracted or in full."""
    return one == other or other in _CONTRACTIONS.get(one, ()) or one in _CONTRACTIONS.get(other, ())


_CONTRACTIONS: Final = {"'s": {"is", "has", "us"}, "'d": {"would", "had"}}


# --- opposites ---


def are_opposites(one: str, other: str) -> bool:
    """Whether two words say the opposite of each other in any form, by the list or by a prefix: safe and unsafe."""
    if frozenset((one, other)) in _antonyms() or frozenset(terms((one, other))) in _antonym_stems():
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > _SHORTEST_STEM and any(longer == prefix + shorter for prefix in OPPOSING_PREFIXES)


@cache
def _antonyms() -> frozenset[frozenset[str]]:
    """The pairs of antonyms.txt, lines of words with a slash between them."""
    lines = resources.files("knowledge").joinpath("antonyms.txt").read_text("utf-8").splitlines()
    return frozenset(frozenset(pair.split("/")) for line in lines if line[:1] != "#" for pair in line.split())


@cache
def _antonym_stems() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(terms(tuple(pair))) for pair in _antonyms())


_SHORTEST_STEM: Final = 3


# --- spellings ---

_BRITISH: Final = (
    *(tuple(pair.split("/")) for pair in "our/or is/iz ys/yz ogue/og tre/ter bre/ber ence/ense gramme/gram".split()),
    ("ae", "e"),
    ("oe", "e"),
)
_SHORTEST_BRITISH: Final = 5
"""Letters. In shorter words the patterns make "our" of "or" and "she" of "shoe"."""
_DOUBLED_L: Final = ("ed", "ing", "er", "ers", "or", "ors", "ist", "ists", "ous", "ings")


def are_spellings(one: str, other: str) -> bool:
    """Whether two words are one in British and American, accented and plain, short, full or masked spelling."""
    return spelling(one) == spelling(other) or _unmasks(one, other) or _unmasks(other, one)


def _unmasks(word: str, masked: str) -> bool:
    """Whether a word is the one that some letters of are masked in: f**k."""
    if "*" not in masked and "---" not in masked:
        return False
    first, last = re.split(r"[*-]+", masked, maxsplit=1)
    return word.startswith(first) and word.endswith(last) and len(word) > len(first + last)


def spelling(word: str) -> str:
    """A word as its spellings have it in common."""
    plain = without_accents(TITLES.get(word, word))
    for british, american in SPELLINGS:
        if plain.startswith(british):
            plain = american + plain[len(british) :]
    if len(plain) < _SHORTEST_BRITISH:
        return plain
    for british, american in _BRITISH:
        plain = plain.replace(british, american)
    for ending in _DOUBLED_L:  # travelled and traveled, but not still and stil
        if plain.endswith(f"ll{ending}") and len(plain) > len(ending) + _SHORTEST_STEM + 1:
            return f"{plain[: -len(ending) - 1]}{ending}"
    return plain


# --- forms ---


def is_inflection(one: str, other: str) -> bool:
    """Whether two words are forms of one: a shared stem of three letters or more, and endings of grammar."""
    if frozenset((one, other)) in FORMS:
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    if shared < _SHORTEST_STEM:
        return False
    ends = {_undoubled(one, shared), _undoubled(other, shared)}
    if "d" in ends:
        return one[shared - 1] == "e" and "" in ends
    return ends <= _ENDINGS or ends <= _ENDINGS_OF_Y or ends <= _ENDINGS_OF_E


_ENDINGS: Final = frozenset(("", "'s", "s", "es", "ed", "ing"))
_ENDINGS_OF_Y: Final = frozenset(("y", "ies", "ied"))
_ENDINGS_OF_E: Final = frozenset(("e", "es", "ed", "ing"))


def _undoubled(word: str, shared: int) -> str:
    """What follows the shared letters, without the consonant that an ending doubles: stop, stop-p-ed."""
    end = word[shared:]
    return end[1:] if end[:1] == word[shared - 1] and end[1:] in _ENDINGS else end


_PLURAL_NAMES: Final = ("an", "crat", "ist", "ite", "day", "or", "i")


def is_plural_of_name(one: str, other: str) -> bool:
    """Whether two names are singular and plural of a people, party or weekday: Germans, not Roberts for Robert."""
    shorter, longer = sorted((one, other), key=len)
    return longer == f"{shorter}s" and shorter.endswith(_PLURAL_NAMES)


# --- slips ---


def is_slip(claimed: str, sourced: str) -> bool:
    """Whether one word is the other with a slip of the keyboard: a letter or two, and not another known word."""
    if is_known(claimed) and is_known(sourced):
        return False
    shorter = min(len(claimed), len(sourced))
    if shorter < _SHORT_WORD and (shorter < _SHORTEST_STEM or is_known(claimed) or claimed[0] != sourced[0]):
        return False
    allowed = 1 if shorter < _LONG_WORD else 2
    return OSA.distance(claimed, sourced, score_cutoff=allowed) <= allowed


_SHORT_WORD: Final = 4
_LONG_WORD: Final = 8


def is_slip_of_name(claimed: str, sourced: str) -> bool:
    """The same of a name, strictly: letters inside it swapped, doubled, lost or gained, for Hanson is not Hansen."""
    if is_known(claimed) or min(len(claimed), len(sourced)) < _SHORT_WORD:
        return False
    if claimed[0] != sourced[0] or claimed[-1] != sourced[-1] or OSA.distance(claimed, sourced, score_cutoff=1) > 1:
        return False
    return len(claimed) != len(sourced) or sorted(claimed) == sorted(sourced)
