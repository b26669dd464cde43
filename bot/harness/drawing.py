"""A message as Discord keeps it → lines in a terminal, with a number for everything that can be pressed or chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.harness.components import LINK_STYLE, SELECTS, Component, Payload, label_of, walk
from bot.harness.markup import rendered
from bot.harness.world import Message
from bot.terminal import visible

_BAR = "▌ "


@dataclass(frozen=True, slots=True)
class Action:
    """A button or menu of a message that a number stands for."""

    message: Message
    component: Payload

    @property
    def label(self) -> str:
        """What stands on it."""
        return visible(label_of(self.component)) or "choose"

    @property
    def is_menu(self) -> bool:
        """Whether one chooses from it."""
        return self.component["type"] in SELECTS


def actions_of(message: Message) -> list[Action]:
    """Everything on a message that can be pressed or chosen now."""
    return [
        Action(message, component)
        for component in walk(message.payload["components"])
        if component["type"] in SELECTS or (component["type"] == Component.BUTTON and component["style"] != LINK_STYLE)
        if not component.get("disabled")
    ]


def draw(out: Console, message: Message, *, first: int = 1) -> None:
    """Draw a message; its actions are numbered from `first`."""
    payload = message.payload
    numbers = {id(action.component): number for number, action in enumerate(actions_of(message), first)}
    author = visible(payload["author"].get("global_name") or payload["author"]["username"])
    asides = [aside for aside, holds in (("edited", payload["edited_timestamp"]), _private(message)) if holds]
    out.print(Text.assemble((author, "bold"), (f" ({', '.join(asides)})" if asides else "", "dim")))
    for line in rendered(payload["content"], keep_marks=not out.is_terminal) if payload["content"] else []:
        _print(out, line, Style.null())
    for embed in payload["embeds"]:
        _draw_lines(out, _embed_lines(embed), embed.get("color"))
    for component in payload["components"]:
        _draw_component(out, component, numbers)
    for attachment in payload["attachments"]:
        _print(out, Text(f"📎 {visible(attachment['filename'])} ({attachment['size']:,} bytes)"), Style.null())


def _private(message: Message) -> tuple[str, bool]:
    return "only you can see this", message.visible_to is not None


def _draw_component(out: Console, component: Payload, numbers: dict[int, int]) -> None:
    if component["type"] == Component.CONTAINER:
        for child in component["components"]:
            _draw_lines(out, _lines(child, numbers, out), component.get("accent_color"))
        for child in component["components"]:
            _draw_links(out, child)
    else:
        _draw_lines(out, _lines(component, numbers, out), None)
        _draw_links(out, component)


def _draw_lines(out: Console, lines: Iterator[Text], colour: int | None) -> None:
    style = Style(color=f"#{colour:06x}") if colour is not None else Style.null()
    for line in lines:
        _print(out, line, style)


def _print(out: Console, line: Text, bar: Style) -> None:
    """One line, wrapped beside its bar on a terminal."""
    if not out.is_terminal:
        out.print(Text("  ").append_text(line))
        return
    for part in line.wrap(out, max(20, out.width - len(_BAR) - 1)):
        out.print(Text.assemble((_BAR, bar), part))


def _lines(component: Payload, numbers: dict[int, int], out: Console) -> Iterator[Text]:
    match component["type"]:
        case Component.TEXT_DISPLAY:
            yield from rendered(component["content"], keep_marks=not out.is_terminal)
        case Component.SEPARATOR:
            yield Text("─" * 12 if component["divider"] and out.is_terminal else "", Style(dim=True))
        case Component.ACTION_ROW:
            if row := _row(component["components"], numbers):
                yield row
        case Component.SECTION:
            for child in component["components"]:
                yield from _lines(child, numbers, out)
            yield from _lines({"type": Component.ACTION_ROW, "components": [component["accessory"]]}, numbers, out)
        case Component.MEDIA_GALLERY:
            for item in component["items"]:
                yield _picture(item.get("description"), item["media"])
        case Component.THUMBNAIL:
            yield _picture(component.get("description"), component["media"])
        case Component.FILE:
            yield Text(f"📎 {visible(component['name'] or '')} ({component['size'] or 0:,} bytes)")


def _picture(description: str | None, media: Payload) -> Text:
    return Text(f"🖼 {visible(description or media['url'])}", Style(italic=True))


def _row(components: Sequence[Payload], numbers: dict[int, int]) -> Text:
    row = Text()
    for component in components:
        if component["type"] == Component.THUMBNAIL:
            row.append_text(_picture(component.get("description"), component["media"]))
        elif id(component) in numbers:
            options = [visible(option["label"]) for option in component.get("options") or []]
            menu = f" ▾ {', '.join(options)}" if options else " ▾" if component["type"] in SELECTS else ""
            row.append(f"[{numbers[id(component)]}] ", Style(bold=True)).append(
                f"{visible(label_of(component))}{menu}   "
            )
        elif component.get("style") != LINK_STYLE:
            row.append(f"{visible(label_of(component))} (off)   ", Style(dim=True))
    return row


def _draw_links(out: Console, component: Payload) -> None:
    """The addresses of link buttons, each on a line that is never wrapped, so that it can be clicked and copied."""
    for inner in walk([component]):
        if inner["type"] == Component.BUTTON and inner["style"] == LINK_STYLE:
            line = Text.assemble(f"  {visible(inner.get('label') or 'Link')}: ", (visible(inner["url"]), "underline"))
            out.print(line, soft_wrap=True)


def _embed_lines(embed: Payload) -> Iterator[Text]:
    if embed.get("title"):
        yield Text(visible(embed["title"]), Style(bold=True))
    if embed.get("description"):
        yield from rendered(embed["description"])
    for field in embed.get("fields") or []:
        yield Text.assemble((f"{visible(field['name'])}: ", "bold"), visible(field["value"]))
    if embed.get("footer"):
        yield Text(visible(embed["footer"]["text"]), Style(dim=True))
