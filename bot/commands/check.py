"""`/check` and "Check this message": read the words, have them checked, show the card."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.cards import card_of, layout
from bot.errors import NothingToReadError, OwnAnswerError
from bot.escaping import BUTTON_URL_LIMIT, web_address
from bot.permissions import is_in_server
from bot.posted_links import known_article, unknown_address
from bot.posts import Post, read_post, read_typed
from bot.sheets import sheet_layout
from bot.suggestions import SuggestSourceButton, SuggestThisButton
from bot.views import RemoveButton
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

    Interaction = discord.Interaction[ReceiptsBot]

_Buttons = list[discord.ui.Item[Any]]


@app_commands.command(name="check", description="Find where a quote or claim comes from, and what was changed in it")
@app_commands.describe(
    claim="The quote or claim, as you saw it",
    speaker="Who is said to have said it",
    private="Show the answer to you alone, or to everybody",
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def check(
    interaction: "Interaction", claim: str, speaker: str | None = None, private: bool | None = None
) -> None:
    """Answer a claim that somebody typed."""
    bot = interaction.client
    bot.count_question(interaction)
    is_private = await bot.answers_privately(interaction) if private is None else private
    await interaction.response.defer(ephemeral=is_private, thinking=True)
    view = await _answer(interaction, read_typed(claim), speaker, [] if is_private else [RemoveButton()])
    await interaction.edit_original_response(view=view)


@app_commands.context_menu(name="Check this message")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def check_message(interaction: "Interaction", message: discord.Message) -> None:
    """Answer what somebody posted, for the one who asks alone."""
    interaction.client.count_question(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    if message.author == interaction.client.user:
        raise OwnAnswerError
    await interaction.edit_original_response(view=await _answer(interaction, read_post(message), None, []))


async def _answer(
    interaction: "Interaction", post: Post, speaker: str | None, buttons: _Buttons
) -> discord.ui.LayoutView:
    """What is known of a post. Raises `ClaimError`, `NothingToReadError`."""
    bot = interaction.client
    if post.address:
        return await _answer_to_link(interaction, post.address, post.words, buttons)
    if post.media and not post.words:
        raise NothingToReadError(post.media)
    fact_check = await bot.check(interaction, post.words, speaker=speaker)
    may_suggest = fact_check.verdict is Verdict.NOT_FOUND and is_in_server(interaction)
    return layout(card_of(fact_check), *([SuggestSourceButton()] if may_suggest else []), *buttons)


async def _answer_to_link(
    interaction: "Interaction", url: str, preview: str, buttons: _Buttons
) -> discord.ui.LayoutView:
    """The article of an address; else what its preview says, where the sources have that; else a way to suggest it."""
    bot = interaction.client
    if article := await bot.article_at(interaction, url):
        return sheet_layout(known_article(article, await bot.text_of(article)), *buttons)
    fact_check = await bot.check(interaction, preview) if preview else None
    if fact_check and fact_check.verdict is not Verdict.NOT_FOUND:
        return layout(card_of(fact_check), *buttons)
    sheet = unknown_address(url, fact_check.searched if fact_check else None)
    return sheet_layout(sheet, *(_ways_to_suggest(url) if is_in_server(interaction) else []), *buttons)


def _ways_to_suggest(url: str) -> _Buttons:
    """One press where the message can hold the address, which is all that the button knows; the form elsewhere."""
    address = web_address(url)
    is_held = address is not None and len(address) <= BUTTON_URL_LIMIT
    return [SuggestThisButton() if is_held else SuggestSourceButton()]
