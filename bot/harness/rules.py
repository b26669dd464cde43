"""Discord's rules for a message: what the real one answers with 400, the one on loopback refuses too."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

IS_COMPONENTS_V2 = 1 << 15
_TEXT_DISPLAY, _BUTTON, _LINK_STYLE = 10, 2, 5


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component of a message, nested ones and accessories too, in order."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if "accessory" in component:
            yield from walk([component["accessory"]])


def texts(components: list[dict[str, Any]]) -> list[str]:
    """The text displays of a message, in order."""
    return [component["content"] for component in walk(components) if component["type"] == _TEXT_DISPLAY]


def links(components: list[dict[str, Any]]) -> list[str]:
    """The addresses that the buttons of a message lead to."""
    return [component["url"] for component in walk(components) if component.get("style") == _LINK_STYLE]


def problems(message: Mapping[str, Any]) -> list[str]:
    """Why Discord would refuse a message, one sentence each."""
    components: list[dict[str, Any]] = message.get("components") or []
    is_v2 = bool(message.get("flags", 0) & IS_COMPONENTS_V2)
    found = []
    if not components and not message.get("content") and not message.get("embeds"):
        found.append("the message is empty")
    if is_v2 and (message.get("content") or message.get("embeds")):
        found.append("a message made of components has no content and no embeds")
    if not is_v2 and any(component["type"] >= 9 for component in walk(components)):
        found.append("components of the second version need their flag")
    if message.get("allowed_mentions", {}).get("parse") != []:
        found.append("mentions are not switched off")
    if sum(1 for _ in walk(components)) > 40:
        found.append("there are more than 40 components")
    if sum(_units(text) for text in texts(components)) > 4000:
        found.append("there are more than 4000 characters of text")
    if not all(text.strip() for text in texts(components)):
        found.append("a text is empty")
    found += [f"a button leads nowhere: {url[:80]}" for url in links(components) if not _is_good_link(url)]
    found += ["a label is longer than 80" for c in walk(components) if c["type"] == _BUTTON and len(c["label"]) > 80]
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _is_good_link(url: str) -> bool:
    address = urlsplit(url)
    return len(url) <= 512 and url.isascii() and " " not in url and address.scheme in ("http", "https")
