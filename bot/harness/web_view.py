"""A message or a modal as Discord keeps it → what the page needs to draw it."""

from typing import Any

from bot.harness.components import SELECTS, Component, Payload
from bot.harness.replies import Form
from bot.harness.seat import Seat
from bot.harness.world import Channel, Message, World

_ADDRESSES = frozenset({"url", "proxy_url", "icon_url", "proxy_icon_url"})
_OF_PEOPLE = frozenset({Component.USER_SELECT, Component.MENTIONABLE_SELECT})
_OF_ROLES = frozenset({Component.ROLE_SELECT, Component.MENTIONABLE_SELECT})


class View:
    """How one person sees a Discord."""

    def __init__(self, world: World, seat: Seat) -> None:
        self._world = world
        self._seat = seat

    def message(self, message: Message) -> Payload:
        """A message as the page draws it."""
        payload = message.payload
        parts = ("id", "content", "embeds", "components", "attachments")
        return {
            **{key: self._shown(payload[key]) for key in parts},
            "author": _author(payload["author"]),
            "is_mine": payload["author"]["id"] == self._seat.me.user.id,
            "at": payload["timestamp"],
            "edited": bool(payload["edited_timestamp"]),
            "private": message.visible_to is not None,
            "loading": message.is_loading,
            "used": self._used(message),
        }

    def form(self, form: Form) -> Payload:
        """A modal as the page draws it."""
        return {"title": form.title, "components": self._shown(form.modal["components"])}

    def names(self) -> Payload:
        """What mentions are called here, by what stands between their angle brackets."""
        channel = self._seat.me.channel
        people = {f"@{id_}": f"@{name}" for id_, name in self._people(channel)}
        roles = {f"@&{id_}": f"@{name}" for id_, name in _roles(channel)}
        return people | roles | {f"#{id_}": f"#{name}" for id_, name in _channels(channel)}

    def _used(self, message: Message) -> Payload | None:
        metadata = message.payload.get("interaction_metadata")
        if not message.used or metadata is None:
            return None
        return {"by": _author(metadata["user"])["name"], "command": message.used}

    def _shown(self, value: Any) -> Any:
        """A part of a message: its files under the page's own address, and options for menus of people and channels."""
        if isinstance(value, list):
            return [self._shown(one) for one in value]
        if not isinstance(value, dict):
            return value
        shown = {key: self._address(one) if key in _ADDRESSES else self._shown(one) for key, one in value.items()}
        if shown.get("type") in SELECTS and "options" not in shown:
            chosen = {str(default["id"]) for default in shown.get("default_values") or []}
            shown["options"] = [
                {"label": name, "value": id_, "default": id_ in chosen} for id_, name in self._choices(shown)
            ]
        return shown

    def _address(self, url: Any) -> Any:
        return url.removeprefix(f"{self._world.base_url}/") if isinstance(url, str) else url

    def _choices(self, menu: Payload) -> list[tuple[str, str]]:
        channel = self._seat.me.channel
        found = self._people(channel) if menu["type"] in _OF_PEOPLE else []
        found += _roles(channel) if menu["type"] in _OF_ROLES else []
        return found + (_channels(channel) if menu["type"] == Component.CHANNEL_SELECT else [])

    def _people(self, channel: Channel) -> list[tuple[str, str]]:
        here = [user for user, _ in channel.guild.members.values()] if channel.guild else [self._seat.me.user]
        return [(user.id, user.name) for user in [*here, self._world.bot]]


def _roles(channel: Channel) -> list[tuple[str, str]]:
    return [(role.id, role.name.removeprefix("@")) for role in channel.guild.roles.values()] if channel.guild else []


def _channels(channel: Channel) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in channel.guild.channels.values()] if channel.guild else []


def _author(user: Payload) -> Payload:
    return {"name": user.get("global_name") or user["username"], "is_app": bool(user.get("bot"))}
