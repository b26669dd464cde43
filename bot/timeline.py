"""The time line of a quote that several articles have: `FactCheck` → `Timeline` → a picture, and the same in words.

Nothing that articles say makes it larger than a dozen rows; what the font cannot draw is left to the words.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.cards import LOOKS, outlet, shown_of
from bot.catalogue import noted, plural, say
from bot.escaping import shortened, web_address, width
from knowledge.checker import FactCheck
from knowledge.evidence import Evidence
from knowledge.verdicts import Finding, FindingKind, Verdict

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_FEWEST = 3
"""Articles from which on a time line tells more than a list does."""
_MOST = 12
ALT_LIMIT = 1024
"""Characters of the words that go with a picture in Discord."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One article on the line. `wording` is what it has in other words than the claim; all text is clean.

    `is_other` says that the article before it, by date, has another wording.
    """

    day: date | None
    outlet: str
    host: str
    verdict: Verdict
    wording: str = ""
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles that have a quote, by the date of their publication; those without a date come last."""

    marks: tuple[Mark, ...]

    @property
    def words(self) -> str:
        """What the picture shows, for whoever does not see it: as many articles as fit into `ALT_LIMIT`."""
        told = say("Time line of {n} articles that have the quote, by date of publication.", n=len(self.marks))
        for number, mark in enumerate(self.marks):
            sentence, rest = f" {_sentence(mark)}", f" {say('And {n} more.', n=len(self.marks) - number)}"
            if width(told + sentence) > ALT_LIMIT - len(rest):
                return told + rest
            told += sentence
        return told


def timeline_of(fact_check: FactCheck) -> Timeline | None:
    """The time line of what a check found; None where fewer than three articles have it, or on fewer than two days."""
    shown = shown_of(fact_check)
    found = {one.article.url: one for one in reversed(shown.evidence) if one.verdict is not Verdict.RELATED}
    articles = sorted(found.values(), key=lambda one: (_day(one), sorted(_differing(one)), one.link))[:_MOST]
    days = {one.article.published_on for one in articles} - {None}
    if len(articles) < _FEWEST or len(days) < 2:
        return None
    return Timeline(tuple(_marks(articles)))


def _day(evidence: Evidence) -> date:
    return evidence.article.published_on or date.max


def _marks(articles: Sequence[Evidence]) -> Iterator[Mark]:
    before: Evidence | None = None
    for one in articles:
        host = urlsplit(web_address(one.article.url) or "").hostname or ""
        yield Mark(
            day=one.article.published_on,
            outlet=shortened(outlet(one.article), 60) or say("an outlet without a name"),
            host=host,
            verdict=one.verdict,
            wording=_wording(one),
            is_other=before is not None and _differing(before) != _differing(one),
        )
        before = one


def _differing(evidence: Evidence) -> frozenset[tuple[str, str]]:
    """What an article has otherwise than the claim, to compare it with another's."""
    return frozenset((one.claimed.casefold(), one.source.casefold()) for one in _told(evidence))


def _told(evidence: Evidence) -> list[Finding]:
    """The differences that tell one wording from another, those that bear meaning first."""
    told = [one for one in evidence.findings if one.kind not in _NOT_WORDING]
    return sorted(told, key=lambda one: not one.bears_meaning)


_NOT_WORDING = frozenset({FindingKind.ELISION, FindingKind.CUT_SHORT, FindingKind.DATE})
_WORDS = 40
"""Characters of a wording that a row of the picture has room for, beside the other."""


def _wording(evidence: Evidence) -> str:
    told = _told(evidence)
    if not told:
        return ""
    first = _difference(told[0])
    return say("{difference} and {n} more", difference=first, n=len(told) - 1) if len(told) > 1 else first


