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
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.cards import Card, busy_card, error_card, stale_card
from bot.catalogue import speak
from bot.commands import COMMANDS
from bot.cooldowns import MEMBER, SERVER, Cooldowns
from bot.endurance import ALREADY_ACKNOWLEDGED, Delays, endure, endure_in_interactions
from bot.errors import NotAllowedError
from bot.exports import exported
from bot.forms import revived
from bot.import_worker import Task
from bot.imports import Import
from bot.layout import layout
from bot.permissions import is_in_server, may_moderate, require_server
from bot.refusals import is_expected
from bot.registration import register
from bot.search_pages import MOST_ARTICLES, SEARCH_BUTTONS
from bot.settings import Settings
from bot.sheets import Line, Sheet, log_line, news_sheet, refreshed_sheet, sheet_layout, suggested_sheet
from bot.source_views import SOURCE_BUTTONS
from bot.suggestions import SUGGESTION_BUTTONS
from bot.views import BUTTONS
from bot.web import Fetch, Web
from knowledge.addresses import article_at
from knowledge.checker import FactCheck, FactChecker, Search
from knowledge.desk import Desk
from knowledge.errors import IngestError, KnowledgeError
from knowledge.ingest.feed import Feed
from knowledge.models import Article, AuditEntry, NewArticle
from knowledge.polling import Polled
from knowledge.refreshing import Outcome, Refreshed

log = logging.getLogger(__name__)

SHARED_COLLECTION = "shared"

# What Discord says of an interaction that is over: unknown, acknowledged by somebody else, its token expired, its
# message gone, as when the one who asked dismissed it.
_OVER = frozenset({10062, ALREADY_ACKNOWLEDGED, 50027, 10015, 10008})
_AUTHENTICATION_FAILED = 4004
# A check is mostly Python, so that more threads make nothing faster; each has a connection, and its cache in memory:
# with asyncio's six threads the bot grew to 309 MiB under `tests.benchmarks.crowd`.
_THREADS = 2
# A thread of its own reads what decides how to acknowledge, so that it waits for no check; where even that takes
# longer, as on a disk that hangs, the answer is private. Discord waits 3 seconds for an acknowledgement.
_SETTINGS_WITHIN = 1.5
_TIDY_EVERY = 3600.0
# A feed is asked every half hour (`knowledge.polling`); one that was just added is not to wait that long.
_FEEDS_EVERY = 120.0
# A page's turn comes a day after the last one at the earliest (`knowledge.refreshing`).
_PAGES_EVERY = 600.0
# The codes with which the gateway says that coming again is no use.
_HOPELESS = range(4010, 4015)


_T = TypeVar("_T")


