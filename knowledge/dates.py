"""Dates as texts state them, by strict patterns: a number beside the name of a month, or digits in a date's own shape.

A general date parser reads "47% of 1" as the year 2047; here what has no such shape is no date.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.text import Span


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, or a month or a year where no more is said; `month` and `day` count from 1."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """ISO 8601 at its precision: 2020-07-11, 2020-07 or 2020."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @classmethod
    def of(cls, day: dt.date) -> "PartialDate":
        """A day as a date of full precision."""
        return cls(day.year, day.month, day.day)

    def agrees_with(self, other: "PartialDate") -> bool:
        """Whether no part that both state differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(one == another for one, another in pairs if one is not None and another is not None)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date and where a text states it."""

    when: PartialDate
    span: Span


def stated_dates(text: str, start: int = 0, end: int | None = None) -> tuple[StatedDate, ...]:
    """The dates in a text, or in its part [`start`, `end`), in order; days that no calendar has are none.

    "7/4/2020" is its year alone, for some write the day first; years of two digits are never read.
    """
    return tuple(_stated(text, start, len(text) if end is None else end))


def _stated(text: str, start: int, end: int) -> Iterator[StatedDate]:
    """Every date holds a year of four digits, so that only around these is looked closer."""
    done = start
    for year in _YEAR.finditer(text, start, end):
        if year.start() < done:
            continue
        match = _DATE.search(text, max(done, year.start() - _LONGEST), min(end, year.end() + _LONGEST))
        if match is not None and match.end() > year.start():
            done = match.end()
            when = _read({name: value for name, value in match.groupdict().items() if value})
            if when is not None:
                yield StatedDate(when, Span(*match.span()))


_LONGEST: Final = 30
"""Code points of a date on either side of its year."""


def _read(parts: dict[str, str]) -> PartialDate | None:
    """The date in the named parts of a match: their names end in a number, one for each shape."""
    found = {name.rstrip("0123456789"): value for name, value in parts.items()}
    year = int(found["year"])
    if "name" in found:
        month: int | None = _MONTHS.get(found["name"].casefold().replace("\u0307", ""))
        if month is None:  # a pattern that ignores case takes more letters for one than casefold does
            return PartialDate(year)
    elif "one" in found:
        return _numeric(year, int(found["one"]), int(found["other"]))
    else:
        month = int(found["month"]) if "month" in found else None
    return _checked(year, month, int(found["day"]) if "day" in found else None)


def _numeric(year: int, one: int, other: int) -> PartialDate | None:
    """The date of digits in an order that only their size can tell: the year alone where it cannot."""
    if one > _MOST_MONTHS or one == other:
        return _checked(year, other, one)
    return _checked(year, one, other) if other > _MOST_MONTHS else PartialDate(year)


_MOST_MONTHS: Final = 12


def _checked(year: int, month: int | None, day: int | None) -> PartialDate | None:
    """The date, None where no calendar has it."""
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(year, month, day)


# --- the patterns ---

_NAMES: Final = (
    "january jan januar janvier enero janeiro gennaio januari января январь stycznia ocak",
    "february feb februar février fevrier febrero fevereiro febbraio februari февраля февраль lutego şubat",
    "march mar märz maerz mars marzo março marco maart марта март marca mart",
    "april apr avril abril aprile апреля апрель kwietnia nisan",
    "may mai mayo maio maggio mei maj мая май maja mayıs mayis",
    "june jun juni juin junio junho giugno июня июнь czerwca haziran",
    "july jul juli juillet julio julho luglio июля июль lipca temmuz",
    "august aug août aout agosto augustus augusti августа август sierpnia ağustos",
    "september sept sep septembre septiembre setembro settembre сентября сентябрь września eylül",
    "october oct oktober octobre octubre outubro ottobre oktober октября октябрь października ekim",
    "november nov novembre noviembre novembro ноября ноябрь listopada kasım kasim",
    "december dec dezember décembre decembre diciembre dezembro dicembre декабря декабрь grudnia aralık aralik",
)
"""English, German, French, Spanish, Portuguese, Italian, Dutch and Scandinavian, Russian, Polish, Turkish."""
_MONTHS: Final = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}
_YEAR: Final = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_PARTS: Final = {
    "YEAR": r"(?P<yearN>(?:1[5-9]|20)\d\d)",
    "NAME": rf"(?P<nameN>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?",
    "MONTH": r"(?P<monthN>\d{1,2})",
    "DAY": r"(?P<dayN>\d{1,2})",
    "FIRST": r"(?P<oneN>\d{1,2})",
    "SECOND": r"(?P<otherN>\d{1,2})",
    "TH": r"(?:st|nd|rd|th|er|º|ª|\.)?",
    "ALONE": r"(?<![\d.,/:-])",
    "ENDS": r"(?![\d%]|[.,:/]\d|[-–]\d\d)",
}
_SHAPES: Final = (
    r"\bNAME\s+DAYTH,?\s+YEARENDS",  # July 11, 2020
    r"ALONEDAYTH\s+(?:of\s+|de\s+|d['’]\s*)?NAME,?\s+(?:del?\s+)?YEARENDS",  # 11 July 2020, 5 de mayo de 2020
    r"\bNAME,?\s+(?:of\s+|de\s+)?YEARENDS",  # July 2020
    r"ALONEYEAR[-/]MONTH[-/]DAYENDS",  # 2020-07-11
    r"ALONEFIRST/SECOND/YEARENDS",  # 7/11/2020
    r"ALONEDAY\.\s?MONTH\.\s?YEARENDS",  # 11.7.2020
    r"YEAR\s*年(?:\s*MONTH\s*月(?:\s*DAY\s*日)?)?",
    r"\b(?:in|since|until|till|by|of|from|during|after|before|early|late|mid|around|summer|spring|fall|autumn|winter"
    r"|seit|im jahre?|en|depuis|desde|em|nel|dal)[\s-]+YEARENDS"
    r"(?!\s*(?:percent|people|dollars|euros|pounds|homes|jobs|of\b|miles|km|troops|votes|points))",  # in 2020
    r"\(YEAR\)",  # (2020)
)


def _pattern(number: int, shape: str) -> str:
    """A shape with its parts filled in, their groups named by its number: no pattern may name a group twice."""
    for part, pattern in _PARTS.items():
        shape = shape.replace(part, pattern.replace("N>", f"{number}>"))
    return shape


_DATE: Final = re.compile("|".join(_pattern(*numbered) for numbered in enumerate(_SHAPES)), re.IGNORECASE)
