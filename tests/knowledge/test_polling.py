"""Feeds on a real server, under a clock that is moved: every new article comes in once, whatever happens on the way."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.desk import Desk
from knowledge.errors import FeedNotFound, IngestError
from knowledge.feeds import FollowedFeed
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.page import Page
from knowledge.library import Library
from knowledge.models import FeedsGoTo
from knowledge.polling import INTERVAL, LONGEST_WAIT, MOST_NEW, MOST_QUEUED, MOST_TRIES, SOON, Polled, poll
from tests.conftest import make_article
from tests.knowledge.ingest.servers import Answer, dripping, ok, start, to
from tests.knowledge.ingest.sites import BEGINNING, Clock, Item, Site, error, moved

ROOT = Path(__file__).parent.parent.parent
SERVER = "discord:1"


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as extractor:
        yield extractor


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Reader:
    """A server that follows the site's feed, and polls as a test says."""

    def __init__(self, library: Library, site: Site, extractor: Extractor, clock: Clock) -> None:
        self.library, self.site, self.extractor, self.clock = library, site, extractor, clock
        self.desk = Desk(library, SERVER, "discord:2", clock)
        self.feed = self.desk.add_feed(site.url())
        self.door = site.door()

    def poll(self) -> list[Polled]:
        """What a poll tells."""
        told: list[Polled] = []
        assert poll(self.library, self.door, self.extractor, clock=self.clock, tell=told.append)
        return told

    def poll_later(self) -> Polled:
        """What the next poll of the feed tells, once its turn has come."""
        self.clock.moment = max(self.clock.moment, self.now.next_poll_at)
        (told,) = self.poll()
        return told

    @property
    def now(self) -> FollowedFeed:
        """The feed as it stands."""
        (feed,) = self.desk.feeds()
        return feed

    @property
    def names(self) -> list[str]:
        """The articles that are there, by the paths of their addresses."""
        return sorted(article.url.rpartition("/")[2] for article in self.library.articles(SERVER))

    def actions(self, action: str) -> list[str]:
        """The addresses of some kind of entries in the log."""
        return [entry.url for entry in self.library.audit(SERVER) if entry.action == action]


@pytest.fixture
def reader(library: Library, site: Site, extractor: Extractor, clock: Clock) -> Reader:
    return Reader(library, site, extractor, clock)


def test_what_is_new_comes_in_once(reader: Reader, site: Site) -> None:
    site.publish("otter", "heron")
    (told,) = reader.poll()
    assert (told.collection, told.added, told.left, told.problem) == (SERVER, 2, 0, "")
    assert reader.names == ["heron", "otter"]
    assert reader.now.title == "The Courier"
    assert reader.desk.find(site.url("/otter")).title == "Of otter"
    assert [entry.actor for entry in reader.desk.log().items][:2] == [f"feed:{reader.feed.id}"] * 2
    assert reader.poll() == []  # its turn has not come

    site.publish("crane")
    assert reader.poll_later().added == 1
    assert reader.poll_later().added == 0
    assert site.asked.count("/otter") == 1


def test_a_feed_that_did_not_change_costs_one_small_answer(reader: Reader, site: Site) -> None:
    site.publish("otter")
    reader.poll()
    before = len(reader.actions("add"))
    told = reader.poll_later()
    assert (told.added, told.problem) == (0, "")
    assert b"If-None-Match" in site.server.requests[-1]
    assert site.asked == ["/feed.xml", "/otter", "/feed.xml"]
    assert len(reader.actions("add")) == before


def test_the_same_entry_under_another_guid_or_address_is_the_same(reader: Reader, site: Site) -> None:
    site.items = [Item("/otter?utm_source=rss", "1")]
    assert reader.poll_later().added == 1
    site.items = [Item("/otter?utm_source=mail", "2")]
    assert reader.poll_later().added == 0
    site.items = [Item("/elsewhere", "1")]
    assert reader.poll_later().added == 0
    site.items = [Item("/afterwards", "2")]
    assert reader.poll_later().added == 0
    site.items = [Item("/elsewhere", "")]
    assert reader.poll_later().added == 0
    assert reader.names == ["otter"]


def test_entries_that_lead_to_one_page_give_one_article(reader: Reader, site: Site) -> None:
    site.publish("otter")
    site.items.append(Item("/go/17", "x"))
    site.instead["/go/17"] = to(site.url("/otter"))
    assert reader.poll_later().added == 1
    assert len(reader.actions("update")) == 0


