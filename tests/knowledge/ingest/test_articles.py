"""From a link to an article, or to a reason: real servers, the guarded fetch and the guarded reading in one."""

import datetime as dt
import gzip
import json
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from knowledge.errors import DownloadError, DownloadProblem, IngestError, NoArticleText, PageProblem
from knowledge.ingest.articles import decoded, fetch_article
from knowledge.ingest.download import Downloader, Limits
from knowledge.ingest.extractor import Extractor
from knowledge.models import NewArticle
from tests.knowledge.ingest.servers import Server, ok, to
from tests.knowledge.ingest.test_pages import FILLER, page
from tests.quality.pages import PAGES, Labelled, labelled


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as extractor:
        yield extractor


def reaching(*servers: Server) -> Downloader:
    """A downloader for which every name is that of the servers."""
    return Downloader(
        limits=Limits(seconds=10),
        gap=0,
        resolve=lambda name, port: ["127.0.0.1"],
        also_allowed=[server.place for server in servers],
    )


def test_a_link_becomes_an_article_of_its_canonical_address(extractor: Extractor) -> None:
    head = (
        '<link rel="canonical" href="https://www.example.org/otters"><meta property="og:site_name" content="Courier">'
        '<meta property="article:published_time" content="2021-05-04T10:00:00Z">'
    )
    body = gzip.compress(page(head=head).encode())
    with (
        Server(ok(body, "Content-Encoding: gzip")) as site,
        Server(to(site.url("/otters?utm_source=x", host="www.example.org"))) as short,
    ):
        article = fetch_article(short.url(host="exa.mp"), reaching(short, site), extractor)
    assert article == NewArticle(
        url="https://www.example.org/otters",
        text="\n\n".join(FILLER),
        title="Otters are back",
        publisher="Courier",
        published_on=dt.date(2021, 5, 4),
        language="en",
    )


def test_a_page_is_of_the_address_where_it_was_found_if_it_says_no_better_one(extractor: Extractor) -> None:
    with Server(ok(page().encode())) as site:
        article = fetch_article(site.url("/a?fbclid=b&id=c", host="example.org"), reaching(site), extractor)
    assert (article.url, article.publisher) == (site.url("/a?id=c", host="example.org"), "example.org")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (page("<p>Page not found.</p>"), PageProblem.TOO_SHORT),
        ("<html><div id=root></div></html>", PageProblem.NO_TEXT),
        (page("<p>Please enable JavaScript to read this.</p>"), PageProblem.WALL),
    ],
)
def test_a_page_without_an_article_is_refused(extractor: Extractor, body: str, problem: PageProblem) -> None:
    with Server(ok(body.encode())) as site, pytest.raises(NoArticleText) as caught:
        fetch_article(site.url(host="example.org"), reaching(site), extractor)
    assert caught.value.problem == problem
    assert caught.value.url == site.url(host="example.org")


def test_what_cannot_be_fetched_is_refused(extractor: Extractor) -> None:
    with Server(to("http://169.254.169.254/latest/meta-data/")) as site, pytest.raises(DownloadError) as caught:
        fetch_article(site.url(host="example.org"), reaching(site), extractor)
    assert caught.value.problem == DownloadProblem.FORBIDDEN
    assert isinstance(caught.value, IngestError)


# --- encodings ---


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("“Schön”".encode(), "text/html"),
        ("“Schön”".encode(), "text/html; charset=no-such-thing"),
        ("“Schön”".encode(), "text/html; charset=ascii; charset=utf-8"),
        ("“Schön”".encode("windows-1252"), 'text/html; charset="windows-1252"'),
        ("“Schön”".encode("windows-1252"), "text/html; charset=ISO-8859-1"),
        ("“Schön”".encode("windows-1252"), "text/html"),
        ("“Schön”".encode("windows-1252"), "text/html; charset=utf-8"),
        ("“Schön”".encode("utf-8-sig"), "text/html; charset=windows-1252"),
        ("\ufeff“Schön”".encode("utf-16-le"), "text/html"),
        ("\ufeff“Schön”".encode("utf-16-be"), "text/html"),
        ("“Schön”".encode(), "text/html; charset=unicode_escape"),
        ("“Schön”".encode(), "text/html; charset=punycode"),
        ("“Schön”".encode(), "text/html; charset=zlib"),
        ("“Schön”".encode(), "text/html; charset="),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_or_its_server_names(body: bytes, content_type: str) -> None:
    assert decoded(body, content_type) == "“Schön”"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "shift_jis", "gb18030", "utf-8"])
@pytest.mark.parametrize(
    "stated", ['<meta charset="{}">', '<meta content="text/html; charset={}">', "<?xml encoding='{}'?>"]
)
def test_a_page_may_name_its_encoding_itself(encoding: str, stated: str) -> None:
    words = f"{stated.format(encoding)}<p>Привет"
    assert decoded(words.encode(encoding), "text/html") == words


def test_bytes_of_no_encoding_are_read_as_browsers_do() -> None:
    assert decoded(b"caf\xe9 \x81", "text/html; charset=utf-8") == "café \ufffd"


# --- the saved pages, served ---


@pytest.mark.skipif(not (PAGES / "gold.jsonl").exists(), reason=f"needs the saved pages, which are not in {PAGES}")
def test_every_saved_page_gives_an_article_or_a_reason(extractor: Extractor) -> None:
    refused = [one.name for one in labelled() if not _is_fetched(one, extractor)]
    assert refused == []


def _is_fetched(one: Labelled, extractor: Extractor) -> bool:
    """Whether a saved page, served under its own name, becomes an article of its own site with title and text."""

    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(ok(one.markup.encode()))

    parts = urlsplit(one.url)
    with Server(answer) as site:
        url = site.url(quote(parts.path, safe="/%"), host=parts.hostname or "")
        try:
            article = fetch_article(url, reaching(site), extractor)
        except NoArticleText:
            return False
    return bool(article.title and article.text) and (urlsplit(article.url).hostname or "").endswith(
        ".".join((parts.hostname or "").split(".")[-2:])
    )


def test_a_page_speaks_for_its_own_reviews_alone_and_for_so_many(extractor: Extractor) -> None:
    reviews = [
        {"@type": "ClaimReview", "url": "https://other.example/a", "claimReviewed": f"Claim number {n}."}
        for n in range(30)
    ]
    head = f'<script type="application/ld+json">{json.dumps(reviews)}</script>'
    with Server(ok(page(head=head).encode())) as site:
        article = fetch_article(site.url(host="example.org"), reaching(site), extractor)
    assert len(article.reviews) == 20
    assert {one.url.partition("#")[0] for one in article.reviews} == {article.url}
    assert {one.publisher for one in article.reviews} == {article.publisher}


@pytest.mark.parametrize(
    "said", ['{"@type": "ClaimReview"', '{"@type": "ClaimReview"}', '{"@type": ["ClaimReview", 1]}']
)
def test_a_review_that_cannot_be_read_is_left_out(extractor: Extractor, said: str) -> None:
    head = f'<script type="application/ld+json">{said}</script>'
    with Server(ok(page(head=head).encode())) as site:
        assert fetch_article(site.url(host="example.org"), reaching(site), extractor).reviews == ()
