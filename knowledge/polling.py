"""Asks the feeds that collections follow for new articles: one at a time, each new article once.

feed ─► conditional GET ─► entries not seen ─► page ─► article or suggestion, with the note that it was seen

An article and the note of its entry are one transaction, which holds only while the poller has the lease: whoever is
killed amid it, and whoever comes next, adds nothing twice. One feed's or article's trouble is noted and told with it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from knowledge.desk import add_to, put_in_queue, rules_of
from knowledge.domains import require_wanted
from knowledge.errors import (
    CollectionDisabled,
    DownloadError,
    DownloadProblem,
    FeedNotFound,
    IngestError,
    LibraryFull,
    NoArticleText,
    PageProblem,
    PublisherBlocked,
    QuotaExceeded,
    TooManySuggestions,
)
from knowledge.feeds import FollowedFeed, change, due, followed_feed, is_known, note, standing
from knowledge.ingest.articles import fetch_article
from knowledge.ingest.download import FEED_TYPES, Downloaded, Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.feed import Entry, Feed
from knowledge.ingest.feeds import feed_of
from knowledge.library import Leased, LeaseLost, Library
from knowledge.models import Collection, DomainPolicy, FeedsGoTo, now
from knowledge.writer import Writer, prepare

logger = logging.getLogger(__name__)

INTERVAL = timedelta(minutes=30)
"""Between two polls of a feed: what RSS readers have as their default, and feeds that say a `ttl` mostly say more."""
SOON = timedelta(minutes=5)
"""Until a feed goes on that had more than one poll takes."""
LONGEST_WAIT = timedelta(days=1)
"""Until a feed or an article that fails is asked again; a feed that comes back is found within a day."""
LONGEST_ASKED = timedelta(days=7)
"""What a site's Retry-After is followed up to."""
MOST_NEW = 20
"""Articles that one poll of a feed asks for; what is left is for the next, so that no feed holds up the others."""
MOST_QUEUED = 50
"""Suggestions of one feed that wait; more would bury those of people."""
MOST_TRIES = 8
"""Of an article that cannot be had just now: over INTERVAL, twice that and so on, some three days."""
_FAILURES_IN_A_ROW = 3
"""Articles after which a poll of a feed ends: its site has a bad day."""
_FEED_SECONDS = 180.0
"""After which a poll of a feed asks for no more articles."""
_LEASE = timedelta(minutes=5)
"""Every article renews it; the longest step between, with a process that starts, takes under two minutes."""
_JOB = "feeds"
_VALIDATOR_KEPT = 500
"""Characters of an ETag."""

_LASTING = frozenset(
    {
        DownloadProblem.URL,
        DownloadProblem.PORT,
        DownloadProblem.FORBIDDEN,
        DownloadProblem.TOO_LARGE,
        DownloadProblem.REDIRECTS,
        DownloadProblem.CONTENT_TYPE,
    }
)
"""What is the same tomorrow."""
_LASTING_STATUS = frozenset({401, 402, 410, 451})
"""Not 404, which is what a site says of a page that its feed was quicker with."""
_PASSING_PAGE = frozenset({PageProblem.TOO_SLOW, PageProblem.UNREADABLE})
"""The machine may have been busy, or the reading process ended by others."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll of a feed came to. `feed` is as it stands after it, `problem` why it could not be had.

    `left` entries are for later: too many at once, or not to be had just now. `refused` never enter; `reason` says
    why the last of either did not.
    """

    collection: str
    feed: FollowedFeed
    added: int = 0
    queued: int = 0
    refused: int = 0
    left: int = 0
    reason: str = ""
    problem: str = ""


def poll(
    library: Library,
    downloader: Downloader,
    extractor: Extractor,
    *,
    clock: Callable[[], datetime] = now,
    tell: Callable[[Polled], None] = lambda polled: None,
    is_over: Callable[[], bool] = lambda: False,
    most_new: int = MOST_NEW,
) -> bool:
    """Ask every feed whose turn it is, in all collections; `tell` hears of each. Ends early where `is_over` says so.

    Returns False, and has done nothing or not all, where another poller is at it. Raises `LibraryError`.
    """
    lease = library.leased(_JOB, _LEASE, clock)
    if not lease.acquire():
        return False
    tools = _Tools(library, lease, downloader, extractor, clock, is_over, most_new)
    try:
        with library.reading() as connection:
            waiting = due(connection, clock())
        for collection, number in waiting:
            if is_over():
                break
            if polled := _polled(tools, collection, number):
                tell(polled)
    except LeaseLost:
        logger.warning("another process took over the feeds")
        return False
    finally:
        lease.release()
    return True


def _polled(tools: "_Tools", collection: str, number: int) -> Polled | None:
    """What a poll of one feed came to; None where it is followed no longer, or its collection was stopped."""
    try:
        with tools.library.reading_of(collection) as (connection, of):
            feed = followed_feed(connection, of.id or 0, number)
        return _Visit(tools, collection, feed).run()
    except (FeedNotFound, CollectionDisabled):
        return None


