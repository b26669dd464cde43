"""Links that open an article at the very words: text fragments, https://wicg.github.io/scroll-to-text-fragment/."""

from urllib.parse import quote

from knowledge.text import Span

LONGEST_LINK = 512
"""Code points that Discord allows in the address of a link button."""
_EXACT = 300
"""Up to so many characters the words are given in full, beyond it by their beginning and end."""
_SHORT = 20
"""Fewer characters than this are given with the words around them, for they may stand elsewhere too."""
_ENDS = 5
"""Words of a beginning, an end, or of what stands around."""


def link_to(url: str, text: str, span: Span) -> str:
    """The address that opens `url` at the words at `span` of its text; the plain `url` where that gets too long."""
    words = text[span.start : span.end]
    directive = _range(words)
    if len(words) < _SHORT or text.find(words) != span.start or text.find(words, span.start + 1) >= 0:
        before, after = _around(text, span)
        directive = f"{before}{directive}{after}"
    link = f"{url}{'' if '#' in url else '#'}:~:text={directive}"
    return link if len(link) <= LONGEST_LINK else url


def _range(words: str) -> str:
    """The words, or where they are long or run over a line break, their beginning and end."""
    if len(words) <= _EXACT and "\n" not in words:
        return _encoded(words)
    first, last = words.split("\n")[0].split(), words.split("\n")[-1].split()
    return f"{_encoded(' '.join(first[:_ENDS]))},{_encoded(' '.join(last[-_ENDS:]))}"


def _around(text: str, span: Span) -> tuple[str, str]:
    """The prefix and suffix of a directive: some words of the same paragraph, "" where there are none."""
    before = text[: span.start].rpartition("\n")[2].split()[-_ENDS:]
    after = text[span.end :].partition("\n")[0].split()[:_ENDS]
    return (
        f"{_encoded(' '.join(before))}-," if before else "",
        f",-{_encoded(' '.join(after))}" if after else "",
    )


def _encoded(words: str) -> str:
    """Percent-encoded, with the characters that mean something in a directive: "-", "," and "&"."""
    return quote(words, safe="").replace("-", "%2D")
