"""Dates where a text states them, by strict patterns: what could be a number, a range or a version is no date.

Pure; a post's signature, a claim's own date and the words around a quotation are all read with it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from knowledge.languages import languages
from knowledge.text import Span, without_accents


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year of the calendar; ValueError for one that it does not have."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs its month")
        dt.date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    def __str__(self) -> str:
        """ISO 8601, as far as known: 2020-07-11, 2020-07, 2020."""
        parts = [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join([f"{self.year:04}", *parts])

    @classmethod
    def of(cls, date: dt.date) -> "PartialDate":
        """The day of a date, or of a moment in its own time zone."""
        return cls(date.year, date.month, date.day)

    @property
    def precision(self) -> Precision:
        """The smallest part that is known."""
        if self.day is not None:
            return Precision.DAY
        return Precision.YEAR if self.month is None else Precision.MONTH

    def agrees_with(self, other: "PartialDate | dt.date") -> bool:
        """Whether no part that both state differs: July 2020 agrees with 2020 and with July 11, 2020."""
        return self.year == other.year and _same(self.month, other.month) and _same(self.day, other.day)


def _same(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date where a text states it: `span` code points, without a weekday before it or a preposition."""

    when: PartialDate
    span: Span


def stated_dates(text: str, start: int = 0, end: int | None = None) -> tuple[StatedDate, ...]:
    """The dates that lie in the part [`start`, `end`) of a text, in order, none in another, with spans in the whole.

    Every date has a year of four digits, 1000 to 2100. Of a range of days the month is read, of "11/07/2020", which
    is two days to two readers, the year. A bare year is one only where its neighbours say so; a day that the calendar
    does not have is nothing. The words around the part are seen, so that it may begin and end anywhere.
    """
    return tuple(_stated_dates(text, start, len(text) if end is None else end))


def _stated_dates(text: str, start: int, end: int) -> Iterator[StatedDate]:
    reached = start
    for year in _YEAR.finditer(text, start, end):
        stated = _date_around(text, year.start())
        if stated is not None and reached <= stated.span.start and stated.span.end <= end:
            reached = stated.span.end
            yield stated


def _date_around(text: str, at: int) -> StatedDate | None:
    """The date whose year stands at `at`, None without a shape that fits or a day that the calendar has."""
    year = int(text[at : at + 4])
    shape = _shape_around(text, at) if year <= _LAST_YEAR else None
    if shape is None:
        return None
    try:
        return StatedDate(PartialDate(year, shape.month, shape.day), shape.span)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is written like a date: its parts beside the year, which nobody has looked up in the calendar yet."""

    span: Span
    month: int | None = None
    day: int | None = None


# Every date is found by its year and read in a stretch of fixed length around it: a text costs what its years cost.
_YEAR = re.compile(r"[12](?<!\d.)[0-9]{3}(?!\d)")
_LAST_YEAR = 2100


def _shape_around(text: str, at: int) -> _Shape | None:
    """The first shape that fits the four digits at `at`; the others are not asked when its day is impossible."""
    if match := _YEAR_FIRST.match(text, at) or _CHARACTERS.match(text, at):
        month, day = match["month"], match["day"]
        return _Shape(Span(*match.span()), int(month) if month else None, int(day) if day else None)
    if not _YEAR_ENDS.match(text, at + 4):
        return None
    if match := _NUMBERS.search(text, max(0, at - _NUMBERS_REACH), at):
        return None if text.startswith("/", at + 4) else _in_numbers(match)
    return _in_words(text, at) or (_Shape(Span(at, at + 4)) if _is_year(text, at) else None)


_YEAR_FIRST = re.compile(
    r"""
    (?<![0-9A-Za-z_./=&-])[0-9]{4}              # an address and a longer number go on to the left
    (?=[-/]|\.[0-9]{2}\.[0-9]{2})               # 2020.7.1 is a version
    (?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})
    (?!(?!T[0-9])[0-9A-Za-z_]|[-/.][0-9A-Za-z])
    """,
    re.VERBOSE,
)
_CHARACTERS = re.compile(
    r"""
    (?<![0-9A-Za-z_$€£¥])(?<![0-9][-–—~～./,])(?<![近约約逾])
    [0-9]{4}[ \u00a0]?[年년]
    (?![代대级級])                               # a decade, a class
    (?!(?<=00年)(?:[前来來间間]|[的の]?(?:历史|歷史|歴史)))    # 2000年前 is two thousand years ago
    (?:[ \u00a0]?(?P<month>[0-9]{1,2})[ \u00a0]?[月월]
      (?:[ \u00a0]?(?P<day>[0-9]{1,2})[ \u00a0]?[日号號일]
        (?![-–—~～至到][0-9]{1,2}[日号號일])     # of 11日至13日 the month
      )?
    )?
    """,
    re.VERBOSE,
)
_YEAR_ENDS = re.compile(r"(?![0-9A-Za-z_]|[.,:][0-9])|(?=r\.)")  # "2020r." is Polish

# --- days in numbers ---

_NUMBERS_REACH = len("11.07.")
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z_$€£¥./,:+-])(?P<first>[0-9]{1,2})(?P<mark>[./-])(?P<second>[0-9]{1,2})(?P=mark)\Z"
)


def _in_numbers(match: re.Match[str]) -> _Shape:
    """Day first with points, as all languages do that write so; with strokes only what one order of the two allows."""
    span = Span(match.start(), match.end() + 4)
    first, second = int(match["first"]), int(match["second"])
    if match["mark"] == "." or first == second or first > _MONTHS_OF_A_YEAR:
        return _Shape(span, second, first)
    if second > _MONTHS_OF_A_YEAR or not first:
        return _Shape(span, first, second)
    return _Shape(span) if second else _Shape(span, 0)


_MONTHS_OF_A_YEAR = 12

# --- months in words ---


def _in_words(text: str, at: int) -> _Shape | None:
    """A month's name before the year at `at`, with or without a day on either side."""
    earliest = max(0, at - _WORDS_REACH)
    if not any(map(_month, _WORDS.findall(text, earliest, at)[-_MONTH_AMONG:])):
        return None  # spares three searches
    for pattern, month_of in ((_DAY_FIRST, _month), (_MONTH_FIRST, _leading_month)):
        if (match := pattern.search(text, earliest, at)) and (month := month_of(match["month"])):
            return _Shape(Span(match.start(), at + 4), month, None if match["range"] else int(match["day"]))
    match = _MONTH.search(text, earliest, at)
    if match and (month := _lone_month(match["month"])) and not _RANGE_GOES_ON.match(text, at + 4):
        return _Shape(Span(match.start(), at + 4), month)
    return None


