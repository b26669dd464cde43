"""The settings of a server as a message, and the button on it that opens the form for all of them at once."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import LastingButton
from bot.catalogue import say
from bot.forms import SettingsForm
from bot.sheets import settings_sheet, sheet_layout
from knowledge.desk import ServerSettings

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


def settings_layout(settings: ServerSettings) -> discord.ui.LayoutView:
    """How a server has the bot set up, and a way to change it."""
    return sheet_layout(settings_sheet(settings), ChangeSettingsButton())


class ChangeSettingsButton(LastingButton, template=r"receipts:1:settings"):
    """Opens the form, with what holds now."""

    def __init__(self) -> None:
        super().__init__(say("Change"), "receipts:1:settings", "primary")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Open the form, for moderators."""
        settings = await bot.moderate(interaction, lambda desk: desk.settings(), in_time=True)
        await interaction.response.send_modal(SettingsForm(_of_what_is_there(settings, interaction.guild)))


def _of_what_is_there(settings: ServerSettings, guild: discord.Guild | None) -> ServerSettings:
    """The settings without roles and channels that were deleted meanwhile, which no menu can show."""
    if guild is None or guild.unavailable:
        return settings
    channel = settings.log_channel
    is_gone = channel is not None and guild.get_channel(int(channel.removeprefix("discord:"))) is None
    roles = tuple(role for role in settings.roles if guild.get_role(int(role)))
    return replace(settings, roles=roles, log_channel=None if is_gone else channel)
