"""A web page → its title, address, date and article text, with trafilatura and htmldate, or why it has no article.

Pure, and in nobody's debt for time: hostile markup can hold it for minutes. `extractor.Extractor` runs it guarded.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from htmldate import find_date
from lxml.etree import ParserError, XMLSyntaxError, iterwalk
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from tld import get_fld

from knowledge.errors import NoArticleText, PageProblem
from knowledge.ingest.canonical import canonical_url, uncached
from knowledge.ingest.page import MARKUP_LIMIT, Page, word_count
from knowledge.ingest.validation import TITLE_LIMIT, valid_date, valid_url

STUB_WORDS = 120
"""A page with fewer words that says it is not free, or not for robots, shows no article. The shortest whole article
among 68 saved pages has 93 words, and says no such thing."""

_JSON_LD_LIMIT = 1_000_000
_JSON_LD_NODES = 10_000
_FEWEST_REPEATED = 30
"""Characters of a paragraph from which on a second one like it is a mistake: "Yes." may be said twice."""


def read_page(markup: str, url: str = "") -> Page:
    """Read a whole page; `url` is where it was found, "" for a file. Raises `NoArticleText`.

    The page's own word for its address counts only within the site that it was found on.
    """
    if len(markup) > MARKUP_LIMIT:
        raise NoArticleText(url, PageProblem.TOO_LARGE)
    try:
        return _read(_NOT_IN_MARKUP.sub("", markup), url)
    except NoArticleText:
        raise
    except Exception as error:  # four libraries on markup of every kind; what they raise is not documented
        raise NoArticleText(url, PageProblem.UNREADABLE) from error


_PARTING = "\ue000"
"""Stands for two line breaks in a row, of which trafilatura makes one."""
_NOT_IN_MARKUP = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff{_PARTING}]")
"""Characters that no XML library stores, and our own mark."""


def _read(markup: str, url: str) -> Page:
    tree = _parsed(markup, url)
    claims = _Claims.of(tree)
    title = claims.title()
    blocks = _article_blocks(tree, url)
    if lead := _lead(tree, claims.description, blocks):
        blocks.insert(0, lead)
    text = "\n\n".join(_unrepeated(blocks, {_folded(one) for one in (title, *claims.headings)}))
    _require_article(url, title, text, is_cut=not claims.is_free or _PAYWALL.search(_words_of(tree)) is not None)
    return Page(
        title=title,
        url=claims.address(url),
        publisher=claims.publisher,
        date=claims.date() or _found_date(tree, url),
        language=claims.language,
        text=text,
        reviews=claims.reviews(),
    )


def _parsed(markup: str, url: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = document_fromstring(markup.encode(), parser=parser)
    except ParserError as error:
        raise NoArticleText(url, PageProblem.NO_TEXT) from error
    except XMLSyntaxError as error:  # it recovers from all other errors
        raise NoArticleText(url, PageProblem.TOO_MUCH_MEMORY) from error
    for line_break in tree.iter("br"):
        follower = line_break.getnext()
        is_double = follower is not None and follower.tag == "br" and not (line_break.tail or "").strip()
        line_break.tail = (_PARTING if is_double else " ") + (line_break.tail or "")
    return tree


# --- what the page says of itself ---

_ARTICLE_KINDS = re.compile(r"Article|Posting|Report|Review|Opinion|NewsStory")
_DATE_NAMES = ("article:published_time", "datepublished", "date", "dc.date", "og:published_time")
_ISO_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")
_NO_DAYS = frozenset({"0001-01-01", "1900-01-01", "1970-01-01"})
"""What programs write where they know no date."""
_SITE_BEHIND = re.compile(r"\s+[|–—-]\s+|\s*[｜：»]\s*|\s+[·•]\s+")


@dataclass(frozen=True, slots=True)
class _Claims:
    """JSON-LD, OpenGraph and the other signs that a page gives of itself."""

    articles: list[dict[str, Any]]
    reviewed: list[dict[str, Any]]
    meta: dict[str, str]
    addresses: list[str]
    headings: list[str]
    window_title: str
    time: str
    html_language: str

    @classmethod
    def of(cls, tree: HtmlElement) -> "_Claims":
        """Those of a whole page."""
        meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            meta.setdefault(name.lower(), (element.get("content") or "").strip())
        links = [link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
        root = next(tree.iter("html"), tree)
        said = _json_ld(tree)
        return cls(
            articles=[one for one in said if _ARTICLE_KINDS.search(str(one.get("@type")))],
            reviewed=[one for one in said if "ClaimReview" in str(one.get("@type"))],
            meta=meta,
            addresses=[*links, meta.get("og:url", "")],
            headings=[words for one in tree.iter("h1") if (words := _words_of(one))],
            window_title=next((_words_of(one) for one in tree.iter("title")), ""),
            time=next((one.get("datetime") or "" for one in tree.iter("time") if one.get("datetime")), ""),
            html_language=root.get("lang") or "",
        )

    @property
    def is_free(self) -> bool:
        """Whether the page does not say that one has to pay for it."""
        return not any(str(one.get("isAccessibleForFree")).lower() == "false" for one in self.articles)

    @property
    def publisher(self) -> str:
        """The site's own name for itself."""
        named = (one.get("publisher") for one in self.articles)
        names = (str(one.get("name") or "") for one in named if isinstance(one, dict))
        return self.meta.get("og:site_name") or next(filter(None, names), "")

    @property
    def language(self) -> str:
        """As the page's first tag, JSON-LD or OpenGraph has it."""
        stated = (str(one.get("inLanguage") or "") for one in self.articles)
        return self.html_language or next(filter(None, stated), "") or self.meta.get("og:locale", "")

    @property
    def description(self) -> str:
        """The page in a sentence."""
        return html.unescape(self.meta.get("og:description") or self.meta.get("description", ""))

    def title(self) -> str:
        """The headline: the one that two of JSON-LD, OpenGraph and the first heading agree on, or else the first.

        Of 57 labelled pages 4 are labelled with another of their titles. OpenGraph first, or votes of the window's and
        Twitter's title too, are right on no more pages of either half (`tests.quality.pages`).
        """
        headlines = [str(one.get("headline") or "") for one in self.articles]
        given = (next(filter(None, headlines), ""), self.meta.get("og:title", ""), *self.headings[:2])
        plain = (" ".join(html.unescape(one[:TITLE_LIMIT]).split()) for one in given)
        titles = [title for one in plain if (title := self._without_site(one))]
        votes = Counter(_folded(title) for title in titles)
        agreed = (title for title in titles if votes[_folded(title)] > 1)
        return next(agreed, "") or next(iter(titles), "") or self._without_site(self.window_title[:TITLE_LIMIT])

    def _without_site(self, title: str) -> str:
        """A title without the name of its site behind it: what no heading has, or what the site is called."""
        sites = {
            _folded(name)
            for name in (self.publisher, *(urlsplit(one).hostname or "" for one in self.addresses if _is_url(one)))
        }
        for match in _SITE_BEHIND.finditer(title):
            rest, tail = title[: match.start()], _folded(title[match.end() :])
            is_site = any(tail and (tail in site or (site and site in tail)) for site in sites)
            if rest and (is_site or _folded(rest) in map(_folded, self.headings)):
                return rest
        return title

    def date(self) -> str:
        """The day it was published, as first stated; "" where none is."""
        stated = [str(one.get("datePublished") or "") for one in self.articles]
        stated += [self.meta.get(name, "") for name in _DATE_NAMES]
        days = (match[1] for one in stated if (match := _ISO_DAY.match(one)))
        return next((day for day in days if day not in _NO_DAYS and _is_date(day)), "")

    def reviews(self) -> str:
        """The claims that the page reviews, as JSON; "" for none, and for more than anybody reviews on a page."""
        said = json.dumps(self.reviewed) if self.reviewed else ""
        return said if len(said) <= _JSON_LD_LIMIT else ""

    def address(self, url: str) -> str:
        """Where the page says that it belongs, if that is the site it was found on; otherwise where it was found.

        What it says is taken to the letter, for only the site knows which parameters tell its articles apart.
        """
        asked = canonical_url(url)
        for one in self.addresses:
            address = uncached(_joined(asked, one.strip())) if one.strip() else ""
            if _is_url(address) and (not url or _may_speak_for(asked, address)):
                return address
        return asked


