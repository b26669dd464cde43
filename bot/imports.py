"""Imports from Discord: a file's articles go in while a message in the channel says how far it is.

The message is one of the channel and not of the interaction, whose token ends after 15 minutes.
"""

import asyncio
import io
import itertools
import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from bot.sheets import ImportState, Line, Sheet, import_sheet, sheet_layout
from knowledge.desk import Desk
from knowledge.errors import IngestError, KnowledgeError
from knowledge.ingest import ArticleReader, Refusal, read_articles
from knowledge.library import Addition
from knowledge.models import NewArticle

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

log = logging.getLogger(__name__)

FILE_LIMIT = 25 * 1024 * 1024
SECONDS_BETWEEN_REPORTS = 2.5
"""Discord takes five edits of a message in five seconds, and other messages share them."""
_REPORT_LIMIT = 5 * 1024 * 1024

# The library's default for the whole client does not reach the edits of messages.
_NOBODY = discord.AllowedMentions.none()

_numbers = itertools.count(1)


@dataclass(slots=True)
class Import:
    """One import: what it counted, and whether somebody stopped it. Its thread writes, the loop reads."""

    number: int
    guild_id: int
    name: str
    reader: ArticleReader
    counts: dict[Addition, int] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    is_stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, desk: Desk) -> None:
        """Store everything, until the end or until it is stopped."""
        for stored in desk.add_all(self._articles(), refused=self._refuse):
            for addition, number in stored.items():
                self.counts[addition] = self.counts.get(addition, 0) + number
            if self.is_stopped.is_set():
                return

    def _refuse(self, article: NewArticle, error: KnowledgeError) -> None:
        self.refusals.append(f"{article.url}: {error}")

    def _articles(self) -> Iterator[NewArticle]:
        for item in self.reader:
            if isinstance(item, Refusal):
                self.refusals.append(str(item))
            else:
                yield item
            if self.is_stopped.is_set():
                return

    def state(self, end: str = "") -> ImportState:
        """How far it is."""
        return ImportState(
            name=self.name,
            done=self.reader.bytes_read,
            total=self.reader.total_bytes,
            added=self.counts.get(Addition.ADDED, 0),
            changed=self.counts.get(Addition.NEW_VERSION, 0),
            known=self.counts.get(Addition.UNCHANGED, 0),
            refused=len(self.refusals),
            end=end,
        )


def stop_import(bot: "ReceiptsBot", number: int, guild_id: int | None) -> bool:
    """Stop an import of a server; whether there was one."""
    running = bot.imports.get(number)
    if running is None or running.guild_id != guild_id:
        return False
    running.is_stopped.set()
    return True


async def begin_import(interaction: "discord.Interaction[ReceiptsBot]", file: discord.Attachment) -> None:
    """Take the file, say that it begins, and let it run on its own."""
    bot = interaction.client
    if file.size > FILE_LIMIT:
        raise IngestError(file.filename, "is larger than 25 MiB: split it, or let an operator import it")
    content = await file.read()
    desk = bot.desk(interaction)
    assert interaction.guild_id is not None  # who moderates is in a server
    folder = tempfile.TemporaryDirectory(prefix="receipts-")
    path = Path(folder.name, Path(file.filename).name or "articles")
    await bot.in_thread(lambda: path.write_bytes(content))
    running = Import(next(_numbers), interaction.guild_id, file.filename, read_articles([path]))
    bot.imports[running.number] = running
    message = await _first_report(interaction, running)
    task = asyncio.create_task(_run(bot, running, desk, message, folder))
    bot.background.add(task)
    task.add_done_callback(bot.background.discard)


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
            started = Sheet("The import has begun", (Line("", "A message in this channel tells how far it is."),))
            await interaction.edit_original_response(view=sheet_layout(started))
            return message
    return await interaction.edit_original_response(view=view)


async def _run(
    bot: "ReceiptsBot", running: Import, desk: Desk, message: Any, folder: "tempfile.TemporaryDirectory[str]"
) -> None:
    from bot.source_views import StopButton

    working = asyncio.create_task(asyncio.to_thread(running.run, desk))
    end = "Imported"
    try:
        while not working.done():
            await asyncio.wait({working}, timeout=SECONDS_BETWEEN_REPORTS)
            if not working.done():
                await _report(message, import_sheet(running.state()), StopButton(running.number))
        working.result()
        end = "Stopped" if running.is_stopped.is_set() else "Imported"
    except asyncio.CancelledError:
        running.is_stopped.set()
        await asyncio.wait({working})
        end = "Interrupted by a restart; send the file again to go on"
    except KnowledgeError as error:
        running.refusals.append(str(error))
        end = "Ended early"
    except Exception:
        log.exception("an import failed")
        end = "Ended early by an error on this side"
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
    except (discord.HTTPException, OSError) as error:
        log.warning("the progress of an import could not be shown: %s", type(error).__name__)


def _refusals(running: Import) -> discord.File | None:
    if not running.refusals:
        return None
    content = "\n".join(running.refusals).encode()[:_REPORT_LIMIT]
    return discord.File(io.BytesIO(content), filename="refused.txt")
