"""An answer in Discord: its card with its buttons, which work for as long as the message lives, also after a restart.

The message is all that a button knows: what it answers is read back from the card.
"""

import logging
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.buttons import LastingButton, asked_here
from bot.cards import card_of, refusal_card
from bot.catalogue import say
from bot.details import TIMELINE_FILE, details_layout
from bot.feedback import FEEDBACK_BUTTONS, opinion_buttons
from bot.layout import asked_by, claim_files, layout
from bot.permissions import is_in_server
from bot.sheets import Sheet, sheet_layout
from bot.suggestions import SuggestSourceButton, button_to_suggest
from bot.timeline import Timeline, picture_of, timeline_of
from bot.watch_views import WatchButton
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    from bot.client import ReceiptsBot
    from knowledge.checker import FactCheck

log = logging.getLogger(__name__)

_DETAILS_LIMIT = 12
"""Articles that *Details* lists: as many as a check looks at."""


async def show_answer(interaction: discord.Interaction[Any], fact_check: "FactCheck", *, private: bool) -> None:
    """Put the card that answers a claim in the place of "thinking"."""
    card = card_of(fact_check)
    view = layout(card, *_buttons(interaction, fact_check, private=private))
    await interaction.edit_original_response(view=view, attachments=claim_files(asked_by(card)))


def _buttons(
    interaction: discord.Interaction[Any], fact_check: "FactCheck", *, private: bool
) -> list[discord.ui.Item[Any]]:
    """What can be done with an answer; Discord itself dismisses a private one."""
    buttons: list[discord.ui.Item[Any]] = [DetailsButton(), ShareButton() if private else RemoveButton()]
    if fact_check.verdict is Verdict.NOT_FOUND and is_in_server(interaction):
        buttons.append(SuggestSourceButton())
    if fact_check.verdict is Verdict.NOT_FOUND:
        buttons.append(WatchButton())
    return buttons


async def show_link(
    interaction: discord.Interaction[Any], sheet: Sheet, *, private: bool, suggested: str | None = None
) -> None:
    """Put the answer to a link in the place of "thinking"; `suggested` is the address that can be suggested."""
    buttons: list[discord.ui.Item[Any]] = [] if private else [RemoveButton()]
    if suggested is not None and is_in_server(interaction):
        buttons.insert(0, button_to_suggest(suggested))
    await interaction.edit_original_response(view=sheet_layout(sheet, *buttons))


class DetailsButton(LastingButton, template=r"receipts:1:details"):
    """Tells more of an answer, to the one who presses alone."""

    def __init__(self) -> None:
        super().__init__(say("Details"), "receipts:1:details")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Check the claim again, with more articles."""
        asked = await asked_here(interaction, bot, private=True)
        if asked is not None:
            found = await bot.check(interaction, asked.text, speaker=asked.speaker, limit=_DETAILS_LIMIT)
            view, files = _details(found)
            await interaction.edit_original_response(view=view, attachments=files)
            timeline = timeline_of(found)
            if timeline is not None:
                bot.in_background(_add_picture(interaction, bot, found, timeline))


def _details(found: "FactCheck", timeline: Timeline | None = None) -> tuple[discord.ui.LayoutView, list[discord.File]]:
    """The message that tells more, and the files that go with it."""
    card = card_of(found)
    view = details_layout(found, card, *opinion_buttons(found.verdict), timeline=timeline)
    return view, claim_files(asked_by(card))


async def _add_picture(
    interaction: discord.Interaction[Any], bot: "ReceiptsBot", found: "FactCheck", timeline: Timeline
) -> None:
    """Put the picture of a time line into details that are being read already, which do not need it."""
    try:
        picture = discord.File(BytesIO(await bot.draw(partial(picture_of, timeline))), TIMELINE_FILE)
        view, files = _details(found, timeline)
        await interaction.edit_original_response(view=view, attachments=[*files, picture])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("the picture of a time line could not be delivered: %s", type(error).__name__)


class ShareButton(LastingButton, template=r"receipts:1:share"):
    """Shows a private answer to everybody in the channel, in the name of the one who presses."""

    def __init__(self) -> None:
        super().__init__(say("Share"), "receipts:1:share")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Check the claim again, for all to see."""
        asked = await asked_here(interaction, bot, private=False)
        if asked is not None:
            found = await bot.check(interaction, asked.text, speaker=asked.speaker)
            await show_answer(interaction, found, private=False)


class RemoveButton(LastingButton, template=r"receipts:1:remove"):
    """Takes an answer away, for the one who asked and for moderators."""

    def __init__(self) -> None:
        super().__init__(say("Remove"), "receipts:1:remove")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Remove the answer, or say who may."""
        if not _may_remove(interaction):
            refusal = refusal_card(say("only the one who asked, or a moderator, can remove this"))
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


BUTTONS = (DetailsButton, ShareButton, RemoveButton, *FEEDBACK_BUTTONS)
