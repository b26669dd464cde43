"""Discord's rules for what a bot sends: what the real one answers with 400, the one on loopback refuses too.

Each function returns the `Problems` of one kind of form. Sources: Discord's developer documentation (message
components, application commands, embeds) and, where marked, what its OpenAPI description leaves out.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.harness.components import LINK_STYLE, SELECTS, Component, Payload, of_type, walk

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, IS_COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15
_FLAGS_TO_SEND = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2

_FILE_ADDRESS = "attachment://"

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
        """Note a text or list whose length is outside the bounds; of texts, Discord counts the code points."""
        size = len(value or ())
        if least and not least <= size <= most:
            self.add(path, f"Must be between {least} and {most} in length.", "BASE_TYPE_BAD_LENGTH")
        elif size > most:
            self.add(path, f"Must be {most} or fewer in length.", "BASE_TYPE_MAX_LENGTH")

    def size(self, path: Path, value: int | None, least: int, most: int) -> None:
        """Note a number that is there and outside the bounds."""
        if value is not None and value < least:
            self.add(path, f"int value should be greater than or equal to {least}.", "NUMBER_TYPE_MIN")
        elif value is not None and value > most:
            self.add(path, f"int value should be less than or equal to {most}.", "NUMBER_TYPE_MAX")

    def twice(self, path: Path, values: Sequence[Any] | None) -> None:
        """Note a list of which Discord makes a set, with a value that it has more than once."""
        if len(set(values or ())) < len(values or ()):
            self.add(path, "The set already contains this value", "SET_TYPE_ALREADY_CONTAINS_VALUE")

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
    shown = ("embeds", "components", "poll", "sticker_ids")
    return not files and not _trimmed(message.get("content")) and not any(message.get(field) for field in shown)


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


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
        if sum(len(text.get("content") or "") for text in of_type(components, Component.TEXT_DISPLAY)) > 4000:
            found.add(path, "The displayable text is over 4000.", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED")
    else:
        found.length(path, components, 0, 5)
    allowed = _AT_THE_TOP if is_v2 else {Component.ACTION_ROW}
    for number, component in enumerate(components):
        _check_component(found, component, allowed, (*path, number))
    _check_ids(found, components, path)


def _check_ids(found: Problems, components: Sequence[Payload], path: Path) -> None:
    for component in walk(components):
        found.size((*path, "id"), component.get("id"), 0, 2**31 - 1)
    _check_duplicates(found, "custom_id", components, path, "COMPONENT_CUSTOM_ID_DUPLICATED")
    _check_duplicates(found, "id", components, path, "COMPONENT_ID_DUPLICATED")


def _check_duplicates(found: Problems, key: str, components: Sequence[Payload], path: Path, code: str) -> None:
    for value, number in Counter(c[key] for c in walk(components) if c.get(key)).items():
        if number > 1:
            found.add(path, f"Component {key} {value!r} cannot be duplicated", code)


def _check_component(found: Problems, component: Payload, allowed: Collection[int], path: Path) -> None:
    kind = component.get("type")
    if kind not in allowed:
        found.add((*path, "type"), f"Value must be one of {tuple(sorted(map(int, allowed)))}.", "BASE_TYPE_CHOICES")
        return
    match kind:
        case Component.ACTION_ROW:
            _check_row(found, component, path)
        case Component.TEXT_DISPLAY:
            _check_text(found, component, path)
        case Component.CONTAINER:
            found.length((*path, "components"), component.get("components"), 1, 40)
            for number, child in enumerate(component.get("components") or []):
                _check_component(found, child, _IN_CONTAINER, (*path, "components", number))
            found.size((*path, "accent_color"), component.get("accent_color"), 0, 0xFFFFFF)
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
            if not _is_file_address((component.get("file") or {}).get("url")):
                found.add((*path, "file", "url"), "Only attachment:// is allowed here.")
        case Component.SEPARATOR:
            if component.get("spacing") not in (None, 1, 2):
                found.add((*path, "spacing"), "Value must be one of (1, 2).", "BASE_TYPE_CHOICES")


def _check_text(found: Problems, display: Payload, path: Path) -> None:
    if not _trimmed(display.get("content")):
        found.add((*path, "content"), "This field is required", "BASE_TYPE_REQUIRED")
    found.length((*path, "content"), display.get("content"), 0, 4000)


def _check_media(found: Problems, media: Payload | None, path: Path) -> None:
    _check_address(found, (media or {}).get("url") or "", (*path, "url"), may_be_file=True)


def _check_address(found: Problems, url: str, path: Path, *, may_be_file: bool) -> None:
    if not _is_web_address(url, 2048) and not (may_be_file and _is_file_address(url)):
        found.add(path, "Not a well formed URL.", "URL_TYPE_INVALID_URL")


def _is_file_address(url: Any) -> bool:
    return isinstance(url, str) and url.startswith(_FILE_ADDRESS)


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


_PREMIUM_STYLE = 6
_WHAT_A_BUTTON_NEEDS = {**dict.fromkeys((1, 2, 3, 4), "custom_id"), LINK_STYLE: "url", _PREMIUM_STYLE: "sku_id"}


def _check_button(found: Problems, button: Payload, path: Path) -> None:
    style = button.get("style")
    needed = _WHAT_A_BUTTON_NEEDS.get(style or 0)
    if needed is None:
        found.add((*path, "style"), f"Value must be one of {tuple(_WHAT_A_BUTTON_NEEDS)}.", "BASE_TYPE_CHOICES")
        return
    if not button.get(needed):
        found.add((*path, needed), "This field is required", "BASE_TYPE_REQUIRED")
    if button.get("custom_id") and button.get("url"):
        found.add(path, "A custom id and url cannot both be specified", "BUTTON_COMPONENT_CUSTOM_ID_URL")
    elif other := [field for field in ("custom_id", "url", "sku_id") if field != needed and button.get(field)]:
        found.add(path, f"A button of this style cannot have {' and '.join(other)}.")
    found.length((*path, "custom_id"), button.get("custom_id"), 0, 100)
    found.length((*path, "label"), button.get("label"), 0, 80)
    if button.get("url") and not _is_web_address(button["url"], 512, ("http", "https", "discord")):
        found.add((*path, "url"), "Not a well formed URL of at most 512 characters.", "URL_TYPE_INVALID_URL")
    if bool(button.get("label") or button.get("emoji")) == (style == _PREMIUM_STYLE):
        found.add((*path, "label"), "A button has a label or an emoji unless it is a premium one.")


def _check_custom_id(found: Problems, component: Payload, path: Path) -> None:
    if not component.get("custom_id"):
        found.add((*path, "custom_id"), "This field is required", "BASE_TYPE_REQUIRED")
    found.length((*path, "custom_id"), component.get("custom_id"), 0, 100)


def _check_select(found: Problems, select: Payload, path: Path) -> None:
    _check_custom_id(found, select, path)
    found.length((*path, "placeholder"), select.get("placeholder"), 0, 150)
    _check_bounds(found, select, "values", path, 25, defaults=(1, 1))
    least, most = _or(select.get("min_values"), 1), _or(select.get("max_values"), 1)
    if select.get("type") != Component.STRING_SELECT:
        if select.get("default_values") and not least <= len(select["default_values"]) <= most:
            found.length((*path, "default_values"), select["default_values"], max(least, 1), most)
        return
    options = select.get("options") or []
    found.length((*path, "options"), options, 1, 25)
    _check_options(found, options, (*path, "options"))
    if most > max(len(options), 1):
        found.add((*path, "max_values"), "max_values cannot be more than the number of options.")


def _check_bounds(
    found: Problems, form: Payload, what: str, path: Path, limit: int, *, defaults: tuple[int, int]
) -> None:
    low, high = f"min_{what}", f"max_{what}"
    found.size((*path, low), form.get(low), 0, limit)
    found.size((*path, high), form.get(high), 1, limit)
    if _or(form.get(low), defaults[0]) > _or(form.get(high), defaults[1]):
        found.add((*path, low), f"{low} is above {high}.")


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


# Of texts in embeds, Discord counts what is left when blanks at the ends are gone.
_EMBED_TEXTS = {("title",): 256, ("description",): 4096, ("footer", "text"): 2048, ("author", "name"): 256}
_EMBED_ADDRESSES = (("url",), ("author", "url"))
_EMBED_IMAGES = (("image", "url"), ("thumbnail", "url"), ("footer", "icon_url"), ("author", "icon_url"))


def _check_embeds(found: Problems, embeds: Sequence[Payload], path: Path) -> None:
    found.length(path, embeds, 0, 10)
    for number, embed in enumerate(embeds):
        _check_embed(found, embed, (*path, number))
    if sum(len(text) for embed in embeds for text in _embed_texts(embed)) > 6000:
        found.add(path, "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")


def _check_embed(found: Problems, embed: Payload, path: Path) -> None:
    for steps, most in _EMBED_TEXTS.items():
        found.length((*path, *steps), _trimmed(_within(embed, steps)), 0, most)
    found.length((*path, "fields"), embed.get("fields"), 0, 25)
    for number, field in enumerate(embed.get("fields") or []):
        found.length((*path, "fields", number, "name"), _trimmed(field.get("name")), 1, 256)
        found.length((*path, "fields", number, "value"), _trimmed(field.get("value")), 1, 1024)
    for steps in (*_EMBED_ADDRESSES, *_EMBED_IMAGES):
        if url := _within(embed, steps):
            _check_address(found, url, (*path, *steps), may_be_file=steps in _EMBED_IMAGES)
    found.size((*path, "color"), embed.get("color"), 0, 0xFFFFFF)
    if embed.get("timestamp") and not _is_time(embed["timestamp"]):
        found.add((*path, "timestamp"), "Could not parse the timestamp. Should be ISO8601.", "DATE_TIME_TYPE_PARSE")
    if not any(embed.get(key) for key in ("title", "description", "fields", "image", "footer", "author", "thumbnail")):
        found.add((*path, "description"), "This field is required", "BASE_TYPE_REQUIRED")


def _within(form: Payload, steps: Sequence[str]) -> Any:
    value: Any = form
    for step in steps:
        value = (value or {}).get(step)
    return value


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _embed_texts(embed: Payload) -> list[str]:
    parts = [_within(embed, steps) for steps in _EMBED_TEXTS]
    parts += [field.get(key) for field in embed.get("fields") or [] for key in ("name", "value")]
    return [_trimmed(part) for part in parts]


def _check_mentions(found: Problems, mentions: Payload | None, path: Path) -> None:
    if mentions is None:
        return
    parse = mentions.get("parse") or []
    if not set(parse) <= {"roles", "users", "everyone"}:
        found.add((*path, "parse"), "Value must be one of ('users', 'everyone', 'roles').", "BASE_TYPE_CHOICES")
    found.twice((*path, "parse"), parse)
    for kind in ("users", "roles"):
        found.length((*path, kind), mentions.get(kind), 0, 100)
        found.twice((*path, kind), mentions.get(kind))
        if mentions.get(kind) and kind in parse:
            found.add(
                (*path, kind), f'parse:["{kind}"] and {kind} are mutually exclusive.', "MESSAGE_ALLOWED_MENTIONS_PARSE"
            )


def _check_attachments(found: Problems, message: Mapping[str, Any], files: Collection[str], path: Path) -> None:
    attachments = message.get("attachments") or []
    found.length((*path, "attachments"), max(attachments, files, key=len), 0, 10)
    for number, attachment in enumerate(attachments):
        found.length((*path, "attachments", number, "description"), attachment.get("description"), 0, 1024)
    named = {attachment.get("filename") for attachment in attachments} | set(files)
    # An embed may name a file that is not there: it is shown without its image.
    for place, url in _file_addresses(message.get("components"), (*path, "components")):
        if url.removeprefix(_FILE_ADDRESS) not in named:
            found.add(
                place,
                f'The referenced attachment ("{url}") was not found',
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
            )


def _file_addresses(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    within = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in within:
        if key == "url" and _is_file_address(value):
            yield (*path, key), value
        yield from _file_addresses(value, (*path, key))


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
                _check_old_input(found, component.get("components") or [], (*place, "components"))
            case Component.TEXT_DISPLAY:
                _check_text(found, component, place)
            case _:
                found.add((*place, "type"), "Value must be one of (1, 10, 18).", "BASE_TYPE_CHOICES")
    _check_ids(found, components, (*path, "components"))
    return found


def _check_old_input(found: Problems, inputs: Sequence[Payload], path: Path) -> None:
    found.length(path, inputs, 1, 1)
    for number, component in enumerate(inputs):
        if component.get("type") != Component.TEXT_INPUT:
            found.add((*path, number, "type"), "Value must be one of (4,).", "BASE_TYPE_CHOICES")
            continue
        found.length((*path, number, "label"), component.get("label"), 1, 45)
        _check_input(found, component, (*path, number))


def _check_input(found: Problems, component: Payload, path: Path) -> None:
    kind = component.get("type")
    if kind not in _IN_LABEL:
        found.add((*path, "type"), f"Value must be one of {tuple(sorted(map(int, _IN_LABEL)))}.", "BASE_TYPE_CHOICES")
        return
    if component.get("disabled"):
        found.add((*path, "disabled"), "Nothing in a modal can be disabled.")
    if component.get("min_values") == 0 and component.get("required") in (None, True):
        found.add((*path, "min_values"), "What is required takes at least 1.")
    if kind in SELECTS:
        _check_select(found, component, path)
        return
    _check_custom_id(found, component, path)
    options = component.get("options") or []
    match kind:
        case Component.TEXT_INPUT:
            if component.get("style") not in (1, 2):
                found.add((*path, "style"), "Value must be one of (1, 2).", "BASE_TYPE_CHOICES")
            _check_bounds(found, component, "length", path, 4000, defaults=(0, 4000))
            found.length((*path, "value"), component.get("value"), 0, 4000)
            found.length((*path, "placeholder"), component.get("placeholder"), 0, 100)
        case Component.FILE_UPLOAD:
            _check_bounds(found, component, "values", path, 10, defaults=(1, 1))
        case Component.RADIO_GROUP:
            found.length((*path, "options"), options, 2, 10)
            _check_options(found, options, (*path, "options"))
        case Component.CHECKBOX_GROUP:
            found.length((*path, "options"), options, 1, 10)
            _check_options(found, options, (*path, "options"))
            _check_bounds(found, component, "values", path, 10, defaults=(1, max(len(options), 1)))


def choice_problems(choices: Sequence[Payload], option_type: int) -> Problems:
    """Why Discord would refuse the choices of an autocomplete answer; `option_type` is that of the focused option."""
    found = Problems()
    found.length(("data", "choices"), choices, 0, 25)
    _check_choices(found, choices, option_type, ("data", "choices"))
    return found


def _check_choices(found: Problems, choices: Sequence[Payload], option_type: int | None, path: Path) -> None:
    for number, choice in enumerate(choices):
        found.length((*path, number, "name"), choice.get("name"), 1, 100)
        _check_translations(found, choice, "name", (*path, number), 100)
        value = choice.get("value")
        if option_type == STRING:
            if not isinstance(value, str):
                found.add((*path, number, "value"), "Could not interpret the value as string.", "STRING_TYPE_CONVERT")
            else:
                found.length((*path, number, "value"), value, 1, 100)
        elif not _is_number(value, option_type):
            found.add((*path, number, "value"), "Could not interpret the value as a number.", "NUMBER_TYPE_COERCE")


def _is_number(value: Any, option_type: int | None) -> bool:
    """Whether an option of this type can have the value: a whole one for an integer, of at most 53 bits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 2**53 and (option_type == NUMBER or value % 1 == 0)


