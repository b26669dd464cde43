"""`/suggest`: any member may name a source for the moderators to look at."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.sheets import sheet_layout

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


@app_commands.command(name="suggest", description="Suggest a source that this server’s moderators should add")
@app_commands.describe(url="The address of the article", note="Why, or what to look for in it")
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def suggest(
    interaction: "discord.Interaction[ReceiptsBot]",
    url: app_commands.Range[str, 1, 2000],
    note: app_commands.Range[str, 1, 500] = "",
) -> None:
    """Put it into the queue."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    thanks = await interaction.client.suggest_source(interaction, url, note)
    await interaction.edit_original_response(view=sheet_layout(thanks))
