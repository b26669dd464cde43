"""*Tell me if it turns up*: what is asked before anything is kept, what is said then, and how it is stopped.

A watch ends with its first hit. Its buttons know its number alone, and work for its member alone.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.buttons import LastingButton, asked_of
from bot.cards import Card, Fact, card_of, refusal_card
from bot.catalogue import plural, say
from bot.layout import Asked, asked_by, claim_files, layout
from bot.permissions import is_in_server
from bot.sheets import Line, Sheet, sheet_layout
from knowledge.lookout import is_an_answer
from knowledge.retention import WATCH_KEPT
from knowledge.watches import MOST_WATCHES, Gap, Watch

if TYPE_CHECKING:
    from bot.client import ReceiptsBot
    from knowledge.checker import FactCheck

_GAP_WORDS = 160


class WatchButton(LastingButton, template=r"receipts:1:watch"):
    """Asks whether somebody wants to be told of a claim, and says what that takes."""

    def __init__(self) -> None:
        super().__init__(say("Tell me if it turns up"), "receipts:1:watch")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Ask, unless it is there by now or is watched for already."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        asked = await asked_of(interaction, bot)
        if asked is None:
            return
        if found := await _answer_to(interaction, bot, asked):
            await _show(interaction, found)
            return
        member = bot.member(interaction)
        own = await bot.in_thread(lambda: bot.watches.own(member))
        collection = bot.collection_of(interaction)
        known = (one for one in own if (one.collection, one.text, one.speaker) == (collection, *_words(asked)))
        if (watch := next(known, None)) is not None:
            await interaction.edit_original_response(view=_confirmation(watch, len(own)))
            return
        card = _consent_card(asked, in_server=is_in_server(interaction))
        await interaction.edit_original_response(
            view=layout(card, AgreeButton()), attachments=claim_files(asked_by(card))
        )


class AgreeButton(LastingButton, template=r"receipts:1:watch:yes"):
    """Keeps a claim, for the one who agreed to it."""

    def __init__(self) -> None:
        super().__init__(say("Yes, tell me"), "receipts:1:watch:yes", "primary")

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Keep it, then look once more: it may have come in between the question and the answer."""
        await interaction.response.defer()
        asked = await asked_of(interaction, bot)
        if asked is None:
            return
        text, speaker = _words(asked)
        member, collection = bot.member(interaction), bot.collection_of(interaction)
        place = f"discord:{interaction.channel_id}" if is_in_server(interaction) else ""
        watch = await bot.in_thread(
            lambda: bot.watches.add(
                collection, text, member=member, place=place, speaker=speaker, locale=str(interaction.locale)
            )
        )
        if found := await _answer_to(interaction, bot, asked):
            await bot.in_thread(lambda: bot.watches.stop(watch.id, member))
            await _show(interaction, found)
            return
        own = await bot.in_thread(lambda: bot.watches.own(member))
        await interaction.edit_original_response(view=_confirmation(watch, len(own)), attachments=[])


class StopButton(LastingButton, template=r"receipts:1:unwatch(?::(?P<watch>\d{1,18}))?"):
    """Deletes a watch, or without a number all of the one who presses."""

    def __init__(self, watch: int | None = None) -> None:
        super().__init__(say("Stop"), "receipts:1:unwatch" + (f":{watch}" if watch is not None else ""), "danger")
        self._watch = watch

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["watch"]) if match["watch"] else None)

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Delete, and say what was deleted."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        member, number = bot.member(interaction), self._watch
        if number is None:
            stopped = await bot.in_thread(lambda: bot.watches.forget(member))
        elif await _is_anothers(interaction, bot, number):
            return
        else:
            stopped = await bot.in_thread(lambda: int(bot.watches.stop(number, member)))
        await interaction.edit_original_response(view=sheet_layout(_stopped(stopped)))


