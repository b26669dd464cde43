"""One open page: what somebody does there, carried out; what happens in the chat, told.

The page sends `{"id": 1, "do": "press", …}` and gets `{"to": 1, …}` back, with an `error` in words, a `form` that
opens, or nothing more. What happens in the chat comes as `{"tell": "posted" | "edited" | "deleted", …}`.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.harness.completion import suggestions
from bot.harness.components import SELECTS, Component, Payload, walk
from bot.harness.lines import read_options
from bot.harness.loopback import LoopbackDiscord
from bot.harness.replies import BotSilentError, CannotDoError, File, Form, UnexpectedAnswerError
from bot.harness.seat import PLACES, Seat
from bot.harness.web_view import View
from bot.harness.world import Change, Message

SILENT = "The application did not respond"

_NAMES = {place: name for name, place in PLACES.items()}
_LONGEST_MESSAGE = 2000

Tell = Callable[[Payload], None]
Entered = str | bool | Sequence[str] | Sequence[File]


class PageSession:
    """Somebody at one page."""

    def __init__(self, discord: LoopbackDiscord, seat: Seat, tell: Tell) -> None:
        self._world = discord.world
        self._seat = seat
        self._view = View(discord.world, seat)
        self._tell = tell
        self._form: Form | None = None
        self._doings: dict[str, Callable[[Payload], Awaitable[Payload | None]]] = {
            "sit": self._sit,
            "type": self._type,
            "complete": self._complete,
            "press": self._press,
            "choose": self._choose,
            "apps": self._use_app,
            "submit": self._submit,
        }

    def watch(self, message: Message, change: Change) -> None:
        """Tell the page what happened to a message."""
        if self._seat.sees(message):
            self._tell({"tell": change.value, "message": self._view.message(message)})
        elif change is Change.POSTED and (place := self._seat.place_of(message)) is not None:
            self._tell({"tell": "unread", "place": _NAMES[place]})

    async def do(self, asked: Any) -> None:
        """Carry out what the page asks for, and answer it."""
        if not isinstance(asked, dict):
            return
        self._tell({"to": asked.get("id"), **(await self._answer(asked))})

    async def _answer(self, asked: Payload) -> Payload:
        doing = self._doings.get(str(asked.get("do")))
        try:
            if doing is None:
                raise CannotDoError("the page asked for what there is not")
            return await doing(asked) or {}
        except UnexpectedAnswerError as error:
            if error.form is None:
                return {"error": f"That does not work: {error}"}
            self._form = error.form
            return {"form": self._view.form(error.form)}
        except CannotDoError as error:
            return {"error": f"That does not work: {error}"}
        except (BotSilentError, TimeoutError):
            return {"error": SILENT, "is_silent": True}
        except (KeyError, TypeError, ValueError):
            return {"error": "That does not work: the page sent what cannot be read"}

    async def _sit(self, asked: Payload) -> Payload:
        """Be somebody, somewhere: everything that is on the screen then."""
        self._seat.move(role=asked.get("role"), place=asked.get("place"), locale=asked.get("locale"))
        return {
            "role": self._seat.role,
            "place": _NAMES[self._seat.place],
            "locale": self._seat.locale,
            "names": self._view.names(),
            "apps": self._seat.message_commands,
            "messages": [self._view.message(message) for message in self._seat.messages()],
        }

    async def _type(self, asked: Payload) -> None:
        """Send a line: a command where it begins with "/", else a message."""
        line = _text(asked, "text").strip()
        if line.startswith("/"):
            await self._command(line[1:], _files(asked))
        elif not 0 < len(line) <= _LONGEST_MESSAGE:
            raise CannotDoError(f"a message has 1 to {_LONGEST_MESSAGE:,} characters")
        else:
            self._seat.me.post(line)

    async def _command(self, line: str, files: Sequence[File]) -> None:
        name, described = self._seat.me.command_in(line)
        by_name = {file.name: file for file in files}

        def attached(name: str) -> File:
            if name not in by_name:
                raise CannotDoError(f"no file {name!r} is attached")
            return by_name[name]

        options = read_options(line.split(name.split()[-1], 1)[1].strip(), described, attached)
        await self._seat.me.slash(name, **options)

    async def _complete(self, asked: Payload) -> Payload:
        """What can follow in the command that is being typed; nothing, where that cannot be told."""
        found: list[Payload] = []
        try:
            async with asyncio.timeout(5):
                async for one in suggestions(self._seat.me, _text(asked, "text").removeprefix("/")):
                    found.append({name: getattr(one, name) for name in one.__slots__})
        except (CannotDoError, BotSilentError, UnexpectedAnswerError, TimeoutError):
            pass
        return {"suggestions": found}

    async def _press(self, asked: Payload) -> None:
        message, button = self._component(asked)
        if button["type"] != Component.BUTTON:
            raise CannotDoError("that is no button")
        await self._seat.me.press_on(message, button)

    async def _choose(self, asked: Payload) -> None:
        message, menu = self._component(asked)
        if menu["type"] not in SELECTS:
            raise CannotDoError("that is no menu")
        await self._seat.me.choose_from(message, menu, *map(str, asked["choices"]))

    async def _use_app(self, asked: Payload) -> None:
        await self._seat.me.right_click(self._seat.message(_text(asked, "message")), _text(asked, "name"))

    async def _submit(self, asked: Payload) -> None:
        """Send the form that is open."""
        if self._form is None:
            raise CannotDoError("no form is open")
        values = {str(label): _entered(value) for label, value in asked["values"].items()}
        await self._seat.me.submit(self._form, values)

    def _component(self, asked: Payload) -> tuple[Message, Payload]:
        message = self._seat.message(_text(asked, "message"))
        for component in walk(message.payload["components"]):
            if component["id"] == asked["component"] and "custom_id" in component:
                return message, component
        raise CannotDoError("that is no longer on the message")


def _text(asked: Payload, name: str) -> str:
    text = asked[name]
    if not isinstance(text, str):
        raise TypeError(name)
    text.encode()  # a lone surrogate is no text
    return text


def _files(asked: Payload) -> list[File]:
    return [_file(one) for one in asked.get("files") or []]


def _file(sent: Payload) -> File:
    try:
        return File(_text(sent, "name"), base64.b64decode(sent["content"], validate=True))
    except binascii.Error as error:
        raise CannotDoError(f"{sent['name']} did not arrive whole") from error


def _entered(value: Any) -> Entered:
    """What somebody put into a field of a form."""
    if isinstance(value, str | bool):
        return value
    if any(isinstance(one, dict) for one in value):
        return [_file(one) for one in value]
    return [str(one) for one in value]
