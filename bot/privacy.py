"""What is kept of somebody, shown to them alone: as a sheet, as a file, and how it is deleted.

A button acts on the one who presses it, whatever its message says.
"""

import gzip
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import LastingButton
from bot.catalogue import say
from bot.member_sheets import forgetting_sheet, forgotten_sheet, kept_sheet
from bot.sheets import Sheet, sheet_layout
from knowledge.privacy import forget, told

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

_PLAIN_LIMIT = 1024 * 1024
"""Bytes up to which the file is plain text; a moderator's years of changes are packed."""


async def show_kept(interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
    """Show what is kept of the one who asks, in the place of what was there."""
    kept = await _kept(interaction, bot)
    buttons = [PrivacyButton("export"), PrivacyButton("delete")] if any(kept.values()) else []
    await interaction.edit_original_response(view=sheet_layout(kept_sheet(_counts(kept)), *buttons))


class PrivacyButton(LastingButton, template=r"receipts:1:privacy:(?P<act>export|delete|sure|keep)"):
    """Gives what is kept of somebody as a file, or deletes it once they say so again."""

    def __init__(self, act: str) -> None:
        labels = {
            "export": say("Export"),
            "delete": say("Delete"),
            "sure": say("Delete for good"),
            "keep": say("Cancel"),
        }
        super().__init__(labels[act], f"receipts:1:privacy:{act}", "danger" if act == "sure" else "plain")
        self._act = act

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Do it for the one who presses."""
        if self._act == "export":
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _send_file(interaction, await _kept(interaction, bot))
            return
        await interaction.response.defer()
        if self._act == "keep":
            await show_kept(interaction, bot)
        elif self._act == "delete":
            sheet = forgetting_sheet(_counts(await _kept(interaction, bot)))
            view = sheet_layout(sheet, PrivacyButton("sure"), PrivacyButton("keep"))
            await interaction.edit_original_response(view=view)
        else:
            member = bot.member(interaction)
            await bot.in_thread(lambda: forget(bot.stores, member))
            sheet = forgotten_sheet(_counts(await _kept(interaction, bot)))
            await interaction.edit_original_response(view=sheet_layout(sheet))


async def _kept(interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> Mapping[str, Sequence[Any]]:
    member = bot.member(interaction)
    return await bot.in_thread(lambda: told(bot.stores, member))


def _counts(kept: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    return {name: len(records) for name, records in kept.items()}


async def _send_file(interaction: discord.Interaction[Any], kept: Mapping[str, Sequence[Any]]) -> None:
    content, name = json.dumps(kept, ensure_ascii=False, indent=2).encode(), "kept-of-you.json"
    if len(content) > _PLAIN_LIMIT:
        content, name = gzip.compress(content), f"{name}.gz"
    file = discord.File(io.BytesIO(content), name)
    view = sheet_layout(Sheet(say("What is kept of you"), remark=say("Only you see this.")))
    view.add_item(discord.ui.File(f"attachment://{file.filename}"))
    await interaction.edit_original_response(view=view, attachments=[file])


PRIVACY_BUTTONS = (PrivacyButton,)
