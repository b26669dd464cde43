"""What members dispute, page by page, for moderators."""

from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import PageButton, neighbours
from bot.member_sheets import disputes_sheet
from bot.sheets import sheet_layout
from bot.source_views import PAGE, in_time

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


class DisputesButton(PageButton, template=r"receipts:1:disputed:(?P<offset>\d{1,7})"):
    """Shows another page of what is disputed."""

    shows = "disputed"

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Show the page."""
        await interaction.response.defer()
        await show_disputes(interaction, bot, self._offset)


async def show_disputes(interaction: discord.Interaction[Any], bot: "ReceiptsBot", offset: int) -> None:
    """Show a page of what is disputed, in the place of what was there."""
    page = await bot.moderate(interaction, lambda desk: desk.disputed(offset, PAGE))
    buttons = neighbours(
        page.total, offset, PAGE, in_time(), lambda label, to, is_off: DisputesButton(label, to, disabled=is_off)
    )
    await interaction.edit_original_response(view=sheet_layout(disputes_sheet(page, offset), *buttons))
