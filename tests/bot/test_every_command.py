"""Every command that the bot registers is asked by everybody whom Discord shows it to, and answers each of them."""

from collections.abc import Awaitable, Callable
from dataclasses import fields

import pytest

from bot.harness import LoopbackDiscord, Member, Reply
from bot.harness.fixtures import People

CLAIM = "a claim that is nowhere"

HOW_TO_ASK: dict[tuple[str, int], Callable[[Member], Awaitable[Reply]]] = {
    ("check", 1): lambda person: person.check(CLAIM),
    ("Check this message", 3): lambda person: person.right_click(CLAIM, "Check this message"),
}
"""By the name and the type of the command; a new command needs a line here."""

EVERYBODY = [field.name for field in fields(People)]


async def test_every_registered_command_is_asked_here(discord: LoopbackDiscord) -> None:
    assert {(command["name"], command["type"]) for command in discord.world.commands} == HOW_TO_ASK.keys()


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("command", HOW_TO_ASK, ids=str)
async def test_everybody_who_is_shown_a_command_is_answered(
    discord: LoopbackDiscord, people: People, command: tuple[str, int], who: str
) -> None:
    person: Member = getattr(people, who)
    if command not in {(offered["name"], offered["type"]) for offered in person.commands}:
        return

    reply = await HOW_TO_ASK[command](person)

    assert reply.text
    assert not reply.is_loading
