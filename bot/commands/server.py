"""`/receipts`: help, the status of the articles and, for moderators, the settings of a server.

Discord knows permissions and places for a whole command only. What members may use in it decides both: the command is
shown to everybody everywhere, and the bot itself refuses `settings` to who does not moderate, and outside servers.
"""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.commands.disputed import disputed, feedback
from bot.gaps import show_gaps
from bot.help import show_help
from bot.settings_views import settings_layout
from bot.status import status_layout
from knowledge.desk import Desk, ServerSettings, SettingsChanges
from knowledge.models import FeedsGoTo

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

    Interaction = discord.Interaction[ReceiptsBot]

receipts = app_commands.Group(
    name="receipts",
    description="What the bot does, and how it is set up here",
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
)
receipts.add_command(disputed)
receipts.add_command(feedback)


@receipts.command(name="help", description="What the bot does, what its answers mean, what is kept about you")
async def help_(interaction: "Interaction") -> None:
    """Show the first screen."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await show_help(interaction, interaction.client, 1)


@receipts.command(name="status", description="How many articles are searched here, and how many checks there were")
async def status(interaction: "Interaction") -> None:
    """Show how the articles stand."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    found = await interaction.client.collection_status(interaction)
    await interaction.edit_original_response(view=status_layout(found))


@receipts.command(name="settings", description="For moderators: who moderates, the log channel, what is private, feeds")
@app_commands.describe(
    role="A role that may moderate articles too; name it again to take that back",
    log_channel="Where every change is told; name it again to take that back",
    private="Whether answers to /check are shown to the asker alone where they do not say it",
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
    interaction: "Interaction",
    role: discord.Role | None = None,
    log_channel: discord.TextChannel | None = None,
    private: bool | None = None,
    shared: bool | None = None,
    feeds: str | None = None,
    refresh: bool | None = None,
    archive: bool | None = None,
) -> None:
    """Change all that is named in one go, and show how everything is set."""
    await interaction.response.defer(ephemeral=True, thinking=True)

    def change(desk: Desk) -> ServerSettings:
        before = desk.settings()
        changes: SettingsChanges = {}
        if role is not None:
            changes["roles"] = tuple(sorted(set(before.roles) ^ {str(role.id)}))
        if log_channel is not None:
            channel = f"discord:{log_channel.id}"
            changes["log_channel"] = None if before.log_channel == channel else channel
        if private is not None:
            changes["private_by_default"] = private
        if shared is not None:
            changes["reads_shared"] = shared
        if feeds is not None:
            changes["feeds_go_to"] = FeedsGoTo(feeds)
        if refresh is not None:
            changes["refreshes"] = refresh
        if archive is not None:
            changes["links_archive"] = archive
        return desk.change_settings(**changes) if changes else before

    after = await interaction.client.moderate(interaction, change)
    await interaction.edit_original_response(view=settings_layout(after))


@receipts.command(name="gaps", description="For moderators: what members wait for and the articles do not have")
async def gaps(interaction: "discord.Interaction[ReceiptsBot]") -> None:
    """Show what is missing most."""
    await show_gaps(interaction)
