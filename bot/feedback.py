"""What a member thinks of an answer: three buttons on *Details*, and a question before anything is kept.

Like a card, each message here is all that its buttons know: what was asked, the verdict, and where the passage is.
"""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.buttons import LastingButton, asked_here, asked_of
from bot.cards import LOOKS
from bot.catalogue import say
from bot.escaping import fitted, labelled, lines_within, plain
from bot.layout import Asked, address_in, claim_files, claim_items, link_buttons
from bot.member_sheets import OPINIONS
from bot.permissions import is_in_server
from bot.sheets import Sheet, sheet_layout
from knowledge.feedback import Answer
from knowledge.models import Opinion
from knowledge.retention import FEEDBACK_KEPT
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

_WHAT = f"(?P<opinion>{'|'.join(Opinion)}):(?P<verdict>{'|'.join(Verdict)})"
_LINE_SHARE = 500


def opinion_buttons(verdict: Verdict) -> list[discord.ui.Item[Any]]:
    """What can be said of an answer."""
    return [OpinionButton(opinion, verdict) for opinion in Opinion]


class _AboutAnswer(LastingButton, template=r"receipts:1:never-about"):
    """A button that knows an opinion, and the verdict that it is about."""

    def __init__(self, label: str, does: str, opinion: Opinion, verdict: Verdict, style: str = "plain") -> None:
        super().__init__(label, f"receipts:1:{does}:{opinion}:{verdict}", style)
        self._opinion, self._verdict = opinion, verdict


class OpinionButton(_AboutAnswer, template=rf"receipts:1:opinion:{_WHAT}"):
    """Asks whether an opinion shall be kept; nothing is kept yet."""

    def __init__(self, opinion: Opinion, verdict: Verdict) -> None:
        super().__init__(say(OPINIONS[opinion]), "opinion", opinion, verdict)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(Opinion(match["opinion"]), Verdict(match["verdict"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Show what would be kept."""
        asked = await asked_here(interaction, bot, private=True)
        if asked is not None and interaction.message is not None:
            address = address_in(interaction.message)
            view = question_layout(asked, address, self._opinion, self._verdict, is_server=is_in_server(interaction))
            await interaction.edit_original_response(view=view, attachments=claim_files(asked))


def question_layout(
    asked: Asked, address: str, opinion: Opinion, verdict: Verdict, *, is_server: bool
) -> discord.ui.LayoutView:
    """What would be kept of an answer, with the choice to send it. Any text fits, as in a card."""
    ui = discord.ui
    title = say("Tell the moderators of this server?") if is_server else say("Tell those who run the bot?")
    said = ((say("You say"), say(OPINIONS[opinion])), (say("The verdict"), say(LOOKS[verdict].label)))
    kept = say(
        "Kept for {n} days: the claim, the passage’s address, the verdict and what you say of it. In place of your "
        "name a keyed hash is kept, so that you count once. /privacy shows it and lets you delete it.",
        n=FEEDBACK_KEPT.days,
    )
    items: list[discord.ui.Item[Any]] = [
        ui.TextDisplay(f"### {fitted(plain(title), _LINE_SHARE)}"),
        ui.TextDisplay(lines_within([labelled(*line) for line in said], _LINE_SHARE)),
        *claim_items(asked),
        ui.TextDisplay(f"-# {fitted(plain(kept), _LINE_SHARE)}"),
        ui.ActionRow(*link_buttons(say("Open the source"), address), SendButton(opinion, verdict), CancelButton()),
    ]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*items))


class SendButton(_AboutAnswer, template=rf"receipts:1:send:{_WHAT}"):
    """Keeps an opinion, which the one who presses has read in full."""

    def __init__(self, opinion: Opinion, verdict: Verdict) -> None:
        super().__init__(say("Send"), "send", opinion, verdict, "primary")

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(Opinion(match["opinion"]), Verdict(match["verdict"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Keep it, and say thanks."""
        await interaction.response.defer()
        message, asked = interaction.message, await asked_of(interaction, bot)
        if message is None or asked is None:
            return
        answer = Answer(asked.text, self._verdict, address_in(message), asked.speaker or "")
        is_second = await bot.give_feedback(interaction, answer, self._opinion)
        remark = say("/privacy shows what is kept of you and lets you delete it.")
        if is_second:
            remark = f"{remark} {say('It takes the place of what you said of this answer before.')}"
        thanks = Sheet(say("Sent, thank you"), remark=remark)
        await interaction.edit_original_response(view=sheet_layout(thanks), attachments=[])


class CancelButton(LastingButton, template=r"receipts:1:send-nothing"):
    """Keeps nothing."""

    def __init__(self) -> None:
        super().__init__(say("Cancel"), "receipts:1:send-nothing")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Say that nothing was kept."""
        await interaction.response.defer()
        nothing = sheet_layout(Sheet(say("Nothing was sent, and nothing is kept")))
        await interaction.edit_original_response(view=nothing, attachments=[])


FEEDBACK_BUTTONS = (OpinionButton, SendButton, CancelButton)
