"""What lasting buttons share: each knows all it needs from its id and its message, so that it survives a restart."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord

from bot.cards import stale_card
from bot.layout import Asked, asked_in, layout

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

_STYLES = {
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
    "plain": discord.ButtonStyle.secondary,
}


class LastingButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"receipts:1:never"):
    """A button whose failures are told in words. `style` is "primary", "danger" or "plain"."""

    def __init__(self, label: str, custom_id: str, style: str = "plain", *, disabled: bool = False) -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label, custom_id=custom_id, style=_STYLES[style], disabled=disabled
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button of a message of any age."""
        return cls.of(match)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id, whose groups are what the class is made of; words, unless it reads them itself."""
        return cls(*match.groups())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what it is for."""
        bot: ReceiptsBot = interaction.client
        await bot.carry_out(interaction, type(self).__name__, self.carry_out)

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """What the button is for, once there is time for it."""
        raise NotImplementedError


class PageButton(LastingButton, template=r"receipts:1:never-page"):
    """Shows the page from an offset on; `shows` is what its id calls these pages."""

    shows: ClassVar[str]

    def __init__(self, label: str, offset: int, *, disabled: bool = False) -> None:
        super().__init__(label, f"receipts:1:{self.shows}:{offset}", disabled=disabled)
        self._offset = offset

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls("", int(match["offset"]))


def neighbours(
    total: int, offset: int, size: int, names: tuple[str, str], button: Callable[[str, int, bool], discord.ui.Item[Any]]
) -> list[discord.ui.Item[Any]]:
    """The buttons to the pages before and after, under these names; none where all fits one page."""
    if total <= size:
        return []
    return [
        button(names[0], max(0, offset - size), offset == 0),
        button(names[1], offset + size, offset + size >= total),
    ]


async def asked_here(interaction: discord.Interaction[Any], bot: "ReceiptsBot", *, private: bool) -> Asked | None:
    """What the message of a button answers, once the press is acknowledged; where it tells nothing, says so."""
    bot.count_question(interaction)
    await interaction.response.defer(ephemeral=private, thinking=True)
    return await asked_of(interaction, bot)


async def asked_of(interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> Asked | None:
    """What the message of an acknowledged press answers; where it tells nothing, says so in its place."""
    asked = await asked_in(interaction.message, bot.http.get_from_cdn) if interaction.message else None
    if asked is None:
        await interaction.edit_original_response(view=layout(stale_card()), attachments=[])
    return asked
