"""`/check` and "Check this message": read the words, have them checked, show the card."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.messages import plain_text, unmarked
from bot.views import show_answer

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


@app_commands.command(name="check", description="Find where a quote or claim comes from, and what was changed in it")
@app_commands.describe(
    claim="The quote or claim, as you saw it",
    speaker="Who is said to have said it",
    private="Show the answer to you alone",
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def check(
    interaction: "discord.Interaction[ReceiptsBot]", claim: str, speaker: str | None = None, private: bool = False
) -> None:
    """Answer a claim that somebody typed."""
    await interaction.response.defer(ephemeral=private, thinking=True)
    fact_check = await interaction.client.check(interaction, unmarked(claim), speaker=speaker)
    await show_answer(interaction, fact_check, private=private)


@app_commands.context_menu(name="Check this message")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def check_message(interaction: "discord.Interaction[ReceiptsBot]", message: discord.Message) -> None:
    """Answer what somebody posted, for the one who asks alone."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    fact_check = await interaction.client.check(interaction, plain_text(message))
    await show_answer(interaction, fact_check, private=True)
