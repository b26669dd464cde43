"""How a member suggests a source from an answer that has none: buttons that lead to the moderators' queue."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import LastingButton
from bot.catalogue import say
from bot.escaping import BUTTON_URL_LIMIT, web_address
from bot.forms import SuggestForm
from bot.permissions import require_server
from bot.sheets import sheet_layout

if TYPE_CHECKING:
    from bot.client import ReceiptsBot


class SuggestSourceButton(LastingButton, template=r"receipts:1:suggest"):
    """Opens the form for a source; for whoever sees the answer."""

    def __init__(self) -> None:
        super().__init__(say("Suggest a source"), "receipts:1:suggest")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Open the form."""
        require_server(interaction)
        await interaction.response.send_modal(SuggestForm())


class SuggestThisButton(LastingButton, template=r"receipts:1:suggest-this"):
    """Suggests the address that its message links to."""

    def __init__(self) -> None:
        super().__init__(say("Suggest it"), "receipts:1:suggest-this", "primary")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Put the address into the queue."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        message = interaction.message
        url = next(_links(message.components), "") if message else ""
        thanks = await bot.suggest_source(interaction, url)
        await interaction.edit_original_response(view=sheet_layout(thanks))


def button_to_suggest(url: str) -> discord.ui.Item[Any]:
    """One press where a message can hold the address, which is all that the button knows; the form elsewhere."""
    address = web_address(url)
    is_held = address is not None and len(address) <= BUTTON_URL_LIMIT
    return SuggestThisButton() if is_held else SuggestSourceButton()


def _links(components: Iterable[discord.Component]) -> Iterator[str]:
    """The addresses to which the buttons of a message lead."""
    for component in components:
        if isinstance(component, discord.components.Button):
            if component.url:
                yield component.url
        else:
            yield from _links(getattr(component, "children", ()))


SUGGESTION_BUTTONS = (SuggestSourceButton, SuggestThisButton)
