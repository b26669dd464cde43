"""The components of messages and modals: their numbers, how to walk them, and the form in which Discord keeps them."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any

Payload = dict[str, Any]
"""A JSON object as it goes over the wire."""


class Component(IntEnum):
    """The types of components, as Discord numbers them."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = frozenset(
    {
        Component.STRING_SELECT,
        Component.USER_SELECT,
        Component.ROLE_SELECT,
        Component.MENTIONABLE_SELECT,
        Component.CHANNEL_SELECT,
    }
)

LINK_STYLE = 5


def walk(components: Sequence[Payload]) -> Iterator[Payload]:
    """Every component, nested ones, accessories and what a label holds too, in the order in which they are seen."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for only in ("accessory", "component"):
            if component.get(only):
                yield from walk([component[only]])


def of_type(components: Sequence[Payload], *types: Component) -> list[Payload]:
    """The components of some types, in order."""
    return [component for component in walk(components) if component.get("type") in types]


def label_of(component: Payload) -> str:
    """What stands on a button or a menu."""
    named = component.get("label") or component.get("placeholder")
    return str(named or (component.get("emoji") or {}).get("name") or "")


def texts(components: Sequence[Payload]) -> list[str]:
    """The text displays, in order."""
    return [display["content"] for display in of_type(components, Component.TEXT_DISPLAY)]


def links(components: Sequence[Payload]) -> list[str]:
    """The addresses that buttons lead to."""
    return [button["url"] for button in of_type(components, Component.BUTTON) if button["style"] == LINK_STYLE]


def media_of(component: Payload) -> list[Payload]:
    """The pictures and files that a component shows."""
    items = [item.get("media") for item in component.get("items") or []]
    return [media for media in (component.get("media"), component.get("file"), *items) if media]


_AS_KEPT: Mapping[int, Payload] = {
    Component.BUTTON: {"disabled": False},
    Component.STRING_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    Component.USER_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    Component.ROLE_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    Component.MENTIONABLE_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    Component.CHANNEL_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    Component.THUMBNAIL: {"description": None, "spoiler": False},
    Component.FILE: {"spoiler": False},
    Component.SEPARATOR: {"spacing": 1, "divider": True},
    Component.CONTAINER: {"accent_color": None, "spoiler": False},
}


def as_kept(components: Sequence[Payload], attachments: Sequence[Payload]) -> list[Payload]:
    """The components of a sent message as Discord gives them back: numbered, with defaults, files by their address."""
    taken = {component["id"] for component in walk(components) if component.get("id")}
    free = (number for number in range(1, 1000) if number not in taken)
    return [_kept(component, free, attachments) for component in components]


def _kept(component: Payload, free: Iterator[int], attachments: Sequence[Payload]) -> Payload:
    kept = {
        **_AS_KEPT.get(component["type"], {}),
        **{key: value for key, value in component.items() if value is not None or key == "accent_color"},
        "id": component.get("id") or next(free),
    }
    if "components" in component:
        kept["components"] = [_kept(child, free, attachments) for child in component["components"]]
    if kept.get("emoji"):
        kept["emoji"] = _without_nulls(kept["emoji"])
    if "accessory" in component:
        kept["accessory"] = _kept(component["accessory"], free, attachments)
    if component["type"] in SELECTS:
        kept.pop("required", None)  # it is for modals; in messages Discord takes it and forgets it
    match component["type"]:
        case Component.STRING_SELECT:
            kept["options"] = [_option_kept(option) for option in component["options"]]
        case Component.THUMBNAIL:
            kept["media"] = resolved(component["media"], attachments)
        case Component.MEDIA_GALLERY:
            kept["items"] = [
                {"description": None, "spoiler": False, **item, "media": resolved(item["media"], attachments)}
                for item in component["items"]
            ]
        case Component.FILE:
            kept["file"] = resolved(component["file"], attachments)
            named = _named(component["file"]["url"], attachments)
            kept["name"] = named["filename"] if named else None
            kept["size"] = named["size"] if named else None
    return kept


def _option_kept(option: Payload) -> Payload:
    kept = {"default": False, **_without_nulls(option)}
    return {**kept, "emoji": _without_nulls(kept["emoji"])} if "emoji" in kept else kept


def _without_nulls(payload: Payload) -> Payload:
    return {key: value for key, value in payload.items() if value is not None}


def resolved(media: Payload, attachments: Sequence[Payload]) -> Payload:
    """A picture or file that a message shows, with the address of the attachment that it names."""
    attachment = _named(media["url"], attachments)
    if attachment is None:
        return {"id": "1", "proxy_url": media["url"], "width": None, "height": None, **media}
    return {
        "id": attachment["id"],
        "attachment_id": attachment["id"],
        "url": attachment["url"],
        "proxy_url": attachment["proxy_url"],
        "width": None,
        "height": None,
        "content_type": attachment["content_type"],
    }


def _named(url: str, attachments: Sequence[Payload]) -> Payload | None:
    if not url.startswith("attachment://"):
        return None
    name = url.removeprefix("attachment://")
    return next((attachment for attachment in attachments if attachment["filename"] == name), None)