def test_what_moderators_removed_does_not_come_back(reader: Reader, site: Site) -> None:
    site.publish("otter", "heron")
    site.etag = False
    reader.desk.add(make_article("A heron stood in the mill.", url=site.url("/heron")))
    reader.desk.remove(site.url("/heron"))
    reader.poll()
    reader.desk.remove(site.url("/otter"))
    reader.clock.advance(days=2)
    reader.desk.purge()
    assert reader.poll_later().added == 0
    assert reader.names == []


def test_a_poll_takes_so_many_and_leaves_the_rest_for_the_next(reader: Reader, site: Site) -> None:
    site.publish(*(f"item{number}" for number in range(MOST_NEW + 5)))
    (told,) = reader.poll()
    assert (told.added, told.left) == (MOST_NEW, 5)
    assert reader.now.next_poll_at == reader.clock() + SOON
    told = reader.poll_later()  # which is not told that nothing changed
    assert (told.added, told.left) == (5, 0)
    reader.poll_later()
    assert len(set(reader.names)) == MOST_NEW + 5 == len(site.asked) - 3


@pytest.mark.parametrize("etag", ['"é€"', '"' + "x" * 5_000 + '"', 'W/"\x80"'])
def test_an_etag_that_cannot_be_sent_back_is_forgotten(reader: Reader, site: Site, etag: str) -> None:
    site.publish("otter")
    site.instead["/feed.xml"] = ok(site.rss(), f"ETag: {etag}", kind="text/xml")
    assert reader.poll_later().added == 1
    assert reader.poll_later().problem == ""
    assert b"If-None-Match" not in site.server.requests[-1]


def test_a_date_alone_is_enough_to_ask_whether_something_changed(reader: Reader, site: Site) -> None:
    date = "Mon, 05 May 2031 08:00:00 GMT"
    site.instead["/feed.xml"] = ok(site.rss(), f"Last-Modified: {date}", kind="text/xml")
    reader.poll_later()
    reader.poll_later()
    assert f"If-Modified-Since: {date}".encode() in site.server.requests[-1]


# --- moves ---


