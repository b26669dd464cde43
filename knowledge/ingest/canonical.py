"""The address of an article, however somebody came by it: without trackers, and out of the caches of others."""

import re
from urllib.parse import urlsplit

from courlan import normalize_url


def canonical_url(url: str) -> str:
    """An address without what tells who followed it from where; AMP caches give way to the page that they keep.

    Parameters of programs stay: `article.php?cid=12` is another article than `article.php?cid=13`.
    """
    url = uncached(url)
    try:
        return url if _PROGRAM.search(urlsplit(url).path) else normalize_url(url)
    except (ValueError, TypeError):
        return url


def uncached(url: str) -> str:
    """The address of the page that an AMP cache keeps; any other address as it is."""
    cached = _AMP_CACHE.match(url)
    return f"http{cached['secure'] or ''}://{cached['page']}" if cached else url


_AMP_CACHE = re.compile(
    r"https://(?:[\w-]+\.cdn\.ampproject\.org/[cv]|www\.google\.[a-z.]{2,6}/amp)(?:/(?P<secure>s))?/(?P<page>[^/?#]+\..+)"
)
_PROGRAM = re.compile(r"^/?$|/index\.\w+$|\.(?:php\d?|aspx?|cgi|jsp|cfm|dll|do|pl)$", re.IGNORECASE)
