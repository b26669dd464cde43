"""`/feed` as moderators use it and as members cannot, and the bot that asks the feeds by itself."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.harness import LoopbackDiscord
from bot.harness.fixtures import People
from knowledge.desk import Desk
from tests.bot.conftest import Bot, until
from tests.knowledge.ingest.sites import Site

CLAIM = "The otter of paragraph one was seen by nobody before the spring"


@pytest.fixture
def site(site: Site) -> Site:
    """A site with two articles in its feed."""
    site.publish("otter", "heron")
    return site


@pytest_asyncio.fixture
async def discord(empty_discord: LoopbackDiscord, bot: Bot) -> AsyncIterator[LoopbackDiscord]:
    async with bot():
        yield empty_discord


async def test_a_feed_is_followed_listed_and_left(
    discord: LoopbackDiscord, people: People, site: Site, desk: Desk
) -> None:
    assert "No feeds" in (await people.mo.slash("feed list")).text

    reply = await people.mo.slash("feed add", url=site.url())

    assert reply.is_private
    assert "Following The Courier" in reply.text
    assert "added at once" in reply.text
    (feed,) = desk.feeds()
    assert feed.added_by.startswith("discord:")
    listed = await people.mo.slash("feed list")
    assert "1 feed" in listed.text
    assert "The Courier" in listed.text
    (choice,) = await people.mo.complete("feed remove", "feed", "cour")
    assert (choice["name"], choice["value"]) == ("The Courier", str(feed.id))

    reply = await people.mo.slash("feed remove", feed=str(feed.id))

    assert "No longer following The Courier" in reply.text
    assert desk.feeds() == ()
    assert [entry.action for entry in desk.log().items] == ["remove_feed", "add_feed"]


async def test_what_is_no_feed_is_not_followed(
    discord: LoopbackDiscord, people: People, site: Site, desk: Desk
) -> None:
    assert "It is no RSS or Atom feed." in (await people.mo.slash("feed add", url=site.url("/otter"))).text
    for address in ("http://169.254.169.254/feed", "file:///etc/passwd", "nonsense"):
        assert "that did not become" in (await people.mo.slash("feed add", url=address)).text
    assert desk.feeds() == ()


async def test_there_is_no_feed_of_another_server(
    discord: LoopbackDiscord, people: People, site: Site, desk: Desk
) -> None:
    feed = desk.add_feed(site.url(), "The Courier")

    for reference in (str(feed.id), feed.url, "0", "9" * 30):
        reply = await people.max.slash("feed remove", feed=reference)
        assert "there is no such feed here" in reply.text
    assert "No feeds" in (await people.max.slash("feed list")).text
    assert await people.max.complete("feed remove", "feed", "") == []
    assert desk.feeds() == (feed,)


@pytest.mark.parametrize(
    ("command", "options"),
    [("feed add", {"url": "https://example.org/"}), ("feed list", {}), ("feed remove", {"feed": "1"})],
)
async def test_a_member_is_not_shown_a_command_and_refused_where_it_is_shown(
    discord: LoopbackDiscord, people: People, site: Site, desk: Desk, command: str, options: dict[str, str]
) -> None:
    feed = desk.add_feed(site.url())
    assert "feed" not in {one["name"] for one in people.ada.commands}
    discord.guilds[0].shown_to_everybody.add("feed")
    asked = len(site.asked)

    reply = await people.ada.slash(command, **options)

    assert "only moderators of this server may do that" in reply.text
    assert await people.ada.complete("feed remove", "feed", "") == []
    assert desk.feeds() == (feed,)
    assert len(site.asked) == asked


async def test_the_bot_asks_the_feeds_by_itself_and_tells_the_log_channel(
    empty_discord: LoopbackDiscord, people: People, site: Site, desk: Desk, bot: Bot
) -> None:
    channel = empty_discord.guilds[0].channels["moderators"]
    desk.change_settings(log_channel=f"discord:{channel.id}")
    desk.add_feed(site.url())

    async with bot():
        await until(lambda: bool(channel.messages))
        assert "Verbatim" in (await people.ada.check(CLAIM)).text
        assert "The Courier" in (await people.mo.slash("feed list")).text

    told = [str(message.payload["components"]) for message in channel.messages.values()]
    assert any("2 added" in text for text in told)


async def test_new_articles_wait_for_moderators_where_the_server_says_so(
    empty_discord: LoopbackDiscord, people: People, site: Site, desk: Desk, bot: Bot
) -> None:
    async with bot():
        reply = await people.mo.slash("receipts settings", feeds="queue")
        assert "wait in /source queue" in reply.text
        desk.add_feed(site.url())
    async with bot():
        await until(lambda: desk.queue().total == 2)
        waiting = await people.mo.slash("source queue")
        assert "About otter" in waiting.text
        assert "a feed" in waiting.text
        assert desk.browse().total == 0
        preview = await people.mo.press(waiting, "Approve")
        await people.mo.press(preview, "Add")

    assert desk.browse().total == 1


async def test_a_failing_feed_is_told_in_the_list(
    empty_discord: LoopbackDiscord, people: People, site: Site, desk: Desk, bot: Bot
) -> None:
    desk.add_feed(site.url("/otter"))
    async with bot():
        await until(lambda: desk.feeds()[0].failures == 1)
        listed = await people.mo.slash("feed list")
    assert "is no RSS or Atom feed" in listed.text
