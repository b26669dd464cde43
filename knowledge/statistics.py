"""Statistics that count and do not remember: how many checks a day, their verdicts, how long they took.

There is no claim in them, no message and nobody who asked. A `Tally` keeps counts in memory until they are written, so
that no answer waits for them; several processes may write to one library.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import SQLModel

from knowledge.feeds import followed
from knowledge.library import SHARED, Library
from knowledge.models import now
from knowledge.verdicts import Verdict

KEPT = timedelta(days=35)
"""How long counts are kept."""
_WITHIN_MS = (5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000)
_LONGER = 0
"""Stands for the checks that took longer than the last of these."""
_REFUSED = "refused"
"""Stands for a verdict where there is none: nothing in the claim was checkable, or somebody asked too often."""

_counts = SQLModel.metadata.tables["checkcount"]
_collections = SQLModel.metadata.tables["collection"]
_articles = SQLModel.metadata.tables["article"]


class _Kind(NamedTuple):
    """What is counted apart from each other."""

    collection: str
    day: date
    verdict: str
    within_ms: int


class Tally:
    """Counts of checks that are not written yet. Any thread may use it."""

    def __init__(self, library: Library, clock: Callable[[], datetime] = now) -> None:
        self._library = library
        self._clock = clock
        self._unwritten: Counter[_Kind] = Counter()
        self._lock = Lock()

    def note(self, collection: str, verdict: Verdict, milliseconds: float) -> None:
        """Count a check; only memory is touched."""
        self._count(collection, verdict.value, _bucket(milliseconds))

    def note_refusal(self, collection: str) -> None:
        """Count a question that was refused; only memory is touched."""
        self._count(collection, _REFUSED, _LONGER)

    def _count(self, collection: str, verdict: str, within_ms: int) -> None:
        kind = _Kind(collection, self._clock().date(), verdict, within_ms)
        with self._lock:
            self._unwritten[kind] += 1

    def write(self) -> None:
        """Add what was counted to what the library has, in one transaction.

        Checks of a collection that there is not are not counted. Raises `LibraryError`, after which they go on waiting.
        """
        with self._lock:
            counted, self._unwritten = self._unwritten, Counter()
        if not counted:
            return
        try:
            with self._library.writing() as connection:
                _add(connection, counted)
        except BaseException:
            with self._lock:
                self._unwritten += counted
            raise


def _bucket(milliseconds: float) -> int:
    place = bisect_left(_WITHIN_MS, milliseconds)
    return _WITHIN_MS[place] if place < len(_WITHIN_MS) else _LONGER


def _add(connection: Connection, counted: Counter[_Kind]) -> None:
    names = {kind.collection for kind in counted}
    known = select(_collections.c.name, _collections.c.id).where(_collections.c.name.in_(names))
    ids = {row.name: row.id for row in connection.execute(known)}
    for kind, checks in counted.items():
        if kind.collection not in ids:
            continue
        key = {"collection_id": ids[kind.collection], **kind._asdict()}
        del key["collection"]
        there = [_counts.c[name] == value for name, value in key.items()]
        more = update(_counts).where(*there).values(checks=_counts.c.checks + checks)
        if not connection.execute(more).rowcount:
            connection.execute(insert(_counts).values(**key, checks=checks))


def forget(library: Library, moment: datetime | None = None) -> int:
    """Delete the counts of days too long before a moment (now); returns how many rows that were."""
    oldest = (moment or now()).date() - KEPT
    with library.writing() as connection:
        return connection.execute(delete(_counts).where(_counts.c.day < oldest)).rowcount


# --- what they say ---


@dataclass(frozen=True, slots=True)
class Day:
    """How many checks there were on a day, how many of them found nothing, and how many questions were refused."""

    day: date
    checks: int = 0
    not_found: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """How a collection stands: its size, its feeds, and its checks of some days, the oldest day first.

    `shared` counts the shared articles where they are searched too. `p95_ms` is what 95 of 100 checks took at most, as
    exactly as the buckets tell: infinite where it is more than the last of them, None where nothing was checked.
    """

    articles: int
    passages: int
    shared: int | None
    feeds: int
    polled_at: datetime | None
    days: tuple[Day, ...]
    p95_ms: float | None


def status_of(library: Library, collection: str, today: date, days: int = 7) -> Status:
    """How a collection stands on a day, with what was counted until then; an empty one where there is none."""
    with library.reading_of(collection) as (connection, of):
        feeds = followed(connection, of.id or 0)
        polled = [feed.polled_at for feed in feeds if feed.polled_at]
        passages = select(func.sum(_articles.c.passages)).where(_articles.c.collection_id == (of.id or 0))
        shared = None
        if of.reads_shared and collection != SHARED:
            shared = connection.scalar(select(_collections.c.articles).where(_collections.c.name == SHARED)) or 0
        first = today - timedelta(days=days - 1)
        mine = (_counts.c.collection_id == (of.id or 0), _counts.c.day >= first, _counts.c.day <= today)
        columns = (_counts.c.day, _counts.c.verdict, _counts.c.within_ms, _counts.c.checks)
        rows = connection.execute(select(*columns).where(*mine)).all()
        return Status(
            articles=of.articles,
            passages=connection.scalar(passages) or 0,
            shared=shared,
            feeds=len(feeds),
            polled_at=max(polled, default=None),
            days=tuple(_day(first + timedelta(days=number), rows) for number in range(days)),
            p95_ms=_p95((row.within_ms, row.checks) for row in rows if row.verdict != _REFUSED),
        )


def _day(day: date, rows: Iterable[Any]) -> Day:
    counted: Counter[str] = Counter()
    for row in rows:
        if row.day == day:
            counted[row.verdict] += row.checks
    refused = counted.pop(_REFUSED, 0)
    return Day(day, counted.total(), counted[Verdict.NOT_FOUND], refused)


def _p95(durations: Iterable[tuple[int, int]]) -> float | None:
    """The bucket within which 95 of 100 are."""
    by_bucket: Counter[float] = Counter()
    for within_ms, checks in durations:
        by_bucket[within_ms if within_ms != _LONGER else math.inf] += checks
    left = 0.95 * by_bucket.total()
    for longest in sorted(by_bucket):
        left -= by_bucket[longest]
        if left <= 0:
            return longest
    return None
