"""`/source add` from the address to the article, through the guarded door and reader, from a server on loopback."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web as http

from bot.harness import LoopbackDiscord, bot_on
from bot.harness.fixtures import People
from bot.web import Fetch, web
from knowledge.checker import FactChecker
from knowledge.ingest.articles import fetch_article
from knowledge.ingest.download import Downloader
from knowledge.ingest.extractor import Extractor

PAGE = """<!doctype html><html lang="en"><head><title>Otters move into the old mill - Courier</title>
<meta property="og:title" content="Otters move into the old mill"><meta property="og:site_name" content="Courier">
<meta property="article:published_time" content="2031-05-10T08:00:00Z"></head><body><nav>Home News Sport</nav><article>
<h1>Otters move into the old mill</h1><p>The otters moved into the old mill on Friday, said Mayor Odile Fenwick.</p>
<p>Nobody had seen them there before. The town council wants to leave them alone until the autumn, and then to look
again at what the river does to the wheel, which has not turned for thirty years.</p></article></body></html>"""


REVIEW = {
    "@type": "ClaimReview",
    "url": "https://elsewhere.example/x",
    "author": {"@type": "Organization", "name": "Courier Checks"},
    "claimReviewed": "The otters of Alder Falls eat four hundred trout a day.",
    "itemReviewed": {"@type": "Claim", "author": {"name": "Ansel Tessaro"}, "datePublished": "2031-05-02"},
    "reviewRating": {"@type": "Rating", "alternateName": "Mostly wrong"},
}
REVIEWING = PAGE.replace("</head>", f'<script type="application/ld+json">{json.dumps(REVIEW)}</script></head>')


@pytest_asyncio.fixture
async def site() -> AsyncIterator[str]:
    """A site with one article."""
    application = http.Application()

    async def page(request: http.Request) -> http.Response:
        return http.Response(text=PAGE, content_type="text/html")

    async def review(request: http.Request) -> http.Response:
        return http.Response(text=REVIEWING, content_type="text/html")

    application.router.add_get("/otters", page)
    application.router.add_get("/check", review)
    runner = http.AppRunner(application, access_log=None)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_an_article_of_the_web_is_added(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker, site: str, extractor: Extractor
) -> None:
    door = Downloader(also_allowed={("127.0.0.1", int(site.rpartition(":")[2]))})
    fetch: Fetch = lambda url: fetch_article(url, door, extractor)  # noqa: E731 - as `web` makes it

    async with bot_on(empty_discord, checker, fetch=fetch):
        preview = await people.mo.slash("source add", url=f"{site}/otters")
        assert "Otters move into the old mill" in preview.text
        assert "2031-05-10" in preview.text
        await people.mo.press(preview, "Add")

        reply = await people.ada.check("The otters moved into the old mill on Friday")

    assert "Verbatim" in reply.text
    assert "Home News Sport" not in preview.text


async def test_a_page_that_reviews_a_claim_brings_the_review_as_the_reviewers(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker, site: str, extractor: Extractor
) -> None:
    door = Downloader(also_allowed={("127.0.0.1", int(site.rpartition(":")[2]))})

    async with bot_on(empty_discord, checker, fetch=lambda url: fetch_article(url, door, extractor)):
        preview = await people.mo.slash("source add", url=f"{site}/check")
        assert "four hundred trout a day.”, rated “Mostly wrong” by Courier Checks" in preview.text
        await people.mo.press(preview, "Add")
        reply = await people.ada.check("The otters of Alder Falls eat four hundred trout a day.")
        listed = await people.mo.slash("source list")

    assert "**Courier Checks rates this claim:** Mostly wrong" in reply.text
    assert "**Claimed by:** Ansel Tessaro, 2031-05-02" in reply.text
    assert reply.links[0].startswith(f"{site}/check#")
    assert "Articles 1 to 2 of 2" in listed.text


async def test_what_is_not_there_is_told_in_words(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker, site: str, extractor: Extractor
) -> None:
    door = Downloader(also_allowed={("127.0.0.1", int(site.rpartition(":")[2]))})

    async with bot_on(empty_discord, checker, fetch=lambda url: fetch_article(url, door, extractor)):
        reply = await people.mo.slash("source add", url=f"{site}/nothing")

    assert "It answers with an error (404)." in reply.text


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "file:///etc/passwd", "nonsense"],
)
async def test_the_bot_fetches_nothing_of_its_own_machine(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker, site: str, address: str
) -> None:
    with web() as internet:
        async with bot_on(empty_discord, checker, web=internet):
            reply = await people.mo.slash("source add", url=address)

    assert "that did not become an article" in reply.text