def _difference(finding: Finding) -> str:
    """A difference as the article has it: "47%, not 57%"."""
    source, claimed = shortened(finding.source, _WORDS), shortened(finding.claimed, _WORDS)
    match finding.kind:
        case FindingKind.SPEAKER:
            return say("said by {speaker}", speaker=source) if source else say("said by somebody else")
        case FindingKind.SPLICE | FindingKind.REORDERED:
            return say("the words stand apart")
        case FindingKind.NUMBER if source and claimed:
            return say("{source}, not {claimed}", source=source, claimed=claimed)
    if source and claimed:
        return say("“{source}”, not “{claimed}”", source=source, claimed=claimed)
    if source:
        return say("also has “{source}”", source=source)
    return say("does not have “{claimed}”", claimed=claimed) if claimed else ""


def _sentence(mark: Mark) -> str:
    other = f"{say(_ANOTHER)}: " if mark.is_other else ""
    told = say("{day} in {outlet}", day=mark.day or say(_NO_DATE), outlet=mark.outlet)
    wording = f", {mark.wording}" if mark.wording else ""
    return f"{other}{told}: {say(LOOKS[mark.verdict].label)}{wording}."


_ANOTHER, _NO_DATE = noted("Another wording"), noted("No date")


# --- the picture ---

# In points of a phone's screen, of which a picture in a message is about 340 wide.
_WIDTH, _MARGIN = 400, 14
_TOP, _ROW, _DIVIDER = 44, 52, 22
_AXIS, _ELBOW, _BADGE, _RADIUS, _TEXT = 20, 44, 70, 15, 97
_SHARPNESS = 2
"""Pixels of the picture for a point: phones show two or three, and the file stays below 200 kB."""
_SMOOTHING = 2
"""It is drawn so much larger, because Pillow draws slanted lines and circles with stairs."""
_UNIT = _SHARPNESS * _SMOOTHING

# It has a ground of its own, which both of Discord's themes leave readable.
_GROUND, _INK, _FAINT, _RULE = "#1e1f22", "#f2f3f5", "#b5bac1", "#80848e"


def picture_of(timeline: Timeline) -> bytes:
    """The time line as a PNG, 800 pixels wide and at most 1,900 high."""
    from PIL import Image, ImageDraw  # 30 ms, and few checks need it

    rows = _rows(timeline.marks)
    image = Image.new("RGB", (_WIDTH * _UNIT, round((rows[-1] + _ROW / 2 + _MARGIN) * _UNIT)), _GROUND)
    pen = _Pen(ImageDraw.Draw(image))
    title = plural("{n} article, by date", "{n} articles, by date", len(timeline.marks))
    pen.text(_MARGIN, 14, drawable(title), 14, _FAINT)
    _draw_axis(pen, timeline.marks, rows)
    for mark, y in zip(timeline.marks, rows, strict=True):
        _draw_mark(pen, mark, y)
    out = BytesIO()
    image.reduce(_SMOOTHING).save(out, "PNG")
    return out.getvalue()


def _rows(marks: Iterable[Mark]) -> list[float]:
    """The height of the middle of each row, with room for a divider before another wording."""
    rows: list[float] = []
    y = _TOP - _ROW / 2
    for mark in marks:
        y += _ROW + (_DIVIDER if mark.is_other else 0)
        rows.append(y)
    return rows


def _draw_axis(pen: "_Pen", marks: Sequence[Mark], rows: Sequence[float]) -> None:
    """A line that is true to scale in time, and from each day on it a line to its row."""
    dated = [(mark.day, y) for mark, y in zip(marks, rows, strict=True) if mark.day]
    (first, top), (last, bottom) = dated[0], dated[-1]
    pen.line((_AXIS, top), (_AXIS, bottom), _RULE, 3)
    for day, y in dated:
        place = top + (bottom - top) * (day - first).days / (last - first).days
        pen.line((_AXIS, place), (_ELBOW, y), _RULE, 2)
        pen.line((_ELBOW, y), (_BADGE, y), _RULE, 2)
        pen.disc(_AXIS, place, 4, _INK)