# --- commands ---

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
COMMAND_LIMITS = {SLASH: 100, ON_USER: 15, ON_MESSAGE: 15}

_PLAIN = frozenset(range(STRING, ATTACHMENT + 1))
_NUMBERS = frozenset({INTEGER, NUMBER})
_VALID_FOR = {
    "options": frozenset({SUBCOMMAND, GROUP}),
    "choices": _NUMBERS | {STRING},
    "autocomplete": _NUMBERS | {STRING},
    "channel_types": frozenset({CHANNEL}),
    "min_value": _NUMBERS,
    "max_value": _NUMBERS,
    "min_length": frozenset({STRING}),
    "max_length": frozenset({STRING}),
}
"""The types of option that a field of an option goes with."""

_CHANNEL_TYPES = frozenset({*range(6), *range(10, 17)})

# Letters and digits of any script, all of the scripts Devanagari and Thai for the marks they spell with, "-", "_", "'".
_DEVANAGARI = r"\u0900-\u0950\u0955-\u0963\u0966-\u097F\uA8E0-\uA8FF"
_THAI = r"\u0E01-\u0E3A\u0E40-\u0E5B"
_SLASH_NAME = re.compile(rf"[-_'\w{_DEVANAGARI}{_THAI}]{{1,32}}")
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
        _check_command_options(found, command.get("options") or [], path, _PLAIN | {SUBCOMMAND, GROUP})
        if _size_of(command) > 8000:
            found.add(path, "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")
    elif kind in COMMAND_LIMITS:
        found.length((*path, "name"), command.get("name"), 1, 32)
        _check_translations(found, command, "name", path, 32)
        for field in ("description", "options"):
            if command.get(field):
                found.add((*path, field), f"Context menu commands cannot have {field}")
    else:
        found.add((*path, "type"), f"Value must be one of {tuple(COMMAND_LIMITS)}.", "BASE_TYPE_CHOICES")
    for field, allowed in (("integration_types", {0, 1}), ("contexts", {0, 1, 2})):
        values = command.get(field)
        if values is not None and (not values or not set(values) <= allowed or len(set(values)) < len(values)):
            found.add((*path, field), f"Values must be different ones of {sorted(allowed)}.", "BASE_TYPE_CHOICES")


