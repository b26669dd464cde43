"""What can follow in a command that is being typed: names, options, their values, and what the bot suggests."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass

from bot.harness import rules
from bot.harness.components import Payload
from bot.harness.lines import read_options
from bot.harness.member import Member
from bot.harness.replies import CannotDoError, File


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that can stand in the place of the last `replaces` characters; with `wants_file`, the name of a file."""

    text: str
    replaces: int
    label: str = ""
    about: str = ""
    is_command: bool = False
    is_required: bool = False
    wants_file: bool = False


async def suggestions(me: Member, text: str) -> AsyncIterator[Suggestion]:
    """What can follow a text such as "source add u", which begins after the "/"."""
    for suggestion in _names(me, text):
        yield suggestion
    try:
        name, described = me.command_in(text)
    except CannotDoError:
        return
    if not text.startswith(name + " "):
        return
    rest = text[len(name) + 1 :]
    marks = list(re.finditer(r"(?:(?<=\s)|^)(\w+):", rest))
    current = described.get(marks[-1][1]) if marks else None
    if current is not None:
        typed = rest[marks[-1].end() :].lstrip()
        async for suggestion in _values(me, name, current, typed, rest[: marks[-1].start()], described):
            yield suggestion
    for suggestion in _options(described, {mark[1] for mark in marks}, re.split(r"\s", rest)[-1]):
        yield suggestion


def _names(me: Member, text: str) -> Iterator[Suggestion]:
    """The names of commands, and of the parts of those that have parts."""
    *before, last = text.split(" ")
    options: list[Payload] = [command for command in me.commands if command["type"] == rules.SLASH]
    for step in before:
        found = [option for option in options if option["name"] == step]
        nested = (found[0].get("options") or []) if found else []
        options = [option for option in nested if option["type"] in (rules.SUBCOMMAND, rules.GROUP)]
    for option in options:
        if option["name"].startswith(last):
            name, about = option["name"], option.get("description") or ""
            yield Suggestion(f"{name} ", len(last), " ".join([*before, name]), about, is_command=True)


def _options(described: Mapping[str, Payload], used: set[str], word: str) -> Iterator[Suggestion]:
    for option in described.values():
        name, is_required = option["name"], bool(option.get("required"))
        if name not in used and name.startswith(word):
            about = f"{option['description']}{' (required)' if is_required else ''}"
            yield Suggestion(f"{name}: ", len(word), name, about, is_required=is_required)


async def _values(
    me: Member, name: str, option: Payload, typed: str, before: str, described: dict[str, Payload]
) -> AsyncIterator[Suggestion]:
    """What an option may be: its choices, true and false, a file, or what the bot suggests."""
    if option["type"] == rules.ATTACHMENT:
        yield Suggestion("", len(typed), "Choose a file…", wants_file=True)
    elif option.get("autocomplete"):
        others = read_options(before, described, lambda file: File(file, b""))
        known = {
            key: one for key, one in others.items() if not isinstance(one, File) and key != option["name"]
        }  # files are not uploaded for a completion
        for choice in await me.complete(name, option["name"], typed, **known):
            yield Suggestion(str(choice["value"]), len(typed), choice["name"])
    else:
        choices = [choice["name"] for choice in option.get("choices") or []]
        for label in ["true", "false"] if option["type"] == rules.BOOLEAN else choices:
            if label.casefold().startswith(typed.casefold()):
                yield Suggestion(label, len(typed), label)
