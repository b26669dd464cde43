"""Fetches the pages of articles again, by hand or when their turn comes, and keeps what has changed as a new version.

page ─► conditional GET ─► the same page still? ─► a new version, or none ─► when it is the page's turn again

Nothing that is stored is lost by it: a page that is gone, hidden or another one leaves its article as it was, and what
went wrong is kept with it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select
from sqlmodel import SQLModel

from knowledge.addresses import spellings
from knowledge.desk import add_to, has_page
from knowledge.errors import (
    ArticleNotFound,
    CollectionDisabled,
    IngestError,
    PublisherBlocked,
)
from knowledge.ingest.articles import article_of
from knowledge.ingest.download import Downloaded, Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.library import Leased, LeaseLost, Library
from knowledge.models import Article, NewArticle, now
from knowledge.polling import validator
from knowledge.rows import id_of
from knowledge.writer import Addition, Writer, prepare

logger = logging.getLogger(__name__)

FIRST = timedelta(days=1)
"""From when an article came in, or was last found changed, to its next turn: most corrections come within a day."""
LONGEST = timedelta(days=64)
"""Turns are twice as far apart each time that nothing is new, up to this."""
MOST_AT_ONCE = 40
"""Pages that one round asks for, so that no round takes longer than a minute or two."""
_LEASE = timedelta(minutes=5)
_JOB = "refreshing"

_article = SQLModel.metadata.tables["article"]
_collection = SQLModel.metadata.tables["collection"]
_state = SQLModel.metadata.tables["pagestate"]
_audit = SQLModel.metadata.tables["auditentry"]


class Outcome(StrEnum):
    """What fetching a page again came to."""

    CHANGED = "changed"
    SAME = "same"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """An article whose page was fetched again, as it stood before; `reason` says why that failed."""

    collection: str
    article: Article
    outcome: Outcome
    reason: str = ""


class Refresher:
    """Fetches pages again, through one door and one reader. `actor` is who is named in the log."""

    def __init__(
        self,
        library: Library,
        downloader: Downloader,
        extractor: Extractor,
        *,
        actor: str = "receipts",
        clock: Callable[[], datetime] = now,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._library = library
        self._downloader = downloader
        self._extractor = extractor
        self._actor = actor
        self._clock = clock
        self._is_over = is_over

    def refresh(self, collection: str, articles: Iterable[Article]) -> Iterator[Refreshed]:
        """Fetch the pages of some articles that somebody chose; yields what came of each, and ends early if it is over.

        A single one is fetched whatever its site's robots.txt says, as a reader would do it.
        Raises `CollectionDisabled`, `LibraryError`.
        """
        chosen = list(articles)
        for article in chosen:
            if self._is_over():
                return
            yield self._refreshed(collection, article, obey_robots=len(chosen) > 1)

    def refresh_due(self, tell: Callable[[Refreshed], None] = lambda one: None) -> bool:
        """Fetch the pages whose turn it is, in all collections that have it so; `tell` hears of each.

        Returns False, and has done nothing or not all, where another process is at it. Raises `LibraryError`.
        """
        lease = self._library.leased(_JOB, _LEASE, self._clock)
        if not lease.acquire():
            return False
        try:
            with self._library.reading() as connection:
                waiting = _due(connection, self._clock())
            for collection, article in waiting:
                if self._is_over():
                    break
                try:
                    tell(self._refreshed(collection, article, obey_robots=True, lease=lease))
                except CollectionDisabled:
                    continue
        except LeaseLost:
            logger.warning("another process took over the pages")
            return False
        finally:
            lease.release()
        return True

    def _refreshed(
        self, collection: str, article: Article, *, obey_robots: bool, lease: Leased | None = None
    ) -> Refreshed:
        """What came of fetching a page again, which is kept with the article."""
        fetched = found = None
        problem = ""
        try:
            fetched = self._fetched(article, obey_robots=obey_robots)
            found = None if fetched.is_unchanged else self._page_of(article, fetched)
        except IngestError as error:
            problem = error.reason
        except Exception:  # whatever it is, the other pages have their turn
            logger.exception("a page could not be fetched again")
            problem = "met an error of this program"
        with self._library.changing(collection, self._actor) as writer:
            if lease is not None:
                lease.renew(writer.connection)
            return self._kept(writer, article, fetched, found, problem)

    def _fetched(self, article: Article, *, obey_robots: bool) -> Downloaded:
        if not has_page(article):
            raise IngestError(article.url, "has no page of its own")
        with self._library.reading() as connection:
            state = _state_of(connection, id_of(article.id))
        known = state if state is not None and state.url == article.url else None
        return self._downloader.download(
            article.url,
            obey_robots=obey_robots,
            etag=known.etag if known is not None else "",
            last_modified=known.last_modified if known is not None else "",
        )

    def _page_of(self, article: Article, fetched: Downloaded) -> NewArticle:
        """The article that the page has now. Raises `IngestError` where it has none, or shows another one."""
        found = article_of(fetched, self._extractor)
        names = {article.url, *spellings(article.url)}
        if names.isdisjoint((fetched.final_url, found.url)):
            raise IngestError(article.url, f"leads to another page now: {fetched.final_url}")
        return found

    def _kept(
        self, writer: Writer, article: Article, fetched: Downloaded | None, found: NewArticle | None, problem: str
    ) -> Refreshed:
        """Store what was found, and when it is the page's turn again."""
        collection, outcome = writer.collection.name, Outcome.FAILED
        try:
            present = writer.article(str(article.id))
        except ArticleNotFound:
            return Refreshed(collection, article, outcome, "is not here any more")
        if present.url != article.url:
            return Refreshed(collection, article, outcome, "has another address by now")
        if not problem:
            try:
                outcome = self._stored(writer, present, found)
            except PublisherBlocked as error:
                problem = f"is of {error.domain}, whose articles are not wanted here"
        self._keep_state(writer, present, outcome, fetched, problem)
        return Refreshed(collection, article, outcome, problem)

    def _stored(self, writer: Writer, present: Article, found: NewArticle | None) -> Outcome:
        """Add a new version if the text is another. Raises `PublisherBlocked`, `CollectionDisabled`."""
        if found is None:
            return Outcome.SAME
        title = "" if _is_edited(writer, present) else found.title
        incoming = replace(
            found,
            url=present.url,
            title=title or present.title,
            publisher=present.publisher or found.publisher,
            published_on=present.published_on or found.published_on,
        )
        added = add_to(writer, prepare(incoming))
        return Outcome.CHANGED if added.addition is Addition.NEW_VERSION else Outcome.SAME

    def _keep_state(
        self, writer: Writer, article: Article, outcome: Outcome, fetched: Downloaded | None, problem: str
    ) -> None:
        """Keep what the page answered, but for validators of what was not stored."""
        number, moment = id_of(article.id), self._clock()
        before = _state_of(writer.connection, number)
        unchanged = 0 if outcome is Outcome.CHANGED else (before.unchanged if before is not None else 0) + 1
        values: dict[str, Any] = {"etag": "", "last_modified": ""}
        if fetched is not None and fetched.is_unchanged and before is not None:
            values = {"etag": before.etag, "last_modified": before.last_modified}
        elif fetched is not None and not problem:
            values = {"etag": validator(fetched.etag), "last_modified": validator(fetched.last_modified)}
        writer.connection.execute(delete(_state).where(_state.c.article_id == number))
        writer.connection.execute(
            insert(_state).values(
                article_id=number,
                url=article.url,
                fetched_at=moment,
                next_at=moment + min(LONGEST, FIRST * 2 ** min(unchanged, 10)),
                unchanged=unchanged,
                problem=problem,
                **values,
            )
        )


