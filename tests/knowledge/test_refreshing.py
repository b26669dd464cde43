"""Pages on a real server that are fetched again under a clock that is moved: what changes is kept, nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.errors import CollectionDisabled
from knowledge.ingest.articles import fetch_article
from knowledge.ingest.extractor import Extractor
from knowledge.library import Library
from knowledge.models import Article
from knowledge.refreshing import FIRST, MOST_AT_ONCE, Outcome, Refreshed, Refresher
from tests.conftest import make_article
from tests.knowledge.ingest.servers import ok, to
from tests.knowledge.ingest.sites import Clock, Site, error
from tests.knowledge.ingest.sites import article as page

SERVER = "discord:1"
GONE = "The otter of paragraph one was seen by nobody before the spring"
ETAG = 'ETag: "v1"'


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as extractor:
        yield extractor


class Reader:
    """A server that took an article in from the site, and fetches it again as a test says."""

    def __init__(self, library: Library, site: Site, extractor: Extractor) -> None:
        self.library, self.site = library, site
        self.clock = Clock()
        self.desk = Desk(library, SERVER, "discord:2", self.clock)
        self.refresher = Refresher(library, site.door(), extractor, actor="discord:2", clock=self.clock)
        self.article = self.desk.add(fetch_article(site.url("/otter"), site.door(), extractor)).article

    def again(self, *articles: Article) -> Refreshed:
        """What comes of fetching one again by hand."""
        (told,) = self.refresher.refresh(SERVER, articles or [self.article])
        return told

    def due(self) -> list[Refreshed]:
        """What comes of a round of those whose turn it is."""
        told: list[Refreshed] = []
        assert self.refresher.refresh_due(told.append)
        return told

    @property
    def texts(self) -> list[str]:
        """The texts of the article's versions."""
        return [version.text for version in self.library.versions(self.desk.find(self.article.url))]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        opened.instead["/otter"] = ok(page("otter"), ETAG)
        yield opened


@pytest.fixture
def reader(library: Library, site: Site, extractor: Extractor) -> Reader:
    return Reader(library, site, extractor)


def edited() -> bytes:
    """The page with another first paragraph."""
    return page("otter").replace(b"paragraph one was seen by nobody", b"paragraph one was heard by everybody")


def test_a_changed_page_is_a_new_version_and_what_it_lost_is_found(reader: Reader) -> None:
    reader.site.instead["/otter"] = ok(edited())

    assert reader.again().outcome is Outcome.CHANGED

    assert len(reader.texts) == 2
    evidence = FactChecker(reader.library).check(GONE, collection=SERVER).evidence[0]
    assert evidence.version == 1
    assert evidence.changed_on is not None
    assert [(one.actor, one.action) for one in reader.desk.log().items] == [
        ("discord:2", "update"),
        ("discord:2", "add"),
    ]
    assert list(reader.library.verify(SERVER)) == []


def test_a_page_that_is_as_it_was_is_asked_for_only_if_it_changed(reader: Reader) -> None:
    assert reader.again().outcome is Outcome.SAME
    reader.site.instead["/otter"] = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'

    assert reader.again().outcome is Outcome.SAME
    assert reader.again().outcome is Outcome.SAME

    heads = [head for head in reader.site.server.requests if b"/otter" in head]
    assert [b'If-None-Match: "v1"' in head for head in heads] == [False, False, True, True]
    assert len(reader.texts) == 1


def test_what_could_not_be_stored_is_asked_for_again_in_full(reader: Reader) -> None:
    reader.again()
    reader.site.instead["/otter"] = ok(b"<p>Please wait.</p>", 'ETag: "v2"')
    assert reader.again().outcome is Outcome.FAILED
    reader.site.instead["/otter"] = ok(edited())

    assert reader.again().outcome is Outcome.CHANGED

    assert b"If-None-Match" not in reader.site.server.requests[-1]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (error(404), "404"),
        (error(410), "410"),
        (error(500), "500"),
        (ok(b"<html></html>"), "has no text"),
        (to("/heron", 302), "leads to another page now"),
        (to("/", 302), "leads to another page now"),
        (ok(b"x", kind="image/png"), "cannot be read"),
    ],
)
def test_a_page_that_is_gone_or_another_leaves_the_article_alone(reader: Reader, answer: bytes, reason: str) -> None:
    reader.site.instead["/otter"] = answer

    told = reader.again()

    assert told.outcome is Outcome.FAILED
    assert reason in told.reason
    assert len(reader.texts) == 1
    assert reader.desk.log().total == 1


