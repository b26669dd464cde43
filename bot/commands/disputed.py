"""`/receipts disputed` and `/receipts feedback`: what members think wrong, and labelled cases made of it."""

import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cards import LOOKS
from bot.cases import case_line
from bot.catalogue import say
from bot.disputes import show_disputes
from bot.sheets import Sheet, sheet_layout
from knowledge.desk import Desk
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

    Interaction = discord.Interaction[ReceiptsBot]


@app_commands.command(name="disputed", description="For moderators: the answers that members think wrong")
async def disputed(interaction: "Interaction") -> None:
    """Show the first page."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await show_disputes(interaction, interaction.client, 0)


feedback = app_commands.Group(name="feedback", description="For moderators: what members said of answers")


@feedback.command(name="export", description="Make a test case of a disputed answer")
@app_commands.describe(
    number="Its number in /receipts disputed",
    verdict="The verdict that is right",
    why="Why it is right, in a few words",
    article="The address of the right article, where another one was shown",
)
@app_commands.choices(verdict=[app_commands.Choice(name=look.label, value=one.value) for one, look in LOOKS.items()])
async def export(
    interaction: "Interaction",
    number: app_commands.Range[int, 1, 2**53 - 1],
    verdict: str,
    why: app_commands.Range[str, 1, 300] = "",
    article: app_commands.Range[str, 1, 2000] = "",
) -> None:
    """Send the case as a file."""
    await interaction.response.defer(ephemeral=True, thinking=True)

    def made(desk: Desk) -> bytes:
        return case_line(desk.dispute(number), Verdict(verdict), why, article)

    line = await interaction.client.moderate(interaction, made)
    file = discord.File(io.BytesIO(line), "case.jsonl")
    view = sheet_layout(
        Sheet(
            say("A test case"),
            remark=say("For the developers: a line of tests/quality/claims.jsonl. It names no member."),
        )
    )
    view.add_item(discord.ui.File(f"attachment://{file.filename}"))
    await interaction.edit_original_response(view=view, attachments=[file])
