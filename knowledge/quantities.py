"""Numbers as they count in a text: with the unit that stands beside them, whatever either is written like.

`text` has already brought the digits into one form ("forty-seven percent" and "47%" are both 47 percent); here a number
gets its unit, so that 47 percent is not 47 dollars, and 9/11 stays what it is: two numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.text import NormalText, terms


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
    return tuple(_quantity(text.words, place) for place, word in enumerate(text.words) if is_number(word))


def is_number(word: str) -> bool:
    """Whether a word in normal form is a number: in digits, or one that says how large without saying how many."""
    return word[0].isdecimal() or word in _VAGUE


def is_unit(word: str) -> bool:
    """Whether a word in normal form is a unit of measurement, money or time, or a share."""
    return not _UNITS.isdisjoint(terms((word,)))


_VAGUE: Final = frozenset("dozen dozens hundred hundreds thousand thousands million millions billion billions".split())
_UNITS: Final = frozenset(
    terms(
        "percent permille percentage point dollar euro pound yen rupee cent penny mile kilometre kilometer km metre "
        "meter centimetre centimeter cm millimetre millimeter mm foot feet inch yard acre hectare ton tonne kilo "
        "kilogram kilogramme kg gram gramme ounce litre liter gallon barrel degree minute hour day week month year "
        "decade century mph kmh watt kilowatt megawatt gigawatt volt calorie megabyte gigabyte".split()
    )
)


def _quantity(words: Sequence[str], place: int) -> Quantity:
    last = place + 1
    unit = ""
    while last < len(words) and last - place <= _LONGEST_UNIT and is_unit(words[last]):
        unit = f"{unit} {terms((words[last],))[0]}".strip()
        last += 1
    return Quantity(words[place], unit, place, last)


_LONGEST_UNIT: Final = 2
"""Words: percentage points."""