def test_what_moderators_corrected_stays(reader: Reader) -> None:
    reader.desk.edit(str(reader.article.id), title="Our title", publisher="Our name for it")
    reader.site.instead["/otter"] = ok(edited())

    reader.again()

    article = reader.desk.find(reader.article.url)
    assert (article.version, article.title, article.publisher) == (2, "Our title", "Our name for it")


def test_a_new_headline_comes_with_a_new_text(reader: Reader) -> None:
    reader.site.instead["/otter"] = ok(edited().replace(b"Of otter", b"Of otters, again"))
    reader.again()
    assert reader.desk.find(reader.article.url).title == "Of otters, again"


def test_an_article_that_was_removed_meanwhile_does_not_come_back(reader: Reader) -> None:
    reader.desk.remove(str(reader.article.id))
    told = reader.again()
    assert (told.outcome, told.reason) == (Outcome.FAILED, "is not here any more")
    assert reader.desk.browse().total == 0


def test_the_articles_of_a_blocked_publisher_are_left_as_they_are(reader: Reader) -> None:
    reader.desk.block("example.org")
    reader.site.instead["/otter"] = ok(edited())
    assert "not wanted here" in reader.again().reason
    assert len(reader.texts) == 1


def test_what_has_no_page_is_not_asked_for(reader: Reader) -> None:
    pasted = reader.desk.add(make_article("Some words that were typed in.", url="urn:note:1")).article
    asked = len(reader.site.server.requests)
    assert "has no page" in reader.again(pasted).reason
    assert len(reader.site.server.requests) == asked


def test_a_stopped_collection_is_not_changed(reader: Reader) -> None:
    reader.library.switch(SERVER, disabled=True, actor="operator")
    reader.site.instead["/otter"] = ok(edited())
    with pytest.raises(CollectionDisabled):
        reader.again()


def test_by_itself_a_page_is_fetched_only_where_the_server_has_it_so(reader: Reader) -> None:
    reader.clock.moment = reader.article.added_at + FIRST
    assert reader.due() == []
    reader.desk.change_settings(refreshes=True)
    assert [one.outcome for one in reader.due()] == [Outcome.SAME]
    assert reader.due() == []


def test_turns_are_further_apart_while_nothing_changes(reader: Reader) -> None:
    reader.desk.change_settings(refreshes=True)
    reader.clock.moment = reader.article.added_at
    days = []
    for day in range(150):
        if day == 100:
            reader.site.instead["/otter"] = ok(edited())
        days += [day for _ in reader.due()]
        reader.clock.advance(days=1)
    assert days == [1, 3, 7, 15, 31, 63, 127, 128, 130, 134, 142]


def test_robots_txt_is_obeyed_but_where_a_person_asks_for_one_page(reader: Reader) -> None:
    reader.site.instead["/robots.txt"] = ok(b"User-agent: *\nDisallow: /otter", kind="text/plain")
    reader.desk.change_settings(refreshes=True)
    reader.clock.moment = reader.article.added_at + FIRST

    assert [one.outcome for one in reader.due()] == [Outcome.FAILED]
    assert [one.outcome for one in reader.refresher.refresh(SERVER, [reader.article] * 2)] == [Outcome.FAILED] * 2
    assert reader.again().outcome is Outcome.SAME


def test_one_process_at_a_time_and_so_many_pages_a_round(reader: Reader, library: Library) -> None:
    reader.desk.change_settings(refreshes=True)
    for number in range(MOST_AT_ONCE + 3):
        reader.desk.add(make_article(f"Text {number}.", url=f"http://other.invalid/{number}"))
    reader.clock.advance(days=3650)
    other = library.leased("refreshing", FIRST, reader.clock)
    assert other.acquire()
    assert not reader.refresher.refresh_due()
    other.release()
    assert len(reader.due()) == MOST_AT_ONCE
    assert len(reader.due()) == 4


def test_the_oldest_of_a_publisher_come_first(reader: Reader) -> None:
    more = [
        replace(make_article(f"Text {n}.", url=f"{reader.site.url()}/{n}"), publisher="The Courier") for n in (1, 2)
    ]
    first, second = [reader.desk.add(one).article for one in more]
    review = replace(more[0], url=f"{first.url}#claimreview-1")
    reader.desk.add(review)
    reader.again(first)
    urls = [one.url for one in reader.desk.to_refresh("the courier")]
    assert urls == [second.url, review.url, first.url]
    assert reader.desk.to_refresh("nobody") == ()
