"""How a member suggests a source from an answer that has none: buttons that lead to the moderators' queue."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.buttons import Button
from bot.forms import SuggestForm
from bot.permissions import require_server
from bot.sheets import sheet_layout

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


class SuggestSourceButton(Button, template=r"receipts:1:suggest"):
    """Opens the form for a source; for whoever sees the answer."""

    def __init__(self) -> None:
        super().__init__("Suggest a source", "receipts:1:suggest")

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls()

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Open the form."""
        require_server(interaction)
        await interaction.response.send_modal(SuggestForm())


class SuggestThisButton(Button, template=r"receipts:1:suggest-this"):
    """Suggests the address that its message links to."""

    def __init__(self) -> None:
        super().__init__("Suggest it", "receipts:1:suggest-this", "primary")

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls()

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Put the address into the queue, and say so in the place of the button."""
        await interaction.response.defer()
        message = interaction.message
        url = next(_links(message.components), "") if message else ""
        thanks = await bot.suggest_source(interaction, url)
        await interaction.edit_original_response(view=sheet_layout(thanks))


def _links(components: Iterable[discord.Component]) -> Iterator[str]:
    """The addresses to which the buttons of a message lead."""
    for component in components:
        if isinstance(component, discord.components.Button):
            if component.url:
                yield component.url
        else:
            yield from _links(getattr(component, "children", ()))


SUGGESTION_BUTTONS = (SuggestSourceButton, SuggestThisButton)
