"""`/search`: the passages that have some words, to read for oneself; nothing is judged."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.escaping import clean
from bot.search_pages import WORDS_LIMIT, search_page

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


@app_commands.command(name="search", description="Read what the articles have on some words, one passage an article")
@app_commands.describe(words="What to look for", private="Show the answer to you alone, or to everybody")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def search(
    interaction: "discord.Interaction[ReceiptsBot]",
    words: app_commands.Range[str, 1, WORDS_LIMIT],
    private: bool = True,
) -> None:
    """Show the first page."""
    bot = interaction.client
    bot.count_question(interaction)
    await interaction.response.defer(ephemeral=private, thinking=True)
    found = await bot.search(interaction, clean(words))
    await interaction.edit_original_response(view=search_page(found, 0, is_private=private))
