"""Checks are counted by day, verdict and duration; nothing of what was asked, or by whom, is kept."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from knowledge.errors import LibraryError
from knowledge.feeds import change, follow
from knowledge.library import Library
from knowledge.statistics import KEPT, Day, Status, Tally, forget, status_of
from knowledge.verdicts import Verdict
from tests.conftest import make_article

NOON = datetime(2031, 5, 9, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def library(library: Library) -> Library:
    """The library with an article, so that there is a collection whose checks can be counted."""
    library.add("shared", make_article("A first sentence. A second one."), actor="test")
    return library


def tally_on(library: Library, moment: datetime = NOON) -> Tally:
    return Tally(library, lambda: moment)


def status(library: Library, today: date = TODAY) -> Status:
    return status_of(library, "shared", today)


def test_checks_are_told_by_day_with_those_that_found_nothing(library: Library) -> None:
    yesterday, today = tally_on(library, NOON - timedelta(days=1)), tally_on(library)
    yesterday.note("shared", Verdict.ALTERED, 12)
    for verdict in (Verdict.NOT_FOUND, Verdict.VERBATIM, Verdict.NOT_FOUND):
        today.note("shared", verdict, 12)
    yesterday.write()
    today.write()

    told = status(library)

    assert told.days[-2:] == (Day(date(2031, 5, 8), 1, 0), Day(TODAY, 3, 2))
    assert told.days[:-2] == tuple(Day(date(2031, 5, day)) for day in range(3, 8))
    assert (told.articles, told.passages, told.feeds, told.polled_at, told.shared) == (1, 2, 0, None, None)


def test_what_was_refused_is_no_check_and_took_no_time(library: Library) -> None:
    tally = tally_on(library)
    tally.note_refusal("shared")
    tally.write()
    assert status(library).p95_ms is None

    tally.note("shared", Verdict.VERBATIM, 12)
    tally.note_refusal("shared")
    tally.write()

    assert status(library).days[-1] == Day(TODAY, checks=1, refused=2)
    assert status(library).p95_ms == 15


def test_counts_of_two_writers_add_up(library: Library, library_url: str) -> None:
    def count(library: Library) -> None:
        for _ in range(20):
            tally = tally_on(library)
            tally.note("shared", Verdict.CLOSE, 7)
            tally.write()

    with Library.open(library_url) as second:
        threads = [Thread(target=count, args=[one]) for one in (library, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert status(library).days[-1].checks == 40


def test_what_cannot_be_written_waits(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = tally_on(library)
    tally.note("shared", Verdict.CLOSE, 7)

    def is_full() -> Iterator[None]:
        raise LibraryError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(library, "writing", is_full)
        with pytest.raises(LibraryError):
            tally.write()
    tally.note("shared", Verdict.CLOSE, 7)
    tally.write()

    assert status(library).days[-1].checks == 2


@pytest.mark.parametrize(
    ("milliseconds", "p95"),
    [
        ([], None),
        ([8] * 94 + [180] * 6, 200),
        ([8] * 96 + [180] * 4, 10),
        ([10], 10),
        ([10.1], 15),
        ([20_000], math.inf),
    ],
)
def test_95_of_100_took_at_most_so_long(library: Library, milliseconds: list[float], p95: float | None) -> None:
    tally = tally_on(library)
    for one in milliseconds:
        tally.note("shared", Verdict.CLOSE, one)
    tally.write()

    assert status(library).p95_ms == p95


def test_a_count_makes_no_collection(library: Library) -> None:
    tally = tally_on(library)
    tally.note("discord:1", Verdict.NOT_FOUND, 7)
    tally.write()

    assert [one.name for one in library.collections()] == ["shared"]
    assert status_of(library, "discord:1", TODAY).days[-1].checks == 0


def test_counts_go_with_their_collection(library: Library) -> None:
    tally = tally_on(library)
    tally.note("shared", Verdict.CLOSE, 7)
    tally.write()

    library.delete_collection("shared")
    library.add("shared", make_article("A new beginning."), actor="test")

    assert status(library).days[-1].checks == 0


def test_old_days_are_forgotten(library: Library) -> None:
    for days in (0, KEPT.days, KEPT.days + 1):
        tally = tally_on(library, NOON - timedelta(days=days))
        tally.note("shared", Verdict.CLOSE, 7)
        tally.write()

    assert forget(library, NOON) == 1
    assert forget(library, NOON) == 0


def test_a_server_is_told_how_many_shared_articles_it_searches_and_when_a_feed_was_polled(library: Library) -> None:
    with library.changing("discord:1", "test") as writer:
        writer.set_values(reads_shared=True)
    with library.changing("discord:1", "test") as writer:
        feed = follow(writer, "https://example.org/feed", "", NOON)
        change(writer, feed, polled_at=NOON)

    told = status_of(library, "discord:1", TODAY)

    assert (told.articles, told.shared, told.feeds, told.polled_at) == (0, 1, 1, NOON)
