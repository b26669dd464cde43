"""The buttons on moderators' sheets. Each knows all it needs from its own id, so that it works after a restart."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.buttons import LastingButton, PageButton, neighbours
from bot.catalogue import say
from bot.forms import EditForm
from bot.imports import stop_import
from bot.sheets import (
    Sheet,
    added_sheet,
    listing,
    log_sheet,
    preview,
    removal_sheet,
    sheet_layout,
    suggestion_sheet,
    undone_sheet,
)
from knowledge.desk import Desk, Page, Removal, Suggestion
from knowledge.models import Article, AuditEntry

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

PAGE = 10


async def _show(interaction: discord.Interaction[Any], sheet: Sheet, *buttons: discord.ui.Item[Any]) -> None:
    """Put a sheet in the place of the one whose button was pressed."""
    await interaction.edit_original_response(view=sheet_layout(sheet, *buttons))


class DraftButton(LastingButton, template=r"receipts:1:draft:(?P<act>add|edit|cancel):(?P<id>\d{1,18})"):
    """Adds, edits or drops an article that waits."""

    def __init__(self, act: str, draft: int) -> None:
        labels = {"add": say("Add"), "edit": say("Edit first"), "cancel": say("Cancel")}
        super().__init__(labels[act], f"receipts:1:draft:{act}:{draft}", "primary" if act == "add" else "plain")
        self._act, self._draft = act, draft

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(match["act"], int(match["id"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Add it, open the form, or forget it."""
        if self._act == "edit":
            article = await bot.moderate(interaction, lambda desk: desk.draft_of(self._draft), in_time=True)
            await interaction.response.send_modal(EditForm("draft", self._draft, article))
            return
        await interaction.response.defer()
        if self._act == "add":
            added = await bot.moderate(interaction, lambda desk: desk.publish(self._draft))
            await _show(interaction, added_sheet(added))
        else:
            await bot.moderate(interaction, lambda desk: desk.discard(self._draft))
            await _show(interaction, Sheet(say("Not added")))


def draft_buttons(draft: int) -> list[discord.ui.Item[Any]]:
    """What can be done with an article that waits."""
    return [DraftButton(act, draft) for act in ("add", "edit", "cancel")]


def edit_form(article: Article) -> EditForm:
    """The form for an article that is there."""
    return EditForm("article", article.id or 0, article)


