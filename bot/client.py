"""The Discord client: its commands, what happens to errors, the one hop to a thread, its life from log-in to end.

Only the gateway's `guilds` events are asked for, nothing privileged; no reply can mention anybody.
"""

import asyncio
import contextlib
import logging
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.cards import Card, busy_card, error_card, layout
from bot.commands.check import check, check_message
from bot.settings import Settings
from knowledge.checker import FactCheck, FactChecker
from knowledge.errors import ClaimError

log = logging.getLogger(__name__)

SHARED_COLLECTION = "shared"

# Seconds. A check takes milliseconds, so that only one that hangs is cut off; container runtimes kill after 10.
_DRAIN_AT_MOST = 8.0
# Seconds between attempts to connect, doubled from the first to the last. Discord allows 1,000 log-ins a day.
_FIRST_DELAY = 1.0
_LAST_DELAY = 120.0

_UNKNOWN_INTERACTION = 10062
_ALREADY_ACKNOWLEDGED = 40060
_AUTHENTICATION_FAILED = 4004


class ReceiptsBot(discord.Client):
    """The bot as Discord sees it. `checker` does the work, in a thread."""

    def __init__(self, checker: FactChecker) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none(), max_messages=None
        )
        self._checker = checker
        self.tree = _CommandTree(self)
        self.tree.add_command(check)
        self.tree.add_command(check_message)
        # An event that the library cannot read would end the connection for good; here it is lost and logged.
        parsers = self._connection.parsers
        parsers.update({event: _guarded(event, parse) for event, parse in parsers.items()})

    async def check(self, interaction: discord.Interaction[Any], text: str, *, speaker: str | None = None) -> FactCheck:
        """The fact check of a text, against the articles of the place that it was asked in."""
        collection = _collection_of(interaction)
        begun = time.perf_counter()
        fact_check = await asyncio.to_thread(self._checker.check, text, collection=collection, speaker=speaker)
        milliseconds = 1000 * (time.perf_counter() - begun)
        log.info("check in %s: %s in %.0f ms", collection, fact_check.verdict.value, milliseconds)
        return fact_check

    async def setup_hook(self) -> None:
        """Register the commands where Discord has others than these."""
        assert self.application_id is not None  # known since log-in
        registered = await self.http.get_global_commands(self.application_id)
        wanted = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        if _comparable(wanted) != _comparable(registered):
            await self.tree.sync()
            log.info("registered %d commands", len(wanted))

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("ready in %d servers", len(self.guilds))

    async def drain(self) -> None:
        """Take no new work, and wait for what is being answered; cut off what hangs."""
        self.tree.is_draining = True
        if self.tree.answering:
            _, hanging = await asyncio.wait(self.tree.answering, timeout=_DRAIN_AT_MOST)
            for task in hanging:
                task.cancel()


