"""`/receipts`: how a server has the bot set up."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.sheets import settings_sheet, sheet_layout

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

receipts = app_commands.Group(
    name="receipts",
    description="The bot in this server",
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True),
)


@receipts.command(name="settings", description="For moderators: who moderates, the log channel, shared articles")
@app_commands.describe(
    role="A role that may moderate articles too; name it again to take that back",
    log_channel="Where every change is told",
    shared="Whether the operator’s shared articles are searched too",
)
async def settings(
    interaction: "discord.Interaction[ReceiptsBot]",
    role: discord.Role | None = None,
    log_channel: discord.TextChannel | None = None,
    shared: bool | None = None,
) -> None:
    """Change what is named, and show how everything is set."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    before = await bot.moderate(interaction, lambda desk: desk.settings())
    changes: dict[str, object] = {}
    if role is not None:
        changes["roles"] = tuple(sorted(set(before.roles) ^ {str(role.id)}))
    if log_channel is not None:
        named = f"discord:{log_channel.id}"
        changes["log_channel"] = None if before.log_channel == named else named
    if shared is not None:
        changes["reads_shared"] = shared
    after = await bot.moderate(interaction, lambda desk: desk.change_settings(**changes) if changes else before)
    await interaction.edit_original_response(view=sheet_layout(settings_sheet(after)))