def test_a_feed_that_moved_for_good_is_asked_where_it_is(reader: Reader, site: Site) -> None:
    site.publish("otter")
    reader.poll()
    old, site.feed_path = site.url(), "/new.xml"
    site.instead["/feed.xml"] = moved("/new.xml")
    reader.poll_later()
    assert reader.now.url == site.url()
    (entry,) = (entry for entry in reader.desk.log().items if entry.action == "move_feed")
    assert entry.before == {"url": old}
    reader.poll_later()
    assert site.asked[-2:] == ["/new.xml", "/new.xml"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_feed_that_is_elsewhere_for_now_keeps_its_address(reader: Reader, site: Site, status: int) -> None:
    site.publish("otter")
    old, site.feed_path = site.url(), "/new.xml"
    site.instead["/feed.xml"] = to("/new.xml", status)
    assert reader.poll_later().added == 1
    assert reader.now.url == old


def test_a_feed_does_not_move_to_what_is_none_or_is_followed_already(reader: Reader, site: Site) -> None:
    old = site.url()
    site.instead["/feed.xml"] = moved("/parked")
    assert reader.poll_later().problem == "is no RSS or Atom feed"
    assert reader.now.url == old
    site.feed_path = "/new.xml"
    site.instead["/feed.xml"] = moved("/new.xml")
    reader.desk.add_feed(site.url())
    reader.clock.advance(days=1)
    assert [one.problem for one in reader.poll()] == ["", ""]
    assert [one.url for one in reader.desk.feeds()] == [old, site.url()]


# --- failures ---


def test_a_failing_feed_is_asked_ever_more_rarely(reader: Reader, site: Site) -> None:
    site.instead["/feed.xml"] = error(500)
    waits: list[timedelta] = []
    for failures in range(1, 10):
        told = reader.poll_later()
        assert told.problem == reader.now.last_error == "answers with an error (500)"
        assert reader.now.failures == failures
        waits.append(reader.now.next_poll_at - reader.clock())
    assert waits[:3] == [2 * INTERVAL, 4 * INTERVAL, 8 * INTERVAL]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT

    site.instead.clear()
    site.publish("otter")
    assert reader.poll_later().added == 1
    assert (reader.now.failures, reader.now.last_error) == (0, "")
    assert reader.now.next_poll_at == reader.clock() + INTERVAL


@pytest.mark.parametrize(
    ("said", "wait"),
    [("86400", timedelta(days=1)), ("999999999999", timedelta(days=7)), ("soon", 2 * INTERVAL), ("-5", 2 * INTERVAL)],
)
def test_a_site_says_when_to_come_again(reader: Reader, site: Site, said: str, wait: timedelta) -> None:
    site.instead["/feed.xml"] = error(503, f"Retry-After: {said}")
    reader.poll_later()
    assert reader.now.next_poll_at == reader.clock() + wait


def test_robots_txt_is_heeded_for_feeds_and_articles(reader: Reader, site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /otter\n"
    site.instead["/robots.txt"] = start(f"Content-Length: {len(rules)}", kind="text/plain") + rules
    site.publish("heron", "otter")
    told = reader.poll_later()
    assert (told.added, told.left) == (1, 1)
    assert "asks programs to stay away" in told.reason
    reader.door = site.door()
    rules = b"User-agent: Receipts\nDisallow: /feed\n"
    site.instead["/robots.txt"] = start(f"Content-Length: {len(rules)}", kind="text/plain") + rules
    assert reader.poll_later().problem == "asks programs to stay away"
    assert site.asked == ["/feed.xml", "/heron"]


def test_one_articles_failure_is_its_own_and_passes(reader: Reader, site: Site) -> None:
    site.publish("heron", "otter", "crane")
    site.instead |= {"/otter": error(500), "/crane": error(410)}
    told = reader.poll_later()
    assert (told.added, told.left, told.refused) == (1, 1, 1)
    site.instead.clear()
    reader.poll_later()
    reader.poll_later()
    assert reader.names == ["heron", "otter"]  # what was gone for good is not asked for again


def test_an_article_that_cannot_be_had_is_given_up_after_some_days(reader: Reader, site: Site) -> None:
    site.publish("otter")
    site.instead["/otter"] = error(502)
    for _ in range(400):
        reader.poll_later()
    assert site.asked.count("/otter") == MOST_TRIES
    assert reader.poll_later().left == 0


def test_a_site_with_a_bad_day_is_left_alone(reader: Reader, site: Site) -> None:
    site.publish("a1", "a2", "a3", "a4", "a5")
    site.instead |= {f"/a{number}": error(503) for number in range(1, 6)}
    assert reader.poll_later().left == 5
    assert len(site.asked) == 1 + 3


def test_an_error_of_ours_stops_no_other_article(reader: Reader, site: Site) -> None:
    class Broken(Extractor):
        def read(self, markup: str, url: str = "") -> Page:
            if url.endswith("/otter"):
                raise RuntimeError("never thought of")
            return super().read(markup, url)

    site.publish("otter", "heron")
    with Broken() as reader.extractor:
        told = reader.poll_later()
        assert (told.added, told.left) == (1, 1)
        assert "met an error of this program" in told.reason


def test_one_feeds_failure_is_its_own(reader: Reader, site: Site) -> None:
    site.publish("otter")
    site.instead["/garbage"] = b"\0\0\0"
    for path in ("/garbage", "/parked"):
        reader.desk.add_feed(site.url(path))
    reader.desk.add_feed("http://169.254.169.254/feed")
    Desk(reader.library, "discord:9", "me").add_feed(site.url())
    told = reader.poll()
    assert sorted(one.added for one in told) == [0, 0, 0, 1, 1]
    assert sum(bool(one.problem) for one in told) == 3


# --- what the collection has settled ---


def test_new_articles_wait_in_the_queue_where_the_server_says_so(reader: Reader, site: Site) -> None:
    reader.desk.change_settings(feeds_go_to=FeedsGoTo.QUEUE)
    site.publish("otter", "heron")
    told = reader.poll_later()
    assert (told.queued, told.added) == (2, 0)
    assert [(one.url, one.note) for one in reader.desk.queue().items] == [
        (site.url("/otter"), "About otter"),
        (site.url("/heron"), "About heron"),
    ]
    assert site.asked == ["/feed.xml"]
    site.publish("crane")
    reader.desk.decide(1, approve=False)
    assert reader.poll_later().queued == 1
    assert reader.desk.queue().total == 2


def test_a_feed_does_not_bury_the_queue(reader: Reader, site: Site) -> None:
    reader.desk.change_settings(feeds_go_to=FeedsGoTo.QUEUE)
    site.publish(*(f"item{number}" for number in range(MOST_QUEUED + 3)))
    for _ in range(4):
        told = reader.poll_later()
    assert (told.left, told.reason) == (3, "50 of its suggestions wait in the queue")
    assert reader.desk.queue().total == MOST_QUEUED
    reader.desk.suggest(site.url("/otter"))
    reader.desk.decide(1, approve=False)
    assert reader.poll_later().queued == 1


def test_what_a_server_does_not_want_is_not_asked_for(reader: Reader, site: Site) -> None:
    reader.desk.block("example.org")
    site.publish("otter")
    told = reader.poll_later()
    assert (told.refused, told.reason) == (1, "articles of example.org are not wanted here")
    assert reader.now.last_error == told.reason
    assert site.asked == ["/feed.xml"]


def test_a_full_collection_is_told_and_asks_for_nothing(reader: Reader, site: Site) -> None:
    reader.desk.change_settings(quota=1)
    site.publish("otter", "heron")
    told = reader.poll_later()
    assert (told.added, told.left, told.reason) == (1, 1, "the collection has its 1 articles")
    told = reader.poll_later()
    assert (told.problem, told.feed.failures) == ("the collection has its 1 articles", 0)
    assert site.asked == ["/feed.xml", "/otter"]
    reader.desk.change_settings(quota=None)
    assert reader.poll_later().added == 1


def test_a_stopped_collection_rests(reader: Reader, site: Site) -> None:
    site.publish("otter")
    reader.library.switch(SERVER, disabled=True, actor="me")
    assert reader.poll() == []
    assert site.asked == []


def test_a_feed_that_is_removed_amid_its_poll_brings_nothing_more(reader: Reader, site: Site) -> None:
    site.publish("otter", "heron")

    def remove(connection: object, head: bytes) -> None:
        with suppress(FeedNotFound):
            reader.desk.remove_feed(site.url())

    site.instead["/otter"] = remove
    assert reader.poll() == []
    assert reader.names == []


# --- one at a time ---


def test_two_pollers_at_once_are_one(reader: Reader, site: Site, library_url: str) -> None:
    site.publish(*(f"item{number}" for number in range(10)))
    both = threading.Barrier(2)
    results: list[bool] = []

    def run() -> None:
        with Library.open(library_url) as library, Extractor() as extractor:
            both.wait()
            results.append(poll(library, site.door(), extractor, clock=reader.clock))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert True in results
    assert sorted(site.asked) == sorted(["/feed.xml", *(f"/item{number}" for number in range(10))])
    assert len(reader.actions("add")) == 10


def test_who_has_lost_the_lease_adds_nothing(reader: Reader, site: Site, extractor: Extractor) -> None:
    site.publish("otter")
    late = Clock(BEGINNING + timedelta(minutes=6))
    taken_over: list[bool] = []

    def hold_up(connection: object, head: bytes) -> None:
        site.instead.clear()
        taken_over.append(poll(reader.library, site.door(), extractor, clock=late))

    site.instead["/feed.xml"] = hold_up
    assert poll(reader.library, site.door(), extractor, clock=reader.clock) is False
    assert taken_over == [True]
    assert reader.names == ["otter"]
    assert len(reader.actions("add")) == 1


POLLER = """
import sys
from datetime import datetime
from knowledge.ingest.download import Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.library import Library
from knowledge.polling import poll

if __name__ == "__main__":
    url, port, moment = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    door = Downloader(gap=0, resolve=lambda name, port: ["127.0.0.1"], also_allowed=[("127.0.0.1", port)])
    with Library.open(url) as library, Extractor() as extractor:
        print("ready", flush=True)
        print(poll(library, door, extractor, clock=lambda: moment), flush=True)
"""


def test_pollers_that_are_killed_add_nothing_twice(
    reader: Reader, site: Site, library_url: str, tmp_path: Path
) -> None:
    site.publish(*(f"item{number}" for number in range(60)))
    rng = random.Random(7)
    script = tmp_path / "poller.py"
    script.write_text(POLLER)
    killed = 0
    for _ in range(10):
        arguments = [library_url, str(site.server.port), reader.clock().isoformat()]
        process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
        )
        assert process.stdout is not None
        process.stdout.readline()
        asked = len(site.asked)
        until = time.monotonic() + 20
        wanted = asked + rng.randint(1, 12)
        while len(site.asked) < wanted and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        killed += process.poll() is None
        process.kill()
        process.communicate()
        reader.clock.advance(minutes=31)
    for _ in range(6):
        reader.poll_later()
    assert killed >= 6
    assert len(reader.names) == len(set(reader.names)) == 60
    assert len(reader.actions("add")) == 60
    assert reader.actions("update") == []
    assert list(reader.library.verify(SERVER)) == []


def test_a_killed_poller_holds_others_up_for_minutes(reader: Reader, site: Site, extractor: Extractor) -> None:
    assert reader.library.leased("feeds", timedelta(minutes=5), reader.clock).acquire()
    assert poll(reader.library, reader.door, extractor, clock=reader.clock) is False
    reader.clock.advance(minutes=5)
    assert poll(reader.library, reader.door, extractor, clock=reader.clock) is True


def test_who_is_told_to_end_ends_after_the_article(reader: Reader, site: Site, extractor: Extractor) -> None:
    site.publish("otter", "heron", "crane")
    assert poll(reader.library, reader.door, extractor, clock=reader.clock, is_over=lambda: len(reader.names) > 0)
    assert len(reader.names) == 1
    assert reader.poll_later().added == 2


# --- a week ---


def test_a_week_of_a_feed_that_changes_moves_breaks_and_comes_back(reader: Reader, site: Site) -> None:
    rng = random.Random(11)
    reader.door = site.door(seconds=0.5)
    published: list[str] = []
    polls = 0
    while reader.clock() < BEGINNING + timedelta(days=7):
        if rng.random() < 0.25:
            published.append(f"story{len(published)}")
            site.publish(published[-1])
        if published and rng.random() < 0.1:
            _rename(rng, site, polls)
        if reader.clock() - BEGINNING in (timedelta(hours=70), timedelta(hours=120)):
            old, site.feed_path = site.feed_path, f"/moved{polls}.xml"
            site.moved[old] = site.feed_path
        site.instead = _troubles(rng, site.feed_path, published)
        polls += len(reader.poll())
        reader.clock.advance(minutes=15)
    site.instead.clear()
    for _ in range(12):
        reader.poll_later()

    assert polls > 100
    assert len(published) > 100
    assert reader.names == sorted(published)
    assert len(reader.actions("add")) == len(published)
    assert reader.actions("update") == []
    assert len(reader.actions("move_feed")) == 2
    assert reader.now.url == site.url()


def _rename(rng: random.Random, site: Site, number: int) -> None:
    """Give one of the newest entries another guid or another address."""
    place = rng.randrange(min(5, len(site.items)))
    old = site.items[place]
    guid, path = rng.choice([(old.guid, f"{old.path}?utm_campaign={number}"), (f"{old.guid}-{number}", old.path)])
    site.items[place] = Item(path, guid, old.title)


def _troubles(rng: random.Random, feed: str, published: list[str]) -> dict[str, Answer | bytes]:
    """What the site gets wrong for a quarter of an hour."""
    hang = dripping(start(), [b"<"] * 20, 0.1)
    troubles: dict[str, Answer | bytes] = {}
    if rng.random() < 0.15:
        bad = (error(500), error(503, "Retry-After: 7200"), ok(b"garbage"), b"garbage", b"", error(404), hang)
        troubles[feed] = rng.choice(bad)
    if published and rng.random() < 0.15:
        troubles[f"/{published[-1]}"] = rng.choice((error(500), error(429), b"garbage", hang))
    return troubles


# --- the desk ---


def test_feeds_are_followed_listed_and_left(library: Library, clock: Clock) -> None:
    desk, other = Desk(library, SERVER, "discord:2", clock), Desk(library, "discord:9", "discord:3", clock)
    feed = desk.add_feed(" https://example.org/feed ", "The Courier")
    assert desk.add_feed("https://example.org/feed").id == feed.id
    assert [(one.url, one.title, one.added_by) for one in desk.feeds()] == [
        ("https://example.org/feed", "The Courier", "discord:2")
    ]
    assert other.feeds() == ()
    for reference in (str(feed.id), feed.url):
        with pytest.raises(FeedNotFound):
            other.remove_feed(reference)
    assert desk.remove_feed(str(feed.id)).url == feed.url
    with pytest.raises(FeedNotFound):
        desk.remove_feed(feed.url)
    assert [entry.action for entry in desk.log().items] == ["remove_feed", "add_feed"]
    assert desk.add_feed("https://example.org/feed").id > feed.id


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://example.org/", "https://a b/", "https://x:y@z.org/"])
def test_only_web_addresses_are_followed(library: Library, url: str) -> None:
    with pytest.raises(IngestError):
        Desk(library, SERVER, "me").add_feed(url)


def test_a_deleted_collection_takes_its_feeds_along(reader: Reader, site: Site) -> None:
    site.publish("otter")
    reader.poll()
    reader.library.delete_collection(SERVER)
    assert reader.desk.feeds() == ()
    assert reader.poll() == []