def _json_ld(tree: HtmlElement) -> list[dict[str, Any]]:
    """The objects of a page's JSON-LD, outer ones first, as far as one can read them."""
    pending: list[Any] = []
    for script in tree.iter("script"):
        source = script.text or ""
        if "ld+json" in (script.get("type") or "").lower() and len(source) <= _JSON_LD_LIMIT:
            try:
                pending.append(json.loads(source, strict=False))
            except (ValueError, RecursionError):
                continue
    for node in pending:  # it grows while it is read
        inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if len(pending) < _JSON_LD_NODES:
            pending += [one for one in inside if isinstance(one, dict | list)]
    return [node for node in pending if isinstance(node, dict)]


_BESIDE = re.compile(r"(?:^|[\s_-])(?:nav|comment|kommentar|reply|related)", re.IGNORECASE)
"""Classes of boxes whose dates are not the article's: a clock in the frame, readers' comments, other articles."""


def _found_date(tree: HtmlElement, url: str) -> str:
    """The day that htmldate finds in a page that states none in its head."""
    article = deepcopy(tree)
    for element in list(article.iter("nav", "div", "section", "ul", "ol", "li")):
        if _BESIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            _drop(element)
    return find_date(article, original_date=True, url=url or None) or ""


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _joined(url: str, reference: str) -> str:
    try:
        return urljoin(url, reference)
    except ValueError:
        return ""


