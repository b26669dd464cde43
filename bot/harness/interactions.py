"""One interaction: who does what where, what the bot may still answer, and what the person gets to see of it.

Discord's rules of time are kept here: acknowledged within 3 seconds, and a token that is good for 15 minutes.
"""

import asyncio
from dataclasses import dataclass, field
from enum import IntEnum

from bot.harness.clock import Clock
from bot.harness.components import Payload
from bot.harness.world import Channel, Message, User

ACKNOWLEDGE_WITHIN = 3.0
TOKEN_LIVES = 15 * 60.0
FOLLOW_UPS_OF_USER_INSTALLS = 5


class Kind(IntEnum):
    """What somebody did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Callback(IntEnum):
    """The ways to acknowledge."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED = {
    Kind.COMMAND: {Callback.MESSAGE, Callback.DEFERRED_MESSAGE, Callback.MODAL},
    Kind.COMPONENT: {
        Callback.MESSAGE,
        Callback.DEFERRED_MESSAGE,
        Callback.DEFERRED_UPDATE,
        Callback.UPDATE,
        Callback.MODAL,
    },
    Kind.AUTOCOMPLETE: {Callback.CHOICES},
    Kind.MODAL_SUBMIT: {Callback.MESSAGE, Callback.DEFERRED_MESSAGE, Callback.DEFERRED_UPDATE, Callback.UPDATE},
}
"""Which acknowledgement goes with what; an update needs a message that can be updated, too."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The person sees a message, new or changed."""

    message: Message


@dataclass(frozen=True, slots=True)
class Opened:
    """A modal opens."""

    modal: Payload
    opener: "Interaction"


@dataclass(frozen=True, slots=True)
class Suggested:
    """Choices appear under the option that is being typed."""

    choices: tuple[Payload, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """The message that was there is gone."""

    message: Message


@dataclass(frozen=True, slots=True)
class Failed:
    """Discord says "The application did not respond"."""


Outcome = Shown | Opened | Suggested | Removed | Failed


@dataclass(eq=False, slots=True)
class Interaction:
    """One interaction and what became of it."""

    id: str
    token: str
    kind: Kind
    user: User
    channel: Channel
    clock: Clock
    source: Message | None = None
    """The message whose component was used, or from which the modal was opened."""
    opener: "Interaction | None" = None
    """The interaction that opened the modal which was submitted."""
    option_type: int = 0
    """The type of the option that is being typed, for an autocomplete."""
    is_user_install: bool = False
    reply_type: int = 0
    """The type of a message that answers it: 20 for a slash command, 23 for a command on a message."""
    command: str = ""
    """What somebody typed or chose, such as "/source list" or "Check this message"."""
    begun: float = field(init=False)
    callback: Callback | None = None
    original: Message | None = None
    is_ephemeral: bool = False
    follow_ups: dict[str, Message] = field(default_factory=dict)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    outcomes: asyncio.Queue[Outcome] = field(default_factory=asyncio.Queue)
    milliseconds: float = 0.0
    """How long the acknowledgement took, by the clock."""

    def __post_init__(self) -> None:
        self.begun = self.clock.seconds()

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return self.clock.seconds() - self.begun

    @property
    def is_too_late_to_acknowledge(self) -> bool:
        """Whether Discord has given up on the first answer."""
        return self.callback is None and self.age > ACKNOWLEDGE_WITHIN

    @property
    def is_expired(self) -> bool:
        """Whether its token is no longer good."""
        return self.age > TOKEN_LIVES

    def acknowledge(self, callback: Callback) -> None:
        """Note the first answer."""
        self.callback = callback
        self.milliseconds = 1000 * self.age
        self.acknowledged.set()

    async def removed(self) -> "Removed":
        """Wait until the message that it shows is taken away, by whomever."""
        await self.acknowledged.wait()
        if self.original is None:
            await asyncio.Event().wait()  # nothing that could be taken away
        assert self.original is not None
        await self.original.gone.wait()
        return Removed(self.original)

    def message(self, message_id: str) -> Message | None:
        """The message that the bot may edit under this name."""
        if message_id == "@original" or (self.original is not None and self.original.id == message_id):
            return self.original
        return self.follow_ups.get(message_id)
