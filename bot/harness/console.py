"""The chat at a terminal: the real bot on a Discord on loopback, with its cards drawn, its buttons and menus numbered.

A line is a claim for `/check`; `/` begins any other command, a number presses a button, `:` speaks to the console.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from rich.console import Console
from rich.text import Text

from bot.demo import Stop
from bot.harness.components import Component, Payload
from bot.harness.drawing import Action, actions_of, draw
from bot.harness.lines import read_file, read_options
from bot.harness.loopback import LoopbackDiscord
from bot.harness.member import Member, Place
from bot.harness.replies import BotSilentError, CannotDoError, File, Form, UnexpectedAnswerError
from bot.harness.seat import Seat, people_of, ready_discord
from bot.harness.world import Change, Message
from bot.terminal import standard_output, visible
from bot.web import Web
from knowledge.checker import FactChecker

_WORDS_TO_LEAVE = frozenset({"quit", "exit", ":quit", ":exit"})

INVITATION = "Type a quote or a claim. / begins a command, :help says more, Ctrl-D leaves."
HELP = """\
a line            is a quote or a claim for /check
/check claim: …   any command with its options; Tab completes
2                 presses the button, or opens the menu, with that number
:post TEXT        writes a message, which then can be right-clicked by number
:as moderator     :as member   who you are
:go direct        :go server   :go elsewhere   where you are (elsewhere: a server without the bot)
:speak de         the language of your Discord
:quit             or Ctrl-D leaves"""


class Input(Protocol):
    """Where lines come from."""

    async def line(self, prompt: str) -> str:
        """The next line. Raises `EOFError` at the end."""


class Lines:
    """Lines of standard input, where it is no terminal."""

    async def line(self, prompt: str) -> str:
        """The next line. Raises `EOFError` at the end."""
        line: str = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            raise EOFError
        return line.rstrip("\n")


class Chat:
    """Somebody at a terminal, as a member or a moderator, in a server, in direct messages or elsewhere."""

    def __init__(self, discord: LoopbackDiscord, out: Console, place: Place) -> None:
        self.input: Input = Lines()
        self._out = out
        self._seat = Seat(people_of(discord), place)
        self._actions: list[Action | tuple[Message, str]] = []
        discord.world.watchers.append(self._show)

    @property
    def me(self) -> Member:
        """Who types."""
        return self._seat.me

    async def tour(self, stops: Sequence[Stop]) -> None:
        """Ask every claim of a tour, as somebody would."""
        for number, stop in enumerate(stops, 1):
            self._out.print(Text(f"{number}. {stop.about}", style="bold"))
            self._out.print(Text(f"> {stop.claim}"))
            await self.me.check(stop.claim)
            self._out.print()

    async def run(self) -> None:
        """Answer lines until they end or somebody leaves."""
        if self._out.is_terminal:
            self._say(INVITATION)
        while True:
            try:
                line = (await self.input.line(self._prompt)).strip()
            except EOFError:
                return
            if line.lower() in _WORDS_TO_LEAVE:
                return
            if line:
                await self._answer(line)

    @property
    def _prompt(self) -> str:
        where = {Place.SERVER: "#general", Place.DIRECT: "direct message", Place.ELSEWHERE: "another server"}
        return f"{self._seat.role} in {where[self._seat.place]}> "

    async def _answer(self, line: str) -> None:
        try:
            if line.startswith(":"):
                await self._obey(*line[1:].split(maxsplit=1))
            elif line.startswith("/"):
                await self._command(line[1:])
            elif line.isdecimal() and len(line) < 4:
                await self._act(int(line))
            else:
                await self.me.check(line)
        except (CannotDoError, UnexpectedAnswerError) as error:
            self._say(f"That does not work: {error}.")
        except BotSilentError:
            self._say("The application did not respond.")
        self._out.print()

    async def _obey(self, command: str = "", rest: str = "") -> None:
        match command, rest:
            case "as", "member" | "moderator":
                self._seat.move(role=rest)
            case "go", "server" | "direct" | "elsewhere":
                self._seat.move(place=rest)
            case "speak", locale if locale:
                self._seat.move(locale=locale)
            case "post", text if text:
                self._offer(self.me.post(text))
            case _:
                self._out.print(Text(HELP))

    def _offer(self, message: Message) -> None:
        """Number the commands that a right click on a message has."""
        names = self._seat.message_commands
        self._actions = [(message, name) for name in names]
        for number, name in enumerate(names, 1):
            self._out.print(Text(f"  [{number}] {visible(name)}"))

    async def _command(self, line: str) -> None:
        name, described = self.me.command_in(line)
        options = read_options(line.split(name.split()[-1], 1)[1].strip(), described)
        await self._or_form(lambda: self.me.slash(name, **options))

    async def _act(self, number: int) -> None:
        if not 1 <= number <= len(self._actions):
            raise CannotDoError(f"there is nothing with the number {number}")
        action = self._actions[number - 1]
        if not isinstance(action, Action):
            message, name = action
            await self._or_form(lambda: self.me.right_click(message, name))
        elif action.is_menu:
            labels = await self._choice(action.component)
            await self._or_form(lambda: self.me.choose_from(action.message, action.component, *labels))
        else:
            await self._or_form(lambda: self.me.press_on(action.message, action.component))

    async def _or_form(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do something; where a modal opens instead of a message, fill it in."""
        try:
            await act()
        except UnexpectedAnswerError as error:
            if error.form is None:
                raise
            await self._fill_in(error.form)

    async def _choice(self, menu: Payload) -> list[str]:
        labels = [option["label"] for option in menu.get("options") or []]
        for number, label in enumerate(labels, 1):
            self._out.print(Text(f"  {number}. {visible(label)}"))
        typed = (await self.input.line("choose (numbers, or ids): ")).replace(",", " ").split()
        return [labels[int(word) - 1] if word.isdecimal() and 0 < int(word) <= len(labels) else word for word in typed]

    async def _fill_in(self, form: Form) -> None:
        """Ask for every field of a modal in turn; an empty line keeps what stands there."""
        self._out.print(Text(visible(form.title), style="bold"))
        values: dict[str, str | bool | Sequence[str] | File] = {}
        for one in form.fields:
            value = await self._field(one)
            if value is not None:
                values[one["label"]] = value
        await self.me.submit(form, values)

    async def _field(self, one: Payload) -> str | bool | list[str] | File | None:
        if one.get("description"):
            self._say(visible(one["description"]))
        if one.get("options"):
            self._say(visible(one["label"]))
            return await self._choice(one) or None
        standing = visible(str(one.get("value") or ""))
        typed = await self.input.line(f"{visible(one['label'])}{f' [{standing}]' if standing else ''}: ")
        if not typed:
            return None
        if one["type"] == Component.FILE_UPLOAD:
            return read_file(typed)
        if one["type"] == Component.CHECKBOX:
            return typed.lower() in ("y", "yes", "true", "1")
        return [typed] if one["type"] not in (Component.TEXT_INPUT, Component.RADIO_GROUP) else typed

    def _show(self, message: Message, change: Change) -> None:
        """Draw what this person sees as it happens."""
        if message.is_loading or not self._seat.sees(message):
            return
        if change is Change.DELETED:
            self._say("(the message is gone)")
            return
        draw(self._out, message)
        if found := actions_of(message):
            self._actions = list(found)

    def _say(self, line: str) -> None:
        self._out.print(Text(line, style="dim"))


@asynccontextmanager
async def console(checker: FactChecker, collection: str, web: Web) -> AsyncIterator[Chat]:
    """The chat at a terminal on a collection."""
    out = standard_output()
    async with ready_discord(checker, collection, web) as (discord, place):
        chat = Chat(discord, out, place)
        if sys.stdin.isatty() and out.is_terminal:
            from bot.harness.prompt import Prompt  # takes a moment to import, and only a terminal needs it

            chat.input = Prompt(chat)
        yield chat