@dataclass(frozen=True, slots=True)
class _Tools:
    """What every visit works with."""

    library: Library
    lease: Leased
    downloader: Downloader
    extractor: Extractor
    clock: Callable[[], datetime]
    is_over: Callable[[], bool]
    most_new: int


class _Visit:
    """One poll of one feed."""

    def __init__(self, tools: _Tools, collection: str, feed: FollowedFeed) -> None:
        self._tools = tools
        self._polled = Polled(collection, feed)
        self._collection = collection
        self._feed = feed
        self._until = monotonic() + _FEED_SECONDS
        self._asked = self._failed = 0
        self._is_stopped = False

    def run(self) -> Polled:
        """Ask for the feed, and for what is new in it."""
        try:
            self._require_room()
            fetched = self._tools.downloader.download(
                self._feed.url,
                accept=FEED_TYPES,
                obey_robots=True,
                etag=self._feed.etag,
                last_modified=self._feed.last_modified,
            )
            found = None if fetched.is_unchanged else feed_of(fetched, self._tools.extractor)
        except DownloadError as error:
            return self._put_off(error.reason, timedelta(seconds=min(error.retry_after, _MOST_SECONDS)))
        except IngestError as error:
            return self._put_off(error.reason)
        except QuotaExceeded as error:  # which is no fault of the feed's
            return self._keep(_no_room(error), self._feed.failures, INTERVAL)
        except (LeaseLost, LibraryFull, CollectionDisabled):
            raise
        except Exception:  # whatever it is, the other feeds go on; where the library fails, so does the note of it
            logger.exception("a feed could not be polled")
            return self._put_off("met an error of this program")
        for entry in found.entries if found else ():
            self._look_at(entry)
        return self._finish(fetched, found)

    # --- the end of it ---

    def _put_off(self, problem: str, asked: timedelta = timedelta()) -> Polled:
        """Ask again later, the later the more often it failed, or when the site says."""
        failures = self._feed.failures + 1
        return self._keep(problem, failures, max(_backed_off(failures), asked))

    def _keep(self, problem: str, failures: int, wait: timedelta) -> Polled:
        with self._changing() as writer:
            at = self._tools.clock()
            kept = {"failures": failures, "last_error": problem, "polled_at": at, "next_poll_at": at + wait}
            feed = change(writer, self._feed, **kept)
        return replace(self._polled, feed=feed, problem=problem)

    def _finish(self, fetched: Downloaded, found: Feed | None) -> Polled:
        """Keep what the site said of the feed; not what would spare a feed of which something is left."""
        is_done = not self._polled.left
        values: dict[str, Any] = {"failures": 0, "last_error": self._polled.reason}
        if not self._polled.reason and not self._feed.failures and (found is None or not is_done):
            values["last_error"] = self._feed.last_error  # of articles of which there is nothing new
        values["polled_at"] = self._tools.clock()
        values["next_poll_at"] = values["polled_at"] + (SOON if self._is_interrupted() else INTERVAL)
        if found is not None:
            values |= {"etag": validator(fetched.etag) if is_done else "", "title": found.title or self._feed.title}
            values |= {"last_modified": validator(fetched.last_modified) if is_done else ""}
        if fetched.moved_to:
            values["url"] = fetched.moved_to
        with self._changing() as writer:
            return replace(self._polled, feed=change(writer, self._feed, **values))

    # --- one entry ---

    def _look_at(self, entry: Entry) -> None:
        """Bring an entry in unless it is known, leave it for later, or refuse it."""
        with self._tools.library.reading_of(self._collection) as (connection, of):
            known = standing(connection, of.id or 0, self._feed.id, entry)
        if known.is_settled:
            if not known.is_whole:
                self._settle(entry)  # under its other name too
            return
        is_early = known.next_try_at is not None and known.next_try_at > self._tools.clock()
        if is_early or not self._has_time():
            self._count(left=1)
            return
        self._asked += 1
        try:
            self._bring_in(entry)
            self._failed = 0
        except (LeaseLost, LibraryFull, CollectionDisabled, FeedNotFound):
            raise
        except (QuotaExceeded, TooManySuggestions) as error:
            self._is_stopped = True
            self._count(left=1, reason=_no_room(error))
        except PublisherBlocked as error:
            self._refuse(entry, f"articles of {error.domain} are not wanted here")
        except IngestError as error:
            self._try_again(entry, known.tries + 1, f"{entry.url} {error.reason}", is_lasting=_is_lasting(error))
        except Exception:  # whatever it is, the other articles go on
            logger.exception("an article of a feed could not be added")
            self._try_again(entry, known.tries + 1, f"{entry.url} met an error of this program", is_lasting=False)

    def _has_time(self) -> bool:
        is_tired = self._is_stopped or self._failed >= _FAILURES_IN_A_ROW
        return not is_tired and not self._is_interrupted()

    def _is_interrupted(self) -> bool:
        """Whether there might have been more to do, had there been the time."""
        return self._asked >= self._tools.most_new or monotonic() >= self._until or self._tools.is_over()

    def _bring_in(self, entry: Entry) -> None:
        """Add the article of an entry, or suggest it, as the collection has settled; nothing where it is here."""
        with self._tools.library.reading_of(self._collection) as (connection, of):
            rules = rules_of(connection, of.id or 0)
            goes_to = of.feeds_go_to
        require_wanted(entry.url, [rule for rule in rules if rule.policy is DomainPolicy.BLOCK])
        if goes_to == FeedsGoTo.QUEUE:
            require_wanted(entry.url, rules)
            self._suggest(entry)
        else:
            self._add(entry)

    def _suggest(self, entry: Entry) -> None:
        with self._changing() as writer:
            is_new = not is_known(writer.connection, writer.collection_id, entry.url)
            if is_new:
                put_in_queue(writer, entry.url, entry.title, at=self._tools.clock(), most=MOST_QUEUED)
            note(writer, self._feed.id, entry)
        self._count(queued=int(is_new))

    def _add(self, entry: Entry) -> None:
        with self._tools.library.reading_of(self._collection) as (connection, of):
            is_here = is_known(connection, of.id or 0, entry.url)
        if is_here:
            self._settle(entry)
            return
        self._require_room()
        found = fetch_article(entry.url, self._tools.downloader, self._tools.extractor, obey_robots=True)
        article = replace(
            found, title=found.title or entry.title, published_on=found.published_on or entry.published_on
        )
        prepared = prepare(article)
        with self._changing() as writer:
            is_new = not is_known(writer.connection, writer.collection_id, article.url)
            if is_new:
                add_to(writer, prepared)
            note(writer, self._feed.id, entry, also=[article.url])
        self._count(added=int(is_new))

    def _settle(self, entry: Entry) -> None:
        with self._changing() as writer:
            note(writer, self._feed.id, entry)

    def _refuse(self, entry: Entry, reason: str) -> None:
        self._settle(entry)
        self._count(refused=1, reason=reason)

    def _try_again(self, entry: Entry, tries: int, reason: str, *, is_lasting: bool) -> None:
        """Note when an entry that could not be had is tried again, or that it never is."""
        if is_lasting or tries >= MOST_TRIES:
            self._refuse(entry, reason)
            return
        self._failed += 1
        with self._changing() as writer:
            note(writer, self._feed.id, entry, tries=tries, next_try_at=self._tools.clock() + _backed_off(tries))
        self._count(left=1, reason=reason)

    def _count(
        self, *, added: int = 0, queued: int = 0, refused: int = 0, left: int = 0, reason: str | None = None
    ) -> None:
        so_far = self._polled
        self._polled = replace(
            so_far,
            added=so_far.added + added,
            queued=so_far.queued + queued,
            refused=so_far.refused + refused,
            left=so_far.left + left,
            reason=so_far.reason if reason is None else reason,
        )

    # --- the collection ---

    def _require_room(self) -> None:
        """Raise `QuotaExceeded` before anything is fetched that could not be kept."""
        with self._tools.library.reading_of(self._collection) as (_, of):
            if of.disabled:
                raise CollectionDisabled(self._collection)
            if of.quota is not None and of.articles >= of.quota and not _queues(of):
                raise QuotaExceeded(of.quota)

    @contextmanager
    def _changing(self) -> Iterator[Writer]:
        """One transaction, which needs the lease and the feed. Raises `LeaseLost`, `FeedNotFound`."""
        with self._tools.library.changing(self._collection, f"feed:{self._feed.id}") as writer:
            self._tools.lease.renew(writer.connection)
            followed_feed(writer.connection, writer.collection_id, self._feed.id)
            yield writer


_MOST_SECONDS = LONGEST_ASKED.total_seconds()


def validator(said: str) -> str:
    """An ETag or a date as it can be sent back; "" for one that no request may hold."""
    return said if said.isascii() and said.isprintable() and len(said) <= _VALIDATOR_KEPT else ""


def _queues(of: Collection) -> bool:
    return of.feeds_go_to == FeedsGoTo.QUEUE


def _backed_off(failures: int) -> timedelta:
    """How long to wait after some failures in a row."""
    return min(LONGEST_WAIT, INTERVAL * (1 << min(failures, 10)))


def _is_lasting(error: IngestError) -> bool:
    """Whether an article that could not be had will not be had tomorrow."""
    if isinstance(error, DownloadError):
        return error.problem in _LASTING or error.status in _LASTING_STATUS
    return not (isinstance(error, NoArticleText) and error.problem in _PASSING_PAGE)


def _no_room(error: QuotaExceeded | TooManySuggestions) -> str:
    if isinstance(error, QuotaExceeded):
        return f"the collection has its {error.limit:,} articles"
    return f"{error.limit:,} of its suggestions wait in the queue"