def _draw_mark(pen: "_Pen", mark: Mark, y: float) -> None:
    look = LOOKS[mark.verdict]
    if mark.is_other:
        another = _drawn(_ANOTHER)
        divider, words_at = y - (_ROW + _DIVIDER) / 2, _WIDTH - _MARGIN - pen.width(another, 13)
        pen.dashes(_TEXT, words_at - 8, divider, _RULE)
        pen.text(words_at, divider - 8, another, 13, _FAINT)
    pen.disc(_BADGE, y, _RADIUS, f"#{look.colour:06x}")
    pen.centred(_BADGE, y, look.symbol, 20, _ink_on(look.colour))
    wording = f": {drawable(mark.wording)}" if drawable(mark.wording) else ""
    pen.text(_TEXT, y - 21, f"{mark.day or _drawn(_NO_DATE)}  {drawable(mark.outlet) or mark.host}", 15, _FAINT)
    pen.text(_TEXT, y - 1, f"{_drawn(look.label)}{wording}", 17, _INK)


def _ink_on(colour: int) -> str:
    """Black or white, whichever stands out more (relative luminance, WCAG 2.2)."""
    channels = ((colour >> shift & 0xFF) / 255 for shift in (16, 8, 0))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    luminance = sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#000000" if luminance > 0.179 else "#ffffff"


# What the font in `fonts` has: Latin, Greek, Cyrillic, and the punctuation of news.
_HAS_SHAPE = re.compile(
    "[ -~\u00a0-\u024f\u0370-\u0377\u037a-\u037e\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0525\u1e00-\u1ef9"
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20a0-\u20b5\u2116\u2122\u2212]*"
)


def drawable(text: str) -> str:
    """A text that the font has shapes for; "" where it has not."""
    composed = unicodedata.normalize("NFC", text)
    return composed if _HAS_SHAPE.fullmatch(composed) else ""


def _drawn(word: str) -> str:
    """A word of ours in the reader's language, or in English where the font has no shapes for that."""
    return drawable(say(word)) or word


@cache
def _font(size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    font = files("bot").joinpath("fonts", "DejaVuSansCondensed.ttf").read_bytes()
    # The basic layout draws letter after letter: nothing that articles say reaches a shaping engine.
    return ImageFont.truetype(BytesIO(font), size * _UNIT, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws on a picture, with all measures in points."""

    draw: "ImageDraw"

    def width(self, text: str, size: int) -> float:
        """How wide a text is."""
        return _font(size).getlength(text) / _UNIT

    def text(self, x: float, y: float, text: str, size: int, colour: str) -> None:
        """A line of text from its upper left corner on, cut at the margin."""
        room = _WIDTH - _MARGIN - x
        if self.width(text, size) > room:
            kept = bisect_right(range(len(text)), room, key=lambda end: self.width(f"{text[:end]}…", size)) - 1
            text = f"{text[:kept].rstrip()}…"
        self.draw.text((x * _UNIT, y * _UNIT), text, fill=colour, font=_font(size))

    def centred(self, x: float, y: float, text: str, size: int, colour: str) -> None:
        """A text around a point."""
        self.draw.text((x * _UNIT, y * _UNIT), text, fill=colour, font=_font(size), anchor="mm")

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle around a point."""
        corners = [(x - radius) * _UNIT, (y - radius) * _UNIT, (x + radius) * _UNIT, (y + radius) * _UNIT]
        self.draw.ellipse(corners, fill=colour)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, thickness: float) -> None:
        """A straight line."""
        ends = [place * _UNIT for place in (*start, *end)]
        self.draw.line(ends, fill=colour, width=round(thickness * _UNIT / 2))

    def dashes(self, start: float, end: float, y: float, colour: str) -> None:
        """A dashed line from left to right."""
        x = start
        while x + 5 < end:
            self.line((x, y), (x + 5, y), colour, 2)
            x += 10
