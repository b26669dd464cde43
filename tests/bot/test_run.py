"""`receipts run` as a process of its own: exit statuses, signals, and what it prints."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.harness import LoopbackDiscord, Member

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def receipts_run(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _end(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """The exit status and all that it printed."""
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, (out + err).decode()


async def test_without_a_token_one_line_says_so(tmp_path: Path) -> None:
    async with receipts_run(tmp_path, {}) as process:
        status, printed = await _end(process)

    assert status == 2
    assert len(printed.splitlines()) == 1
    assert "DISCORD_TOKEN is missing" in printed


async def test_a_refused_token_is_one_line_that_does_not_repeat_it(tmp_path: Path) -> None:
    async with (
        LoopbackDiscord() as discord,
        receipts_run(tmp_path, {**discord.environment, "DISCORD_TOKEN": "MTIz.not.right"}) as process,
    ):
        status, printed = await _end(process)

    assert status == 2
    assert len(printed.splitlines()) == 1
    assert "Discord refused DISCORD_TOKEN" in printed
    assert "MTIz.not.right" not in printed


async def test_a_token_that_only_the_gateway_refuses_ends_the_same_way(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        discord.gateway.accepts_token = False
        async with receipts_run(tmp_path, discord.environment) as process:
            status, printed = await _end(process)

    assert status == 2
    assert "Discord refused DISCORD_TOKEN" in printed
    assert "Traceback" not in printed


async def test_a_discord_elsewhere_is_refused(tmp_path: Path) -> None:
    environment = {"DISCORD_TOKEN": "MTIz.a.b", "DISCORD_API_BASE": "https://example.org/api"}
    async with receipts_run(tmp_path, environment) as process:
        status, printed = await _end(process)

    assert status == 2
    assert len(printed.splitlines()) == 1
    assert "DISCORD_API_BASE: only a loopback address is allowed here" in printed


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_bot_cleanly(tmp_path: Path, signal_number: signal.Signals) -> None:
    async with LoopbackDiscord() as discord, receipts_run(tmp_path, discord.environment) as process:
        await asyncio.wait_for(discord.gateway.until_ready(), 60)
        reply = await Member(discord, "Ada").check("😀")

        process.send_signal(signal_number)
        status, printed = await _end(process)

    assert "Not checked" in reply.text
    assert status == 0
    assert "Traceback" not in printed
    assert discord.world.token not in printed
    assert discord.violations == []


async def test_a_signal_ends_a_bot_that_waits_for_discord(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        discord.gateway.refusals = 10**6
        async with receipts_run(tmp_path, discord.environment) as process:
            assert process.stderr is not None
            while b"trying again" not in (line := await asyncio.wait_for(process.stderr.readline(), 60)):
                assert line
            process.send_signal(signal.SIGTERM)
            status, _ = await _end(process)

    assert status == 0
