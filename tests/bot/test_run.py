"""`receipts run` as a process of its own: exit statuses, signals, shards, and what it prints."""

import asyncio
import json
import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from bot.harness import File, LoopbackDiscord, Member, Place, Reply, bot_process
from bot.harness.fixtures import StartBot
from bot.harness.world import Guild
from knowledge.desk import Desk
from knowledge.library import Library
from tests.bot.conftest import POLL

CLAIM = "57% of Republican voters favor Tuberville"
ANSWER = "the source says 47%, not 57%"


async def test_without_a_token_one_line_says_so(tmp_path: Path) -> None:
    async with bot_process(tmp_path, {}) as bot:
        status, printed = await bot.end()

    assert status == 2
    assert len(printed.splitlines()) == 1
    assert "DISCORD_TOKEN is missing" in printed


async def test_a_refused_token_is_one_line_that_does_not_repeat_it(start_bot: StartBot) -> None:
    async with start_bot(DISCORD_TOKEN="MTIz.not.right") as bot:
        status, printed = await bot.end()

    assert status == 2
    assert len(printed.splitlines()) == 1
    assert "Discord refused DISCORD_TOKEN" in printed
    assert "MTIz.not.right" not in printed


async def test_a_token_that_only_the_gateway_refuses_ends_the_same_way(
    empty_discord: LoopbackDiscord, start_bot: StartBot
) -> None:
    empty_discord.gateway.accepts_token = False
    async with start_bot() as bot:
        status, printed = await bot.end()

    assert status == 2
    assert "Discord refused DISCORD_TOKEN" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"DISCORD_API_BASE": "https://example.org/api"},
        {"DISCORD_GATEWAY_URL": "wss://gateway.example.org"},
        {"DISCORD_API_BASE": "http://127.0.0.1.example.org/api/v10"},
        {"DISCORD_GATEWAY_URL": "ws://127.0.0.1@example.org/gateway"},
    ],
    ids=str,
)
async def test_a_discord_elsewhere_is_refused(
    empty_discord: LoopbackDiscord, start_bot: StartBot, elsewhere: dict[str, str]
) -> None:
    async with start_bot(**elsewhere) as bot:
        status, printed = await bot.end()

    assert status == 2
    assert len(printed.splitlines()) == 1
    assert f"{next(iter(elsewhere))}: only a loopback address is allowed here" in printed
    assert not empty_discord.rest.requests


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_bot_cleanly(
    empty_discord: LoopbackDiscord, start_bot: StartBot, number: signal.Signals
) -> None:
    async with start_bot() as bot:
        await empty_discord.gateway.until_ready()
        reply = await Member(empty_discord, "Dan", Place.DIRECT).check(CLAIM)

        bot.signal(number)
        status, printed = await bot.end()

    assert ANSWER in reply.text
    assert status == 0
    assert "Traceback" not in printed
    assert empty_discord.world.token not in printed
    assert "interaction-" not in printed


async def test_a_signal_ends_a_bot_that_waits_for_discord(empty_discord: LoopbackDiscord, start_bot: StartBot) -> None:
    empty_discord.gateway.refusals = 10**6
    async with start_bot() as bot:
        await bot.line_with("trying again")
        bot.signal(signal.SIGTERM)
        status, _ = await bot.end()

    assert status == 0


async def test_two_shards_divide_the_servers_and_answer_in_both(
    empty_discord: LoopbackDiscord, start_bot: StartBot, library: Library
) -> None:
    discord = empty_discord
    discord.gateway.shards = 2
    homes: dict[int, Guild] = {}
    while set(homes) != {0, 1}:
        guild = discord.world.add_guild(f"Server {len(discord.guilds)}")
        homes[discord.gateway.shard_of(guild.id, 2)] = guild
        library.add(f"discord:{guild.id}", POLL, actor="test")

    async with start_bot() as bot:
        await discord.gateway.until_ready()
        replies = [await Member(discord, "Ada", guild=guild).check(CLAIM) for guild in homes.values()]
        bot.signal(signal.SIGTERM)
        status, printed = await bot.end()

    assert discord.gateway.identifies == 2
    assert all(ANSWER in reply.text for reply in replies)
    assert status == 0
    assert "Traceback" not in printed


async def test_a_shard_that_is_cut_off_comes_back_alone(empty_discord: LoopbackDiscord, start_bot: StartBot) -> None:
    discord = empty_discord
    discord.gateway.shards = 2
    async with start_bot() as bot:
        await discord.gateway.until_ready()
        await discord.gateway.abort(shard=1)
        await discord.gateway.until_ready()

        assert ANSWER in (await Member(discord, "Dan", Place.DIRECT).check(CLAIM)).text
        bot.signal(signal.SIGTERM)
        status, _ = await bot.end()

    assert discord.gateway.identifies == 2
    assert status == 0