_WORDS_REACH = 48
"""Code points before a year in which its month and day stand; "11th - 13th of September of 2020" needs 28."""
_MONTH_AMONG = 3
"""Words before a year, of three letters and more, one of which is its month: "July the 11th del 2020"."""
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]?){3,12}"
_SPACE = r"[^\S\n]{1,2}"
_DAY = r"[0-9]{1,2}"
_NTH = r"(?:st|nd|rd|th|er|re|:?e|[º°ª.]|\.º|-?го)?"
_TO = r"\s?[-–—]\s?"
_OF = rf"(?:,?{_SPACE}(?:(?:of|de|del|do|di)(?:{_SPACE}|\n))?|,\n?|-)"  # a line may end there, wrapped by hand
_WORDS = re.compile(_LETTERS)
_DAY_FIRST = re.compile(
    rf"(?<!\w)(?<![0-9][-–—.,/:])(?<![$€£¥])(?P<range>{_DAY}{_NTH}{_TO})?(?P<day>{_DAY}){_NTH}"
    rf"(?:{_SPACE}(?:(?:of|de|di){_SPACE})?|-|(?<=\.))(?P<month>{_LETTERS})\.?{_OF}\Z",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>{_LETTERS})(?:\.?{_SPACE}(?:the{_SPACE})?|\.)"
    rf"(?P<day>{_DAY}){_NTH}(?P<range>{_TO}{_DAY}{_NTH})?{_OF}\Z",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"(?<!\w)(?P<month>{_LETTERS})\.?{_OF}\Z", re.IGNORECASE)
_RANGE_GOES_ON = re.compile(r"\s?[-–—/]\s?[0-9]")


def _month(word: str) -> int | None:
    """The number of a month in any of its forms, with or without its accents."""
    return _months().get(without_accents(word.casefold()))


def _leading_month(word: str) -> int | None:
    """The month that a word means before its day: "set 11, 2020" is no September."""
    return None if word.casefold() in _OTHER_WORDS else _month(word)


def _lone_month(word: str) -> int | None:
    """The month that a word means without a day: "you may" and the planet are none."""
    meant = word in _MONTHS_IF_WRITTEN_SO or word.casefold() not in _OTHER_WORDS | _WORDS_WITHOUT_A_DAY
    return _month(word) if meant else None