class ReceiptsBot(discord.AutoShardedClient):
    """The bot as Discord sees it. `checker` does the work, in a thread; `shared` is what direct messages search."""

    def __init__(
        self,
        checker: FactChecker,
        *,
        shared: str = SHARED_COLLECTION,
        delays: Delays | None = None,
        fetch: Fetch | None = None,
        web: Web | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delays = delays or Delays()
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            shard_connect_timeout=None,  # `endure` keeps trying; the library would begin a recursion
        )
        self._checker = checker
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="check")
        self._settings_thread = ThreadPoolExecutor(1, thread_name_prefix="settings")
        self._cooldowns = Cooldowns(clock)
        self._shared = shared
        self._answering: set[asyncio.Task[Any]] = set()
        self._web = web
        self._fetch = fetch or (web.fetch if web else None)
        self.imports: dict[int, Import] = {}
        """The imports that run, by number."""
        self.background: set[asyncio.Task[Any]] = set()
        """What goes on after its interaction is answered."""
        self._is_draining = False
        self._is_tidying = False
        self._unawaited: set[int] = set()
        self._last_identify = -self._delays.identify
        self.tree = _CommandTree(self)
        for command in COMMANDS:
            self.tree.add_command(command)
        self.add_dynamic_items(*BUTTONS, *SEARCH_BUTTONS, *SUGGESTION_BUTTONS, *SOURCE_BUTTONS)
        endure(self, self._delays, self._unawaited.add, revived)

    async def check(
        self, interaction: discord.Interaction[Any], text: str, *, speaker: str | None = None, limit: int = 5
    ) -> FactCheck:
        """The fact check of a text, with so many articles at most of the place that it was asked in."""
        collection = self._collection_of(interaction)
        begun = time.perf_counter()
        work = partial(self._checker.check, text, collection=collection, speaker=speaker, limit=limit)
        fact_check = await self.in_thread(work)
        milliseconds = 1000 * (time.perf_counter() - begun)
        log.info("check in %s: %s in %.0f ms", collection, fact_check.verdict.value, milliseconds)
        return fact_check

    async def search(self, interaction: discord.Interaction[Any], words: str) -> Search:
        """The nearest passages to some words, in the articles of the place that it was asked in."""
        collection = self._collection_of(interaction)
        search = partial(self._checker.search, words, collection=collection, limit=MOST_ARTICLES)
        found = await self.in_thread(search)
        log.info("search in %s: %d passages in %.0f ms", collection, len(found.results), found.elapsed_ms)
        return found

    async def article_at(self, interaction: discord.Interaction[Any], url: str) -> Article | None:
        """The article of an address that somebody posted, where it is among the articles of the place."""
        collection = self._collection_of(interaction)
        return await self.in_thread(lambda: article_at(self._checker.library, collection, url))

    def count_question(self, interaction: discord.Interaction[Any]) -> None:
        """Count a question of somebody, before any work is done for it. Raises `AskedTooOftenError`."""
        asking = {f"user:{interaction.user.id}": MEMBER}
        if interaction.guild_id is not None:
            asking[f"server:{interaction.guild_id}"] = SERVER
        self._cooldowns.count(asking)

    async def answers_privately(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether an answer is for the one who asks alone, where they do not say.

        As the server settled; in direct messages with the bot nobody else is there; among people who did not invite the
        bot it is.
        """
        if not is_in_server(interaction):
            return interaction.guild_id is not None or interaction.context.private_channel
        reading = asyncio.get_running_loop().run_in_executor(self._settings_thread, self.desk(interaction).settings)
        try:
            async with asyncio.timeout(_SETTINGS_WITHIN):
                return (await reading).private_by_default
        except TimeoutError:
            return True

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do what takes a moment where it holds nobody up."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def suggest_source(self, interaction: discord.Interaction[Any], url: str, note: str = "") -> Sheet:
        """Put an address into the moderators' queue; what the one who suggests is told. Raises `NotAllowedError`."""
        require_server(interaction)
        desk = self.desk(interaction)
        suggestion = await self.in_thread(lambda: desk.suggest(url, note))
        return suggested_sheet(suggestion, f"discord:{interaction.user.id}")

    # --- what moderators do ---

    def desk(self, interaction: discord.Interaction[Any]) -> Desk:
        """The desk of the server that somebody asks in, in their name."""
        return Desk(self._checker.library, self._collection_of(interaction), f"discord:{interaction.user.id}")

    async def moderate(self, interaction: discord.Interaction[Any], act: Callable[[Desk], _T]) -> _T:
        """Do something at the desk of this server. Raises `NotAllowedError` before anything, for who may not."""
        require_server(interaction)
        desk = self.desk(interaction)

        def if_allowed() -> tuple[_T, list[AuditEntry], str | None]:
            settings = desk.settings()
            if not may_moderate(interaction, settings.roles):
                raise NotAllowedError(is_in_server=True)
            if settings.log_channel is None:
                return act(desk), [], None
            before = _newest(desk)
            done = act(desk)
            newest = desk.log(limit=10).items
            new = [e for e in newest if (e.id or 0) > before and e.action not in _NOT_TOLD]
            return done, new, settings.log_channel

        done, new, log_channel = await self.in_thread(if_allowed)
        if new and log_channel:
            self.in_background(self._tell(log_channel, new))
        return done

    async def suggest(
        self, interaction: discord.Interaction[Any], act: Callable[[Desk], tuple[_T, ...]]
    ) -> tuple[_T, ...]:
        """What completes an option; nothing for who may not moderate."""
        try:
            return await self.moderate(interaction, act)
        except NotAllowedError:
            return ()

    async def fetch(self, url: str) -> NewArticle:
        """The article of an address. Raises `IngestError`."""
        fetch = self._fetch
        if fetch is None:
            raise IngestError(url, "cannot be fetched: this bot has no access to the web")
        return await asyncio.to_thread(fetch, url)

    async def fetch_feed(self, url: str) -> Feed:
        """The feed at an address. Raises `IngestError`."""
        if self._web is None:
            raise IngestError(url, "cannot be fetched: this bot has no access to the web")
        return await asyncio.to_thread(self._web.fetch_feed, url)

    async def refresh(self, interaction: discord.Interaction[Any], articles: Sequence[Article]) -> list[Refreshed]:
        """What came of fetching the pages of some articles of this server again. Raises `IngestError`."""
        web = self._web
        if web is None:
            raise IngestError("the page", "cannot be fetched: this bot has no access to the web")
        library, collection, actor = (
            self._checker.library,
            self._collection_of(interaction),
            f"discord:{interaction.user.id}",
        )
        return await asyncio.to_thread(lambda: list(web.refresh(library, collection, articles, actor, self._is_ending)))

    async def text_of(self, article: Article) -> str:
        """The newest text of an article."""
        return await self.in_thread(lambda: self._checker.library.versions(article)[-1].text)

    def import_task(self, interaction: discord.Interaction[Any], path: str) -> Task:
        """What an import of a file into the articles of this server is told."""
        actor = f"discord:{interaction.user.id}"
        return Task(self._checker.library.url, self._collection_of(interaction), actor, path)

    async def export(self, interaction: discord.Interaction[Any]) -> discord.File | None:
        """The server's own articles as a file; None where they are too many for Discord."""
        await self.moderate(interaction, lambda desk: None)
        return await asyncio.to_thread(exported, self._checker.library, self._collection_of(interaction))

    async def _tidy(self) -> None:
        """Delete for good, every hour, what was removed or previewed more than a day ago."""
        library = self._checker.library

        def purge() -> None:
            for collection in library.collections():
                Desk(library, collection.name, "receipts").purge()

        while True:
            try:
                await asyncio.to_thread(purge)
            except KnowledgeError:
                log.exception("what is out of date could not be deleted; it is tried again in an hour")
            await asyncio.sleep(_TIDY_EVERY)

    async def _follow_feeds(self, web: Web) -> None:
        """Ask, every few minutes, the feeds whose turn it is; a thread does it, so that nobody waits for it."""
        while not self.is_closed():
            try:
                await self._ask_feeds(web)
            except Exception:  # a loop that ended would never ask again
                log.exception("the feeds could not be asked; they are in some minutes")
            await asyncio.sleep(_FEEDS_EVERY)

    async def _follow_pages(self, web: Web) -> None:
        """Fetch, every few minutes, the pages again whose turn it is, in servers that have it so."""
        while not self.is_closed():
            try:
                await self._ask_pages(web)
            except Exception:  # a loop that ended would never ask again
                log.exception("pages could not be fetched again; they are in some minutes")
            await asyncio.sleep(_PAGES_EVERY)

    async def _ask_pages(self, web: Web) -> None:
        done: list[Refreshed] = []
        try:
            await asyncio.to_thread(web.refresh_due, self._checker.library, done.append, self._is_ending)
        finally:
            changed = [one for one in done if one.outcome is Outcome.CHANGED]
            failed = sum(one.outcome is Outcome.FAILED for one in done)
            if done:
                log.info("%d pages fetched again: %d changed, %d failed", len(done), len(changed), failed)
        for collection in dict.fromkeys(one.collection for one in changed):
            sheet = refreshed_sheet([one for one in changed if one.collection == collection])
            await self._tell_server(collection, sheet)

    async def _ask_feeds(self, web: Web) -> None:
        polled: list[Polled] = []
        try:
            await asyncio.to_thread(web.poll, self._checker.library, polled.append, self._is_ending)
        finally:
            for one in polled:
                failed = f", failed: {one.problem}" if one.problem else ""
                log.info("feed %d of %s: %d new%s", one.feed.id, one.collection, one.added + one.queued, failed)
        await self._tell_of_news([one for one in polled if one.added or one.queued])

    def _is_ending(self) -> bool:
        return self._is_draining or self.is_closed()

    async def _tell_of_news(self, polled: Sequence[Polled]) -> None:
        """Tell each server's log channel what its feeds brought."""
        for collection in dict.fromkeys(one.collection for one in polled):
            sheet = news_sheet([one for one in polled if one.collection == collection])
            await self._tell_server(collection, sheet)

    async def _tell_server(self, collection: str, sheet: Sheet) -> None:
        """Tell a server's log channel, if it has one."""
        desk = Desk(self._checker.library, collection, "receipts")
        channel = (await self.in_thread(desk.settings)).log_channel
        if channel:
            await self._send(channel, sheet)

    async def _tell(self, channel: str, entries: Sequence[AuditEntry]) -> None:
        """Tell the log channel what was done."""
        lines = tuple(Line("", log_line(entry)) for entry in reversed(entries))
        await self._send(channel, Sheet("The articles of this server changed", lines))

    async def _send(self, channel: str, sheet: Sheet) -> None:
        try:
            place = self.get_partial_messageable(int(channel.removeprefix("discord:")))
            await place.send(view=sheet_layout(sheet))
        except (discord.HTTPException, OSError) as error:
            log.warning("the log channel could not be told: %s", type(error).__name__)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on by itself; the end interrupts it and waits for it."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def setup_hook(self) -> None:
        """Register the commands where Discord has others than these."""
        endure_in_interactions(self._delays)
        assert self.application_id is not None  # known since log-in
        if await register(self.tree, self.application_id):
            log.info("registered %d commands", len(self.tree.get_commands()))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord takes another log-in."""
        now = asyncio.get_running_loop().time()
        wait = max(0.0, self._last_identify + self._delays.identify - now)
        self._last_identify = now + wait
        await asyncio.sleep(wait)

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("ready in %d servers", len(self.guilds))
        if not (self._is_tidying or self._is_draining):  # discord.py may say it two seconds late, after the end
            self._is_tidying = True
            self.in_background(self._tidy())
            if self._web is not None:
                self.in_background(self._follow_feeds(self._web))
                self.in_background(self._follow_pages(self._web))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a button or form that nobody here knows any more; the library drops it in silence."""
        if interaction.id in self._unawaited:
            self._unawaited.discard(interaction.id)
            async with self.answering(interaction, "an unknown button"):
                await _answer(interaction, stale_card())

    @contextlib.asynccontextmanager
    async def answering(self, interaction: discord.Interaction[Any], what: str) -> AsyncIterator[None]:
        """Whatever answers an interaction does so in here: the end waits for it, and a failure is told in words."""
        self.note_answer()
        try:
            yield
        except Exception as error:
            await self.apologise(interaction, error, what)

    async def carry_out(
        self,
        interaction: discord.Interaction[Any],
        what: str,
        work: "Callable[[discord.Interaction[Any], ReceiptsBot], Awaitable[None]]",
    ) -> None:
        """Do what a button or form is for, where there is still time for it."""
        speak(str(interaction.locale))
        async with self.answering(interaction, what):
            if await self.admits(interaction):
                await work(interaction, self)

    def note_answer(self) -> None:
        """Let the end wait for the task that is running."""
        task = asyncio.current_task()
        assert task is not None  # the library runs every interaction in a task of its own
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether there is time to answer; says so where there is none."""
        if self._is_draining:
            await _answer(interaction, busy_card())
        return not self._is_draining

    async def apologise(self, interaction: discord.Interaction[Any], error: Exception, what: str) -> None:
        """Answer with words, whatever went wrong; log what nobody expected under the reference that the user sees."""
        if isinstance(error, discord.HTTPException) and error.code in _OVER:
            log.warning("an interaction was over before it was answered (%d)", error.code)
            return
        reference = secrets.token_hex(4)
        if not is_expected(error):
            log.error("%r failed, reference %s", what, reference, exc_info=error)
        try:
            await _answer(interaction, error_card(error, reference))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
            log.warning("the apology for %s could not be delivered: %s", reference, type(failure).__name__)

    async def drain(self) -> None:
        """Take no new work, wait for what is being answered, cut off what hangs, and end imports where they are."""
        self._is_draining = True
        if self._answering:
            _, hanging = await asyncio.wait(self._answering, timeout=self._delays.drain)
            for task in hanging:
                task.cancel()
        for task in self.background:
            task.cancel()
        if self.background:
            await asyncio.wait(self.background, timeout=self._delays.drain)

    async def close(self) -> None:
        """Disconnect; a check that still runs is not waited for."""
        for threads in (self._threads, self._settings_thread):
            threads.shutdown(wait=False, cancel_futures=True)
        await super().close()

    def _collection_of(self, interaction: discord.Interaction[Any]) -> str:
        """The server's own articles where the bot is a member; the shared ones in direct messages and user installs."""
        return f"discord:{interaction.guild_id}" if is_in_server(interaction) else self._shared


_NOT_TOLD = frozenset({"draft", "change_draft", "discard"})
"""What the log channel is not told: nothing that anybody can check against has changed."""


def _newest(desk: Desk) -> int:
    """The number of the newest change."""
    page = desk.log(limit=1)
    return page.items[0].id or 0 if page.items else 0


class _CommandTree(app_commands.CommandTree[ReceiptsBot]):
    """The commands, and the last resort for their errors."""

    async def interaction_check(self, interaction: discord.Interaction[ReceiptsBot], /) -> bool:
        """Speak the language of the one who asks; note the task that answers, so that the end can wait for it."""
        speak(str(interaction.locale))
        if not await self.client.admits(interaction):
            return False
        self.client.note_answer()
        return True

    async def on_error(
        self, interaction: discord.Interaction[ReceiptsBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with words, whatever went wrong."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await self.client.apologise(interaction, cause, interaction.command.name if interaction.command else "unknown")


async def _answer(interaction: discord.Interaction[Any], card: Card) -> None:
    """Send a card in the way that is still open: as the response, in place of "thinking", or after another answer."""
    if not interaction.response.is_done():
        await interaction.response.send_message(view=layout(card), ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(view=layout(card))
    else:
        await interaction.followup.send(view=layout(card), ephemeral=True)


async def serve(
    settings: Settings,
    checker: FactChecker,
    stop: asyncio.Event,
    *,
    shared: str = SHARED_COLLECTION,
    delays: Delays | None = None,
    fetch: Fetch | None = None,
    web: Web | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Answer on Discord until `stop` is set, then finish what is being answered.

    Whatever ends the client is survived by a new one, but for what no repetition mends: raises `discord.LoginFailure`
    where Discord refuses the token, `discord.ConnectionClosed` or `discord.PrivilegedIntentsRequired` where it refuses
    the bot.
    """
    delays = delays or Delays()
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    stopping = asyncio.create_task(stop.wait())
    delay = delays.first
    try:
        with _redirected(settings):
            while not stop.is_set():
                async with ReceiptsBot(checker, shared=shared, delays=delays, fetch=fetch, web=web, clock=clock) as bot:
                    try:
                        await _run_until(stopping, bot, token)
                    except _DisconnectedError as error:
                        delay = delays.first if bot.is_ready() else delay
                        log.warning("no connection to Discord (%s); trying again in %.0f s", error, delay)
                await asyncio.wait({stopping}, timeout=delay)
                delay = min(2 * delay, delays.last)
    finally:
        stopping.cancel()


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


def run(settings: Settings, checker: FactChecker, *, shared: str = SHARED_COLLECTION, web: Web | None = None) -> int:
    """Run the bot until SIGTERM or SIGINT; the exit status: 0, 2 for a missing or refused token, 1 for other ends."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # At lower levels the library logs tokens of interactions and whole messages.
    logging.getLogger("discord").setLevel(logging.WARNING)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if settings.discord_token is None:
        return _refuse("DISCORD_TOKEN is missing: set it in the environment or in .env (see README, Discord)")
    try:
        asyncio.run(_serve_until_signalled(settings, checker, shared, web))
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


async def _serve_until_signalled(settings: Settings, checker: FactChecker, shared: str, web: Web | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows, where Ctrl-C raises KeyboardInterrupt
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stop.set)
    await serve(settings, checker, stop, shared=shared, web=web)