class _CommandTree(app_commands.CommandTree[ReceiptsBot]):
    """The commands, what is being answered, and the last resort for errors."""

    def __init__(self, client: ReceiptsBot) -> None:
        super().__init__(client)
        self.answering: set[asyncio.Task[Any]] = set()
        self.is_draining = False

    async def interaction_check(self, interaction: discord.Interaction[ReceiptsBot], /) -> bool:
        """Note the task that answers, so that the end can wait for it."""
        if self.is_draining:
            await _answer(interaction, busy_card())
            return False
        task = asyncio.current_task()
        assert task is not None  # the library runs every interaction in a task of its own
        self.answering.add(task)
        task.add_done_callback(self.answering.discard)
        return True

    async def on_error(
        self, interaction: discord.Interaction[ReceiptsBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with words, whatever went wrong; log what nobody expected under the reference that the user sees."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.HTTPException) and cause.code in (_UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED):
            log.warning("an interaction was over before it was answered (%d)", cause.code)
            return
        reference = secrets.token_hex(4)
        if not isinstance(cause, ClaimError):
            name = interaction.command.name if interaction.command else "unknown"
            log.error("command %r failed, reference %s", name, reference, exc_info=cause)
        try:
            await _answer(interaction, error_card(cause, reference))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
            log.warning("the apology for %s could not be delivered: %s", reference, type(failure).__name__)


async def _answer(interaction: discord.Interaction[ReceiptsBot], card: Card) -> None:
    """Send a card in the way that is still open: as the response, in place of "thinking", or after another answer."""
    if not interaction.response.is_done():
        await interaction.response.send_message(view=layout(card), ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(view=layout(card))
    else:
        await interaction.followup.send(view=layout(card), ephemeral=True)


def _collection_of(interaction: discord.Interaction[Any]) -> str:
    """The server's own articles where the bot is a member; the shared ones in direct messages and user installs."""
    is_only_the_users = interaction.is_user_integration() and not interaction.is_guild_integration()
    if interaction.guild_id is None or is_only_the_users:
        return SHARED_COLLECTION
    return f"discord:{interaction.guild_id}"


def _guarded(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            log.exception("a %s event could not be read and is skipped", event)

    return parse_or_log


# What decides how a command looks and who may use it. Discord adds ids and versions of its own.
_COMMAND_KEYS = (
    "name",
    "type",
    "description",
    "options",
    "contexts",
    "integration_types",
    "default_member_permissions",
    "nsfw",
)
_OPTION_KEYS = (
    "name",
    "type",
    "description",
    "required",
    "choices",
    "options",
    "autocomplete",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)


def _comparable(commands: Sequence[Mapping[str, Any]]) -> list[str]:
    """Commands in a form in which those that Discord treats alike are equal."""
    return sorted(repr(_without_defaults(command, _COMMAND_KEYS)) for command in commands)


def _without_defaults(payload: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    kept = {key: payload[key] for key in keys if payload.get(key) not in (None, False, "", [])}
    for key in ("contexts", "integration_types"):
        if key in kept:
            kept[key] = sorted(kept[key])
    if "default_member_permissions" in kept:
        kept["default_member_permissions"] = str(kept["default_member_permissions"])
    if "options" in kept:
        kept["options"] = [_without_defaults(option, _OPTION_KEYS) for option in kept["options"]]
    return kept


async def serve(settings: Settings, checker: FactChecker, stop: asyncio.Event) -> None:
    """Answer on Discord until `stop` is set, then finish what is being answered.

    The first connection is tried again and again, as `discord.Client` does only for later ones. Raises
    `discord.LoginFailure` where Discord refuses the token.
    """
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    stopping = asyncio.create_task(stop.wait())
    delay = _FIRST_DELAY
    try:
        with _redirected(settings):
            while not stop.is_set():
                async with ReceiptsBot(checker) as bot:
                    try:
                        await _run_until(stopping, bot, token)
                    except _NotConnectedError as error:
                        log.warning("no connection to Discord (%s); trying again in %.0f s", error, delay)
                await asyncio.wait({stopping}, timeout=delay)
                delay = min(2 * delay, _LAST_DELAY)
    finally:
        stopping.cancel()


class _NotConnectedError(Exception):
    """Discord could not be reached, which may pass."""


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
    """Log in and stay connected. Raises `_NotConnectedError` where that did not begin for a reason that may pass."""
    try:
        await bot.start(token)
    except (OSError, aiohttp.ClientError, discord.GatewayNotFound, discord.DiscordServerError) as error:
        raise _NotConnectedError(type(error).__name__) from error
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise discord.LoginFailure("the gateway refused the token") from error
        raise
    except AttributeError as error:
        # discord.py 2.7 looks for the session of a connection that it never had.
        if bot.ws is not None:
            raise
        raise _NotConnectedError("gateway") from error


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


def run(settings: Settings, checker: FactChecker) -> int:
    """Run the bot until SIGTERM or SIGINT; the exit status: 0, 2 for a missing or refused token, 1 for other ends."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # At lower levels the library logs tokens of interactions and whole messages.
    logging.getLogger("discord").setLevel(logging.WARNING)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if settings.discord_token is None:
        return _refuse("DISCORD_TOKEN is missing: set it in the environment or in .env (see README, Discord)")
    try:
        asyncio.run(_serve_until_signalled(settings, checker))
    except discord.LoginFailure:
        return _refuse("Discord refused DISCORD_TOKEN: copy the bot's token again from the developer portal")
    except KeyboardInterrupt:
        return 0
    except Exception:
        log.exception("the bot had to stop")
        return 1
    return 0


def _refuse(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 2


async def _serve_until_signalled(settings: Settings, checker: FactChecker) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows, where Ctrl-C raises KeyboardInterrupt
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stop.set)
    await serve(settings, checker, stop)
