"""The pages of `/search`: a passage for each article, the words marked, and buttons that search again."""

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.buttons import LastingButton, neighbours
from bot.cards import refusal_card
from bot.catalogue import plural, say
from bot.escaping import Piece, clean, fitted, plain, safe, width
from bot.layout import layout, open_link
from bot.views import RemoveButton
from knowledge.checker import Search
from knowledge.evidence import Evidence
from knowledge.languages import ENGLISH, language_of
from knowledge.models import PassageField
from knowledge.text import normal_words, normalise

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

WORDS_LIMIT = 75
"""Characters, so that the words fit the id of a button, which has room for 100."""
MOST_ARTICLES = 24
_PAGE = 4
_COLOUR = 0x0072B2
# In UTF-16 units; a page stays below the 4,000 that the texts of a message may have.
_TITLE_SHARE, _PASSAGE_SHARE, _SOURCE_SHARE, _LONGEST_LINK = 100, 300, 90, 330


def search_page(found: Search, offset: int, *, is_private: bool) -> discord.ui.LayoutView:
    """A page of what was found, as a Discord message."""
    ui = discord.ui
    blocks: list[discord.ui.Item[Any]] = [ui.TextDisplay(_heading(found, offset))]
    words = frozenset(normal_words(found.query))
    told = words - (language_of(found.query) or ENGLISH).grammar.without_content or words
    for result in found.results[offset : offset + _PAGE]:
        blocks += [ui.Separator(), ui.TextDisplay(_row(result, told))]
    buttons = _pager(found, offset) + ([] if is_private else [RemoveButton()])
    if buttons:
        blocks.append(ui.ActionRow(*buttons))
    return ui.LayoutView(timeout=None).add_item(ui.Container(*blocks, accent_colour=_COLOUR))


def _heading(found: Search, offset: int) -> str:
    remark = plural("{n} article searched", "{n} articles searched", found.searched)
    title = say("Nothing has these words")
    if total := len(found.results):
        title = say("The nearest passages")
        last = min(total, offset + _PAGE)
        shown = say("{first} to {last} of {total}, one an article", first=offset + 1, last=last, total=total)
        remark = f"{shown}; {remark}; {say('nothing here is judged')}"
    about = fitted(plain(clean(found.query)), _TITLE_SHARE)
    return f"### {title}\n-# {say('For')}: {about}\n-# {remark}"


def _row(result: Evidence, words: frozenset[str]) -> str:
    """An article: its title, its passage, where and when it appeared, and a way to it."""
    article = result.article
    lines = [f"> {fitted(_marked(result.passage, words), _PASSAGE_SHARE)}"]
    if article.title and result.field is not PassageField.TITLE:
        lines.insert(0, fitted([Piece(clean(article.title), marked=True)], _TITLE_SHARE))
    source = ", ".join(filter(None, (clean(article.publisher), str(article.published_on or ""))))
    words_on_it = fitted(plain(source), _SOURCE_SHARE) if source else ""
    if last := f"{words_on_it} {open_link(_LONGEST_LINK, result.link, article.url)}".strip():
        lines.append(f"-# {last}")
    return "\n".join(lines)


def _marked(passage: str, words: frozenset[str]) -> list[Piece]:
    """The passage in stretches, those of the words marked."""
    text = normalise(passage)
    is_marked = bytearray(len(passage))
    before = -1
    for word, start, end in zip(text.words, text.starts, text.ends, strict=True):
        if word in words:
            start = before if before >= 0 else start
            is_marked[start:end] = b"\1" * (end - start)
            before = end
        else:
            before = -1
    pieces: list[Piece] = []
    position = 0
    for marked, run in groupby(is_marked):
        end = position + sum(1 for _ in run)
        if stretch := safe(passage[position:end]):
            pieces.append(Piece(stretch, bool(marked)))
        position = end
    return pieces


# --- turning pages ---


class SearchButton(LastingButton, template=r"(?s)receipts:1:search:(?P<offset>\d{1,3}):(?P<words>.{1,80})"):
    """Shows another page, to the one who searched."""

    def __init__(self, label: str, offset: int, words: str, *, disabled: bool = False) -> None:
        super().__init__(label, f"receipts:1:search:{offset}:{words}", disabled=disabled)
        self._offset, self._words = offset, words

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls("", int(match["offset"]), match["words"])

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Search again, and show the page."""
        bot.count_question(interaction)
        message = interaction.message
        asked = message.interaction_metadata if message else None
        if asked is not None and asked.user.id != interaction.user.id:
            refusal = refusal_card(say("only the one who searched can turn these pages; /search is for everybody"))
            await interaction.response.send_message(view=layout(refusal), ephemeral=True)
            return
        await interaction.response.defer()
        found = await bot.search(interaction, self._words)
        is_private = message is not None and message.flags.ephemeral
        await interaction.edit_original_response(view=search_page(found, self._offset, is_private=is_private))


def _pager(found: Search, offset: int) -> list[discord.ui.Item[Any]]:
    """To the pages before and after; none where the words are too wide for the id of a button."""
    if width(found.query) > WORDS_LIMIT:
        return []
    return neighbours(
        len(found.results),
        offset,
        _PAGE,
        (say("Previous"), say("Next")),
        lambda label, to, is_off: SearchButton(label, to, found.query, disabled=is_off),
    )


SEARCH_BUTTONS = (SearchButton,)
