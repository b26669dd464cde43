"""`Card` → Discord message, within Discord's limits and a phone's screen; and the claim back from such a message.

A card keeps the whole claim that it answers, so that its buttons need no other record: written out where it is short,
in a file where it is long. So do the messages that its buttons lead to.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.cards import Card
from bot.catalogue import say
from bot.escaping import BUTTON_URL_LIMIT, fitted, labelled, lines_within, plain, unescaped, web_address, width

if TYPE_CHECKING:
    import discord

# In UTF-16 units, in which Discord's strictest clients count. All together stay far below the 4,000 that a message's
# texts may have: a phone's screen of 390 by 844 is the limit (`tests.end_to_end.test_web_console` measures it).
_HEADLINE_SHARE = 180
_CLAIM_SHARE = 300
_CUT_CLAIM_SHARE = 80
_SPEAKER_SHARE = 120
_PARTS_SHARE = 360
_NOTES_SHARE = 160
_FACTS_SHARE = 280
_PASSAGES_SHOWN = 3
_PASSAGES_AND_CLAIM = 460
_LEAST_PASSAGES = 170

# The numbers of the texts that hold the claim; Discord gives the others numbers of its own, from 1 on.
_CLAIM, _SPEAKER = 9001, 9002
_CLAIM_FILE = "claim.txt"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a card answers: the claim, and who is said to have said it."""

    text: str
    speaker: str | None = None


def layout(card: Card, *buttons: "discord.ui.Item[Any]") -> "discord.ui.LayoutView":
    """The card as a Discord message, its buttons beside the link. Any text fits; none can mention, format or link."""
    import discord  # the terminal shows cards too and need not wait for it

    ui = discord.ui
    blocks: list[discord.ui.Item[discord.ui.LayoutView]] = [ui.TextDisplay(_heading(card))]
    blocks += claim_items(asked_by(card))
    if card.parts:
        blocks.append(ui.TextDisplay(lines_within([plain(part) for part in card.parts], _PARTS_SHARE)))
    if any(card.passages):
        blocks += [ui.Separator(), ui.TextDisplay(_quoted(card))]
    if card.notes:
        notes = [labelled(f"{'⚠ ' if note.warns else ''}{note.label}", note.text) for note in card.notes]
        blocks.append(ui.TextDisplay(lines_within(notes, _NOTES_SHARE)))
    if card.facts:
        facts = [labelled(fact.name, fact.value) for fact in card.facts]
        blocks += [ui.Separator(), ui.TextDisplay(lines_within(facts, _FACTS_SHARE))]
    sources = link_buttons(say("Open the source"), card.link, card.url)
    row = [*sources, *link_buttons(say("Archived copy"), card.archived), *buttons]
    blocks += [ui.ActionRow(*row[start : start + 5]) for start in range(0, len(row), 5)]
    view = ui.LayoutView(timeout=None)
    return view.add_item(ui.Container(*blocks, accent_colour=card.colour))


def link_buttons(label: str, *urls: str | None) -> "list[discord.ui.Item[Any]]":
    """A button that leads to the first address that a button can hold; none where there is none."""
    import discord

    addresses = (web_address(url) for url in urls if url)
    address = next((one for one in addresses if one and len(one) <= BUTTON_URL_LIMIT), None)
    return [discord.ui.Button(label=label, url=address)] if address else []


def open_link(longest: int, *urls: str | None) -> str:
    """A link in a text to the first address of so many characters at most; empty where there is none."""
    addresses = (web_address(url) for url in urls if url)
    address = next((one for one in addresses if one and len(one) <= longest), None)
    return f"[{say('open')}](<{address.replace('@', '%40')}>)" if address else ""


def _heading(card: Card) -> str:
    title = f"### {card.symbol} {fitted(plain(card.title), _HEADLINE_SHARE)}"
    return "\n".join([title, *(fitted(plain(remark), 120) for remark in card.remarks[:2])])


