"""The web, for commands that fetch: the guarded door and the guarded reader, for as long as the bot runs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from knowledge.ingest.articles import fetch_article
from knowledge.ingest.download import Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.feed import Feed
from knowledge.ingest.feeds import fetch_feed
from knowledge.library import Library
from knowledge.models import Article, NewArticle
from knowledge.polling import Polled, poll
from knowledge.refreshing import Refreshed, Refresher

Fetch = Callable[[str], NewArticle]
"""Gets the article of an address. Raises `IngestError`."""


@dataclass(frozen=True, slots=True)
class Web:
    """What fetches from the web, through one door and one reader."""

    downloader: Downloader
    extractor: Extractor

    def fetch(self, url: str) -> NewArticle:
        """The article of an address. Raises `IngestError`."""
        return fetch_article(url, self.downloader, self.extractor)

    def fetch_feed(self, url: str) -> Feed:
        """The feed at an address. Raises `IngestError`."""
        return fetch_feed(url, self.downloader, self.extractor)

    def poll(self, library: Library, tell: Callable[[Polled], None], is_over: Callable[[], bool]) -> bool:
        """Ask the feeds whose turn it is, as `knowledge.polling.poll` does."""
        return poll(library, self.downloader, self.extractor, tell=tell, is_over=is_over)

    def refresh(
        self,
        library: Library,
        collection: str,
        articles: Sequence[Article],
        actor: str,
        is_over: Callable[[], bool] = lambda: False,
    ) -> Iterator[Refreshed]:
        """Fetch the pages of some articles again, as `knowledge.refreshing` does."""
        refresher = Refresher(library, self.downloader, self.extractor, actor=actor, is_over=is_over)
        return refresher.refresh(collection, articles)

    def refresh_due(
        self, library: Library, tell: Callable[[Refreshed], None], is_over: Callable[[], bool] = lambda: False
    ) -> bool:
        """Fetch the pages again whose turn it is, as `knowledge.refreshing` does."""
        return Refresher(library, self.downloader, self.extractor, is_over=is_over).refresh_due(tell)


@contextmanager
def web(about: str | None = None) -> Iterator[Web]:
    """The public internet, and nothing else. `about` is where its sites can read who asks."""
    with Extractor() as extractor:
        yield Web(Downloader(about=about), extractor)