class RemoveArticleButton(LastingButton, template=r"receipts:1:drop:(?P<id>\d{1,18})"):
    """Removes an article, after a confirmation."""

    def __init__(self, article: int) -> None:
        super().__init__(say("Remove"), f"receipts:1:drop:{article}", "danger")
        self._article = article

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["id"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Remove it."""
        await _remove(interaction, bot, lambda desk: desk.remove(str(self._article)))


class RemovePublisherButton(LastingButton, template=r"receipts:1:drop-all:(?P<publisher>.{1,60})"):
    """Removes all articles of a publisher, after a confirmation."""

    def __init__(self, publisher: str) -> None:
        super().__init__(say("Remove all"), f"receipts:1:drop-all:{publisher}", "danger")
        self._publisher = publisher

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Remove them."""
        await _remove(interaction, bot, lambda desk: desk.remove_publisher(self._publisher))


async def _remove(interaction: discord.Interaction[Any], bot: "ReceiptsBot", act: Callable[[Desk], Removal]) -> None:
    await interaction.response.defer()
    removal = await bot.moderate(interaction, act)
    await _show(interaction, removal_sheet(removal), UndoButton(removal.id))


class UndoButton(LastingButton, template=r"receipts:1:undo:(?P<id>\d{1,18})"):
    """Brings back what was removed, for 24 hours."""

    def __init__(self, removal: int) -> None:
        super().__init__(say("Undo"), f"receipts:1:undo:{removal}")
        self._removal = removal

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["id"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Bring it back."""
        await interaction.response.defer()
        await _show(interaction, undone_sheet(await bot.moderate(interaction, lambda desk: desk.undo(self._removal))))


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which articles a list shows; short enough for the id of a button."""

    publisher: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    words: str = ""

    def page(self, desk: Desk, offset: int, limit: int) -> Page[Article]:
        """A page of these articles."""
        return desk.browse(
            publisher=self.publisher or None,
            since=self.since,
            until=self.until,
            words=self.words or None,
            offset=offset,
            limit=limit,
        )

    @property
    def words_for(self) -> str:
        """The filter in words; empty where it lets everything through."""
        parts = (
            say("of {publisher}", publisher=self.publisher) if self.publisher else "",
            say("since {day}", day=self.since) if self.since else "",
            say("until {day}", day=self.until) if self.until else "",
            say("with “{words}”", words=self.words) if self.words else "",
        )
        return ", ".join(part for part in parts if part)

    @property
    def packed(self) -> str:
        """The filter in at most 80 characters."""
        days = "".join(f"{day:%Y%m%d}" if day else "-" * 8 for day in (self.since, self.until))
        return f"{days}{self.publisher[:30]}\x1f{self.words[:30]}"

    @classmethod
    def unpacked(cls, packed: str) -> Self:
        """The filter of such a text."""
        publisher, _, words = packed[16:].partition("\x1f")
        days = [dt.datetime.strptime(d, "%Y%m%d").date() if d.isdecimal() else None for d in (packed[:8], packed[8:16])]  # noqa: DTZ007 - a day has no zone
        return cls(publisher, days[0], days[1], words)


class ListButton(LastingButton, template=r"(?s)receipts:1:list:(?P<offset>\d{1,7}):(?P<filter>.{17,77})"):
    """Shows another page of the articles."""

    def __init__(self, label: str, offset: int, chosen: ListFilter, *, disabled: bool = False) -> None:
        super().__init__(label, f"receipts:1:list:{offset}:{chosen.packed}", disabled=disabled)
        self._offset, self._filter = offset, chosen

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls("", int(match["offset"]), ListFilter.unpacked(match["filter"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Show the page."""
        await interaction.response.defer()
        page = await bot.moderate(interaction, lambda desk: self._filter.page(desk, self._offset, PAGE))
        sheet = listing(page, self._offset, about=self._filter.words_for)
        await _show(interaction, sheet, *list_buttons(page, self._offset, self._filter))


def list_buttons(page: Page[Article], offset: int, chosen: ListFilter) -> list[discord.ui.Item[Any]]:
    """To the pages before and after; none where there is one page."""
    return neighbours(
        page.total, offset, PAGE, in_time(), lambda label, to, is_off: ListButton(label, to, chosen, disabled=is_off)
    )


class LogButton(PageButton, template=r"receipts:1:log:(?P<offset>\d{1,7})"):
    """Shows another page of the log."""

    shows = "log"

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Show the page."""
        await interaction.response.defer()
        page = await bot.moderate(interaction, lambda desk: desk.log(offset=self._offset, limit=PAGE))
        await _show(interaction, log_sheet(page, self._offset), *log_buttons(page, self._offset))


def log_buttons(page: Page[AuditEntry], offset: int) -> list[discord.ui.Item[Any]]:
    """To the pages before and after; none where there is one page."""
    return neighbours(
        page.total, offset, PAGE, in_time(), lambda label, to, is_off: LogButton(label, to, disabled=is_off)
    )


def in_time() -> tuple[str, str]:
    """The names of the buttons to the pages before and after, where the newest comes first."""
    return say("Newer"), say("Older")


class DecideButton(LastingButton, template=r"receipts:1:suggestion:(?P<act>approve|decline):(?P<id>\d{1,18})"):
    """Decides on a suggested source: approved ones are fetched and shown as a preview."""

    def __init__(self, suggestion: int, act: str) -> None:
        super().__init__(
            say("Approve") if act == "approve" else say("Decline"), f"receipts:1:suggestion:{act}:{suggestion}"
        )
        self._suggestion, self._act = suggestion, act

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["id"]), match["act"])

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Decline it, or fetch it first: one that cannot be fetched goes on waiting."""
        await interaction.response.defer()
        if self._act == "decline":
            await bot.moderate(interaction, lambda desk: desk.decide(self._suggestion, approve=False))
            page = await bot.moderate(interaction, lambda desk: desk.queue(0, 1))
            await show_queue(interaction, page, otherwise=Sheet(say("Declined"), remark=say("Nothing else waits.")))
            return
        waiting = await bot.moderate(interaction, lambda desk: desk.suggestion(self._suggestion))
        article = await bot.fetch(waiting.url)

        def approve(desk: Desk) -> int:
            desk.decide(self._suggestion, approve=True)
            return desk.draft(article)

        draft = await bot.moderate(interaction, approve)
        await _show(interaction, preview(article), *draft_buttons(draft))


async def show_queue(interaction: discord.Interaction[Any], page: Page[Suggestion], *, otherwise: Sheet) -> None:
    """Show the oldest suggestion that waits, to decide on; `otherwise` where none does."""
    if page.items:
        waiting = page.items[0]
        buttons = [DecideButton(waiting.id, "approve"), DecideButton(waiting.id, "decline")]
        await _show(interaction, suggestion_sheet(waiting, page.total), *buttons)
    else:
        await _show(interaction, otherwise)


class StopButton(LastingButton, template=r"receipts:1:stop:(?P<id>\d{1,18})"):
    """Stops an import; what is in stays in."""

    def __init__(self, number: int) -> None:
        super().__init__(say("Stop"), f"receipts:1:stop:{number}", "danger")
        self._number = number

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["id"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Stop it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await bot.moderate(interaction, lambda desk: None)
        is_running = stop_import(bot, self._number, interaction.guild_id)
        words = say("Stopping: what is in stays in") if is_running else say("This import is no longer running")
        await interaction.edit_original_response(view=sheet_layout(Sheet(words)))


SOURCE_BUTTONS = (
    DraftButton,
    RemoveArticleButton,
    RemovePublisherButton,
    UndoButton,
    ListButton,
    LogButton,
    DecideButton,
    StopButton,
)
