"""A card's message: the claim can be read back from it, whatever the claim, so that its buttons need no record."""

import json

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import card_of
from bot.escaping import clean, fitted, plain, unescaped
from bot.harness import LoopbackDiscord
from bot.harness.fixtures import People
from bot.layout import asked_by, claim_files, layout
from tests.bot.test_cards import HOSTILE, components, make_check, make_evidence, shown

MARKUP = st.text(alphabet="ab1 .\\*_~`|[]<>@!&#:/-+()everyonehere", max_size=60)


@given(MARKUP | HOSTILE)
def test_what_was_escaped_and_not_cut_is_read_back_word_by_word(text: str) -> None:
    words = clean(text)

    assert unescaped(fitted(plain(words), 100_000)) == (words or "…")


async def test_a_claim_that_a_card_has_room_for_stands_in_the_card_and_in_no_file() -> None:
    card = card_of(make_check(claim="*47%* of <@1>", speaker="Ada_Quill"))

    assert "-# Claim: \\*47%\\* of \\<@\u200b1>" in shown(card)
    assert "-# Said to be by: Ada\\_Quill" in shown(card)
    assert claim_files(asked_by(card)) == []


@pytest.mark.parametrize(("claim", "speaker"), [("word " * 80, None), ("a claim", "Ada " * 50), ("*" * 200, None)])
async def test_one_that_it_has_no_room_for_goes_along_as_a_file(claim: str, speaker: str | None) -> None:
    card = card_of(make_check(claim=claim, speaker=speaker))
    (file,) = claim_files(asked_by(card))

    assert file.fp.read().decode() == f"{claim.strip()}\n{(speaker or '').strip()}"
    assert "attachment://claim.txt" in json.dumps(components(card))


async def test_all_of_a_card_and_six_buttons_make_one_message() -> None:
    buttons = [discord.ui.Button[discord.ui.LayoutView](label=str(n), custom_id=str(n)) for n in range(6)]

    view = layout(card_of(make_check(make_evidence())), *buttons)

    rows = [len(row.children) for row in view.walk_children() if isinstance(row, discord.ui.ActionRow)]
    assert rows == [5, 2]


async def test_without_an_address_there_is_no_button_and_no_row() -> None:
    view = layout(card_of(make_check()))

    assert not [item for item in view.walk_children() if isinstance(item, discord.ui.ActionRow)]


CLAIMS = [
    "57% of Republican voters favor Tuberville",
    "57% of **Republican** voters @everyone favor [Tuberville](https://example.org) \\ `code` ||x||",
    "57% of Republican voters favor Tuberville. " * 40,
]


@pytest.mark.parametrize("claim", CLAIMS)
async def test_details_are_of_the_very_claim_that_the_card_answers(
    discord: LoopbackDiscord, people: People, claim: str
) -> None:
    reply = await people.dan.check(claim, speaker="Donald Trump")

    details = await people.dan.press(reply, "Details")

    assert details.is_private
    assert details.text.splitlines()[0] == reply.text.splitlines()[0]
    assert "How it was decided" in details.text
