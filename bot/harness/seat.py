"""Where somebody sits before the loopback Discord: who they are, where they are, and what they see there.

The console at a terminal and the one in a browser are two ways to sit there.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from bot.harness import rules
from bot.harness.loopback import LoopbackDiscord
from bot.harness.member import Member, Place
from bot.harness.replies import CannotDoError
from bot.harness.session import bot_on
from bot.harness.world import Channel, Message
from bot.web import Web
from knowledge.checker import FactChecker

SERVER_PREFIX = "discord:"

PLACES = {"server": Place.SERVER, "direct": Place.DIRECT, "elsewhere": Place.ELSEWHERE}
ROLES = {"member": "You", "moderator": "You (moderator)"}
"""Who somebody can be, and what they are called then."""

People = dict[tuple[str, Place], Member]


def people_of(discord: LoopbackDiscord) -> People:
    """A member and a moderator in every place."""
    return {
        (role, place): Member(discord, name, place, roles=["Moderator"] if role == "moderator" else [])
        for role, name in ROLES.items()
        for place in Place
    }


class Seat:
    """Somebody who can be a member or a moderator, and go from one place to another."""

    def __init__(self, people: People, place: Place) -> None:
        self._people = people
        self.role, self.place = "member", place

    @property
    def me(self) -> Member:
        """Who sits there."""
        return self._people[self.role, self.place]

    @property
    def message_commands(self) -> list[str]:
        """The commands that a right click on a message has."""
        return [command["name"] for command in self.me.commands if command["type"] == rules.ON_MESSAGE]

    @property
    def locale(self) -> str:
        """The language that this person's Discord is in, as Discord names it."""
        return self.me.user.locale

    def move(self, *, role: str | None = None, place: str | None = None, locale: str | None = None) -> None:
        """Be somebody else, go elsewhere, or speak another language. Raises `CannotDoError`."""
        if (role or self.role) not in ROLES or (place is not None and place not in PLACES):
            raise CannotDoError(f"one is {' or '.join(ROLES)}, and goes to {', '.join(PLACES)}")
        if locale and locale not in rules.LOCALES:
            raise CannotDoError(f"Discord knows the languages {', '.join(sorted(rules.LOCALES))}")
        self.role = role or self.role
        self.place = PLACES[place] if place else self.place
        for person in self._people.values() if locale else ():
            person.user.locale = str(locale)

    def sees(self, message: Message) -> bool:
        """Whether a message is on the screen, or comes in as a direct message."""
        return self._is_open(message.channel) and message.visible_to in (None, self.me.user)

    def place_of(self, message: Message) -> Place | None:
        """In which other place this person could read a message."""
        for place in Place:
            there = self._people[self.role, place]
            if there.channel is message.channel and message.visible_to in (None, there.user):
                return place
        return None

    def messages(self) -> Iterator[Message]:
        """What is on the screen, oldest first."""
        for reply in self.me.sees():
            yield reply.message

    def message(self, message_id: str) -> Message:
        """A message on the screen. Raises `CannotDoError`."""
        for message in self.messages():
            if message.id == message_id:
                return message
        raise CannotDoError("that message is gone")

    def _is_open(self, channel: Channel) -> bool:
        return channel is self.me.channel or channel.recipient is self.me.user


@asynccontextmanager
async def ready_discord(
    checker: FactChecker, collection: str, web: Web
) -> AsyncIterator[tuple[LoopbackDiscord, Place]]:
    """A Discord with the bot on a collection in it, and the place that it is searched in.

    A server's own collection is searched in that server, any other in direct messages, which search it too.
    """
    is_server = collection.startswith(SERVER_PREFIX)
    guild_id = collection.removeprefix(SERVER_PREFIX) if is_server else None
    discord = LoopbackDiscord(first_guild_id=guild_id)
    async with discord, bot_on(discord, checker, shared=collection, web=web):
        yield discord, Place.SERVER if is_server else Place.DIRECT
