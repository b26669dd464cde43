"""`/receipts`: how a server has the bot set up."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.sheets import settings_sheet, sheet_layout
from knowledge.desk import Desk, ServerSettings
from knowledge.models import FeedsGoTo

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

receipts = app_commands.Group(
    name="receipts",
    description="The bot in this server",
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True),
)


@receipts.command(name="settings", description="For moderators: who moderates, the log channel, shared articles, feeds")
@app_commands.describe(
    role="A role that may moderate articles too; name it again to take that back",
    log_channel="Where every change is told; name it again to take that back",
    shared="Whether the operator’s shared articles are searched too",
    feeds="Where the new articles of feeds go",
    refresh="Whether the articles’ pages are fetched again from time to time, to see what has changed",
    archive="Whether cards lead to the copy that the Internet Archive may have of the page, too",
)
@app_commands.choices(
    feeds=[
        app_commands.Choice(name="among the articles at once", value=FeedsGoTo.ARTICLES.value),
        app_commands.Choice(name="to the queue, for moderators to decide", value=FeedsGoTo.QUEUE.value),
    ]
)
async def settings(
    interaction: "discord.Interaction[ReceiptsBot]",
    role: discord.Role | None = None,
    log_channel: discord.TextChannel | None = None,
    shared: bool | None = None,
    feeds: str | None = None,
    refresh: bool | None = None,
    archive: bool | None = None,
) -> None:
    """Change what is named, and show how everything is set."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    channel = f"discord:{log_channel.id}" if log_channel else None

    def change(desk: Desk) -> ServerSettings:
        before = desk.settings()
        if role is not None:
            desk.change_settings(roles=tuple(sorted(set(before.roles) ^ {str(role.id)})))
        if channel is not None:
            desk.change_settings(log_channel=None if before.log_channel == channel else channel)
        if shared is not None:
            desk.change_settings(reads_shared=shared)
        if feeds is not None:
            desk.change_settings(feeds_go_to=FeedsGoTo(feeds))
        if refresh is not None:
            desk.change_settings(refreshes=refresh)
        if archive is not None:
            desk.change_settings(links_archive=archive)
        return desk.settings()

    after = await interaction.client.moderate(interaction, change)
    await interaction.edit_original_response(view=sheet_layout(settings_sheet(after)))
