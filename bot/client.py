"""The Discord client: its commands, what happens to errors, the one hop to a thread, its life from log-in to end.

Only the gateway's `guilds` events are asked for, nothing privileged; no reply can mention anybody.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
from discord import app_commands

from bot.cards import Card, busy_card, error_card, stale_card
from bot.catalogue import speak
from bot.clock import Clock, MachineClock
from bot.commands import COMMANDS
from bot.commands.check import check, check_message
from bot.cooldowns import MEMBER, SERVER, Cooldowns
from bot.disputes import DisputesButton
from bot.endurance import ALREADY_ACKNOWLEDGED, Delays, endure, endure_in_interactions, pulses
from bot.errors import BusyError, NotAllowedError
from bot.exports import exported
from bot.forms import revived
from bot.help import HelpButton
from bot.import_worker import Task
from bot.imports import Import
from bot.layout import layout
from bot.log_channel import tell
from bot.logs import fields, style_in_use
from bot.metrics import Metrics
from bot.monitoring import Pulse
from bot.observing import DIRECT, observed, reason_of, reference_of
from bot.permissions import is_in_server, may_moderate, require_server
from bot.privacy import PRIVACY_BUTTONS
from bot.refusals import is_expected
from bot.registration import register
from bot.search_pages import MOST_ARTICLES, SEARCH_BUTTONS
from bot.settings_views import ChangeSettingsButton
from bot.sheets import Sheet, changes_sheet, suggested_sheet
from bot.source_views import SOURCE_BUTTONS
from bot.suggestions import SUGGESTION_BUTTONS
from bot.upkeep import Upkeep
from bot.views import BUTTONS
from bot.watch_views import WATCH_BUTTONS
from bot.web import Fetch, Web
from knowledge.addresses import article_at
from knowledge.checker import FactCheck, FactChecker, Search
from knowledge.desk import Desk
from knowledge.errors import IngestError
from knowledge.examples import Example, example_from
from knowledge.feedback import Answer, Feedback
from knowledge.ingest.feed import Feed
from knowledge.members import MemberKey
from knowledge.models import Article, AuditEntry, NewArticle, Opinion
from knowledge.privacy import member_stores
from knowledge.refreshing import Refreshed
from knowledge.statistics import Status, Tally, status_of
from knowledge.watches import Watch, Watches

log = logging.getLogger(__name__)

SHARED_COLLECTION = "shared"

# What Discord says of an interaction that is over: unknown, acknowledged by somebody else, its token expired, its
# message gone, as when the one who asked dismissed it.
_OVER = frozenset({10062, ALREADY_ACKNOWLEDGED, 50027, 10015, 10008})
# A check is mostly Python, so that more threads make nothing faster; each has a connection, and its cache in memory:
# with asyncio's six threads the bot grew to 309 MiB under `tests.benchmarks.crowd`.
_THREADS = 2
# What is read before an acknowledgement, for which Discord waits 3 seconds, is read in a thread of its own, so that it
# waits for no check, and not for longer than this, as on a disk that hangs.
_READ_WITHIN = 1.5


_T = TypeVar("_T")


class ReceiptsBot(discord.AutoShardedClient):
    """The bot as Discord sees it. `checker` does the work, in a thread; `shared` is what direct messages search."""

    def __init__(
        self,
        checker: FactChecker,
        key: MemberKey,
        *,
        shared: str = SHARED_COLLECTION,
        delays: Delays | None = None,
        fetch: Fetch | None = None,
        web: Web | None = None,
        clock: Clock | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._delays = delays or Delays()
        self._metrics = metrics or Metrics()
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=self._delays.guilds,
            shard_connect_timeout=None,  # `endure` keeps trying; the library would begin a recursion
        )
        self._checker = checker
        self._tally = Tally(checker.library)
        self._clock = clock or MachineClock()
        self._feedback = Feedback(checker.library, key, self._clock.now)
        self.stores = member_stores(checker.library, key, self._clock.now)
        """What holds something about members."""
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="check")
        self._quick_thread = ThreadPoolExecutor(1, thread_name_prefix="quick")
        self._drawing = asyncio.Lock()
        self._cooldowns = Cooldowns(self._clock.seconds)
        self._shared = shared
        self._answering: set[asyncio.Task[Any]] = set()
        self._web = web
        self.watches = Watches(checker.library, self._clock.now)
        """What members wait for."""
        self._fetch = fetch or (web.fetch if web else None)
        self.imports: dict[int, Import] = {}
        """The imports that run, by number."""
        self.background: set[asyncio.Task[Any]] = set()
        """What goes on after its interaction is answered."""
        self._upkeep = Upkeep(
            self,
            checker,
            clock=self._clock,
            stores=self.stores,
            tally=self._tally,
            metrics=self._metrics,
            web=web,
            look_every=self._delays.watch,
        )
        self._is_draining = False
        self._unawaited: set[int] = set()
        self._greeted: set[int] = set()
        self._last_identify = -self._delays.identify
        self.tree = _CommandTree(self)
        for command in COMMANDS:
            self.tree.add_command(command)
        self.add_dynamic_items(
            *BUTTONS,
            *SEARCH_BUTTONS,
            *SUGGESTION_BUTTONS,
            *SOURCE_BUTTONS,
            *PRIVACY_BUTTONS,
            *WATCH_BUTTONS,
            HelpButton,
            ChangeSettingsButton,
            DisputesButton,
        )
        endure(self, self._delays, self._unawaited.add, revived)

    async def check(
        self, interaction: discord.Interaction[Any], text: str, *, speaker: str | None = None, limit: int = 5
    ) -> FactCheck:
        """The fact check of a text, with so many articles at most of the place that it was asked in."""
        collection = self.collection_of(interaction)
        work = partial(self._checker.check, text, collection=collection, speaker=speaker, limit=limit)
        guild = str(interaction.guild_id) if is_in_server(interaction) else DIRECT
        begun = time.perf_counter()
        fact_check = await observed(self.in_thread(work), self._metrics, guild, interaction)
        self._tally.note(collection, fact_check.verdict, 1000 * (time.perf_counter() - begun))
        return fact_check

    async def check_again(self, watch: Watch) -> FactCheck:
        """The fact check of what somebody waits for, where they asked it."""
        again = partial(self._checker.check, watch.text, collection=watch.collection, speaker=watch.speaker)
        return await self.in_thread(again)

    async def example(self, interaction: discord.Interaction[Any]) -> Example | None:
        """An example of what the bot does, from the articles of this place. Raises `CollectionDisabled`."""
        return await self.in_thread(partial(example_from, self._checker, self.collection_of(interaction)))

    async def collection_status(self, interaction: discord.Interaction[Any]) -> Status:
        """How the articles of this place stand, with every check until now."""
        collection = self.collection_of(interaction)

        def look() -> Status:
            self._tally.write()
            return status_of(self._checker.library, collection, self._clock.now().date())

        return await self.in_thread(look)

    async def search(self, interaction: discord.Interaction[Any], words: str) -> Search:
        """The nearest passages to some words, in the articles of the place that it was asked in."""
        collection = self.collection_of(interaction)
        search = partial(self._checker.search, words, collection=collection, limit=MOST_ARTICLES)
        found = await self.in_thread(search)
        log.info("search in %s: %d passages in %.0f ms", collection, len(found.results), found.elapsed_ms)
        return found

    async def article_at(self, interaction: discord.Interaction[Any], url: str) -> Article | None:
        """The article of an address that somebody posted, where it is among the articles of the place."""
        collection = self.collection_of(interaction)
        return await self.in_thread(lambda: article_at(self._checker.library, collection, url))

    def count_question(self, interaction: discord.Interaction[Any]) -> None:
        """Count a question of somebody, before any work is done for it. Raises `AskedTooOftenError`."""
        asking = {f"user:{interaction.user.id}": MEMBER}
        if interaction.guild_id is not None:
            asking[f"server:{interaction.guild_id}"] = SERVER
        self._cooldowns.count(asking)

    async def answers_privately(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether an answer is for the one who asks alone, where they do not say.

        As the server settled, and where that cannot be read in time it is; in direct messages with the bot nobody else
        is there; among people who did not invite the bot it is.
        """
        if not is_in_server(interaction):
            return interaction.guild_id is not None or interaction.context.private_channel
        try:
            return (await self.in_time(self.desk(interaction).settings)).private_by_default
        except BusyError:
            return True

    async def in_time(self, work: Callable[[], _T]) -> _T:
        """Read what has to be known before an interaction is acknowledged. Raises `BusyError` where it takes long."""
        reading = asyncio.get_running_loop().run_in_executor(self._quick_thread, work)
        try:
            async with asyncio.timeout(_READ_WITHIN):
                return await reading
        except TimeoutError:
            log.warning("a short read took longer than %.1f s", _READ_WITHIN)
            raise BusyError from None

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do what takes a moment where it holds nobody up."""
        in_this_language = partial(copy_context().run, work)
        return await asyncio.get_running_loop().run_in_executor(self._threads, in_this_language)

    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        """Make a picture where it holds up no check, one after another."""
        async with self._drawing:
            return await asyncio.to_thread(picture)

    async def suggest_source(self, interaction: discord.Interaction[Any], url: str, note: str = "") -> Sheet:
        """Put an address into the moderators' queue; what the one who suggests is told. Raises `NotAllowedError`."""
        require_server(interaction)
        desk = self.desk(interaction)
        suggestion = await self.in_thread(lambda: desk.suggest(url, note))
        return suggested_sheet(suggestion, self.member(interaction))

    # --- what members do ---

    def member(self, interaction: discord.Interaction[Any]) -> str:
        """The one who asks, as the library calls them."""
        return f"discord:{interaction.user.id}"

    async def give_feedback(self, interaction: discord.Interaction[Any], answer: Answer, opinion: Opinion) -> bool:
        """Keep what a member thinks of an answer; whether they had said something of it before."""
        collection, member = self.collection_of(interaction), self.member(interaction)
        return await self.in_thread(lambda: self._feedback.give(collection, member, answer, opinion))

    # --- what moderators do ---

    def desk(self, interaction: discord.Interaction[Any]) -> Desk:
        """The desk of the server that somebody asks in, in their name."""
        library, collection = self._checker.library, self.collection_of(interaction)
        return Desk(library, collection, self.member(interaction), self._clock.now)

    async def moderate(
        self, interaction: discord.Interaction[Any], act: Callable[[Desk], _T], *, in_time: bool = False
    ) -> _T:
        """Do something at the desk of this server. Raises `NotAllowedError` before anything, for who may not.

        What is `in_time` only reads, before the interaction is acknowledged; raises `BusyError`.
        """
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

        done, new, log_channel = await (self.in_time if in_time else self.in_thread)(if_allowed)
        if new and log_channel:
            self.in_background(tell(self, log_channel, partial(changes_sheet, new)))
        return done

    async def suggest(
        self, interaction: discord.Interaction[Any], act: Callable[[Desk], tuple[_T, ...]]
    ) -> tuple[_T, ...]:
        """What completes an option; nothing for who may not moderate, or where it takes long."""
        try:
            return await self.moderate(interaction, act, in_time=True)
        except (NotAllowedError, BusyError):
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
        library, collection = self._checker.library, self.collection_of(interaction)
        actor = self.member(interaction)
        return await asyncio.to_thread(lambda: list(web.refresh(library, collection, articles, actor, self.is_ending)))

    async def text_of(self, article: Article) -> str:
        """The newest text of an article."""
        return await self.in_thread(lambda: self._checker.library.versions(article)[-1].text)

    def import_task(self, interaction: discord.Interaction[Any], path: str) -> Task:
        """What an import of a file into the articles of this server is told."""
        actor, library = self.member(interaction), self._checker.library
        return Task(library.url, self.collection_of(interaction), actor, path, style_in_use())

    async def export(self, interaction: discord.Interaction[Any]) -> discord.File | None:
        """The server's own articles as a file; None where they are too many for Discord."""
        await self.moderate(interaction, lambda desk: None)
        return await asyncio.to_thread(exported, self._checker.library, self.collection_of(interaction))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot was removed from a server; the library calls this for no outage."""
        await self._upkeep.leave(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that the bot is in a server, perhaps again."""
        await self._upkeep.enter(guild)

    def is_ending(self) -> bool:
        """Whether what goes on by itself has to stop."""
        return self._is_draining or self.is_closed()

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

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that Discord has said READY: the library says so itself two seconds later."""
        self._greeted.add(shard_id)

    def is_greeted(self) -> bool:
        """Whether Discord has said READY to every shard."""
        return bool(self._greeted) and len(self._greeted) == self.shard_count

    def pulses(self) -> list[Pulse]:
        """How every shard is connected."""
        return pulses(self)

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("ready in %d servers", len(self.guilds))
        if not self._is_draining:  # discord.py may say it two seconds late, after the end
            self._upkeep.start()

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
        reference = reference_of(interaction)
        if is_expected(error):
            self._metrics.refused(reason_of(error))
            if what in _QUESTIONS:
                self._tally.note_refusal(self.collection_of(interaction))
        else:
            self._metrics.failed()
            told = fields("failure", what=what, reference=reference)
            log.error("%r failed, reference %s", what, reference, exc_info=error, extra=told)
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
        for threads in (self._threads, self._quick_thread):
            threads.shutdown(wait=False, cancel_futures=True)
        await self._upkeep.write_counts()
        await super().close()

    def collection_of(self, interaction: discord.Interaction[Any]) -> str:
        """The server's own articles where the bot is a member; the shared ones in direct messages and user installs."""
        return f"discord:{interaction.guild_id}" if is_in_server(interaction) else self._shared


_QUESTIONS = frozenset({check.name, check_message.name})
"""The commands whose refusals are counted."""
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