@cache
def _months() -> Mapping[str, int]:
    """The numbers of the months by their names in every language, without accents."""
    named = [lines.split() for lines in _OTHER_MONTHS]
    for language in languages().values():
        for month, line in enumerate(language.dates.months):
            named[month] += map(without_accents, line.split())
    return {name: month for month, names in enumerate(named, 1) for name in names}


_OTHER_MONTHS = (
    "januari gennaio gen styczen stycznia styczniu январь января январе янв ocak",
    "februari febbraio luty lutego lutym февраль февраля феврале фев subat",
    "maart mrt marts marzec marca marcu март марта марте мар mart",
    "aprile kwiecien kwietnia kwietniu апрель апреля апреле апр nisan",
    "maggio mag mei maj maja maju май мая мае mayis",
    "giugno giu czerwiec czerwca czerwcu июнь июня июне июн haziran",
    "luglio lug lipiec lipca lipcu июль июля июле июл temmuz",
    "augustus augusti sierpien sierpnia sierpniu август августа августе авг agustos",
    "settembre sett wrzesien wrzesnia wrzesniu сентябрь сентября сентябре сент сен eylul",
    "oktober okt ottobre ott pazdziernik pazdziernika pazdzierniku октябрь октября октябре окт ekim",
    "listopad listopada listopadzie ноябрь ноября ноябре ноя kasim",
    "dicembre desember grudzien grudnia grudniu декабрь декабря декабре дек aralik",
)
"""Those of languages that have no file: Italian, Dutch, Swedish, Danish, Norwegian, Polish, Russian, Turkish; full and
short forms, and the cases that go with a day or stand after "in", all without accents."""
_OTHER_WORDS = frozenset("ago gen mag marco out set".split())
"""Names of months that are commoner as something else; only after the number of a day are they months."""
_WORDS_WITHOUT_A_DAY = frozenset("mar march mars mart may mayo".split())
_MONTHS_IF_WRITTEN_SO = frozenset("March MARCH May MAY mars mayo".split())

# --- bare years ---


def _is_year(text: str, at: int) -> bool:
    """Whether its neighbours make four digits a year: by themselves, or after another one: "from 1998 to 2004"."""
    if _RANGE_GOES_ON.match(text, at + 4):
        return False
    before = _words_before(text, at)
    if _is_single_year(text, at, before):
        return True
    if before is None or before["last"].casefold() not in _JOINING or not _FOUR_DIGITS.fullmatch(before["first"] or ""):
        return False
    other = before.start("first")
    return _ends_phrase(text, at) and _is_single_year(text, other, _words_before(text, other))


def _words_before(text: str, at: int) -> re.Match[str] | None:
    return _BEFORE.search(text, max(0, at - _BEFORE_REACH), at)


def _is_single_year(text: str, at: int, before: re.Match[str] | None) -> bool:
    """Whether a word that goes with years alone stands beside four digits, or a preposition with nothing to count."""
    if _YEAR_WORD_AFTER.match(text, at + 4) or _IN_BRACKETS.match(text, max(0, at - 1)):
        return True
    if before is None:
        return False
    last, first = before["last"].casefold(), (before["first"] or "").casefold()
    if first in _BEFORE_YEAR_WORDS.get(last, ()) or (last == "of" and first in _SEASONS):
        return True
    is_odds = last == "in" and (first == "one" or first.isdecimal())
    if last in _PREPOSITIONS and not is_odds:
        return _ends_phrase(text, at, names_follow=True)
    if last not in _PREPOSITIONS_OF_NUMBERS and not is_odds:
        return False
    return not _is_round(text, at) and int(text[at : at + 4]) >= _FIRST_AFTER_OF and _ends_phrase(text, at)


def _ends_phrase(text: str, at: int, *, names_follow: bool = False) -> bool:
    """Whether four digits count nothing: the phrase ends with them, or a word of grammar follows, or a name may.

    Only numbers that are not round, and so seldom counts, go before a name or "of": "in 2016 Trump" does,
    "in 2000 American homes" and "in 2000 of the cases" do not.
    """
    after = _AFTER.match(text, at + 4)
    if after is None:
        return False
    word = after["word"]
    if word is None or word.casefold() in _WORDS_OF_GRAMMAR:
        return True
    if _is_round(text, at):
        return False
    return word.casefold() in _WORDS_AFTER_COUNTS or (names_follow and word.istitle() and text[at + 2 : at + 4] != "50")


def _is_round(text: str, at: int) -> bool:
    return text.startswith("00", at + 2)


