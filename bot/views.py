"""Buttons that work for as long as their message lives, also after a restart: the message is all that they know."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.cards import layout, refusal_card

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


class RemoveButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"receipts:1:remove"):
    """Takes an answer away, for the one who asked and for moderators."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Remove", custom_id="receipts:1:remove"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button of a message of any age."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Remove the answer, or say who may."""
        bot: ReceiptsBot = interaction.client
        async with bot.answering(interaction, "Remove"):
            if not _may_remove(interaction):
                refusal = refusal_card("only the one who asked, or a moderator, can remove this")
                await interaction.response.send_message(view=layout(refusal), ephemeral=True)
                return
            await interaction.response.defer()
            await interaction.delete_original_response()


def _may_remove(interaction: discord.Interaction[Any]) -> bool:
    message = interaction.message
    asked = message.interaction_metadata if message else None
    if asked is not None and asked.user.id == interaction.user.id:
        return True
    return interaction.guild_id is not None and interaction.permissions.manage_messages


BUTTONS = (RemoveButton,)