def _check_slash_names(found: Problems, named: Payload, path: Path) -> None:
    _check_slash_name(found, named.get("name"), (*path, "name"))
    for locale, name in (named.get("name_localizations") or {}).items():
        _check_slash_name(found, name, (*path, "name_localizations", locale))
    found.length((*path, "description"), named.get("description"), 1, 100)
    _check_translations(found, named, "name", path, 32)
    _check_translations(found, named, "description", path, 100)


def _check_slash_name(found: Problems, name: str | None, path: Path) -> None:
    if not name or not _SLASH_NAME.fullmatch(name) or name != name.lower():
        found.add(path, "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")


def _check_translations(found: Problems, named: Payload, field: str, path: Path, most: int) -> None:
    for locale, text in (named.get(f"{field}_localizations") or {}).items():
        place = (*path, f"{field}_localizations", locale)
        if locale not in LOCALES:
            found.add(place, "This locale does not exist.", "BASE_TYPE_CHOICES")
        found.length(place, text, 1, most)


def _check_command_options(found: Problems, options: Sequence[Payload], path: Path, allowed: Collection[int]) -> None:
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
        _check_command_option(found, option, place, allowed)


def _check_command_option(found: Problems, option: Payload, path: Path, allowed: Collection[int]) -> None:
    kind = option.get("type")
    if kind not in allowed:
        found.add((*path, "type"), f"Value must be one of {tuple(sorted(map(int, allowed)))}.", "BASE_TYPE_CHOICES")
        return
    for field, kinds in _VALID_FOR.items():
        # 0 is a value, False and [] are none.
        if kind not in kinds and not (option.get(field) is None or option[field] is False or option[field] == []):
            found.add((*path, field), f"An option of type {kind} cannot have {field}.")
    if kind in (SUBCOMMAND, GROUP):
        below = _PLAIN if kind == SUBCOMMAND else {SUBCOMMAND}
        _check_command_options(found, option.get("options") or [], path, below)
    elif kind in (STRING, *_NUMBERS):
        _check_typed_option(found, option, path)
    elif kind == CHANNEL:
        types = option.get("channel_types") or []
        if not set(types) <= _CHANNEL_TYPES:
            found.add((*path, "channel_types"), f"Values must be of {sorted(_CHANNEL_TYPES)}.", "BASE_TYPE_CHOICES")
        found.twice((*path, "channel_types"), types)


