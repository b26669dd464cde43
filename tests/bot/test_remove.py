"""The button that takes an answer away: for the one who asked and for moderators, in every place."""

import asyncio

import pytest

from bot.harness import CannotDoError, LoopbackDiscord
from bot.harness.fixtures import People


async def test_the_one_who_asked_can_remove_the_answer(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.ada.check("a claim that is nowhere")

    await people.ada.press(reply, "Remove")

    assert reply.is_gone
    assert people.ada.sees() == []


@pytest.mark.parametrize("who", ["mo", "ann"])
async def test_a_moderator_can_remove_the_answer(discord: LoopbackDiscord, people: People, who: str) -> None:
    reply = await people.ada.check("a claim that is nowhere")

    await getattr(people, who).press(reply, "Remove")

    assert reply.is_gone


async def test_another_member_is_told_who_may(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.mo.check("a claim that is nowhere")

    refusal = await people.ada.press(reply, "Remove")

    assert not reply.is_gone
    assert refusal.is_private
    assert "only the one who asked, or a moderator, can remove this" in refusal.text


@pytest.mark.parametrize("who", ["dan", "eve"])
async def test_it_works_in_direct_messages_and_user_installs(
    discord: LoopbackDiscord, people: People, who: str
) -> None:
    person = getattr(people, who)
    reply = await person.check("47% of Republican voters favor Tuberville", private=False)

    await person.press(reply, "Remove")

    assert reply.is_gone


async def test_a_private_answer_has_no_such_button(discord: LoopbackDiscord, people: People) -> None:
    typed = await people.ada.check("a claim that is nowhere", private=True)
    clicked = await people.ada.right_click("a claim that is nowhere", "Check this message")

    assert "Remove" not in [*typed.buttons, *clicked.buttons]
    with pytest.raises(CannotDoError):
        await people.mo.press(typed, "Remove")


async def test_two_people_who_press_at_once_remove_it_once(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.ada.check("a claim that is nowhere")

    with discord.expecting("delete refused with 10008"):
        await asyncio.gather(people.ada.press(reply, "Remove"), people.mo.press(reply, "Remove"))

    assert reply.is_gone
