"""RSS and Atom → entries, read by feedparser: 20 years of the forms that feeds have in the wild, RSS 0.9 to Atom.

It is kept by the one who has kept it since 2010, has had releases all along, and brings one dependency, the parser for
broken markup that Python gave up. It is given bytes alone, for an address or a file's name it would open by itself; no
entity that a feed declares is expanded into others, and none is fetched (feedparser drops such declarations, expat
limits what is left). What still takes too long or too much memory is ended with the process of `Extractor`.
"""

import html
import io
import re
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from knowledge.errors import NoFeed, PageProblem
from knowledge.ingest.articles import decoded
from knowledge.ingest.download import FEED_TYPES, Downloaded, Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.feed import Entry, Feed
from knowledge.ingest.page import MARKUP_LIMIT
from knowledge.ingest.validation import valid_date, valid_url

MOST_ENTRIES = 500
"""Entries that are read of a feed, the first. News feeds have 10 to 100; some blogs list all that they ever wrote."""

_TITLE_KEPT, _GUID_KEPT = 300, 2048
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_NOT_STORABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def fetch_feed(url: str, downloader: Downloader, extractor: Extractor) -> Feed:
    """The feed at an address that somebody asked for just now. Raises `DownloadError`, `NoFeed`."""
    return feed_of(downloader.download(url, accept=FEED_TYPES), extractor)


def feed_of(fetched: Downloaded, extractor: Extractor) -> Feed:
    """The feed that was fetched. Raises `NoFeed`."""
    return extractor.read_feed(decoded(fetched.body, fetched.content_type), fetched.final_url)


def read_feed(markup: str, url: str) -> Feed:
    """Read a whole feed; `url` is where it was found. Entries without a web address are left out. Raises `NoFeed`."""
    if len(markup) > MARKUP_LIMIT:
        raise NoFeed(url, PageProblem.TOO_LARGE)
    try:
        return _read(markup, url)
    except NoFeed:
        raise
    except Exception as error:  # on markup of every kind; what it raises is not documented
        raise NoFeed(url, PageProblem.UNREADABLE) from error


def _read(markup: str, url: str) -> Feed:
    import feedparser  # 0.1 s and 4 MB that the asking process does without

    parsed = feedparser.parse(
        io.BytesIO(markup.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,  # of the markup within entries, which nobody looks at here
        sanitize_html=False,
    )
    if not parsed.version:
        raise NoFeed(url, PageProblem.NO_FEED)
    entries = (_entry(one) for one in parsed.entries[:MOST_ENTRIES])
    return Feed(_words(parsed.feed.get("title")), tuple(one for one in entries if one is not None))


def _entry(found: Any) -> Entry | None:
    """One entry; None where it leads nowhere."""
    from knowledge.ingest.canonical import canonical_url

    try:
        url = valid_url(canonical_url(valid_url(str(found.get("link") or ""))))
    except ValueError:
        return None
    if not url.startswith(("http://", "https://")):
        return None
    guid = _NOT_STORABLE.sub("", str(found.get("id") or ""))[:_GUID_KEPT].strip()
    return Entry(guid, url, _words(found.get("title")), _day(str(found.get("published") or "")))


def _words(markup: object) -> str:
    """A title without markup, on one line."""
    text = html.unescape(_TAG.sub("", _NOT_STORABLE.sub("", str(markup or ""))))
    return " ".join(_NOT_STORABLE.sub("", text).split())[:_TITLE_KEPT]


def _day(written: str) -> date | None:
    """The day of a moment as it is written, in the zone of who wrote it; None where it cannot be read."""
    try:
        return valid_date(written[:10]) if re.match(r"\d{4}-", written) else parsedate_to_datetime(written).date()
    except (ValueError, IndexError, OverflowError, TypeError):
        return None