def _check_typed_option(found: Problems, option: Payload, path: Path) -> None:
    kind = option.get("type")
    choices = option.get("choices") or []
    found.length((*path, "choices"), choices, 0, 25)
    _check_choices(found, choices, kind, (*path, "choices"))
    if option.get("autocomplete") and choices:
        found.add((*path, "autocomplete"), "Autocomplete goes with options that have no choices.")
    if kind == STRING:
        _check_bounds(found, option, "length", path, 6000, defaults=(0, 6000))
        return
    bounds = {field: option[field] for field in ("min_value", "max_value") if option.get(field) is not None}
    for field, value in bounds.items():
        if not _is_number(value, kind):
            found.add((*path, field), "Could not interpret the value as a number.", "NUMBER_TYPE_COERCE")
    if len(bounds) == 2 and bounds["min_value"] > bounds["max_value"]:
        found.add((*path, "min_value"), "min_value is above max_value.")


def _size_of(command: Payload) -> int:
    """The characters of names, descriptions and values, which Discord counts together."""
    own = _longest(command, "name") + _longest(command, "description")
    choices = sum(
        _longest(choice, "name") + len(str(choice.get("value", ""))) for choice in command.get("choices") or []
    )
    return own + choices + sum(_size_of(option) for option in command.get("options") or [])


def _longest(named: Payload, field: str) -> int:
    """The size of a text in the language in which it is longest: only that one counts."""
    return max(len(text or "") for text in (named.get(field), *(named.get(f"{field}_localizations") or {}).values()))


def inputs_of(components: Sequence[Payload]) -> list[Payload]:
    """The fields that somebody fills in in a modal, in order."""
    return of_type(components, *map(Component, _IN_LABEL))
