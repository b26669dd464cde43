"""Every command that the bot registers is asked by everybody whom Discord shows it to, and answers each of them."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from bot.harness import File, Form, LoopbackDiscord, Member, Reply
from bot.harness.fixtures import People

CLAIM = "a claim that is nowhere"


def slash(command: str, **options: str | int | bool | File) -> Callable[[Member], Awaitable[Reply | Form]]:
    return lambda person: person.slash(command, **options)


HOW_TO_ASK: dict[str, Callable[[Member], Awaitable[Reply | Form]]] = {
    "check": lambda person: person.check(CLAIM),
    "Check this message": lambda person: person.right_click(CLAIM, "Check this message"),
    "search": slash("search", words="a claim"),
    "suggest": slash("suggest", url="https://example.org/a"),
    "receipts help": slash("receipts help"),
    "receipts status": slash("receipts status"),
    "receipts settings": slash("receipts settings", shared=False),
    "receipts disputed": slash("receipts disputed"),
    "receipts feedback export": slash("receipts feedback export", number=1, verdict="close"),
    "privacy": slash("privacy"),
    "receipts gaps": slash("receipts gaps"),
    "feed add": slash("feed add", url="https://example.org/feed"),
    "feed list": slash("feed list"),
    "feed remove": slash("feed remove", feed="1"),
    "source add": slash("source add", url="https://example.org/a"),
    "source paste": lambda person: person.slash_for_form("source paste"),
    "source import": slash("source import", file=File("nothing.csv", b"")),
    "source list": slash("source list"),
    "source show": slash("source show", article="1"),
    "source edit": slash("source edit", article="1"),
    "source label": slash("source label", article="1", label="satire"),
    "source remove": slash("source remove", article="1"),
    "source refresh": slash("source refresh", article="1"),
    "source export": slash("source export"),
    "source log": slash("source log"),
    "source allow": slash("source allow", domain="example.org"),
    "source block": slash("source block", domain="example.org"),
    "source unlist": slash("source unlist", domain="example.org"),
    "source queue": slash("source queue"),
}
"""A new command needs a line here."""

EVERYBODY = [field.name for field in fields(People)]


def names_of(command: dict[str, Any]) -> Iterator[str]:
    """The names under which a command can be asked, those of its parts where it has parts."""
    parts = [option for option in command.get("options") or [] if option["type"] in (1, 2)]
    if not parts:
        yield command["name"]
    for part in parts:
        yield from (f"{command['name']} {name}" for name in names_of(part))


async def test_every_registered_command_is_asked_here(discord: LoopbackDiscord) -> None:
    assert {name for command in discord.world.commands for name in names_of(command)} == HOW_TO_ASK.keys()


@pytest.mark.parametrize("who", EVERYBODY)
async def test_everybody_is_answered_by_every_command_that_they_are_shown(
    discord: LoopbackDiscord, people: People, who: str
) -> None:
    person: Member = getattr(people, who)
    shown = [name for command in person.commands for name in names_of(command)]
    assert "check" in shown

    for name in shown:
        answer = await HOW_TO_ASK[name](person)
        if isinstance(answer, Reply):
            assert answer.text, name
            assert not answer.is_loading, name
        discord.clock.advance(1)  # so that no rate limit is met


async def test_moderators_are_shown_more_than_members(discord: LoopbackDiscord, people: People) -> None:
    for member, moderator in ((people.ada, people.mo), (people.bea, people.max)):
        more = {c["name"] for c in moderator.commands} - {c["name"] for c in member.commands}
        assert more == {"source", "feed"}