def _may_speak_for(asked: str, address: str) -> bool:
    """Whether a page found at `asked` may say that it belongs at `address`: on its site, and not its front page."""
    if urlsplit(address).path in ("", "/") and urlsplit(asked).path not in ("", "/"):
        return False
    sites = {get_fld(one, fail_silently=True, search_private=True) for one in (asked, address)}
    return len(sites) == 1 and None not in sites


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


# --- the text ---

_BLOCKS = frozenset({"p", "head", "quote", "item", "list", "row", "table", "ab", "code", "div", "body", "fw"})
_PLAIN_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "td", "pre"})
_UNSEEN = ("script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "iframe", "head", "h1")
_SHORT_TEXT = 250
"""Characters below which trafilatura takes the words of a page as they come, its own `MIN_EXTRACTED_SIZE`."""
_SIGNATURE = re.compile(r"[—–]\s*[^\n()—–]{1,60}\(@[\w.-]{1,60}\)[^()]{0,40}$")
_MISSED = 0.25
"""Share of what was extracted, from which on like boxes beside it are taken for the rest of the article."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading, list item or row of a table."""

    text: str
    is_heading: bool = False


def _article_blocks(tree: HtmlElement, url: str) -> list[_Block]:
    """The article's blocks of text, in order."""
    for quote in list(tree.iter("blockquote")):
        _join_post(quote)
    blocks = _extracted(tree, url)
    if _join_boxes(tree, {_folded(block.text) for block in blocks}):
        blocks = max(blocks, _extracted(tree, url), key=_size)
    if _size(blocks) < _SHORT_TEXT:
        blocks = _plain_blocks(tree) or blocks
    return _without_furniture(blocks)


def _lead(tree: HtmlElement, description: str, blocks: list[_Block]) -> _Block | None:
    """The paragraph under the headline that the page gives as its description too, where the blocks lack it."""
    wanted = _folded(description)
    if len(wanted) < _FEWEST_REPEATED or any(wanted in _folded(block.text) for block in blocks):
        return None
    shown = (_words_of(one) for one in tree.iter("p", "h2", "h3", "div", "span") if not len(one) or one.tag != "div")
    return next((_Block(words) for words in shown if _folded(words) == wanted), None)


def _size(blocks: Iterable[_Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _join_post(quote: HtmlElement) -> None:
    """Make one paragraph of an embedded post, so that its signature ("— Name (@handle) May 4, 2031") stays with it."""
    for paragraph in quote.iter("p"):
        paragraph.tail = f" {paragraph.tail or ''}"
    words = _words_of(quote)
    if _SIGNATURE.search(words):
        tail = quote.tail
        quote.clear()
        quote.tag, quote.text, quote.tail = "p", words, tail


def _extracted(tree: HtmlElement, url: str) -> list[_Block]:
    """What trafilatura takes for the article; it is given a copy, for it takes trees apart."""
    document = trafilatura.bare_extraction(deepcopy(tree), url=url or None, include_comments=False)
    body = getattr(document, "body", None)
    return [] if body is None else list(_blocks_of(body))


def _blocks_of(body: Any) -> Iterator[_Block]:
    """The blocks of an extracted body."""
    words: list[str] = []
    tag = ""
    for event, element in iterwalk(body, events=("start", "end")):
        is_block = element.tag in _BLOCKS
        if is_block:
            yield from _flushed(words, is_heading=tag == "head")
            tag = element.tag if event == "start" else ""
        elif element.tag == "lb" and event == "start":
            words.append(" ")
        elif element.tag == "cell" and event == "start" and words:
            words.append(" | ")
        words.append((element.text if event == "start" else element.tail) or "")
    yield from _flushed(words, is_heading=False)


def _flushed(words: list[str], *, is_heading: bool) -> Iterator[_Block]:
    """The blocks that some words make; the words are taken out."""
    for part in "".join(words).split(_PARTING):
        if text := " ".join(part.split()):
            yield _Block(text, is_heading)
    words.clear()


def _join_boxes(tree: HtmlElement, found: set[str]) -> bool:
    """Whether an article is cut up into several boxes of one kind, of which trafilatura took some.

    They are then one box: their content moves into the first.
    """
    boxes: dict[tuple[str, str], dict[HtmlElement, int]] = {}
    taken: Counter[tuple[str, str]] = Counter()
    for paragraph in tree.iter("p"):
        parent, size = paragraph.getparent(), len(words := _words_of(paragraph))
        if parent is None or not (style := parent.get("class")):
            continue
        kind = (str(parent.tag), style.strip())
        boxes.setdefault(kind, {}).setdefault(parent, 0)
        if _folded(words) in found:
            taken[kind] += size
        else:
            boxes[kind][parent] += size
    if not taken:
        return False
    kind, size = taken.most_common(1)[0]
    first, *others = boxes[kind]
    if 2 * size < sum(taken.values()) or sum(boxes[kind].values()) < _MISSED * size:
        return False
    for box in others:
        if box not in first.iterancestors() and first not in box.iterancestors():
            first.extend(list(box))
    return bool(others)


def _plain_blocks(tree: HtmlElement) -> list[_Block]:
    """Every block of text that a page shows outside its frame; for pages too short to tell article from frame."""
    shown = deepcopy(tree)
    for element in list(shown.iter(*_UNSEEN)):
        _drop(element)
    innermost = (one for one in shown.iter(*_PLAIN_BLOCKS) if next(one.iterdescendants(*_PLAIN_BLOCKS), None) is None)
    return [
        block
        for one in innermost
        for block in _flushed([str(one.text_content())], is_heading=str(one.tag) in ("h2", "h3", "h4"))
    ]


def _without_furniture(blocks: list[_Block]) -> list[_Block]:
    """The blocks without offers to subscribe, and without headings that nothing follows."""
    kept = [block for block in blocks if not _is_offer(block.text)]
    while kept and kept[-1].is_heading:
        kept.pop()
    return kept


def _is_offer(text: str) -> bool:
    return len(text) <= _LONGEST_OFFER and bool(_OFFER.search(text) or _PAYWALL.search(text))


def _unrepeated(blocks: Iterable[_Block], titles: set[str]) -> Iterator[str]:
    """The texts of the blocks without titles and what was said before."""
    seen: set[str] = set()
    for block in blocks:
        key = _folded(block.text)
        if key in titles or (key in seen and len(key) >= _FEWEST_REPEATED):
            continue
        seen.add(key)
        yield block.text


def _words_of(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).replace(_PARTING, " ").split())


def _folded(text: str) -> str:
    """Letters and digits alone, in one case, to compare by."""
    return "".join(_LETTERS.findall(text.casefold()))


_LETTERS = re.compile(r"[^\W_]+")

# --- pages that show no article ---

_LONGEST_OFFER = 300
"""Characters. A longer paragraph that speaks of subscribers is a story about them."""
_PAYWALL = re.compile(
    r"\b(?:subscribe|sign in|log in|register)\b.{0,30} to (?:continue|keep reading|read (?:the full|this|more))"
    r"|\balready a (?:subscriber|member)\?|\bsubscribe (?:now|today) (?:for|and|to)\b"
    r"|\b(?:article|content|story) is (?:only |exclusively )?(?:for|available to|reserved for) "
    r"(?:our |paying |premium )?(?:subscribers|members)"
    r"|\br[ée]serv[ée]+e?s? (?:à nos|aux) abonn[ée]s|\bil vous reste [\d.,]+ ?% de cet article"
    r"|\bnur (?:für|mit) (?:abo\b|abonnenten)|\bjetzt weiterlesen\b|\bweiterlesen mit\b"
    r"|\b(?:solo|exclusivo) para suscriptores\b|\briservato agli abbonati\b|\btylko dla prenumeratorów\b"
    r"|この記事は(?:有料)?会員限定|有料会員限定|残り\d+文字",
    re.IGNORECASE,
)
"""What stands where the rest of an article is hidden."""
_OFFER = re.compile(
    r"^(?:subscribe (?:now|today|to our)|sign up (?:for|to) our|get (?:all )?the latest .{0,60}(?:inbox|newsletter)"
    r"|thank you for subscribing|abonnez-vous|suscríbete|jetzt abonnieren|follow us on|click here for more)\b"
    r"|会員登録できます",
    re.IGNORECASE,
)
"""How a publisher's advertisement for itself begins."""
_WALL = re.compile(
    r"\b(?:enable|turn on|requires?) (?:javascript|cookies)\b|\bjavascript is (?:disabled|required|not)\b"
    r"|\bare you a robot\b|\b(?:verify|confirm|prove|checking)\b.{0,40}\b(?:human|robot|browser)\b"
    r"|\bunusual traffic\b|\baccess (?:is )?denied\b|\bad ?blocker\b"
    r"|\b(?:accept|allow|reject|use of) (?:all |our |the )?cookies\b|\bcookie (?:consent|settings|preferences|policy)\b"
    r"|\bwe(?: and our [\w ]{1,30})? (?:use|value|store)\b.{0,60}\b(?:cookies|privacy|information on)\b"
    r"|\b(?:alle cookies akzeptieren|cookies zustimmen|accepter les cookies|aceptar (?:todas )?las cookies)\b",
    re.IGNORECASE,
)
"""What stands where one is asked for consent or for a better browser first."""
_WORDS_A_WALL = 50
"""Longer walls say such things again and again, a story about cookies less often than once in so many words."""


def _require_article(url: str, title: str, text: str, *, is_cut: bool) -> None:
    """Raise `NoArticleText` where a page shows nothing, a wall, or the beginning of what one has to pay for."""
    if not text:
        raise NoArticleText(url, PageProblem.NO_TEXT)
    words = word_count(text)
    walls = len(_WALL.findall(f"{title}\n{text}"))
    if walls and (words < STUB_WORDS or walls * _WORDS_A_WALL > words):
        raise NoArticleText(url, PageProblem.WALL)
    if is_cut and words < STUB_WORDS:
        raise NoArticleText(url, PageProblem.PAYWALL)