def _due(connection: Connection, moment: datetime) -> list[tuple[str, Article]]:
    """The articles whose turn it is, with their collections, the longest waiting first."""
    is_new = _state.c.article_id.is_(None) & (_article.c.added_at <= moment - FIRST)
    query = (
        select(_collection.c.name.label("collection"), *_article.c)
        .join(_collection, _collection.c.id == _article.c.collection_id)
        .outerjoin(_state, _state.c.article_id == _article.c.id)
        .where(_collection.c.refreshes, _collection.c.disabled.is_(False), _article.c.review.is_(None))
        .where(_article.c.url.startswith("http"), or_(is_new, _state.c.next_at <= moment))
        .order_by(_state.c.next_at.nulls_first(), _article.c.id)
        .limit(MOST_AT_ONCE)
    )
    rows = (dict(row._mapping) for row in connection.execute(query))
    return [(row.pop("collection"), Article(**row)) for row in rows]


def _state_of(connection: Connection, article_id: int) -> Row[Any] | None:
    return connection.execute(select(_state).where(_state.c.article_id == article_id)).one_or_none()


def _is_edited(writer: Writer, article: Article) -> bool:
    """Whether moderators have put a title of their own in the place of the page's."""
    of = (_audit.c.collection_id == writer.collection_id, _audit.c.url == article.url, _audit.c.action == "edit")
    return any("title" in (after or {}) for after in writer.connection.scalars(select(_audit.c.after).where(*of)))
