"""What the running bot does by itself: asks feeds and pages, tells what turned up, and lets what is old run out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.clock import Clock
from bot.log_channel import tell
from bot.metrics import Metrics
from bot.sheets import Sheet, news_sheet, refreshed_sheet
from bot.tellings import follow_watches
from bot.web import Web
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.errors import KnowledgeError
from knowledge.lookout import Lookout
from knowledge.members import Stores
from knowledge.polling import Polled
from knowledge.privacy import expire
from knowledge.refreshing import Outcome, Refreshed
from knowledge.servers import Servers
from knowledge.statistics import Tally, forget

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

log = logging.getLogger(__name__)

_TIDY_EVERY = 3600.0
# A feed is asked every half hour (`knowledge.polling`); one that was just added is not to wait that long.
_FEEDS_EVERY = 120.0
# A page's turn comes a day after the last one at the earliest (`knowledge.refreshing`).
_PAGES_EVERY = 600.0
_COUNTS_EVERY = 5.0


class Upkeep:
    """Goes on in the background from when the bot is ready, and gives way where it ends."""

    def __init__(
        self,
        bot: "ReceiptsBot",
        checker: FactChecker,
        *,
        clock: Clock,
        stores: Stores,
        tally: Tally,
        metrics: Metrics,
        web: Web | None,
        look_every: float,
    ) -> None:
        self._bot = bot
        self._checker = checker
        self._library = checker.library
        self._clock = clock
        self._stores = stores
        self._tally = tally
        self._metrics = metrics
        self._web = web
        self._look_every = look_every
        self._is_going = False

    def start(self) -> None:
        """Begin, where it has not begun yet."""
        if self._is_going:
            return
        self._is_going = True
        lookout = Lookout(self._checker, self._clock.now)
        loops = [self._tidy(), self._keep_counts(), follow_watches(self._bot, lookout, self._look_every)]
        if self._web is not None:
            loops.append(self._repeat(partial(self._ask_feeds, self._web), _FEEDS_EVERY, "feeds could not be asked"))
            loops.append(self._repeat(partial(self._ask_pages, self._web), _PAGES_EVERY, "pages could not be fetched"))
        for loop in loops:
            self._bot.in_background(loop)

    async def _repeat(self, work: Callable[[], Awaitable[None]], every: float, failure: str) -> None:
        while not self._bot.is_closed():
            try:
                await work()
            except Exception:  # a loop that ended would never ask again
                log.exception("%s; it is tried again in some minutes", failure)
            await asyncio.sleep(every)

    # --- feeds and pages; a thread asks them, so that nobody waits for it ---

    async def _ask_feeds(self, web: Web) -> None:
        """Ask the feeds whose turn it is, and tell the servers what came in."""
        polled: list[Polled] = []
        try:
            await asyncio.to_thread(web.poll, self._library, polled.append, self._bot.is_ending)
        finally:
            for one in polled:
                self._metrics.polled(one)
                failed = f", failed: {one.problem}" if one.problem else ""
                log.info("feed %d of %s: %d new%s", one.feed.id, one.collection, one.added + one.queued, failed)
        news = [one for one in polled if one.added or one.queued]
        for collection in _collections(news):
            await self._tell(collection, partial(news_sheet, [one for one in news if one.collection == collection]))

    async def _ask_pages(self, web: Web) -> None:
        """Fetch the pages again whose turn it is, in servers that have it so, and tell them what changed."""
        done: list[Refreshed] = []
        try:
            await asyncio.to_thread(web.refresh_due, self._library, done.append, self._bot.is_ending)
        finally:
            changed = [one for one in done if one.outcome is Outcome.CHANGED]
            failed = sum(one.outcome is Outcome.FAILED for one in done)
            if done:
                log.info("%d pages fetched again: %d changed, %d failed", len(done), len(changed), failed)
        for collection in _collections(changed):
            here = [one for one in changed if one.collection == collection]
            await self._tell(collection, partial(refreshed_sheet, here))

    async def _tell(self, collection: str, sheet: Callable[[], Sheet]) -> None:
        """Tell a server's log channel, if it has one."""
        desk = Desk(self._library, collection, "receipts")
        channel = (await self._bot.in_thread(desk.settings)).log_channel
        if channel:
            await tell(self._bot, channel, sheet)

    # --- what is counted ---

    async def _keep_counts(self) -> None:
        while not self._bot.is_closed():
            await asyncio.sleep(_COUNTS_EVERY)
            await self.write_counts()

    async def write_counts(self) -> None:
        """Write what was counted."""
        try:
            await asyncio.to_thread(self._tally.write)
        except KnowledgeError as error:
            log.warning("the counts of checks could not be written and wait: %s", type(error).__name__)

    # --- what runs out ---

    async def _tidy(self) -> None:
        """Delete, every hour, what was kept long enough (`knowledge.retention`)."""
        while True:
            for work in (self._purge, self._expire, self._tend_servers):
                try:
                    await asyncio.to_thread(work)
                except Exception:  # a loop that ended would let nothing run out any more
                    log.exception("what is out of date could not be deleted; it is tried again in an hour")
            await self._clock.sleep(_TIDY_EVERY)

    def _purge(self) -> None:
        for collection in self._library.collections():
            Desk(self._library, collection.name, "receipts", self._clock.now).purge()
        forget(self._library)

    def _expire(self) -> None:
        expire(self._stores, self._clock.now())

    def _tend_servers(self) -> None:
        servers, moment = self._servers(), self._clock.now()
        servers.tend({f"discord:{guild.id}" for guild in self._bot.guilds}, moment)
        for name in servers.delete_left(moment):
            log.info("deleted all of %s, which the bot left", name)

    def _servers(self) -> Servers:
        return Servers(self._library, str(self._bot.application_id))

    async def leave(self, guild: discord.Guild) -> None:
        """Note that the bot was removed from a server, whose data then runs out."""
        if not self._bot.is_ending():  # the next start sees it too
            await self._bot.in_thread(lambda: self._servers().leave(f"discord:{guild.id}", self._clock.now()))

    async def enter(self, guild: discord.Guild) -> None:
        """Note that the bot is in a server, perhaps again."""
        if not self._bot.is_ending():
            await self._bot.in_thread(lambda: self._servers().enter(f"discord:{guild.id}"))


def _collections(told: Iterable[Polled | Refreshed]) -> list[str]:
    """The collections that something is told of, each once, in order."""
    return list(dict.fromkeys(one.collection for one in told))
