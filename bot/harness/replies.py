"""What somebody on the loopback Discord holds: the bot's replies and forms, files, and what cannot be done."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from bot.harness import rules
from bot.harness.components import LINK_STYLE, Component, Payload, label_of, links, of_type, texts
from bot.harness.interactions import Interaction
from bot.harness.world import Message

# Seconds of the machine's own time, generous because only a hanging bot ever needs them.
ANSWER_WITHIN = 60.0


class CannotDoError(Exception):
    """A real client would not let anybody do this; the message says what is missing."""


class BotSilentError(Exception):
    """The bot did not answer in time: Discord would show "The application did not respond"."""


class UnexpectedAnswerError(Exception):
    """The bot answered, but not with what was waited for; `form` is the modal that it opened instead of a message."""

    def __init__(self, message: str, form: "Form | None" = None) -> None:
        super().__init__(message)
        self.form = form


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody attaches."""

    name: str
    content: bytes

    @classmethod
    def of(cls, path: Path) -> "File":
        """A file of this machine."""
        return cls(path.name, path.read_bytes())


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the bot as it looks now: it changes where the bot edits it."""

    message: Message

    @property
    def payload(self) -> Payload:
        """The message on the wire."""
        return self.message.payload

    @property
    def text(self) -> str:
        """All its text, in order."""
        embeds = [part for embed in self.payload["embeds"] for part in _texts_of_embed(embed)]
        return "\n".join([self.payload["content"], *texts(self.payload["components"]), *embeds]).strip()

    @property
    def links(self) -> list[str]:
        """Where its buttons lead."""
        return links(self.payload["components"])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons that do something, those that are disabled too."""
        buttons = of_type(self.payload["components"], Component.BUTTON)
        return [label_of(button) for button in buttons if button["style"] != LINK_STYLE]

    @property
    def is_private(self) -> bool:
        """Whether only the one who asked sees it."""
        return self.message.visible_to is not None

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""
        return self.message.is_deleted

    @property
    def is_loading(self) -> bool:
        """Whether it shows nothing but "thinking"."""
        return self.message.is_loading

    async def changed(self) -> None:
        """Wait until the bot edits or deletes it."""
        async with asyncio.timeout(ANSWER_WITHIN):
            await self.message.changed()


@dataclass(frozen=True, slots=True)
class Form:
    """A modal that the bot opened, to be filled in by the labels of its fields."""

    modal: Payload
    opener: Interaction
    fields: tuple[Payload, ...] = field(init=False)

    def __post_init__(self) -> None:
        labelled = []
        for component in self.modal["components"]:
            if component["type"] == Component.LABEL:
                described = {"label": component["label"], "description": component.get("description")}
                labelled.append({**component["component"], **described})
            else:
                labelled += rules.inputs_of([component])
        object.__setattr__(self, "fields", tuple(labelled))

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.modal["title"])

    @property
    def labels(self) -> list[str]:
        """What its fields are called."""
        return [one["label"] for one in self.fields]

    def prefilled(self, label: str) -> str:
        """What stands in a text field when the modal opens."""
        return str(next(one.get("value") or "" for one in self.fields if one["label"] == label))


Value = str | int | float | bool | File
"""What somebody types or chooses for an option; people, roles and channels by their ids."""


def _texts_of_embed(embed: Payload) -> list[str]:
    fields = [text for one in embed.get("fields") or [] for text in (one["name"], one["value"])]
    return [part for part in (embed.get("title"), embed.get("description"), *fields) if part]
