"""What two words are to each other: one in another guise, spelling, form or slip of the other, or its opposite.

The typed word diff (`differences`) asks here about every pair of words that stand in the same place of both texts.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import takewhile
from typing import Final

from rapidfuzz.distance import OSA

from knowledge.background import is_known
from knowledge.languages import Language
from knowledge.text import stems, without_accents


def means_the_same(one: str, other: str, language: Language) -> bool:
    """Whether two words are one, contracted or in full."""
    meanings = language.contractions.meanings
    return one == other or other in meanings.get(one, "").split() or one in meanings.get(other, "").split()


# --- opposites ---


def are_opposites(one: str, other: str, language: Language) -> bool:
    """Whether two words say the opposite of each other in any form, by the list or by a prefix: safe and unsafe."""
    if frozenset((one, other)) in _opposites(language):
        return True
    if frozenset(stems((one, other), language)) in _opposite_stems(language):
        return True
    shorter, longer = sorted((one, other), key=len)
    prefixes = language.forms.opposing_prefixes
    return len(shorter) > _SHORTEST_STEM and any(longer == prefix + shorter for prefix in prefixes)


@cache
def _opposites(language: Language) -> frozenset[frozenset[str]]:
    return frozenset(map(frozenset, _pairs(language.forms.opposites)))


@cache
def _opposite_stems(language: Language) -> frozenset[frozenset[str]]:
    """The stems of the opposites, but for those that have one in common: niño and niña."""
    pairs = (frozenset(stems(tuple(pair), language)) for pair in _opposites(language))
    return frozenset(pair for pair in pairs if len(pair) > 1)


def _pairs(lines: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of some lines of words with a slash between them."""
    halves = (pair.partition("/") for line in lines for pair in line.split())
    return tuple((one, other) for one, _, other in halves)


_SHORTEST_STEM: Final = 3


# --- spellings ---

_SHORTEST_WITH_INNER: Final = 5
"""Letters. In shorter words the patterns make "our" of "or" and "she" of "shoe"."""
_DOUBLED_L: Final = ("ed", "ing", "er", "ers", "or", "ors", "ist", "ists", "ous", "ings")


def are_spellings(one: str, other: str, language: Language) -> bool:
    """Whether two words are one in two countries' spelling, accented and plain, short, full or masked."""
    same = spelling(one, language) == spelling(other, language)
    return same or _unmasks(one, other) or _unmasks(other, one)


def _unmasks(word: str, masked: str) -> bool:
    """Whether a word is the one that some letters of are masked in: f**k."""
    if "*" not in masked and "---" not in masked:
        return False
    first, last = re.split(r"[*-]+", masked, maxsplit=1)
    return word.startswith(first) and word.endswith(last) and len(word) > len(first + last)


def spelling(word: str, language: Language) -> str:
    """A word as its spellings have it in common."""
    plain = without_accents(language.grammar.titles.get(word, word))
    beginnings, inner = _spellings(language)
    for one, common in beginnings:
        if plain.startswith(one):
            plain = common + plain[len(one) :]
    if len(plain) < _SHORTEST_WITH_INNER:
        return plain
    for one, common in inner:
        plain = plain.replace(one, common)
    for ending in _DOUBLED_L if language.forms.doubles else ():  # travelled and traveled, but not still and stil
        if plain.endswith(f"ll{ending}") and len(plain) > len(ending) + _SHORTEST_STEM + 1:
            return f"{plain[: -len(ending) - 1]}{ending}"
    return plain


@cache
def _spellings(language: Language) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The beginnings and the inner parts of words that are spelt in two ways, the second standing for both."""
    return _pairs(language.forms.spellings), _pairs(language.forms.inner)


# --- forms ---


def is_inflection(one: str, other: str, language: Language) -> bool:
    """Whether two words are forms of one: a shared stem of three letters or more, and endings of one line."""
    if frozenset((one, other)) in _irregular(language):
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    lines = _endings(language)
    for stem in (shared, shared - 1):  # love-d, but lov-es and lov-ed
        ends = {one[stem:], other[stem:]}
        if stem >= _SHORTEST_STEM and any(ends <= line for line in lines):
            return True
    return language.forms.doubles and shared >= _SHORTEST_STEM and _is_doubled(one, other, shared, lines)


def _is_doubled(one: str, other: str, shared: int, lines: Iterable[frozenset[str]]) -> bool:
    """Whether an ending doubles the consonant before it in one of two words: stop, stop-p-ed."""
    shorter, longer = sorted((one[shared:], other[shared:]), key=len)
    return longer[:1] == one[shared - 1] and any({shorter, longer[1:]} <= line for line in lines if "" in line)


@cache
def _endings(language: Language) -> tuple[frozenset[str], ...]:
    lines = (line.split() for line in language.forms.endings)
    return tuple(frozenset("" if ending == "-" else ending for ending in line) for line in lines)


@cache
def _irregular(language: Language) -> frozenset[frozenset[str]]:
    lines = [line.split() for line in language.forms.irregular]
    return frozenset(frozenset((one, other)) for line in lines for one in line for other in line)


def is_plural_of_name(one: str, other: str, language: Language) -> bool:
    """Whether two names are singular and plural of a people, party or weekday: Germans, not Roberts for Robert."""
    shorter, longer = sorted((one, other), key=len)
    return longer == f"{shorter}s" and shorter.endswith(tuple(language.forms.plural_names))


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
