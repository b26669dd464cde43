"""The console's prompt on a terminal: history, editing, and completion from the commands that are registered."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.patch_stdout import patch_stdout

from bot.harness import rules
from bot.harness.components import Payload
from bot.harness.console import Chat, read_options
from bot.harness.member import Member
from bot.harness.replies import CannotDoError

_CONSOLE_WORDS = (
    ":as member",
    ":as moderator",
    ":go server",
    ":go direct",
    ":go elsewhere",
    ":post ",
    ":help",
    ":quit",
)


class Prompt:
    """Lines that somebody types."""

    def __init__(self, chat: Chat) -> None:
        self._session: PromptSession[str] = PromptSession(complete_while_typing=True)
        self._completer = CommandCompleter(chat)

    async def line(self, prompt: str) -> str:
        """The next line; Ctrl-C throws away what stands there. Raises `EOFError` for Ctrl-D."""
        completer = self._completer if prompt.endswith("> ") else None
        while True:
            try:
                with patch_stdout(raw=True):  # what arrives meanwhile is drawn above the prompt
                    return await self._session.prompt_async(prompt, completer=completer)
            except KeyboardInterrupt:
                continue


class CommandCompleter(Completer):
    """What can follow: console words after ":", commands and their options after "/"."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Nothing: completion asks the bot and is done asynchronously."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """The completions of the text before the cursor."""
        text = document.text_before_cursor
        if text.startswith(":"):
            for word in _CONSOLE_WORDS:
                if word.startswith(text):
                    yield Completion(word, -len(text))
        elif text.startswith("/"):
            async for completion in self._of_command(text[1:], complete_event):
                yield completion

    async def _of_command(self, text: str, event: CompleteEvent) -> AsyncIterator[Completion]:
        me = self._chat.me
        for completion in _names(me, text):
            yield completion
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
            async for completion in _values(me, name, current, typed, rest[: marks[-1].start()], described, event):
                yield completion
        word = re.split(r"\s", rest)[-1]
        used = {mark[1] for mark in marks}
        for option in described.values():
            if option["name"] not in used and option["name"].startswith(word):
                meta = f"{option['description']}{' (required)' if option.get('required') else ''}"
                yield Completion(f"{option['name']}: ", -len(word), display=option["name"], display_meta=meta)


def _names(me: Member, text: str) -> Iterator[Completion]:
    """The names of commands, and of the parts of those that have parts."""
    *before, last = text.split(" ")
    options: list[Payload] = [command for command in me.commands if command["type"] == rules.SLASH]
    for depth, step in enumerate(before):
        found = [option for option in options if option["name"] == step]
        nested = (found[0].get("options") or []) if found else []
        options = [option for option in nested if option["type"] in (rules.SUBCOMMAND, rules.GROUP)]
        if not options and depth < len(before):
            return
    for option in options:
        if option["name"].startswith(last):
            yield Completion(option["name"] + " ", -len(last), display_meta=option.get("description") or "")


async def _values(
    me: Member,
    name: str,
    option: Payload,
    typed: str,
    before: str,
    described: dict[str, Payload],
    event: CompleteEvent,
) -> AsyncIterator[Completion]:
    """What an option may be: its choices, true and false, files, or what the bot suggests."""
    if option["type"] == rules.ATTACHMENT:
        for completion in PathCompleter(expanduser=True).get_completions(Document(typed), event):
            yield completion
        return
    if option["type"] == rules.BOOLEAN:
        choices = ["true", "false"]
    elif option.get("autocomplete"):
        others = {key: value for key, value in read_options(before, described).items() if key != option["name"]}
        choices = [choice["name"] for choice in await me.complete(name, option["name"], typed, **others)]
        for choice in choices:
            yield Completion(choice, -len(typed))
        return
    else:
        choices = [choice["name"] for choice in option.get("choices") or []]
    for choice in choices:
        if choice.casefold().startswith(typed.casefold()):
            yield Completion(choice, -len(typed))
