"""Numbers as they count in a text: with the unit that stands beside them, whatever either is written like.

`text` has already brought the digits into one form ("forty-seven percent" and "47%" are both 47 percent); here a number
gets its unit, so that 47 percent is not 47 dollars, and 9/11 stays what it is: two numbers.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, NamedTuple

from knowledge.background import weights
from knowledge.languages import Language
from knowledge.text import NormalText, Span, bare_words, stems
from knowledge.wordforms import spelling


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: the words [`first`, `last`) of a normal form.

    `value` is in digits, or a word that stands for some; `unit` a stem, "" where the number counts what follows.
    """

    value: str
    unit: str
    first: int
    last: int


def quantities(text: NormalText) -> tuple[Quantity, ...]:
    """The quantities of a text in order."""
    numbers = (place for place, word in enumerate(text.words) if is_number(word, text.language))
    return tuple(_quantity(text, place) for place in numbers)


def is_number(word: str, language: Language) -> bool:
    """Whether a word in normal form is a number: in digits, or one that says how large without saying how many."""
    return word[0].isdecimal() or word in language.numbers.vague


def is_unit(word: str, language: Language) -> bool:
    """Whether a word in normal form is a unit of measurement, money or time, or a share."""
    return not _units(language).isdisjoint(stems((word,), language))


@cache
def _units(language: Language) -> frozenset[str]:
    return frozenset(stems(tuple(language.numbers.units), language))


def _quantity(text: NormalText, place: int) -> Quantity:
    words, last = text.words, place + 1
    unit = ""
    while last < len(words) and last - place <= _LONGEST_UNIT and is_unit(words[last], text.language):
        unit = f"{unit} {stems((words[last],), text.language)[0]}".strip()
        last += 1
    return Quantity(words[place], unit, place, last)


_LONGEST_UNIT: Final = 2
"""Words: percentage points."""


# --- figures on the same matter ---


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A figure of a claim and what a passage gives on the same matter: both in their words, `span` in the passage."""

    claimed: str
    source: str
    span: Span


def counterparts(claim: NormalText, passage: NormalText) -> tuple[Counterpart, ...]:
    """The claim's figures that a passage has a figure beside, in the same unit and about the same thing.

    Whether they are the same number is for the reader to see. About the same thing are clauses that share two
    fifths of what the claim's clause says beside the number, by weight.
    """
    offered = list(map(partial(_figure, passage), quantities(passage)))
    asked = (_figure(claim, one) for one in quantities(claim) if not _is_of_date(claim, one))
    return tuple(_counterparts(claim, passage, asked, offered))


class _Figure(NamedTuple):
    """A quantity, what its clause says beside it, and the word behind the clause."""

    quantity: Quantity
    subject: frozenset[str]
    last: int


def _figure(text: NormalText, quantity: Quantity) -> _Figure:
    first, last = _clause(text, quantity)
    return _Figure(quantity, _subject(text, first, last), last)


def _counterparts(
    claim: NormalText, passage: NormalText, asked: Iterable[_Figure], offered: Sequence[_Figure]
) -> Iterator[Counterpart]:
    for mine, subject, _ in asked:
        same_unit = [one for one in offered if one.quantity.unit == mine.unit]
        best = max(same_unit, key=lambda one: _weight(subject & one.subject), default=None)
        if best is not None and _weight(subject & best.subject) > _SAME * _weight(subject):
            span = passage.span(best.quantity.first, best.last)
            yield Counterpart(claim.surface(mine.first, mine.last), passage.original[span.start : span.end], span)


def _is_of_date(text: NormalText, one: Quantity) -> bool:
    """Whether a number is the day or the year of a date."""
    return not text.language.dates.in_months.isdisjoint(text.words[max(0, one.first - 2) : one.last + 1])


_SAME: Final = 0.4
"""Share of weight. Set by eye on a dozen claims."""
_CLAUSE_ENDS: Final = re.compile(r"[;:—–\n]|,(?!\d)|[.!?](?=\s|$)|\b(?:while|whereas|but|although)\b")


def _clause(text: NormalText, one: Quantity) -> tuple[int, int]:
    """The words [first, last) of the clause that a quantity stands in; a word or two between commas divide none."""
    start, end = text.starts[one.first], text.ends[one.last - 1]
    borders = [match.start() for match in _CLAUSE_ENDS.finditer(text.original, text.starts[0], text.ends[-1])]
    borders = [border for at, border in enumerate(borders) if not _is_aside(text, borders, at)]
    before = max((border for border in borders if border < start), default=-1)
    after = min((border for border in borders if border >= end), default=len(text.original))
    return bisect_left(text.starts, before), bisect_left(text.starts, after)


def _is_aside(text: NormalText, borders: Sequence[int], at: int) -> bool:
    """Whether a comma is one of two around a word that only turns the sentence: ", however,"."""
    pairs = [(at - 1, at), (at, at + 1)]
    return any(
        one >= 0 and other < len(borders) and text.original[borders[one] : borders[other]].strip(" ,") in _TURNING
        for one, other in pairs
    )


_TURNING: Final = frozenset("however though meanwhile moreover too instead therefore".split())


def _subject(text: NormalText, first: int, last: int) -> frozenset[str]:
    """What some words are about: the stems of their words of content, numbers and units aside."""
    language = text.language
    without = language.grammar.without_content | language.numbers.no_subject
    words = [
        spelling(word, language)
        for word in bare_words(text.words[first:last])
        if word not in without and not is_number(word, language) and not is_unit(word, language)
    ]
    return frozenset(stems(words, language))


def _weight(some: frozenset[str]) -> float:
    return sum(weights(some))
