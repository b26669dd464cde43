"""The web, for commands that fetch an article: the guarded door and the guarded reader, for as long as the bot runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from knowledge.ingest.articles import fetch_article
from knowledge.ingest.download import Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.models import NewArticle

Fetch = Callable[[str], NewArticle]
"""Gets the article of an address. Raises `IngestError`."""


@contextmanager
def web() -> Iterator[Fetch]:
    """What fetches articles from the public internet and from nowhere else."""
    downloader = Downloader()
    with Extractor() as extractor:
        yield lambda url: fetch_article(url, downloader, extractor)
