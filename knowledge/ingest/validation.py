"""The border: what an article must be before it may enter a library, whatever it was read from."""

import datetime as dt
import re
import unicodedata
from urllib.parse import urlsplit

from knowledge.errors import IngestError
from knowledge.models import NewArticle

TEXT_LIMIT = 1_000_000
"""Characters. The longest of 27,452 news articles has 76,553; a long novel has about a million."""

URL_LIMIT = 2048
"""Characters. Sitemaps and search engines refuse longer addresses too."""

TITLE_LIMIT = 2000
"""Characters. The longest of 27,452 titles has 217; what passes this is a text in the wrong column."""

PUBLISHER_LIMIT = 500
"""Characters. The longest of 27,452 outlet names has 42."""

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:?\d{2}.{0,40})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")

# Spaces, controls, bidi and zero-width marks make an address look like another one; a backslash is
# read as a slash by browsers and not by us.
_NOT_IN_URL = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def valid_article(
    place: str,
    *,
    url: str,
    text: str,
    title: str = "",
    publisher: str = "",
    date: str = "",
    language: str = "",
) -> NewArticle:
    """The article that these words make, verbatim; without a publisher its site stands for one.

    Raises `IngestError` with `place` and the first reason.
    """
    try:
        for name, value, limit in (
            ("text", text, TEXT_LIMIT),
            ("title", title, TITLE_LIMIT),
            ("publisher", publisher, PUBLISHER_LIMIT),
        ):
            require_storable(name, value, limit)
        if not text.strip():
            raise ValueError("has no text")
        url = valid_url(url)
        return NewArticle(
            url=url,
            text=text,
            title=title,
            publisher=publisher.strip() or _site(url),
            published_on=valid_date(date),
            language=language if _LANGUAGE.fullmatch(language) else "",
        )
    except ValueError as error:
        raise IngestError(place, str(error)) from error


def _site(url: str) -> str:
    """The site of an address, "" for a file."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def valid_url(url: str) -> str:
    """The address without blanks around it. Raises `ValueError` unless it is a plain http, https or file URL."""
    url = url.strip()
    if not url:
        raise ValueError("has no URL")
    if len(url) > URL_LIMIT:
        raise ValueError(f"URL is longer than {URL_LIMIT:,} characters")
    if "\\" in url or any(unicodedata.category(letter) in _NOT_IN_URL for letter in url):
        raise ValueError("URL holds blanks, control characters or a backslash")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("URL is malformed") from error
    if parts.scheme not in ("http", "https", "file"):
        raise ValueError("URL does not begin with http://, https:// or file://")
    if "@" in parts.netloc:
        raise ValueError("URL holds a user name or password")
    if parts.scheme != "file" and not host:
        raise ValueError("URL names no site")
    return url


def valid_date(date: str) -> dt.date | None:
    """The day of an ISO date or date and time, as written; None for "". Raises `ValueError` for others."""
    date = date.strip()
    if not date:
        return None
    if not (match := _DATE.fullmatch(date)):
        raise ValueError(f"date {_shown(date)} is not of the form YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(match[1])
    except ValueError as error:
        raise ValueError(f"date {match[1]} does not exist") from error


def require_storable(name: str, value: str, limit: int) -> None:
    """Raises `ValueError` where a text is too long, or holds what a database cannot."""
    if len(value) > limit:
        raise ValueError(f"{name} is longer than {limit:,} characters")
    if "\0" in value:
        raise ValueError(f"{name} holds NUL characters")
    if _SURROGATE.search(value):
        raise ValueError(f"{name} holds half of a surrogate pair, which no encoding can store")


def _shown(value: str) -> str:
    """A piece of foreign input, short and escaped, for a message."""
    return ascii(value[:40])
