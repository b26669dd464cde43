"""The running of the bot: settings → a client that is connected for as long as nobody stops it, whatever ends it."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Iterator
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import SHARED_COLLECTION, ReceiptsBot
from bot.clock import Clock
from bot.endurance import Delays
from bot.monitoring import Monitor, PortTaken, served
from bot.settings import Settings
from bot.web import Fetch, Web
from knowledge.checker import FactChecker
from knowledge.errors import LibraryError
from knowledge.library import Library
from knowledge.members import MemberKey

log = logging.getLogger(__name__)

_AUTHENTICATION_FAILED = 4004
# The codes with which the gateway says that coming again is no use.
_HOPELESS = range(4010, 4015)


async def serve(
    settings: Settings,
    checker: FactChecker,
    stop: asyncio.Event,
    *,
    shared: str = SHARED_COLLECTION,
    delays: Delays | None = None,
    fetch: Fetch | None = None,
    web: Web | None = None,
    clock: Clock | None = None,
    monitor: Monitor | None = None,
) -> None:
    """Answer on Discord until `stop` is set, then finish what is being answered.

    Whatever ends the client is survived by a new one, but for what no repetition mends: raises `discord.LoginFailure`
    where Discord refuses the token, `discord.ConnectionClosed` or `discord.PrivilegedIntentsRequired` where it refuses
    the bot; `LibraryError` where there is no key to keep what members say under.
    """
    key = member_key(settings, checker.library)
    delays = delays or Delays()
    monitor = monitor or Monitor(checker.library)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    stopping = asyncio.create_task(stop.wait())
    delay = delays.first
    try:
        with _redirected(settings):
            while not stop.is_set():
                async with ReceiptsBot(
                    checker,
                    key,
                    shared=shared,
                    delays=delays,
                    fetch=fetch,
                    web=web,
                    clock=clock,
                    metrics=monitor.metrics,
                ) as bot:
                    try:
                        with monitor.watching(bot):
                            await _run_until(stopping, bot, token)
                    except _DisconnectedError as error:
                        delay = delays.first if bot.is_ready() else delay
                        log.warning("no connection to Discord (%s); trying again in %.0f s", error, delay)
                await asyncio.wait({stopping}, timeout=delay)
                delay = min(2 * delay, delays.last)
    finally:
        stopping.cancel()


def member_key(settings: Settings, library: Library) -> MemberKey:
    """The key of the settings, or else the one beside the library. Raises `LibraryError`."""
    if settings.key is not None:
        return MemberKey(settings.key.get_secret_value().encode())
    return MemberKey.beside(library.url)


class _DisconnectedError(Exception):
    """The client came to an end that may pass."""


async def _run_until(stopping: "asyncio.Task[Any]", bot: ReceiptsBot, token: str) -> None:
    session = asyncio.create_task(_session(bot, token))
    try:
        await asyncio.wait({session, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if session.done():
            session.result()
        else:
            await bot.drain()
    finally:
        await bot.close()
        # The library loses a cancellation that meets a connection in the making; it is repeated until it is heard.
        while not session.done():
            session.cancel()
            await asyncio.wait({session}, timeout=0.5)
        if not session.cancelled():
            session.exception()  # looked at, so that asyncio does not complain of it


async def _session(bot: ReceiptsBot, token: str) -> None:
    """Log in and stay connected. Raises `_DisconnectedError` for an end that may pass."""
    try:
        await bot.start(token)
    except (discord.LoginFailure, discord.PrivilegedIntentsRequired):
        raise
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise discord.LoginFailure("the gateway refused the token") from error
        if error.code in _HOPELESS:
            raise
        raise _DisconnectedError(f"closed with {error.code}") from error
    except (OSError, aiohttp.ClientError, discord.GatewayNotFound, discord.HTTPException) as error:
        raise _DisconnectedError(type(error).__name__) from error
    except Exception as error:
        log.exception("the client ended in a way that nobody thought of")
        raise _DisconnectedError(type(error).__name__) from error


@contextlib.contextmanager
def _redirected(settings: Settings) -> Iterator[None]:
    """Discord where the settings say that it is; discord.py keeps both addresses on classes."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    if settings.discord_api_base:
        Route.BASE = settings.discord_api_base
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def run(
    settings: Settings,
    checker: FactChecker,
    *,
    shared: str = SHARED_COLLECTION,
    web: Web | None = None,
    metrics_port: int | None = None,
) -> int:
    """Run the bot until SIGTERM or SIGINT; with a port, tell how it stands there.

    Returns the exit status: 0, 2 for a missing or refused token or a port that is taken, 1 for other ends.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if settings.discord_token is None:
        return _refuse("DISCORD_TOKEN is missing: set it in the environment or in .env (see README, Discord)")
    try:
        asyncio.run(_serve_until_signalled(settings, checker, shared, web, metrics_port))
    except discord.LoginFailure:
        return _refuse("Discord refused DISCORD_TOKEN: copy the bot's token again from the developer portal")
    except LibraryError as error:
        return _refuse(f"{error}")
    except PortTaken as error:
        return _refuse(f"Health and metrics cannot be served on port {error.port}: {error}.")
    except KeyboardInterrupt:
        return 0
    except Exception:
        log.exception("the bot had to stop")
        return 1
    return 0


def _refuse(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 2


async def _serve_until_signalled(
    settings: Settings, checker: FactChecker, shared: str, web: Web | None, metrics_port: int | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows, where Ctrl-C raises KeyboardInterrupt
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stop.set)
    monitor = Monitor(checker.library)
    async with contextlib.nullcontext() if metrics_port is None else served(monitor, metrics_port):
        await serve(settings, checker, stop, shared=shared, web=web, monitor=monitor)
