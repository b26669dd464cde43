"""The bot on a Discord on loopback: in this process, or as a process of its own, from log-in to a clean end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.client import SHARED_COLLECTION
from bot.endurance import Delays
from bot.harness.loopback import LoopbackDiscord
from bot.monitoring import Monitor
from bot.serving import serve
from bot.settings import Settings
from bot.web import Fetch, Web
from knowledge.checker import FactChecker

QUICK = Delays(first=0.01, last=0.1, identify=0.0, guilds=0.05, watch=0.1, after_reset=(0.0, 0.01, 0.1), drain=8.0)
"""For a Discord that is a function call away."""


@asynccontextmanager
async def bot_on(
    discord: LoopbackDiscord,
    checker: FactChecker,
    *,
    shared: str = SHARED_COLLECTION,
    delays: Delays = QUICK,
    fetch: Fetch | None = None,
    web: Web | None = None,
    monitor: Monitor | None = None,
) -> AsyncIterator[None]:
    """The bot of this process, ready in a Discord that is there already."""
    settings = Settings(
        discord_token=SecretStr(discord.world.token),
        discord_api_base=discord.api_base,
        discord_gateway_url=discord.gateway.url,
    )
    discord.gateway.identify_window = min(discord.gateway.identify_window, delays.identify)
    stop = asyncio.Event()
    serving = serve(
        settings,
        checker,
        stop,
        shared=shared,
        delays=delays,
        fetch=fetch,
        web=web,
        clock=discord.clock,
        monitor=monitor,
    )
    bot = asyncio.create_task(serving)
    is_ready = asyncio.create_task(discord.gateway.until_ready())
    try:
        await asyncio.wait({bot, is_ready}, return_when=asyncio.FIRST_COMPLETED)
        if bot.done():
            bot.result()
        await is_ready
        yield
    finally:
        is_ready.cancel()
        stop.set()
        await bot


@dataclass(frozen=True, slots=True)
class BotProcess:
    """`receipts run` as a process of its own."""

    process: asyncio.subprocess.Process

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    async def line_with(self, fragment: str) -> str:
        """Wait for a line of its log; what comes before it is gone."""
        assert self.process.stderr is not None
        async with asyncio.timeout(60):
            async for line in self.process.stderr:
                if fragment in (text := line.decode()):
                    return text
        raise AssertionError(f"the bot ended without saying {fragment!r}")

    async def read_on(self) -> None:
        """Read its log and throw it away, so that it never waits for a reader."""
        assert self.process.stderr is not None
        async for _ in self.process.stderr:
            pass

    async def end(self) -> tuple[int, str]:
        """Wait for its end: the exit status, and what it printed since."""
        async with asyncio.timeout(60):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, (out + err).decode()


@asynccontextmanager
async def bot_process(folder: Path, environment: Mapping[str, str], *arguments: str) -> AsyncIterator[BotProcess]:
    """`receipts run` in a folder, with nothing in its environment but what is given; killed where it does not end."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        *arguments,
        cwd=folder,
        env={"PATH": os.defpath, "PYTHONPATH": str(root), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield BotProcess(process)
    finally:
        with suppress(ProcessLookupError):  # with all that it began, for they hold its pipes
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
