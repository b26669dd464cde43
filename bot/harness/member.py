"""People in the Discord on loopback, who can do what people can do there and nothing else."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.harness import rules
from bot.harness.loopback import CannotDoError, LoopbackDiscord

_COMMAND = 2
_SLASH, _ON_MESSAGE = 1, 3
_STRING, _BOOLEAN = 3, 5
_EPHEMERAL = 1 << 6


class Place(Enum):
    """Where somebody talks to the bot."""

    SERVER = "in a server that the bot is a member of"
    DIRECT = "in direct messages with the bot"
    ELSEWHERE = "in a server that the bot is not in, through a user install"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answered: `payload` is the message as Discord would keep it."""

    payload: dict[str, Any]

    @property
    def text(self) -> str:
        """All its text, in order."""
        return "\n".join([self.payload["content"], *rules.texts(self.payload["components"])]).strip()

    @property
    def links(self) -> list[str]:
        """Where its buttons lead."""
        return rules.links(self.payload["components"])

    @property
    def is_private(self) -> bool:
        """Whether only the one who asked sees it."""
        return bool(self.payload["flags"] & _EPHEMERAL)


class Member:
    """Somebody with an account, at one place."""

    def __init__(self, discord: LoopbackDiscord, name: str, place: Place = Place.SERVER) -> None:
        self._discord = discord
        self._place = place
        self._user = {
            "id": discord.snowflake(),
            "username": name.lower(),
            "global_name": name,
            "discriminator": "0",
            "avatar": None,
        }
        self._other_guild_id = discord.snowflake()

    async def check(self, claim: str, *, speaker: str | None = None, private: bool | None = None) -> Reply:
        """Type `/check`."""
        options = {"claim": claim, "speaker": speaker, "private": private}
        return await self.command("check", {name: value for name, value in options.items() if value is not None})

    async def command(self, name: str, options: dict[str, str | bool]) -> Reply:
        """Type a slash command with options."""
        command = self._registered(name, _SLASH)
        known = {option["name"]: option for option in command.get("options", [])}
        missing = [n for n, option in known.items() if option.get("required") and not options.get(n)]
        if missing or options.keys() - known.keys():
            raise CannotDoError(f"/{name} has {sorted(known)}; required: {missing}")
        typed = [
            {"name": n, "type": _BOOLEAN if isinstance(value, bool) else _STRING, "value": value}
            for n, value in options.items()
        ]
        if any(option["type"] != known[option["name"]]["type"] for option in typed):
            raise CannotDoError(f"an option of /{name} has another type")
        if any(isinstance(value, str) and len(value) > 6000 for value in options.values()):
            raise CannotDoError("an option holds at most 6,000 characters")
        return await self._interact({"id": command["id"], "name": name, "type": _SLASH, "options": typed})

    async def right_click(self, message: str | dict[str, Any], command_name: str) -> Reply:
        """Choose an app command on a message, which is given as its text or as fields of its payload."""
        command = self._registered(command_name, _ON_MESSAGE)
        fields = {"content": message} if isinstance(message, str) else message
        target = {
            "id": self._discord.snowflake(),
            "channel_id": self._discord.channel_id,
            "author": self._user,
            "content": "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            **fields,
        }
        return await self._interact(
            {
                "id": command["id"],
                "name": command_name,
                "type": _ON_MESSAGE,
                "target_id": target["id"],
                "resolved": {"messages": {target["id"]: target}},
            }
        )

    def _registered(self, name: str, kind: int) -> dict[str, Any]:
        """The command, where this place offers it."""
        context = {Place.SERVER: 0, Place.DIRECT: 1, Place.ELSEWHERE: 0}[self._place]
        install = 1 if self._place is Place.ELSEWHERE else 0
        for command in self._discord.commands:
            if command["name"] == name and command["type"] == kind:
                offered = context in (command.get("contexts") or [0, 1, 2])
                if offered and install in (command.get("integration_types") or [0]):
                    return command
        raise CannotDoError(f"there is no command {name!r} here")

    async def _interact(self, data: dict[str, Any]) -> Reply:
        return Reply(await self._discord.interact({"type": _COMMAND, "data": data, **self._surroundings()}))

    def _surroundings(self) -> dict[str, Any]:
        if self._place is Place.DIRECT:
            return {
                "user": self._user,
                "channel": {"id": self._discord.channel_id, "type": 1, "recipients": [self._user]},
                "channel_id": self._discord.channel_id,
                "context": 1,
                "authorizing_integration_owners": {"0": "0"},
            }
        is_ours = self._place is Place.SERVER
        guild_id = self._discord.guild_id if is_ours else self._other_guild_id
        return {
            "guild_id": guild_id,
            "guild": {"id": guild_id, "locale": "en-US", "features": []},
            "channel": {**self._discord.channel, "guild_id": guild_id},
            "channel_id": self._discord.channel_id,
            "member": {
                "user": self._user,
                "roles": [],
                "flags": 0,
                "permissions": "2147483648",
                "joined_at": "2026-01-01T00:00:00+00:00",
                "deaf": False,
                "mute": False,
            },
            "app_permissions": "0",
            "context": 0,
            "authorizing_integration_owners": {"0": guild_id} if is_ours else {"1": self._user["id"]},
        }