def rows(number: int) -> File:
    """A file of so many articles."""
    story = "The otters moved into the old mill on day {0}. " * 5
    made = ({"url": f"https://example.org/{n}", "title": f"Day {n}", "text": story.format(n)} for n in range(number))
    return File("articles.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in made))


def stored(report: Reply) -> int:
    """How many new articles the message of an import reports."""
    counted = re.search(r"\*\*New:\*\* ([\d,]+)", report.text)
    return int(counted[1].replace(",", "")) if counted else 0


async def progress(moderator: Member) -> Reply:
    """The message of an import that has stored something."""
    while True:
        reports = [reply for reply in moderator.sees() if "**New:**" in reply.text]
        if reports and stored(reports[-1]):
            return reports[-1]
        await (reports[-1].changed() if reports else asyncio.sleep(0.01))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_bot_that_ends_amid_an_import_loses_nothing_that_it_reported(
    empty_discord: LoopbackDiscord, start_bot: StartBot, library: Library, number: signal.Signals
) -> None:
    discord, moderator = empty_discord, Member(empty_discord, "Mo", roles=["Moderator"])
    desk = Desk(library, f"discord:{discord.guilds[0].id}", "test")
    file = rows(9_000)
    async with start_bot() as bot:
        await discord.gateway.until_ready()
        await moderator.slash("source import", file=file)
        reported = stored(await progress(moderator))
        bot.signal(number)
        await bot.end()
    assert 0 < reported <= desk.browse(limit=1).total < 9_000

    discord.clock.advance(5)
    async with start_bot() as bot:
        await discord.gateway.until_ready()
        await moderator.slash("source import", file=file)
        while True:
            report = [reply for reply in moderator.sees() if "**New:**" in reply.text][-1]
            if "Imported:" in report.text:
                break
            await report.changed()
        bot.signal(signal.SIGTERM)
        await bot.end()
    assert desk.browse(limit=1).total == 9_000
    assert list(library.verify(f"discord:{discord.guilds[0].id}")) == []


async def test_an_import_can_be_stopped(empty_discord: LoopbackDiscord, start_bot: StartBot, library: Library) -> None:
    discord, moderator = empty_discord, Member(empty_discord, "Mo", roles=["Moderator"])
    desk = Desk(library, f"discord:{discord.guilds[0].id}", "test")
    async with start_bot() as bot:
        await discord.gateway.until_ready()
        await moderator.slash("source import", file=rows(9_000))
        report = await progress(moderator)
        reply = await moderator.press(report, "Stop")
        while "Stopped:" not in report.text:
            await report.changed()
        bot.signal(signal.SIGTERM)
        await bot.end()

    assert "what is in stays in" in reply.text
    assert stored(report) == desk.browse(limit=1).total < 9_000


async def test_two_bots_on_one_database_lose_and_double_no_change(
    empty_discord: LoopbackDiscord, start_bot: StartBot, library: Library, library_url: str, tmp_path: Path
) -> None:
    first = empty_discord
    guild_id = first.guilds[0].id
    desk = Desk(library, f"discord:{guild_id}", "test")
    desk.add(POLL)
    async with LoopbackDiscord(first_guild_id=guild_id) as second:
        elsewhere = {**second.environment, "RECEIPTS_DATABASE_URL": library_url}
        async with start_bot() as one, bot_process(tmp_path, elsewhere) as other:
            await first.gateway.until_ready()
            await second.gateway.until_ready()
            moderators = [Member(discord, "Mo", roles=["Moderator"]) for discord in (first, second)]
            await asyncio.gather(*(m.slash("source import", file=rows(200)) for m in moderators))
            sheets = [await m.slash("source remove", article=POLL.url) for m in moderators]
            removed = await asyncio.gather(*map(Member.press, moderators, sheets, ["Remove", "Remove"]))
            for moderator in moderators:
                while True:
                    report = [reply for reply in moderator.sees() if "**New:**" in reply.text][-1]
                    if "Imported:" in report.text:
                        break
                    await report.changed()
            for bot in (one, other):
                bot.signal(signal.SIGTERM)
                await bot.end()
        assert second.violations == []

    assert sum("Removed 1 article" in reply.text for reply in removed) == 1
    assert desk.browse(limit=1).total == 200
    actions = Counter(entry.action for entry in library.audit(f"discord:{guild_id}"))
    assert actions == {"add": 201, "remove": 1}
    assert list(library.verify(f"discord:{guild_id}")) == []
