"""`/receipts gaps`: what members of a server wait for and its articles do not have, without their names."""

from typing import TYPE_CHECKING

from bot.sheets import sheet_layout
from bot.watch_views import gaps_sheet

if TYPE_CHECKING:
    import discord

    from bot.client import ReceiptsBot

_SHOWN = 10


async def show_gaps(interaction: "discord.Interaction[ReceiptsBot]") -> None:
    """Show moderators what is missing most."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    await bot.moderate(interaction, lambda desk: None)
    gaps = await bot.in_thread(lambda: bot.watches.gaps(bot.collection_of(interaction), _SHOWN))
    await interaction.edit_original_response(view=sheet_layout(gaps_sheet(gaps)))
