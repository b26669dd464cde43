"""Imports from Discord: a file's articles go in while a message in the channel says how far it is.

The message is one of the channel and not of the interaction, whose token ends after 15 minutes.
"""

import asyncio
import io
import itertools
import logging
import tempfile
from collections import Counter
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.catalogue import say
from bot.import_worker import Progress, Task, work
from bot.sheets import ImportState, Line, Sheet, import_sheet, sheet_layout
from knowledge.errors import IngestError
from knowledge.writer import Addition

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

log = logging.getLogger(__name__)

FILE_LIMIT = 25 * 1024 * 1024
SECONDS_BETWEEN_REPORTS = 2.5
"""Discord takes five edits of a message in five seconds, and other messages share them."""
_SECONDS_TO_END = 30.0
_SECONDS_TO_STOP = 3.0
"""For an import whose bot has to go: what is amid a merge of the index is not waited for."""
_NAME_KEPT = 60
"""Characters of a file's name, from its end; file systems take 255 bytes."""
_REPORT_LIMIT = 5 * 1024 * 1024

# The library's default for the whole client does not reach the edits of messages.
_NOBODY = discord.AllowedMentions.none()

_numbers = itertools.count(1)


class Import:
    """One import: its process, what that has counted, and whether somebody stopped it."""

    def __init__(self, task: Task, guild_id: int, name: str) -> None:
        self.number = next(_numbers)
        self.guild_id = guild_id
        self.is_stopped = False
        self._name = name
        self._pipe, self._end = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=work, args=(task, self._end), name="import")
        self._counts: Counter[Addition] = Counter()
        self._done, self._total = 0, 1
        self.refusals: list[str] = []
        self.error = ""

    def run(self) -> None:
        """Let it work, and listen until it ends; for a thread."""
        self._process.start()
        self._end.close()  # the process has its own, and the end of that is how its end is heard
        try:
            while True:
                self._take(self._pipe.recv())
        except (EOFError, OSError):
            self._process.join(_SECONDS_TO_END)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        if self._process.exitcode:
            self.error = self.error or say("an error on this side")

    def stop(self) -> None:
        """Ask it to end after what it is storing; what is in stays in."""
        self.is_stopped = True
        with suppress(OSError):  # it may just have ended
            self._pipe.send("stop")

    def kill(self) -> None:
        """End it at once, if it has begun and not ended."""
        if self._process.pid is not None:
            self._process.kill()

    def state(self, end: str = "") -> ImportState:
        """How far it is."""
        return ImportState(
            name=self._name,
            done=self._done,
            total=self._total,
            added=self._counts[Addition.ADDED],
            changed=self._counts[Addition.NEW_VERSION],
            known=self._counts[Addition.UNCHANGED],
            refused=len(self.refusals),
            end=end,
        )

    def _take(self, progress: Progress) -> None:
        self._done, self._total = progress.done, progress.total
        self._counts.update(progress.counts)
        self.refusals += progress.refusals
        self.error = self.error or progress.error


def stop_import(bot: "ReceiptsBot", number: int, guild_id: int | None) -> bool:
    """Stop an import of a server; whether there was one."""
    running = bot.imports.get(number)
    if running is None or running.guild_id != guild_id:
        return False
    running.stop()
    return True


async def begin_import(interaction: "discord.Interaction[ReceiptsBot]", file: discord.Attachment) -> None:
    """Take the file, say that it begins, and let it run on its own."""
    bot = interaction.client
    if file.size > FILE_LIMIT:
        raise IngestError(file.filename, "is larger than 25 MiB: split it, or let an operator import it")
    content = await content_of(file)
    assert interaction.guild_id is not None  # who moderates is in a server
    folder = tempfile.TemporaryDirectory(prefix="receipts-")
    path = Path(folder.name, Path(file.filename).name[-_NAME_KEPT:] or "articles")
    await bot.in_thread(lambda: path.write_bytes(content))
    running = Import(bot.import_task(interaction, str(path)), interaction.guild_id, file.filename)
    bot.imports[running.number] = running
    message = await _first_report(interaction, running)
    bot.in_background(_run(bot, running, message, folder))


async def content_of(file: discord.Attachment) -> bytes:
    """What somebody attached. Raises `IngestError` where Discord does not have it, as it may after a day."""
    try:
        return await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise IngestError(file.filename, "cannot be had from Discord just now") from error


async def _first_report(
    interaction: "discord.Interaction[ReceiptsBot]", running: Import
) -> "discord.Message | discord.InteractionMessage":
    """The message that tells the progress: in the channel, or where the bot may not write there, the answer itself."""
    from bot.source_views import StopButton

    view = sheet_layout(import_sheet(running.state()), StopButton(running.number))
    channel = interaction.channel
    if isinstance(channel, discord.abc.Messageable):
        with suppress(discord.Forbidden):
            message = await channel.send(view=view)
            started = Sheet(
                say("The import has begun"), (Line("", say("A message in this channel tells how far it is.")),)
            )
            await interaction.edit_original_response(view=sheet_layout(started))
            return message
    return await interaction.edit_original_response(view=view)


async def _run(bot: "ReceiptsBot", running: Import, message: Any, folder: "tempfile.TemporaryDirectory[str]") -> None:
    from bot.source_views import StopButton

    working = asyncio.create_task(asyncio.to_thread(running.run))
    end = say("Imported")
    try:
        while not working.done():
            await asyncio.wait({working}, timeout=SECONDS_BETWEEN_REPORTS)
            if not working.done():
                await _report(message, import_sheet(running.state()), StopButton(running.number))
        working.result()
        if running.is_stopped:
            end = say("Stopped")
        elif running.error:
            end = say("Ended early, {reason}", reason=running.error)
    except asyncio.CancelledError:
        running.stop()
        await asyncio.wait({working}, timeout=_SECONDS_TO_STOP)
        running.kill()  # what is not committed comes again with the file
        await asyncio.wait({working})
        end = say("Interrupted by a restart; send the file again to go on")
    finally:
        bot.imports.pop(running.number, None)
        folder.cleanup()
    await _report(message, import_sheet(running.state(end)), file=_refusals(running))


async def _report(message: Any, sheet: Sheet, *buttons: discord.ui.Item[Any], file: discord.File | None = None) -> None:
    view = sheet_layout(sheet, *buttons)
    try:
        if file is None:
            await message.edit(view=view, allowed_mentions=_NOBODY)
        else:
            view.add_item(discord.ui.File(f"attachment://{file.filename}"))
            await message.edit(view=view, attachments=[file], allowed_mentions=_NOBODY)
    except (discord.HTTPException, OSError, RuntimeError) as error:  # the last is a client that is closed
        log.warning("the progress of an import could not be shown: %s", type(error).__name__)


def _refusals(running: Import) -> discord.File | None:
    if not running.refusals:
        return None
    content = "\n".join(running.refusals).encode()[:_REPORT_LIMIT]
    return discord.File(io.BytesIO(content), filename="refused.txt")