_BEFORE_REACH = 24
_BEFORE = re.compile(r"(?:(?<![^\W_])(?P<first>[^\W_]+)['’\s]\s?)?(?<![^\W_])(?P<last>[^\W\d_]+)(?:\s\s?|-)\Z")
_FOUR_DIGITS = re.compile(r"[12][0-9]{3}")
_IN_BRACKETS = re.compile(r"(?<![0-9A-Za-z_])[(（][0-9]{4}[)）]")
_YEAR_WORD_AFTER = re.compile(
    r"[^\S\n]?(?:год[ауе]?\b|годом\b|г\.|roku\b|rok\b|r\.|yılı|yili)"
    r"|-(?:м|го|му)\b|['’](?:[dt][ea]n?|n[iı]n|y[ea])\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"""
    \s{0,2}\Z | [^\S\n]{0,2}\n
    | [^\S\n]?[;:!?»](?!\d) | [.)\]}"”…，。、；：！？）」*_](?!\d) | ,(?!\d) | ['’](?:s\b|(?!\w))
    | [–—](?=[^\W\d]) | [^\S\n][-–—][^\S\n](?!\d)
    | [^\S\n]{1,2}(?:[(\["“«‘] | (?P<word>[^\W\d_]{1,20}(?![\w'’-])))
    """,
    re.VERBOSE,
)
_BEFORE_YEAR_WORDS = {
    "year": frozenset({"the"}),
    "jahr": frozenset({"im", "das"}),
    "jahre": frozenset({"im"}),
    "jahres": frozenset({"des"}),
    "année": frozenset({"l", "d"}),
    "annee": frozenset({"l", "d"}),
    "an": frozenset({"l"}),
    "año": frozenset({"el", "del", "al"}),
    "ano": frozenset({"o", "do", "no", "ao"}),
    "anno": frozenset({"l", "nell", "dell", "dall"}),
    "jaar": frozenset({"het"}),
}
"""Words for a year, and those that must stand before them: "the year 2000", but "each year 2000 people"."""
_SEASONS = frozenset("spring summer autumn fall winter".split())
_PREPOSITIONS = _SEASONS | frozenset(
    "in since until till during early late mid through throughout circa "
    "seit anfang mitte ende frühjahr frühling sommer herbst en depuis début mi été printemps automne hiver "
    "desde hasta durante verano invierno otoño primavera em até verão inverno outono nel dal inizio estate autunno "
    "sinds sedert begin medio zomer herfst voorjaar najaar år sedan siden sommaren sommeren våren hösten høsten "
    "w roku в году".split()
)
_PREPOSITIONS_OF_NUMBERS = frozenset(
    "of by from before after between around von bis ab vor nach zwischen de dès avant après entre fin ici del antes "
    "después van vanaf voor na tussen fra från till til i mellan mellem mellom od do с до к между tra al".split()
)
"""After these any number may stand, so that it must not be round."""
_FIRST_AFTER_OF = 1800
"""Earlier years are rarer than numbers of their size after `_PREPOSITIONS_OF_NUMBERS`."""
_JOINING = frozenset("and or to till until through und bis et à y e a hasta en tot och og til i do".split())
_WORDS_AFTER_COUNTS = frozenset("of or de des del di do da von oder van av eller o ou z из или".split())
_WORDS_OF_GRAMMAR = frozenset(
    "a about after again against alone although am amid among an and are as at be because been before being between "
    "but by can could despite did do does during even following for from had has have he her here his how however i "
    "if in into is it its just may might must my no nor not now off on only onto our over said says shall she should "
    "since so still than that the their then there these they this those though through to under unless until up "
    "upon versus via was we were what when where whereas which while who whom whose why will with within without "
    "would yet you your "
    "als am auch auf aus bei bis dass das dem den der die durch ein eine er es für gegen hat hatte ist mit nach "
    "nicht noch nur ob sich sie sind sogar um und unter vom vor waren weil wenn wie wird wurde wurden zu zum zur "
    "zwischen "
    "au aux avec car chez dans elle et il elles ils la le les lorsque mais ne on où par pour puis qu que quand qui "
    "sans se ses si son sous sur un une à "
    "ante con cuando e el em en entre era fue ha hasta los las más muito não os para pela pelo pero por porque quando "
    "sobre su sus también tras y ya "
    "al alla che come dal dalla gli il lo ma nel nella non per sono "
    "aan dat door een het hij met naar niet om ook op te toen tot uit voor werd wordt zij zijn "
    "att blev ble det du ett från fra ikke inte med men mot när når och og på som till til var ved vid "
    "był była było i jest nie oraz po się w za а был была было в и на не но по с что".split()
)
