"""`/source refresh` as moderators use it and members cannot, and the bot that fetches pages again by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update
from sqlmodel import col

from bot.harness import LoopbackDiscord
from bot.harness.fixtures import People
from knowledge.desk import Desk
from knowledge.ingest.articles import fetch_article
from knowledge.ingest.extractor import Extractor
from knowledge.library import Library
from knowledge.models import Article
from tests.bot.conftest import Bot, until
from tests.knowledge.ingest.servers import ok
from tests.knowledge.ingest.sites import Site
from tests.knowledge.ingest.sites import article as page

CLAIM = "The otter of paragraph one was seen by nobody before the spring"


@pytest_asyncio.fixture
async def discord(empty_discord: LoopbackDiscord, bot: Bot) -> AsyncIterator[LoopbackDiscord]:
    async with bot():
        yield empty_discord


@pytest.fixture
def otter(desk: Desk, site: Site, extractor: Extractor) -> Article:
    """An article of the site."""
    added = desk.add(fetch_article(site.url("/otter"), site.door(), extractor)).article
    return desk.edit(str(added.id), publisher="The Courier")


def edit(site: Site) -> None:
    """Take a sentence's words out of the page."""
    site.instead["/otter"] = ok(page("otter").replace(b"one was seen by nobody", b"one was heard by everybody"))


async def test_a_page_that_lost_a_sentence_is_told_on_the_card(
    discord: LoopbackDiscord, people: People, site: Site, otter: Article
) -> None:
    assert "As they were: 1" in unmarked((await people.mo.slash("source refresh", article=str(otter.id))).text)
    assert "Today’s page" not in (await people.ada.check(CLAIM)).text
    edit(site)

    reply = await people.mo.slash("source refresh", publisher="the courier")

    assert reply.is_private
    assert "Fetched 1 page again" in reply.text
    assert f"Changed: {otter.id}, Of otter" in unmarked(reply.text)
    card = await people.ada.check(CLAIM)
    assert "Verbatim" in card.text
    assert "removed or changed since" in card.text
    assert "brought up to date Of otter" in (await people.mo.slash("source log")).text


def unmarked(text: str) -> str:
    return text.replace("*", "")


async def test_a_page_that_cannot_be_had_is_told_in_words(
    discord: LoopbackDiscord, people: People, site: Site, otter: Article
) -> None:
    site.instead["/otter"] = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
    reply = await people.mo.slash("source refresh", article=otter.url)
    assert "answers with an error (410)" in reply.text
    assert "Verbatim" in (await people.ada.check(CLAIM)).text
    assert "No such articles" in (await people.mo.slash("source refresh", publisher="nobody")).text
    assert "there is no such article" in (await people.mo.slash("source refresh", article="77")).text


async def test_neither_members_nor_other_servers_can_have_a_page_fetched(
    discord: LoopbackDiscord, people: People, site: Site, otter: Article
) -> None:
    discord.guilds[0].shown_to_everybody.add("source")
    asked = len(site.asked)
    for person in (people.ada, people.max):
        reply = await person.slash("source refresh", article=str(otter.id))
        assert "only moderators" in reply.text or "there is no such article" in reply.text
    assert len(site.asked) == asked


async def test_the_bot_fetches_pages_again_by_itself_where_the_server_says_so(
    empty_discord: LoopbackDiscord, people: People, site: Site, desk: Desk, otter: Article, library: Library, bot: Bot
) -> None:
    channel = empty_discord.guilds[0].channels["moderators"]
    desk.change_settings(log_channel=f"discord:{channel.id}")
    with library.writing() as connection:
        earlier = otter.added_at - timedelta(days=2)
        connection.execute(update(Article).where(col(Article.id) == otter.id).values(added_at=earlier))
    edit(site)
    async with bot():
        reply = await people.mo.slash("receipts settings", refresh=True, archive=True)
        assert "Pages are fetched again from time to time: yes" in unmarked(reply.text)
        assert "Cards lead to archived copies too: yes" in unmarked(reply.text)

    async with bot():
        await until(lambda: desk.find(otter.url).version == 2)
        await until(lambda: any("Of otter" in str(one.payload) for one in channel.messages.values()))
        card = await people.ada.check(CLAIM)

    assert "removed or changed since" in card.text
    assert any(link.startswith("https://web.archive.org/web/2") for link in card.links)
