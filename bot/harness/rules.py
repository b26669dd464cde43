"""Discord's rules for what a bot sends: what the real one answers with 400, the one on loopback refuses too.

Each function returns the `Problems` of one kind of form. Sources: Discord's developer documentation (message
components, application commands, embeds) and, where marked, what its OpenAPI description leaves out.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.harness.components import LINK_STYLE, SELECTS, Component, Payload, of_type, texts, walk

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, IS_COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15
_FLAGS_TO_SEND = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2

FILE_SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of one attachment, for a bot in a server without boosts."""

Path = tuple[str | int, ...]


class Problems:
    """What is wrong with a form, by the path of the field, in the nesting that Discord's error 50035 has."""

    def __init__(self) -> None:
        self._found: list[tuple[Path, str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, path: Path, message: str, code: str = "BASE_TYPE_INVALID") -> None:
        """Note a problem of one field."""
        self._found.append((path, code, message))

    def length(self, path: Path, value: Any, least: int, most: int) -> None:
        """Note a text or list whose length is outside the bounds; texts are measured in UTF-16 units."""
        size = _units(value) if isinstance(value, str) else len(value or ())
        if not least <= size <= most:
            self.add(path, f"Must be between {least} and {most} in length.", "BASE_TYPE_BAD_LENGTH")

    @property
    def lines(self) -> list[str]:
        """Each problem on a line, after its path."""
        return [f"{'.'.join(map(str, path))}: {message}" for path, _, message in self._found]

    @property
    def nested(self) -> Payload:
        """The value of "errors" in Discord's answer."""
        root: Payload = {}
        for path, code, message in self._found:
            node = root
            for step in path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return root


def _units(text: str) -> int:
    """UTF-16 units, the strictest way in which any of Discord's clients counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- messages ---


def message_problems(
    message: Mapping[str, Any], *, files: Collection[str] = (), was_v2: bool = False, path: Path = ()
) -> Problems:
    """Why Discord would refuse a message. `files` are the names of those sent with it; `was_v2` is for an edit."""
    found = Problems()
    flags = message.get("flags") or 0
    if flags & ~_FLAGS_TO_SEND:
        found.add((*path, "flags"), f"These flags cannot be sent: {flags & ~_FLAGS_TO_SEND}.")
    is_v2 = was_v2 or bool(flags & IS_COMPONENTS_V2)
    components: list[Payload] = message.get("components") or []
    if is_v2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if message.get(field):
                found.add(
                    (*path, field),
                    "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                )
    found.length((*path, "content"), message.get("content") or "", 0, 2000)
    _check_components(found, components, is_v2, (*path, "components"))
    _check_embeds(found, message.get("embeds") or [], (*path, "embeds"))
    _check_mentions(found, message.get("allowed_mentions"), (*path, "allowed_mentions"))
    _check_attachments(found, message, files, path)
    return found


def is_empty(message: Mapping[str, Any], files: Collection[str] = ()) -> bool:
    """Whether a new message has nothing to show, which Discord refuses with 50006."""
    return not files and not any(message.get(field) for field in ("content", "embeds", "components", "poll"))


_IN_CONTAINER = {
    Component.ACTION_ROW,
    Component.SECTION,
    Component.TEXT_DISPLAY,
    Component.MEDIA_GALLERY,
    Component.FILE,
    Component.SEPARATOR,
}
_AT_THE_TOP = _IN_CONTAINER | {Component.CONTAINER}


def _check_components(found: Problems, components: Sequence[Payload], is_v2: bool, path: Path) -> None:
    if is_v2:
        if sum(1 for _ in walk(components)) > 40:
            found.add(path, "The total number of components is over 40.", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED")
        if sum(_units(text) for text in texts(components)) > 4000:
            found.add(path, "The displayable text is over 4000.", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED")
    elif len(components) > 5:
        found.add(path, "Must be 5 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
    allowed = _AT_THE_TOP if is_v2 else {Component.ACTION_ROW}
    for number, component in enumerate(components):
        _check_component(found, component, allowed, (*path, number))
    _check_duplicates(found, "custom_id", components, path, "COMPONENT_CUSTOM_ID_DUPLICATED")
    _check_duplicates(found, "id", components, path, "COMPONENT_ID_DUPLICATED")


def _check_duplicates(found: Problems, key: str, components: Sequence[Payload], path: Path, code: str) -> None:
    for value, number in Counter(c[key] for c in walk(components) if c.get(key)).items():
        if number > 1:
            found.add(path, f"Component {key} {value!r} cannot be duplicated", code)


def _check_component(found: Problems, component: Payload, allowed: Collection[int], path: Path) -> None:
    kind = component.get("type")
    if kind not in allowed:
        found.add((*path, "type"), f"Value must be one of {sorted(allowed)}.", "BASE_TYPE_CHOICES")
        return
    match kind:
        case Component.ACTION_ROW:
            _check_row(found, component, path)
        case Component.TEXT_DISPLAY:
            if not component.get("content", "").strip():
                found.add((*path, "content"), "This field is required", "BASE_TYPE_REQUIRED")
            found.length((*path, "content"), component.get("content", ""), 1, 4000)
        case Component.CONTAINER:
            found.length((*path, "components"), component.get("components"), 1, 40)
            for number, child in enumerate(component.get("components") or []):
                _check_component(found, child, _IN_CONTAINER, (*path, "components", number))
            colour = component.get("accent_color")
            if colour is not None and not 0 <= colour <= 0xFFFFFF:
                found.add((*path, "accent_color"), "int value should be less than or equal to 16777215.")
        case Component.SECTION:
            found.length((*path, "components"), component.get("components"), 1, 3)
            for number, child in enumerate(component.get("components") or []):
                _check_component(found, child, {Component.TEXT_DISPLAY}, (*path, "components", number))
            if not component.get("accessory"):
                found.add((*path, "accessory"), "This field is required", "BASE_TYPE_REQUIRED")
            else:
                accessories = {Component.BUTTON, Component.THUMBNAIL}
                _check_component(found, component["accessory"], accessories, (*path, "accessory"))
        case Component.BUTTON:
            _check_button(found, component, path)
        case Component.THUMBNAIL:
            found.length((*path, "description"), component.get("description"), 0, 1024)
            _check_media(found, component.get("media"), (*path, "media"))
        case Component.MEDIA_GALLERY:
            found.length((*path, "items"), component.get("items"), 1, 10)
            for number, item in enumerate(component.get("items") or []):
                found.length((*path, "items", number, "description"), item.get("description"), 0, 1024)
                _check_media(found, item.get("media"), (*path, "items", number, "media"))
        case Component.FILE:
            if not (component.get("file") or {}).get("url", "").startswith("attachment://"):
                found.add((*path, "file", "url"), "Only attachment:// is allowed here.")


def _check_media(found: Problems, media: Payload | None, path: Path) -> None:
    url = (media or {}).get("url", "")
    if not url.startswith("attachment://") and not _is_web_address(url, 2048):
        found.add((*path, "url"), "Not a well formed URL.", "URL_TYPE_INVALID_URL")


def _check_row(found: Problems, row: Payload, path: Path) -> None:
    children = row.get("components") or []
    found.length((*path, "components"), children, 1, 5)
    if any(child.get("type") in SELECTS for child in children) and len(children) > 1:
        found.add((*path, "components"), "A row holds one select menu or up to five buttons.")
    for number, child in enumerate(children):
        place = (*path, "components", number)
        if child.get("type") in SELECTS:
            _check_select(found, child, place)
        else:
            _check_component(found, child, {Component.BUTTON, *SELECTS}, place)


def _check_button(found: Problems, button: Payload, path: Path) -> None:
    style = button.get("style")
    found.length((*path, "label"), button.get("label"), 0, 80)
    if not button.get("label") and not button.get("emoji") and style != 6:
        found.add((*path, "label"), "A button needs a label or an emoji.", "BASE_TYPE_REQUIRED")
    if style == LINK_STYLE:
        if not _is_web_address(button.get("url") or "", 512, ("http", "https", "discord")):
            found.add((*path, "url"), "Not a well formed URL of at most 512 characters.", "URL_TYPE_INVALID_URL")
        if button.get("custom_id"):
            found.add(path, "A custom id and url cannot both be specified", "BUTTON_COMPONENT_CUSTOM_ID_URL")
    elif style in (1, 2, 3, 4):
        if button.get("url"):
            found.add(path, "A custom id and url cannot both be specified", "BUTTON_COMPONENT_CUSTOM_ID_URL")
        _check_custom_id(found, button, path)
    elif style != 6 or not button.get("sku_id"):
        found.add((*path, "style"), "Value must be one of (1, 2, 3, 4, 5, 6).", "BASE_TYPE_CHOICES")


def _check_custom_id(found: Problems, component: Payload, path: Path) -> None:
    if not component.get("custom_id"):
        found.add((*path, "custom_id"), "This field is required", "BASE_TYPE_REQUIRED")
    found.length((*path, "custom_id"), component.get("custom_id"), 0, 100)


def _check_select(found: Problems, select: Payload, path: Path) -> None:
    _check_custom_id(found, select, path)
    found.length((*path, "placeholder"), select.get("placeholder"), 0, 150)
    least, most = _or(select.get("min_values"), 1), _or(select.get("max_values"), 1)
    if not 0 <= least <= most <= 25 or most < 1:
        found.add((*path, "max_values"), "min_values and max_values are out of order or of range.")
    if select.get("type") != Component.STRING_SELECT:
        return
    options = select.get("options") or []
    found.length((*path, "options"), options, 1, 25)
    _check_options(found, options, (*path, "options"))
    if most > max(len(options), 1):
        found.add((*path, "max_values"), "max_values cannot be more than the number of options.")


def _check_options(found: Problems, options: Sequence[Payload], path: Path) -> None:
    for number, option in enumerate(options):
        found.length((*path, number, "label"), option.get("label"), 1, 100)
        found.length((*path, number, "value"), option.get("value"), 1, 100)
        found.length((*path, number, "description"), option.get("description"), 0, 100)
    if len({option.get("value") for option in options}) < len(options):
        found.add(path, "The specified option value is already used", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")


def _is_web_address(url: str, limit: int, schemes: Collection[str] = ("http", "https")) -> bool:
    if len(url) > limit or not url.isascii() or re.search(r"[\s<>\"]", url):
        return False
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme in schemes and bool(address.netloc)


def _check_embeds(found: Problems, embeds: Sequence[Payload], path: Path) -> None:
    found.length(path, embeds, 0, 10)
    for number, embed in enumerate(embeds):
        place = (*path, number)
        found.length((*place, "title"), embed.get("title"), 0, 256)
        found.length((*place, "description"), embed.get("description"), 0, 4096)
        found.length((*place, "fields"), embed.get("fields"), 0, 25)
        found.length((*place, "footer", "text"), (embed.get("footer") or {}).get("text"), 0, 2048)
        found.length((*place, "author", "name"), (embed.get("author") or {}).get("name"), 0, 256)
        for position, field in enumerate(embed.get("fields") or []):
            found.length((*place, "fields", position, "name"), field.get("name"), 1, 256)
            found.length((*place, "fields", position, "value"), field.get("value"), 1, 1024)
        if embed.get("url") and not _is_web_address(embed["url"], 2048):
            found.add((*place, "url"), "Not a well formed URL.", "URL_TYPE_INVALID_URL")
        if not any(
            embed.get(key) for key in ("title", "description", "fields", "image", "footer", "author", "thumbnail")
        ):
            found.add((*place, "description"), "This field is required", "BASE_TYPE_REQUIRED")
    if sum(_units(text) for embed in embeds for text in _embed_texts(embed)) > 6000:
        found.add(path, "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")


def _embed_texts(embed: Payload) -> list[str]:
    fields = embed.get("fields") or []
    parts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    parts += [(embed.get("author") or {}).get("name")]
    parts += [text for field in fields for text in (field.get("name"), field.get("value"))]
    return [part for part in parts if part]


def _check_mentions(found: Problems, mentions: Payload | None, path: Path) -> None:
    if mentions is None:
        return
    parse = mentions.get("parse") or []
    if not set(parse) <= {"roles", "users", "everyone"}:
        found.add((*path, "parse"), "Value must be one of ('users', 'everyone', 'roles').", "BASE_TYPE_CHOICES")
    for kind in ("users", "roles"):
        found.length((*path, kind), mentions.get(kind), 0, 100)
        if mentions.get(kind) and kind in parse:
            found.add(
                (*path, kind), f'parse:["{kind}"] and {kind} are mutually exclusive.', "MESSAGE_ALLOWED_MENTIONS_PARSE"
            )


def _check_attachments(found: Problems, message: Mapping[str, Any], files: Collection[str], path: Path) -> None:
    if len(files) > 10:
        found.add((*path, "attachments"), "Must be 10 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
    named = {attachment.get("filename") for attachment in message.get("attachments") or []} | set(files)
    for component in walk(message.get("components") or []):
        for media in media_of(component):
            url = media.get("url", "")
            if url.startswith("attachment://") and url.removeprefix("attachment://") not in named:
                found.add((*path, "components"), f"Unable to resolve {url}", "MEDIA_UNRESOLVED")


def media_of(component: Payload) -> Iterable[Payload]:
    """The pictures and files that a component shows."""
    own = [component.get("media"), component.get("file")]
    return [media for media in [*own, *(item.get("media") for item in component.get("items") or [])] if media]


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


# --- modals and choices ---

_IN_LABEL = {
    *SELECTS,
    Component.TEXT_INPUT,
    Component.FILE_UPLOAD,
    Component.RADIO_GROUP,
    Component.CHECKBOX_GROUP,
    Component.CHECKBOX,
}


def modal_problems(modal: Payload, path: Path = ("data",)) -> Problems:
    """Why Discord would refuse to open a modal."""
    found = Problems()
    _check_custom_id(found, modal, path)
    found.length((*path, "title"), modal.get("title"), 1, 45)
    components = modal.get("components") or []
    found.length((*path, "components"), components, 1, 5)
    for number, component in enumerate(components):
        place = (*path, "components", number)
        match component.get("type"):
            case Component.LABEL:
                found.length((*place, "label"), component.get("label"), 1, 45)
                found.length((*place, "description"), component.get("description"), 0, 100)
                _check_input(found, component.get("component") or {}, (*place, "component"))
            case Component.ACTION_ROW:
                for inner in component.get("components") or [{}]:
                    found.length((*place, "components", 0, "label"), inner.get("label"), 1, 45)
                    _check_input(found, inner, (*place, "components", 0))
            case Component.TEXT_DISPLAY:
                found.length((*place, "content"), component.get("content"), 1, 4000)
            case _:
                found.add((*place, "type"), "Value must be one of (1, 10, 18).", "BASE_TYPE_CHOICES")
    _check_duplicates(found, "custom_id", components, (*path, "components"), "COMPONENT_CUSTOM_ID_DUPLICATED")
    return found


def _check_input(found: Problems, component: Payload, path: Path) -> None:
    kind = component.get("type")
    if kind not in _IN_LABEL:
        found.add((*path, "type"), f"Value must be one of {sorted(_IN_LABEL)}.", "BASE_TYPE_CHOICES")
        return
    if kind in SELECTS:
        _check_select(found, component, path)
        return
    _check_custom_id(found, component, path)
    if kind == Component.TEXT_INPUT:
        if component.get("style") not in (1, 2):
            found.add((*path, "style"), "Value must be one of (1, 2).", "BASE_TYPE_CHOICES")
        least, most = component.get("min_length") or 0, _or(component.get("max_length"), 4000)
        if not 0 <= least <= most <= 4000 or most < 1:
            found.add((*path, "max_length"), "min_length and max_length are out of order or of range.")
        found.length((*path, "value"), component.get("value"), 0, 4000)
        found.length((*path, "placeholder"), component.get("placeholder"), 0, 100)
    elif kind == Component.FILE_UPLOAD:
        least, most = _or(component.get("min_values"), 1), _or(component.get("max_values"), 1)
        if not 0 <= least <= most <= 10 or most < 1:
            found.add((*path, "max_values"), "min_values and max_values are out of order or of range.")
    elif kind in (Component.RADIO_GROUP, Component.CHECKBOX_GROUP):
        options = component.get("options") or []
        found.length((*path, "options"), options, 2 if kind == Component.RADIO_GROUP else 1, 10)
        _check_options(found, options, (*path, "options"))


def choice_problems(choices: Sequence[Payload], option_type: int) -> Problems:
    """Why Discord would refuse the choices of an autocomplete answer; `option_type` is that of the focused option."""
    found = Problems()
    found.length(("data", "choices"), choices, 0, 25)
    _check_choices(found, choices, option_type, ("data", "choices"))
    return found


def _check_choices(found: Problems, choices: Sequence[Payload], option_type: int | None, path: Path) -> None:
    for number, choice in enumerate(choices):
        found.length((*path, number, "name"), choice.get("name"), 1, 100)
        value = choice.get("value")
        if option_type == STRING:
            if not isinstance(value, str):
                found.add((*path, number, "value"), "Could not interpret the value as string.", "STRING_TYPE_CONVERT")
            else:
                found.length((*path, number, "value"), value, 1, 100)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            found.add((*path, number, "value"), "Could not interpret the value as a number.", "NUMBER_TYPE_COERCE")


# --- commands ---

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
COMMAND_LIMITS = {SLASH: 100, ON_USER: 15, ON_MESSAGE: 15}

# Letters and digits of any script, the marks that Devanagari and Thai spell with, "-", "_" and "'".
_SLASH_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN "
    "ja zh-TW ko ar he".split()
)


def command_set_problems(commands: Sequence[Payload]) -> Problems:
    """Why Discord would refuse to register these commands as all that there are."""
    found = Problems()
    for kind, limit in COMMAND_LIMITS.items():
        if sum(1 for command in commands if (command.get("type") or SLASH) == kind) > limit:
            found.add((), f"Maximum number of application commands of type {kind} reached ({limit}).")
    names = Counter((command.get("type") or SLASH, command.get("name")) for command in commands)
    for number, command in enumerate(commands):
        if names[command.get("type") or SLASH, command.get("name")] > 1:
            found.add(
                (number, "name"), "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME"
            )
        _check_command(found, command, (number,))
    return found


def command_problems(command: Payload) -> Problems:
    """Why Discord would refuse to register one command."""
    found = Problems()
    _check_command(found, command, ())
    return found


def _check_command(found: Problems, command: Payload, path: Path) -> None:
    kind = command.get("type") or SLASH
    if kind == SLASH:
        _check_slash_names(found, command, path)
        _check_command_options(found, command.get("options") or [], path, depth=0)
        if _size_of(command) > 8000:
            found.add(path, "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")
    else:
        found.length((*path, "name"), command.get("name"), 1, 32)
        for field in ("description", "options"):
            if command.get(field):
                found.add((*path, field), f"Context menu commands cannot have {field}")
    for field, allowed in (("integration_types", {0, 1}), ("contexts", {0, 1, 2})):
        values = command.get(field)
        if values is not None and (not values or not set(values) <= allowed or len(set(values)) < len(values)):
            found.add((*path, field), f"Values must be different ones of {sorted(allowed)}.", "BASE_TYPE_CHOICES")


def _check_slash_names(found: Problems, named: Payload, path: Path) -> None:
    name = named.get("name") or ""
    if not _SLASH_NAME.fullmatch(name) or name != name.lower():
        found.add((*path, "name"), "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")
    found.length((*path, "description"), named.get("description"), 1, 100)
    for field in ("name_localizations", "description_localizations"):
        for locale, text in (named.get(field) or {}).items():
            place = (*path, field, locale)
            if locale not in LOCALES:
                found.add(place, "This locale does not exist.", "BASE_TYPE_CHOICES")
            if field == "name_localizations" and (not _SLASH_NAME.fullmatch(text) or text != text.lower()):
                found.add(place, "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")
            found.length(place, text, 1, 100)


def _check_command_options(found: Problems, options: Sequence[Payload], path: Path, *, depth: int) -> None:
    found.length((*path, "options"), options, 0, 25)
    names = Counter(option.get("name") for option in options)
    kinds = {option.get("type") for option in options}
    if kinds & {SUBCOMMAND, GROUP} and kinds - {SUBCOMMAND, GROUP}:
        found.add((*path, "options"), "Sub-command and sub-command group option types are mutually exclusive to others")
    was_optional = False
    for number, option in enumerate(options):
        place = (*path, "options", number)
        _check_slash_names(found, option, place)
        if names[option.get("name")] > 1:
            found.add((*place, "name"), "Option name already in use", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED")
        if option.get("required") and was_optional:
            found.add(
                place,
                "Required options must be placed before non-required options",
                "APPLICATION_COMMAND_OPTIONS_ORDER",
            )
        was_optional = was_optional or not option.get("required")
        _check_command_option(found, option, place, depth=depth)


def _check_command_option(found: Problems, option: Payload, path: Path, *, depth: int) -> None:
    kind = option.get("type")
    if kind in (SUBCOMMAND, GROUP):
        if depth > (1 if kind == SUBCOMMAND else 0):
            found.add((*path, "type"), "Sub-commands nest at most once in a group.")
        _check_command_options(found, option.get("options") or [], path, depth=depth + (1 if kind == GROUP else 2))
        return
    if kind not in range(STRING, ATTACHMENT + 1):
        found.add((*path, "type"), f"Value must be one of {tuple(range(1, 12))}.", "BASE_TYPE_CHOICES")
        return
    choices = option.get("choices") or []
    found.length((*path, "choices"), choices, 0, 25)
    if choices and kind not in (STRING, INTEGER, NUMBER):
        found.add((*path, "choices"), "Only texts and numbers have choices.")
    elif choices:
        _check_choices(found, choices, kind, (*path, "choices"))
    if option.get("autocomplete") and (choices or kind not in (STRING, INTEGER, NUMBER)):
        found.add((*path, "autocomplete"), "Autocomplete goes with texts and numbers that have no choices.")
    least, most = option.get("min_length"), option.get("max_length")
    if (least is not None and not 0 <= least <= 6000) or (most is not None and not 1 <= most <= 6000):
        found.add((*path, "max_length"), "min_length and max_length are out of range.")


def _size_of(command: Payload) -> int:
    """The characters of names, descriptions and values, which Discord counts together."""
    own = len(command.get("name") or "") + len(command.get("description") or "")
    choices = sum(len(c["name"]) + len(str(c["value"])) for c in command.get("choices") or [])
    return own + choices + sum(_size_of(option) for option in command.get("options") or [])


def inputs_of(components: Sequence[Payload]) -> list[Payload]:
    """The fields that somebody fills in in a modal, in order."""
    return of_type(components, *map(Component, _IN_LABEL))