class ShowButton(LastingButton, template=r"receipts:1:show:(?P<watch>\d{1,18})"):
    """Shows what turned up, to the one who was called alone."""

    def __init__(self, watch: int) -> None:
        super().__init__(say("Show me"), f"receipts:1:show:{watch}", "primary")
        self._watch = watch

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["watch"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Show it, which ends the watch."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if await _is_anothers(interaction, bot, self._watch):
            return
        watch = await bot.in_thread(lambda: bot.watches.get(self._watch))
        if watch is None:
            await interaction.edit_original_response(view=sheet_layout(_stopped(0)))
            return
        card = told_card(await bot.check_again(watch))
        await interaction.edit_original_response(
            view=layout(card, StopButton()), attachments=claim_files(asked_by(card))
        )
        await bot.in_thread(lambda: bot.watches.stop(watch.id, watch.member))


WATCH_BUTTONS = (WatchButton, AgreeButton, StopButton, ShowButton)


def _words(asked: Asked) -> tuple[str, str | None]:
    return asked.text, asked.speaker


async def _answer_to(interaction: discord.Interaction[Any], bot: "ReceiptsBot", asked: Asked) -> "FactCheck | None":
    """The answer to a claim that can be answered by now."""
    found = await bot.check(interaction, asked.text, speaker=asked.speaker)
    return found if is_an_answer(found) else None


async def _show(interaction: discord.Interaction[Any], found: "FactCheck") -> None:
    from bot.views import show_answer  # whose answers have a button of this module

    await show_answer(interaction, found, private=True)


async def _is_anothers(interaction: discord.Interaction[Any], bot: "ReceiptsBot", number: int) -> bool:
    """Whether a watch is somebody else's; then it is said."""
    watch = await bot.in_thread(lambda: bot.watches.get(number))
    is_anothers = watch is not None and watch.member != bot.member(interaction)
    if is_anothers:
        refusal = refusal_card(say("that is for the one who asked to be told"))
        await interaction.edit_original_response(view=layout(refusal))
    return is_anothers


# --- what is said ---


def _consent_card(asked: Asked, *, in_server: bool) -> Card:
    """What is kept, for how long, who sees it, and how it ends: before anything is kept."""
    if in_server:
        told = say("You get one direct message with the answer; where you take none, a mention in this channel.")
        kept = say(
            "these words, your account, this channel, your language, for {n} days; moderators see the words, no names",
            n=WATCH_KEPT.days,
        )
    else:
        told = say("You get one direct message with the answer; where you take none, nothing.")
        kept = say("these words, your account, your language, for {n} days", n=WATCH_KEPT.days)
    return Card(
        verdict=None,
        symbol="–",
        label=say("Nothing is kept yet"),
        colour=0x999999,
        headline=say("do you want to be told when this turns up?"),
        claim=asked.text,
        speaker=asked.speaker or "",
        remarks=(told,),
        facts=(
            Fact(say("Kept"), kept),
            Fact(say("It ends"), say("with that message, or when you press Stop, which deletes it")),
        ),
    )


def _confirmation(watch: Watch, own: int) -> discord.ui.LayoutView:
    """What is kept, once it is."""
    sheet = Sheet(
        title=say("You will be told when it turns up"),
        said=watch.text,
        lines=(
            Line(say("Kept until"), f"{watch.ends_at:%Y-%m-%d}"),
            Line(say("Yours"), say("{own} of {most}", own=own, most=MOST_WATCHES)),
        ),
        remark=say("It ends with the first answer. Stop deletes it at once."),
    )
    return sheet_layout(sheet, StopButton(watch.id))


def _stopped(watches: int) -> Sheet:
    if not watches:
        return Sheet(say("That has ended already"), remark=say("Nothing of it is kept. /check looks for it again."))
    remark = plural(
        "{n} claim deleted: you are not told of it.", "{n} claims deleted: you are not told of them.", watches
    )
    return Sheet(say("Stopped"), remark=remark)


def told_card(found: "FactCheck") -> Card:
    """The card of what turned up."""
    card = card_of(found)
    why = say("You asked to be told of this; it is kept no longer. Stop ends all that you still wait for.")
    return replace(card, remarks=(why, *card.remarks))


def call(watch: Watch, account: int) -> discord.ui.LayoutView:
    """What calls a member in a channel, where others read it: nothing of the claim."""
    words = say("{member}, what you asked to be told of has turned up.", member=f"<@{account}>")
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(words))
    return view.add_item(discord.ui.ActionRow(ShowButton(watch.id), StopButton(watch.id)))


def gaps_sheet(gaps: tuple[Gap, ...]) -> Sheet:
    """What members wait for and nobody has added."""
    if not gaps:
        return Sheet(say("No gaps"), remark=say("Nobody here waits for a claim that the articles do not have."))
    return Sheet(
        title=say("What members wait for"),
        lines=tuple(
            Line(
                plural("{n} member, since {day}", "{n} members, since {day}", gap.members, day=f"{gap.since:%Y-%m-%d}"),
                _shortened(gap.text),
            )
            for gap in gaps
        ),
        remark=say("From members who pressed “Tell me if it turns up”. /source add fills a gap."),
    )


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _GAP_WORDS else f"{words[:_GAP_WORDS]} …"
