"""`receipts run` as a process of its own: exit statuses, signals, shards, and what it prints."""

import signal
from pathlib import Path

import pytest

from bot.harness import LoopbackDiscord, Member, Place, bot_process
from bot.harness.fixtures import StartBot
from bot.harness.world import Guild
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
