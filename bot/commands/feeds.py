"""`/feed`: the feeds whose new articles come in by themselves. Polling them is in `knowledge.polling`."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.sheets import Sheet, feed_sheet, feeds_sheet, sheet_layout, unfollowed_sheet
from knowledge.desk import Desk

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

    Interaction = discord.Interaction[ReceiptsBot]

_MOST_CHOICES = 25

feed = app_commands.Group(
    name="feed",
    description="The feeds whose new articles this server takes in",
    default_permissions=discord.Permissions(manage_messages=True),
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True),
)


@feed.command(name="add", description="Follow a feed: its new articles come in by themselves")
@app_commands.describe(url="The address of the feed, RSS or Atom")
async def add(interaction: "Interaction", url: app_commands.Range[str, 1, 2000]) -> None:
    """See that it is a feed, and follow it."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    await bot.moderate(interaction, lambda desk: None)  # nobody else makes the bot fetch anything
    found = await bot.fetch_feed(url)

    def follow(desk: Desk) -> Sheet:
        return feed_sheet(desk.add_feed(url, found.title), desk.settings().feeds_go_to)

    sheet = await bot.moderate(interaction, follow)
    await interaction.edit_original_response(view=sheet_layout(sheet))


@feed.command(name="list", description="The feeds that are followed, and what went wrong with them")
async def list_(interaction: "Interaction") -> None:
    """Show all of them."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    feeds = await interaction.client.moderate(interaction, lambda desk: desk.feeds())
    await interaction.edit_original_response(view=sheet_layout(feeds_sheet(feeds)))


@feed.command(name="remove", description="Follow a feed no longer; its articles stay")
@app_commands.describe(feed="The feed: its number or its address")
async def remove(interaction: "Interaction", feed: app_commands.Range[str, 1, 2000]) -> None:
    """Forget a feed."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    gone = await interaction.client.moderate(interaction, lambda desk: desk.remove_feed(feed))
    await interaction.edit_original_response(view=sheet_layout(unfollowed_sheet(gone)))


@remove.autocomplete("feed")
async def _feeds(interaction: "Interaction", typed: str) -> list[app_commands.Choice[str]]:
    found = await interaction.client.suggest(interaction, lambda desk: desk.feeds())
    wanted = typed.strip().casefold()
    fitting = [one for one in found if wanted in f"{one.title} {one.url}".casefold()][:_MOST_CHOICES]
    return [app_commands.Choice(name=(one.title or one.url)[:100], value=str(one.id)) for one in fitting]
