"""A saved HTML page → its title, address, date and visible paragraphs. Thin: no boilerplate detection yet."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

from knowledge.ingest.validation import valid_date, valid_url

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption"})
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "iframe"})
_DATE_NAMES = ("article:published_time", "datepublished", "date", "dc.date", "og:published_time")

# html.parser rescans the rest of the page at every tag that never ends (40 kB of "<a " take 27 s), so
# such brackets become text and overlong tags go before it sees them.
_OVERLONG_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{4000,}>")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_UNCLOSED = re.compile(r"<(?![a-zA-Z/][^<>]*>)")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself; "" where it says nothing, or nothing usable."""

    title: str
    url: str
    publisher: str
    date: str
    language: str
    text: str
    data: tuple[object, ...] = ()
    """Its JSON-LD, parsed."""


def read_page(markup: str) -> Page:
    """Read a whole page."""
    parser = _PageParser()
    parser.feed(_bounded(markup))
    parser.close()
    parser.end_paragraph()
    meta = parser.meta
    addresses = (parser.canonical, meta.get("og:url", ""))
    data = tuple(_json_ld(parser.json_ld))
    dates = (*(meta.get(name, "") for name in _DATE_NAMES), *_json_ld_dates(data), parser.time)
    return Page(
        title=" ".join((meta.get("og:title") or parser.heading or parser.title).split()),
        url=next((url for url in addresses if _is_url(url)), ""),
        publisher=meta.get("og:site_name", "").strip(),
        date=next((date for date in dates if _is_date(date)), ""),
        language=parser.language,
        text="\n\n".join(parser.paragraphs),
        data=data,
    )


def without_comments(markup: str) -> str:
    """The markup outside `<!-- … -->`; a comment that never ends takes the rest with it."""
    head, *rest = markup.split("<!--")
    return head + "".join(part.partition("-->")[2] for part in rest)


def _bounded(markup: str) -> str:
    markup = _DECLARATION.sub("", _OVERLONG_TAG.sub("", without_comments(markup)))
    return _UNCLOSED.sub("&lt;", markup)


@dataclass
class _PageParser(HTMLParser):
    """Collects paragraphs and metadata as the tags go by."""

    paragraphs: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    json_ld: list[str] = field(default_factory=list)
    canonical: str = ""
    language: str = ""
    heading: str = ""
    title: str = ""
    time: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._inside = ""
        self._unseen = ""
        self._depth = 0
        self._is_json_ld = False
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note metadata; begin a paragraph, or something that nobody sees."""
        values = {name: value or "" for name, value in attrs}
        match tag:
            case "html":
                self.language = values.get("lang", "")
            case "meta":
                name = values.get("property") or values.get("name") or values.get("itemprop") or ""
                self.meta.setdefault(name.lower(), values.get("content", ""))
            case "link" if values.get("rel", "").lower() == "canonical":
                self.canonical = self.canonical or values.get("href", "")
            case "time":
                self.time = self.time or values.get("datetime", "")
            case "br":
                self._words.append(" ")
            case "title":
                self._inside = tag
            case "script":
                self._is_json_ld = values.get("type", "").lower() == "application/ld+json"
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag in _UNSEEN:
            self.end_paragraph()
            self._unseen, self._depth = tag, 1
        elif tag in _PARAGRAPHS:
            self.end_paragraph()
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or what was unseen."""
        if tag == self._unseen:
            self._depth -= 1
            self._unseen = self._unseen if self._depth else ""
        elif tag == self._inside:
            self.end_paragraph()

    def handle_data(self, data: str) -> None:
        """Keep the words of a paragraph, and JSON-LD."""
        if self._unseen == "script" and self._is_json_ld:
            self.json_ld.append(data)
        elif self._inside and not self._unseen:
            self._words.append(data)

    def end_paragraph(self) -> None:
        """Close the open paragraph, if any."""
        words = " ".join("".join(self._words).split())
        if self._inside == "title":
            self.title = self.title or words
        elif self._inside == "h1" and not self.heading:
            self.heading = words
        elif words:
            self.paragraphs.append(words)
        self._inside, self._words = "", []


def _json_ld(sources: Iterable[str]) -> Iterator[object]:
    for source in sources:
        with suppress(ValueError, RecursionError):
            yield json.loads(source)


def _json_ld_dates(data: Iterable[object]) -> list[str]:
    dates = []
    pending = list(reversed(tuple(data)))
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            dates.append(str(node.get("datePublished", "")))
            pending += node.get("@graph", []) if isinstance(node.get("@graph"), list) else []
        elif isinstance(node, list):
            pending += node
    return dates


def _is_url(url: str) -> bool:
    try:
        return valid_url(url).startswith("http")
    except ValueError:
        return False


def _is_date(date: str) -> bool:
    try:
        return valid_date(date) is not None
    except ValueError:
        return False
