"""An address → the article behind it: the guarded fetch, then the guarded reading."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from knowledge.errors import NoArticleText, PageProblem
from knowledge.ingest.claimreview import read_reviews
from knowledge.ingest.download import Downloaded, Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.page import Page, word_count
from knowledge.ingest.validation import valid_article
from knowledge.models import NewArticle

FEWEST_WORDS = 20
"""Of an article. "Page not found" and the like have fewer; the shortest of 27,452 news articles has 125."""
_MOST_REVIEWS = 20
"""Claims that one page reviews; pages with more are lists, whose items have pages of their own."""

_HEAD = 4096
_NAME = r"""["']?([\w-]{3,20})"""
_IN_MARKUP = re.compile(
    rf"<meta[^<>]{{0,200}}charset={_NAME}|<\?xml[^<>]{{0,100}}encoding={_NAME}".encode(), re.IGNORECASE
)
_IN_HEADER = re.compile(f"charset={_NAME}", re.IGNORECASE)
_ENCODING = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|latin-?\d|windows-125\d|cp125\d|gbk|gb2312|gb18030|big5|shift[_-]jis|euc-(?:jp|kr)"
    r"|koi8-[ru]|tis-620",
    re.IGNORECASE,
)
"""Those that pages are written in; Python knows others that take hostile bytes quadratic time."""
_AS_BROWSERS_DO = re.compile("us-ascii|iso-8859-1|latin-?1", re.IGNORECASE)
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def fetch_article(url: str, downloader: Downloader, extractor: Extractor, *, obey_robots: bool = False) -> NewArticle:
    """The article at an address. Raises `DownloadError`, `NoArticleText`, or `IngestError` where a limit is passed."""
    fetched = downloader.download(url, obey_robots=obey_robots)
    return article_of(fetched, extractor)


def article_of(fetched: Downloaded, extractor: Extractor) -> NewArticle:
    """The article that a fetched page holds, with its reviews, as if it had been asked for at the page's own address.

    Raises `NoArticleText`, or `IngestError` where a limit is passed.
    """
    page = extractor.read(decoded(fetched.body, fetched.content_type), fetched.final_url)
    if word_count(page.text) < FEWEST_WORDS:
        raise NoArticleText(fetched.url, PageProblem.TOO_SHORT)
    article = valid_article(
        fetched.url,
        url=page.url,
        text=page.text,
        title=page.title,
        publisher=page.publisher,
        date=page.date,
        language=page.language,
    )
    return replace(article, reviews=tuple(islice(_reviews(page, article), _MOST_REVIEWS)))


def _reviews(page: Page, article: NewArticle) -> Iterator[NewArticle]:
    """The claims that a page reviews, under its own address: of other sites it may say nothing."""
    said = json.loads(page.reviews) if page.reviews else []
    nameless = [{name: value for name, value in one.items() if name not in _ADDRESSES} for one in said]
    for review in read_reviews(nameless, article.url, article.url):
        if isinstance(review, NewArticle):
            published_on = review.published_on or article.published_on
            yield replace(review, title=review.title or article.title, published_on=published_on)


_ADDRESSES = frozenset({"url", "mainEntityOfPage", "@id"})


def decoded(body: bytes, content_type: str) -> str:
    """The markup of a page: by its byte order mark, its HTTP header, what it says itself, or as UTF-8."""
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    in_header, in_markup = _IN_HEADER.search(content_type), _IN_MARKUP.search(body[:_HEAD])
    names = [in_header[1] if in_header else "", (in_markup[1] or in_markup[2]).decode() if in_markup else "", "utf-8"]
    texts = (text for name in names if (text := _decoded(body, name)) is not None)
    return next(texts, None) or body.decode("windows-1252", "replace")


def _decoded(body: bytes, name: str) -> str | None:
    """The text of some bytes in an encoding, None where it is unknown or another."""
    if not _ENCODING.fullmatch(name):
        return None
    try:
        return body.decode("windows-1252" if _AS_BROWSERS_DO.fullmatch(name) else name)
    except (LookupError, UnicodeError):
        return None