def _quoted(card: Card) -> str:
    passages = [passage for passage in card.passages if passage][:_PASSAGES_SHOWN]
    taken = min(width(card.claim), _CLAIM_SHARE) + min(sum(map(width, card.parts)), _PARTS_SHARE)
    share = max(_PASSAGES_AND_CLAIM - taken, _LEAST_PASSAGES) // len(passages) - 10
    between = f"\n-# {say('and')}\n"
    quotes = between.join(f"> {fitted(passage, share)}" for passage in passages)
    return f"**{card.passage_label}**\n{quotes}"


# --- the claim, there and back ---


def asked_by(card: Card) -> Asked:
    """What a card answers."""
    return Asked(card.claim, card.speaker or None)


def claim_items(asked: Asked) -> "list[discord.ui.Item[Any]]":
    """The claim in a message, from which `asked_in` reads it back; `claim_files` go with it."""
    import discord

    if not asked.text:
        return []
    share = _CUT_CLAIM_SHARE if _is_long(asked) else _CLAIM_SHARE
    items: list[discord.ui.Item[Any]] = [
        discord.ui.TextDisplay(f"-# {say('Claim')}: {fitted(plain(asked.text), share)}", id=_CLAIM)
    ]
    if asked.speaker:
        said_by = f"-# {say('Said to be by')}: {fitted(plain(asked.speaker), _SPEAKER_SHARE)}"
        items.append(discord.ui.TextDisplay(said_by, id=_SPEAKER))
    if _is_long(asked):
        items.append(discord.ui.File(f"attachment://{_CLAIM_FILE}"))
    return items


def _is_long(asked: Asked) -> bool:
    """Whether the claim or its speaker is too long to be written out in a message."""
    escaped = (fitted(plain(words), 10 * len(words) + 10) for words in (asked.text, asked.speaker or ""))
    return any(width(words) > share for words, share in zip(escaped, (_CLAIM_SHARE, _SPEAKER_SHARE), strict=True))


def claim_files(asked: Asked) -> "list[discord.File]":
    """The file that goes with a message: the whole claim, where the message has no room for it."""
    import discord

    if not _is_long(asked):
        return []
    return [discord.File(BytesIO(f"{asked.text}\n{asked.speaker or ''}".encode()), _CLAIM_FILE)]


async def asked_in(message: "discord.Message", read: Callable[[str], Awaitable[bytes]]) -> Asked | None:
    """What a message answers that `layout` and `claim_files` made; None where it answers nothing.

    `read` gets the bytes behind an address of Discord's; what it raises goes through.
    """
    file = _claim_file(message.components)
    if file is not None:
        text, _, speaker = (await read(file.media.url)).decode("utf-8", "replace").partition("\n")
    else:
        text, speaker = (_kept(message, number) for number in (_CLAIM, _SPEAKER))
    return Asked(text, speaker or None) if text else None


def _claim_file(components: "Sequence[discord.Component]") -> "discord.FileComponent | None":
    """The file of the claim; a message of components names its files there and nowhere else."""
    import discord

    for component in components:
        if isinstance(component, discord.FileComponent) and component.name == _CLAIM_FILE:
            return component
        if isinstance(component, discord.Container) and (found := _claim_file(component.children)):
            return found
    return None


def _kept(message: "discord.Message", number: int) -> str:
    """The words behind the label of the text of that number; "" where the message has no such text."""
    import discord

    display = discord.ui.LayoutView.from_message(message).find_item(number)
    return unescaped(display.content.partition(": ")[2]) if isinstance(display, discord.ui.TextDisplay) else ""


def address_in(message: "discord.Message") -> str:
    """Where the link of such a message leads; "" where it has none."""
    import discord

    buttons = discord.ui.LayoutView.from_message(message).walk_children()
    return next((one.url for one in buttons if isinstance(one, discord.ui.Button) and one.url), "")
