"""What somebody typed, chose or attached → what a client sends, refused where a client would not send it."""

import mimetypes
from collections.abc import Collection, Mapping, Sequence

from bot.harness import rules
from bot.harness.components import Component, Payload
from bot.harness.replies import CannotDoError, File, Value
from bot.harness.world import Channel, User, World


class Entries:
    """What goes into one interaction; `resolved` is what Discord tells the bot of the ids in it."""

    def __init__(self, world: World, channel: Channel, user: User) -> None:
        self._world = world
        self._channel = channel
        self._user = user
        self.resolved: Payload = {}

    @property
    def sent(self) -> Payload:
        """The field of the interaction's data, where there is anything in it."""
        return {"resolved": self.resolved} if self.resolved else {}

    def option(self, described: Mapping[str, Payload], name: str, value: Value) -> Payload:
        """An option of a command. Raises `CannotDoError`."""
        option = described[name]
        kind = option["type"]
        if kind == rules.ATTACHMENT and isinstance(value, File):
            return {"name": name, "type": kind, "value": self.attach(value)["id"]}
        is_wrong = kind == rules.ATTACHMENT or not isinstance(value, _TYPES.get(kind, str))
        if is_wrong or (kind != rules.BOOLEAN and isinstance(value, bool)):
            raise CannotDoError(f"{name} cannot be {value!r}")
        if kind in _OPTION_OBJECTS:
            self._resolve(str(value), _OPTION_OBJECTS[kind], option.get("channel_types"))
        _check_bounds(option, value)
        return {"name": name, "type": kind, "value": value}

    def choices(self, select: Payload, labels: Sequence[str]) -> list[str]:
        """The values of a menu's options with these labels; of a menu of people or channels the ids themselves."""
        _check_number(select, len(labels))
        if "options" not in select:
            for id_ in labels if select["type"] in _SELECT_OBJECTS else ():
                self._resolve(id_, _SELECT_OBJECTS[select["type"]], select.get("channel_types"))
            return list(labels)
        known = {option["label"]: option["value"] for option in select["options"]}
        if unknown := set(labels) - known.keys():
            raise CannotDoError(f"there is no {sorted(unknown)}; there are {sorted(known)}")
        return [known[label] for label in labels]

    def field(self, one: Payload, value: object) -> Payload:
        """A field of a modal; None keeps what stands in it. Raises `CannotDoError`."""
        sent: Payload = {"type": one["type"], "custom_id": one["custom_id"]}
        match one["type"]:
            case Component.TEXT_INPUT:
                return {**sent, "value": _text(one, one.get("value") or "" if value is None else str(value))}
            case Component.FILE_UPLOAD:
                files = [value] if isinstance(value, File) else list(value) if isinstance(value, list | tuple) else []
                _check_number(one, len(files))
                return {**sent, "values": [self.attach(file)["id"] for file in files]}
            case Component.CHECKBOX:
                return {**sent, "value": bool(one.get("default") if value is None else value)}
        values = self.choices(one, _chosen(one, value))
        if one["type"] == Component.RADIO_GROUP:
            return {**sent, "value": values[0] if values else None}
        return {**sent, "values": values}

    def attach(self, file: File) -> Payload:
        """Upload a file, as a client does before it sends an option or a modal."""
        if len(file.content) > rules.FILE_SIZE_LIMIT:
            raise CannotDoError(f"{file.name} is larger than 10 MiB")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        attachment = self._world.attach(file.name, file.content, kind, ephemeral=True)
        self.resolved.setdefault("attachments", {})[attachment["id"]] = attachment
        return attachment

    def _resolve(self, id_: str, objects: Collection[str], channel_types: Collection[int] | None) -> None:
        """Add what an id stands for."""
        guild = self._channel.guild
        people = [user for user, _ in guild.members.values()] if guild else [self._user]
        found: dict[str, Payload] = {}
        for user in [*people, self._world.bot]:
            if user.id == id_ and "users" in objects:
                found["users"] = user.payload
                if guild is not None:
                    found["members"] = guild.partial_member_payload(user)
        if guild is not None:
            for position, role in enumerate(guild.roles.values()):
                if role.id == id_ and "roles" in objects:
                    found["roles"] = role.payload(position)
            for channel in guild.channels.values():
                is_taken = not channel_types or channel.payload["type"] in channel_types
                if channel.id == id_ and "channels" in objects and is_taken:
                    found["channels"] = channel.partial_payload(guild.permissions(self._user))
        if not found:
            raise CannotDoError(f"there is no {id_!r} among the {', '.join(sorted(objects))} to choose from here")
        for key, payload in found.items():
            self.resolved.setdefault(key, {})[id_] = payload


_TYPES: dict[int, type | tuple[type, ...]] = {
    rules.STRING: str,
    rules.INTEGER: int,
    rules.BOOLEAN: bool,
    rules.NUMBER: (int, float),
}

# What the ids of an option or of a menu stand for, by its type.
_OPTION_OBJECTS = {
    rules.USER: {"users"},
    rules.CHANNEL: {"channels"},
    rules.ROLE: {"roles"},
    rules.MENTIONABLE: {"users", "roles"},
}
_SELECT_OBJECTS = {
    Component.USER_SELECT: {"users"},
    Component.ROLE_SELECT: {"roles"},
    Component.MENTIONABLE_SELECT: {"users", "roles"},
    Component.CHANNEL_SELECT: {"channels"},
}


def _check_bounds(option: Payload, value: Value) -> None:
    name = option["name"]
    if option.get("choices") and value not in [choice["value"] for choice in option["choices"]]:
        raise CannotDoError(f"{name} is one of {[choice['name'] for choice in option['choices']]}")
    if isinstance(value, str):
        if not (option.get("min_length") or 0) <= len(value) <= (option.get("max_length") or 6000):
            raise CannotDoError(f"{name} is too short or too long ({len(value)} characters)")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and value < least) or (most is not None and value > most):
            raise CannotDoError(f"{name} is out of range")


def _text(one: Payload, text: str) -> str:
    is_required = one.get("required", True)
    least, most = max(one.get("min_length") or 0, int(is_required)), one.get("max_length") or 4000
    if (is_required or text) and not least <= len(text) <= most:
        raise CannotDoError(f"{one['label']!r} is missing, too short or too long ({len(text)} characters)")
    return text


def _chosen(one: Payload, value: object) -> list[str]:
    """The labels that are chosen, or those that are chosen when the modal opens."""
    if value is None:
        chosen = [option["label"] for option in one.get("options") or [] if option.get("default")]
        return chosen + [str(default["id"]) for default in one.get("default_values") or []]
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []


def _check_number(field: Payload, number: int) -> None:
    """Raise `CannotDoError` where a menu or a field of a form does not take so many choices or files."""
    least, most = field.get("min_values"), field.get("max_values")
    if most is None:
        most = len(field["options"]) if field["type"] == Component.CHECKBOX_GROUP else 1
    may_be_empty = field.get("required") is False and number == 0
    if not may_be_empty and not (1 if least is None else least) <= number <= most:
        raise CannotDoError(f"{field.get('label') or 'that menu'!r} does not take {number} choices")
