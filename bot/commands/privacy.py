"""`/privacy`: what is kept of the one who asks. What there is to be kept is in `knowledge.privacy`."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.privacy import show_kept

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


@app_commands.command(name="privacy", description="What this bot keeps of you: see it, take it with you, delete it")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def privacy(interaction: "discord.Interaction[ReceiptsBot]") -> None:
    """Show it to the one who asks alone."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await show_kept(interaction, interaction.client)
