"""The bot of this process on a Discord on loopback, from log-in to a clean end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from bot.client import serve
from bot.harness.loopback import LoopbackDiscord
from bot.settings import Settings
from knowledge.checker import FactChecker


@asynccontextmanager
async def bot_on_loopback(checker: FactChecker) -> AsyncIterator[LoopbackDiscord]:
    """A Discord with the bot ready in it. One at a time: discord.py keeps the addresses for the whole process."""
    async with LoopbackDiscord() as discord, bot_on(discord, checker):
        yield discord


@asynccontextmanager
async def bot_on(discord: LoopbackDiscord, checker: FactChecker) -> AsyncIterator[None]:
    """The bot, ready in a Discord that is there already."""
    settings = Settings(
        discord_token=SecretStr(discord.token),
        discord_api_base=discord.api_base,
        discord_gateway_url=discord.gateway_url,
    )
    stop = asyncio.Event()
    bot = asyncio.create_task(serve(settings, checker, stop))
    is_ready = asyncio.create_task(discord.bot_is_ready())
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
