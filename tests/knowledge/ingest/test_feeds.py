"""RSS and Atom of every kind, and what only pretends to be: read in the guarded process, in bounded time and memory."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import DownloadError, NoFeed, PageProblem
from knowledge.ingest.download import Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.feed import Entry, Feed
from knowledge.ingest.feeds import MOST_ENTRIES, fetch_feed, read_feed
from knowledge.ingest.page import MARKUP_LIMIT
from tests.knowledge.ingest.servers import Server, ok

URL = "https://news.example.org/feeds/all.xml"


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(seconds=2, memory=256 * 1024**2) as extractor:
        yield extractor


def rss(items: str, head: str = "", doctype: str = "") -> str:
    return f'{doctype}<rss version="2.0"><channel><title>The Courier</title>{head}{items}</channel></rss>'


def test_rss_is_read() -> None:
    feed = read_feed(
        rss(
            "<item><title>1 &lt; 2 &gt; 0 &amp;amp; &lt;b&gt;herons&lt;/b&gt;</title><link>/otters?fbclid=rss</link>"
            '<guid isPermaLink="false">17</guid><pubDate>Tue, 06 May 2031 23:30:00 -0500</pubDate></item>'
            "<item><title>By its guid</title><guid>https://news.example.org/crane</guid></item>"
        ),
        URL,
    )
    assert feed == Feed(
        "The Courier",
        (
            Entry("17", "https://news.example.org/otters", "1 < 2 > 0 & herons", dt.date(2031, 5, 6)),
            Entry("https://news.example.org/crane", "https://news.example.org/crane", "By its guid"),
        ),
    )


def test_atom_is_read() -> None:
    feed = read_feed(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/a/">'
        '<title type="html">T&amp;lt;</title>'
        '<entry><id>urn:1</id><title>One</title><link rel="self" href="self"/><link href="one"/>'
        "<published>2031-05-06T23:30:00-05:00</published></entry></feed>",
        URL,
    )
    assert feed == Feed("T<", (Entry("urn:1", "https://example.org/a/one", "One", dt.date(2031, 5, 6)),))


def test_rss_of_the_nineties_and_of_rdf_are_read() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>T</title></channel><item><title>A</title><link>https://example.org/a</link></item></rdf:RDF>"
    )
    old = '<rss version="0.91"><channel><item><link>https://example.org/a</link></item></channel></rss>'
    assert [read_feed(text, URL).entries[0].url for text in (rdf, old)] == ["https://example.org/a"] * 2


def test_a_feed_goes_from_one_process_to_another_whole(extractor: Extractor) -> None:
    markup = rss("<item><link>/a</link><guid>1</guid><pubDate>2031-05-06</pubDate></item><item><link>/b</link></item>")
    assert extractor.read_feed(markup, URL) == read_feed(markup, URL)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "", "data:text/html,x", "https://a@b.org/", "https://a b/"]
)
def test_entries_that_lead_nowhere_are_left_out(link: str) -> None:
    items = f"<item><title>x</title><link>{link}</link></item><item><link>/a</link></item>"
    assert [entry.url for entry in read_feed(rss(items), URL).entries if entry.title == "x"] in ([], [URL])


def test_broken_markup_is_read_as_far_as_it_goes() -> None:
    markup = '<rss version="2.0"><channel><title>A & B</title><item><link>https://example.org/a</link></item>'
    feed = read_feed(markup, URL)
    assert [entry.url for entry in feed.entries] == ["https://example.org/a"]


@pytest.mark.parametrize(
    "markup", ["", "<html><body>A page</body></html>", "http://example.org/", "/etc/passwd", "\0\1<<<&&&", '{"a": 1}']
)
def test_what_is_no_feed_is_told(markup: str) -> None:
    with pytest.raises(NoFeed) as raised:
        read_feed(markup, URL)
    assert raised.value.problem in (PageProblem.NO_FEED, PageProblem.UNREADABLE)


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
HOSTILE = {
    "entities of entities": rss(
        "<item><title>&l12;</title></item>", doctype=f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>'
    ),
    "one long entity": rss(
        f"<item><title>{'&a;' * 100_000}</title></item>", doctype=f'<!DOCTYPE r [<!ENTITY a "{"x" * 100_000}">]>'
    ),
    "an entity of a file": rss(
        "<item><title>&x;</title></item>", doctype='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "an outer doctype": rss("", doctype='<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "deep": '<rss version="2.0"><channel>' + "<a>" * 1_000_000,
    "many entries": rss("<item><link>/a</link></item>" * 150_000),
    "one endless tag": '<rss version="2.0"><channel>' + '<item a="' * 500_000,
    "megabytes of entities": rss(f"<item><title>{'&#65;' * 1_000_000}</title></item>"),
    "megabytes of markup in a summary": rss(f"<item><description>{'&lt;div&gt;' * 500_000}</description></item>"),
    "many attributes": "<rss " + " ".join(f'a{n}="x"' for n in range(300_000)) + "/>",
    "many namespaces": "<rss " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(200_000)) + "/>",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_feeds_take_no_longer_than_they_may(extractor: Extractor, kind: str) -> None:
    results: list[Feed | NoFeed] = []

    def read() -> None:
        try:
            results.append(extractor.read_feed(HOSTILE[kind], URL))
        except NoFeed as error:
            results.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    reading.join(10)
    assert not reading.is_alive()
    (result,) = results
    if isinstance(result, Feed):
        assert len(result.entries) <= MOST_ENTRIES
        assert all(len(entry.title) <= 300 and "root:" not in entry.title for entry in result.entries)
    assert extractor.read_feed(rss(""), URL).title == "The Courier"


def test_more_than_the_limit_is_not_read_at_all(extractor: Extractor) -> None:
    for read in (read_feed, extractor.read_feed):
        with pytest.raises(NoFeed) as raised:
            read("x" * (MARKUP_LIMIT + 1), URL)
        assert raised.value.problem is PageProblem.TOO_LARGE


pieces = st.sampled_from(
    [
        *"<>&;\"'/= \0é\ud800",
        *("<item>", "</item>", "<link>", "<guid>", "<![CDATA[", "]]>", "<!--", "&#0;", "&#xD800;", "<!DOCTYPE x ["),
        *("xml:base='http://[::1'", "<entry>", "<pubDate>", "Tue, 99 May 99999", "http://a/", "<?xml "),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(pieces, st.text(max_size=5)), max_size=30))
def test_nothing_but_a_feed_or_a_refusal_comes_of_any_markup(parts: list[str]) -> None:
    try:
        feed = read_feed(rss("".join(parts)), URL)
    except NoFeed:
        return
    assert Feed.of(feed.as_json()) == feed
    for entry in feed.entries:
        f"{entry.guid}{entry.url}{entry.title}".encode()  # a database takes them
        assert "\0" not in f"{entry.guid}{entry.url}{entry.title}"


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml; charset=iso-8859-1", "text/html", "text/plain"])
def test_a_feed_is_fetched_whatever_its_server_calls_it(extractor: Extractor, kind: str) -> None:
    body = rss("<item><title>Café</title><link>/a</link></item>")
    with Server(ok(body.encode("iso-8859-1" if "8859" in kind else "utf-8"), kind=kind)) as site:
        door = Downloader(gap=0, also_allowed=[site.place])
        feed = fetch_feed(site.url("/feed"), door, extractor)
    assert feed.entries == (Entry("", site.url("/a"), "Café"),)


def test_a_picture_is_no_feed(extractor: Extractor) -> None:
    with Server(ok(b"GIF89a", kind="image/gif")) as site, pytest.raises(DownloadError):
        fetch_feed(site.url("/feed"), Downloader(gap=0, also_allowed=[site.place]), extractor)
