"""Links that open an article at the very words: text fragments, https://wicg.github.io/scroll-to-text-fragment/.

A browser takes the first place of a page that a directive `prefix-,start,end,-suffix` fits. It looks for each of the
four in one block of the page, in any case, and where their outer ends are ends of words. So none of them runs over a
line break here, they reach to where words surely end, and nothing before the place may fit them too.

Seen in Chromium 156: curly and straight quotes, "…" and "...", accents or none, and every kind of space are the same
to it, and soft hyphens and zero-width characters nothing; dashes and hyphens, « and ", one space and two differ.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from knowledge.text import Span

LONGEST_LINK = 512
"""Code points that Discord allows in the address of a link button."""
_EXACT = 300
"""Up to so many characters the words are given in full, beyond it by their beginning and end."""
_SHORT = 20
"""Fewer characters than this are given with the words around them, for the page has more than the article."""
_END = 30
"""Bytes, and up to the next end of a word, of a beginning or an end: five English words, ten Chinese characters."""
_REACHES = (20, 60, 120)
"""Bytes of what stands around the words, likewise; more where fewer do not tell the place."""


def link_to(url: str, text: str, span: Span) -> str:
    """The address that opens `url` at the words at `span` of its text; the plain `url` where that gets too long.

    Where nothing beside the words on their lines tells them from earlier ones, those lines are marked as a whole.
    """
    page = url.partition(":~:")[0]
    opening = f"{page}{'' if '#' in page else '#'}:~:text="
    room = LONGEST_LINK - len(quote(opening, safe=_PRINTABLE))
    if room <= 0 or not text[span.start : span.end].strip():
        return url
    fitting = (directive for directive in _directives(text, span) if len(directive) <= room)
    return next((opening + directive for directive in fitting), url)


def archived_copy(url: str, day: date | None) -> str:
    """Where the Internet Archive shows its copy of a page that is nearest to a day, the newest where none is given.

    Nothing is asked of it here, so that whether there is one shows when somebody follows the link.
    """
    return f"https://web.archive.org/web/{f'{day:%Y%m%d}/' if day else ''}{url.partition('#')[0]}"


_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class _Terms:
    """The parts of a directive as places of a text; `start` alone is marked, or all from `start` to `end`."""

    prefix: Span
    start: Span
    end: Span | None
    suffix: Span


def _directives(text: str, span: Span) -> Iterator[str]:
    """The directives that lead to the words at `span`, the best first."""
    words = _trimmed(text, span.start, span.end)
    lines = _lines(text, words.start, words.end)
    for place, is_whole in ((words, words == lines), (lines, True)):
        before, after = _beside(text, place, is_whole)
        earlier = _folded(text[: place.start])
        for reach in _reaches(text, place):
            for terms in _terms(text, place, before, after, reach):
                if _leads(text, earlier, terms):
                    yield _written(text, terms)


def _reaches(text: str, place: Span) -> tuple[int, ...]:
    """How much of what stands around a place to give, best first; 0 is no more than its outer words need."""
    words = text[place.start : place.end]
    is_ambiguous = len(words) < _SHORT or text.find(words, place.end) >= 0
    return (*_REACHES, 0) if is_ambiguous else (0, *_REACHES)


def _terms(text: str, place: Span, before: Span, after: Span, reach: int) -> Iterator[_Terms]:
    """A place's words in full, then by their ends, with what stands around them in `before` and `after`."""
    start, end = place.start, place.end
    size = len(text[start:end].encode()) // (end - start)
    prefix = Span(_back(text, before.end - reach // size, before.start), before.end)
    suffix = Span(after.start, _on(text, after.start + reach // size, after.end))
    stop = text.find("\n", start, end)
    if stop < 0 and end - start <= _EXACT:
        yield _Terms(prefix, place, None, suffix)
    length = (_END + reach) // size
    head = Span(start, _on(text, start + length, end if stop < 0 else stop))
    tail = Span(_back(text, end - length, max(head.end, text.rfind("\n", start, end) + 1)), end)
    if tail.start < end and not _inside_word(text, head.end) and not _inside_word(text, tail.start):
        yield _Terms(prefix, head, tail, Span(after.start, _on(text, after.start, after.end)))


def _leads(text: str, earlier: bytes, terms: _Terms) -> bool:
    """Whether nothing before its place fits a directive: neither its first words, nor an end inside the place."""
    opened = terms.start.end if terms.end else max(terms.start.end, terms.suffix.end)
    key = _folded(text[min(terms.prefix.start, terms.start.start) : opened])
    start = earlier + _folded(text[terms.start.start : opened])
    if start.find(key) != len(start) - len(key):
        return False
    if terms.end is None:
        return True
    between, end = _folded(text[terms.start.end : terms.end.end]), _folded(text[terms.end.start : terms.end.end])
    return between.find(end) == len(between) - len(end)


def _written(text: str, terms: _Terms) -> str:
    """A directive as it stands in an address."""
    prefix, start, suffix = (_encoded(text, part) for part in (terms.prefix, terms.start, terms.suffix))
    end = f",{_encoded(text, terms.end)}" if terms.end else ""
    return (f"{prefix}-," if prefix else "") + start + end + (f",-{suffix}" if suffix else "")


def _encoded(text: str, part: Span) -> str:
    """Percent-encoded, with the characters that mean something in a directive: "-", "," and "&"."""
    return quote(" ".join(text[part.start : part.end].split()), safe="").replace("-", "%2D")


_TYPOGRAPHY = {"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "\xad": "", "\xa0": ""}


def _folded(text: str) -> bytes:
    """A text as a browser compares it, accents kept; without white space, which may stand between two parts or not.

    Bytes, for they lose their white space four times as fast.
    """
    if not text.isascii():
        for mark, plain in _TYPOGRAPHY.items():
            text = text.replace(mark, plain)
    return text.casefold().encode().translate(None, b" \t\n\v\f\r")


# --- places ---


def _trimmed(text: str, start: int, end: int) -> Span:
    """[`start`, `end`), which is not blank, without the white space at its ends."""
    words = text[start:end]
    return Span(end - len(words.lstrip()), start + len(words.rstrip()))


def _lines(text: str, start: int, end: int) -> Span:
    """The lines that [`start`, `end`) touches, without the white space at their ends."""
    stop = text.find("\n", end)
    return _trimmed(text, text.rfind("\n", 0, start) + 1, stop if stop >= 0 else len(text))


def _beside(text: str, place: Span, is_whole: bool) -> tuple[Span, Span]:
    """What stands on the lines of a place before and after it; of whole lines, the lines before and after."""
    first, last = place.start, place.end
    if is_whole:
        first = len(text[:first].rstrip())
        last += len(text) - last - len(text[last:].lstrip())
    stop = text.find("\n", last)
    return Span(text.rfind("\n", 0, first) + 1, first), Span(last, stop if stop >= 0 else len(text))


_PUNCTUATION = r"!#$%&()*+\-/<=>?@\[\\\]^`{|}~“”„«»‹›—–―•¿¡、。，！？；：「」『』（）【】《》〈〉・"
_INNER = rf"(?:\u202f|[^\s{_PUNCTUATION}.,:;'’‘\"·])"
_JOINED = re.compile(rf"(?<={_INNER})[.,:;'’‘\"·]?(?={_INNER})|(?<={_INNER}[.,:;'’‘\"·])(?={_INNER})")
"""Where a word may go on, https://unicode.org/reports/tr29/#Word_Boundaries: between letters of every script, as
browsers part Chinese and Thai by dictionaries, and around the one mark between two of them (3.14, l'homme)."""


def _inside_word(text: str, position: int) -> bool:
    """Whether a word may go on over a position."""
    return 0 < position < len(text) and _JOINED.match(text, position) is not None


def _back(text: str, position: int, limit: int) -> int:
    """The last end of a word at or before `position`, or else the `limit`, where a line begins."""
    farthest = max(limit, position - LONGEST_LINK)
    while position > farthest and _inside_word(text, position):
        position -= 1
    return position if position > farthest else limit


def _on(text: str, position: int, limit: int) -> int:
    """The first end of a word at or after `position`, or else the `limit`, where a line ends."""
    farthest = min(limit, position + LONGEST_LINK)
    while position < farthest and _inside_word(text, position):
        position += 1
    return position if position < farthest else limit
