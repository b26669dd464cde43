"""Links that open an article at the very words: text fragments, https://wicg.github.io/scroll-to-text-fragment/.

A browser takes the first place that a directive fits, looks at whole words and no case, and lets no part of it but a
range run from one block of the page into the next; a prefix and a suffix may stand in the blocks beside.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from knowledge.text import Span

LONGEST_LINK = 512
"""Code points that Discord allows in the address of a link button."""
_EXACT = 300
"""Up to so many characters the words are given in full, beyond it by their beginning and end."""
_SHORT = 20
"""Fewer characters than this are given with the words around them, for the page has more than the article."""
_ENDS = (5, 9, 15)
"""Words of a beginning and an end; more where fewer do not tell the place."""
_AROUND = (3, 5, 9, 15)
"""Words of what stands around, likewise."""


def link_to(url: str, text: str, span: Span) -> str:
    """The address that opens `url` at the words at `span` of its text; the plain `url` where that gets too long."""
    page, _, _ = url.partition(":~:")
    start = f"{page}{'' if '#' in page else '#'}:~:text="
    room = LONGEST_LINK - len(start)
    copies = []
    for directive, is_first in _directives(text, _whole_words(text, span)):
        if len(directive) > room:
            continue
        if is_first:
            return start + directive
        copies.append(directive)
    return start + copies[-1] if copies else url


def _directives(text: str, span: Span) -> Iterator[tuple[str, bool]]:
    """The directives for a place, short ones first, each with whether a browser finds it nowhere before."""
    words = text[span.start : span.end]
    whole = len(words) <= _EXACT and "\n" not in words
    for length in (0, *_ENDS) if whole else _ENDS:
        first, last = _ends(words, length) if length else (words.split(), [])
        if (length and not last) or (last and not _ends_there(text, span, first, last)):
            continue
        ends = f"{_encoded(first)},{_encoded(last)}" if last else _encoded(first)
        if len(words) >= _SHORT and _is_alone(text, span, " ".join(first) if last else words):
            yield ends, True
        for around in _AROUND:
            before, after = _beside(text, span, around)
            directive = (f"{_encoded(before)}-," if before else "") + ends + (f",-{_encoded(after)}" if after else "")
            yield directive, _is_first(text, span, before, first, () if last else after)


def _beside(text: str, span: Span, count: int) -> tuple[Sequence[str], Sequence[str]]:
    """So many words before and after a place."""
    before = text[max(0, span.start - _REACH) : span.start].split()[-count:]
    return before, text[span.end : span.end + _REACH].split()[:count]


_REACH = 400


def _is_alone(text: str, span: Span, words: str) -> bool:
    """Whether some words stand nowhere before the place, in any case: the quick look that most links need."""
    folded = text.lower()
    return len(folded) == len(text) and folded.find(words.lower()) == span.start


def _whole_words(text: str, span: Span) -> Span:
    """A place widened to whole words and rid of white space, as a browser matches nothing less."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while _LETTERS.match(text, start - 1) if start else False:
        start -= 1
    while _LETTERS.match(text, end - 1) if end else False:
        end += 1
    return Span(start, end)


_LETTERS = re.compile(r"[0-9A-Za-z\u00c0-\u052f]{2}")
"""Two characters of one word, of a script that puts spaces between words."""


def _ends(words: str, length: int) -> tuple[list[str], list[str]]:
    """The first words of the first line and the last of the last one, which never overlap."""
    lines = words.split("\n")
    first, last = lines[0].split()[:length], lines[-1].split()
    return first, last[max(0, len(last) - length, length if len(lines) == 1 else 0) :]


def _ends_there(text: str, span: Span, first: Sequence[str], last: Sequence[str]) -> bool:
    """Whether the end of a range is found where it is, not earlier after the beginning."""
    opened = _search(first, text, span.start)
    closed = _search(last, text, opened.end()) if opened else None
    return closed is not None and closed.end() == span.end


def _is_first(text: str, span: Span, before: Sequence[str], words: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the first place of some words between others is theirs."""
    beginning, middle, end = (_pattern(some) for some in (before, words, after))
    found = re.compile(rf"{beginning}\s*({middle})\s*{end}", re.IGNORECASE).search(text)
    return found is not None and found.start(1) == span.start


def _search(words: Sequence[str], text: str, position: int) -> re.Match[str] | None:
    """The first place of some words, any white space between them, in any case."""
    return re.compile(_pattern(words), re.IGNORECASE).search(text, position)


def _pattern(words: Sequence[str]) -> str:
    return r"\s+".join(map(re.escape, words))


def _encoded(words: Sequence[str]) -> str:
    """Percent-encoded, with the characters that mean something in a directive: "-", "," and "&"."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
