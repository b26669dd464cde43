"""`/check` and "Check this message": read the words, have them checked, show the card."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.errors import NothingToReadError, OwnAnswerError
from bot.escaping import clean
from bot.layout import asked_in
from bot.posted_links import known_article, unknown_address
from bot.posts import Post, asked_about, read_post, read_typed
from bot.views import show_answer, show_link
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

    Interaction = discord.Interaction[ReceiptsBot]


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
    await _answer(interaction, read_typed(claim), clean(speaker or "") or None, private=is_private)


@app_commands.context_menu(name="Check this message")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def check_message(interaction: "Interaction", message: discord.Message) -> None:
    """Answer what somebody posted, for the one who asks alone."""
    interaction.client.count_question(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    about = asked_about(message)
    if about.author == interaction.client.user:
        await _answer_again(interaction, about)
    else:
        await _answer(interaction, read_post(about), None, private=True)


async def _answer(interaction: "Interaction", post: Post, speaker: str | None, *, private: bool) -> None:
    """Show what is known of a post. Raises `ClaimError`, `NothingToReadError`."""
    if post.address:
        await _answer_to_link(interaction, post.address, post.words, private=private)
        return
    if post.media and not post.words:
        raise NothingToReadError(post.media)
    found = await interaction.client.check(interaction, post.words, speaker=speaker)
    await show_answer(interaction, found, private=private)


async def _answer_again(interaction: "Interaction", message: discord.Message) -> None:
    """Check what a card of ours answers. Raises `OwnAnswerError` for what answers no claim."""
    bot = interaction.client
    asked = await asked_in(message, bot.http.get_from_cdn)
    if asked is None:
        raise OwnAnswerError
    await show_answer(interaction, await bot.check(interaction, asked.text, speaker=asked.speaker), private=True)


async def _answer_to_link(interaction: "Interaction", url: str, preview: str, *, private: bool) -> None:
    """The article of an address; else what its preview says, where the sources have that; else a way to suggest it."""
    bot = interaction.client
    if article := await bot.article_at(interaction, url):
        await show_link(interaction, known_article(article, await bot.text_of(article)), private=private)
        return
    found = await bot.check(interaction, preview) if preview else None
    if found and found.verdict is not Verdict.NOT_FOUND:
        await show_answer(interaction, found, private=private)
        return
    sheet = unknown_address(url, found.searched if found else None)
    await show_link(interaction, sheet, private=private, suggested=url)
