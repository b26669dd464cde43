"""People on the loopback Discord, who can do what people can do there and nothing else.

A method waits for what the person would see next, and raises `CannotDoError` for what no real client would let through.
"""

import asyncio
import mimetypes
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from bot.harness import rules
from bot.harness.components import LINK_STYLE, SELECTS, Component, Payload, links, of_type, texts, walk
from bot.harness.interactions import Failed, Interaction, Kind, Opened, Outcome, Removed, Shown, Suggested
from bot.harness.loopback import LoopbackDiscord
from bot.harness.world import Channel, Guild, Message, Permission

# Seconds of the machine's own time, generous because only a hanging bot ever needs them.
ANSWER_WITHIN = 60.0


class CannotDoError(Exception):
    """A real client would not let anybody do this; the message says what is missing."""


class BotSilentError(Exception):
    """The bot did not answer in time: Discord would show "The application did not respond"."""


class UnexpectedAnswerError(Exception):
    """The bot answered, but not with what was waited for; `form` is the modal that it opened instead of a message."""

    def __init__(self, message: str, form: "Form | None" = None) -> None:
        super().__init__(message)
        self.form = form


class Place(Enum):
    """Where somebody talks to the bot."""

    SERVER = "in a server that the bot is a member of"
    DIRECT = "in direct messages with the bot"
    ELSEWHERE = "in a server that the bot is not in, through a user install"


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody attaches."""

    name: str
    content: bytes

    @classmethod
    def of(cls, path: Path) -> "File":
        """A file of this machine."""
        return cls(path.name, path.read_bytes())


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the bot as it looks now: it changes where the bot edits it."""

    message: Message

    @property
    def payload(self) -> Payload:
        """The message on the wire."""
        return self.message.payload

    @property
    def text(self) -> str:
        """All its text, in order."""
        embeds = [part for embed in self.payload["embeds"] for part in _texts_of_embed(embed)]
        return "\n".join([self.payload["content"], *texts(self.payload["components"]), *embeds]).strip()

    @property
    def links(self) -> list[str]:
        """Where its buttons lead."""
        return links(self.payload["components"])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons that do something, those that are disabled too."""
        buttons = of_type(self.payload["components"], Component.BUTTON)
        return [_label(button) for button in buttons if button["style"] != LINK_STYLE]

    @property
    def is_private(self) -> bool:
        """Whether only the one who asked sees it."""
        return self.message.visible_to is not None

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""
        return self.message.is_deleted

    @property
    def is_loading(self) -> bool:
        """Whether it shows nothing but "thinking"."""
        return self.message.is_loading

    async def changed(self) -> None:
        """Wait until the bot edits or deletes it."""
        async with asyncio.timeout(ANSWER_WITHIN):
            await self.message.changed()


@dataclass(frozen=True, slots=True)
class Form:
    """A modal that the bot opened, to be filled in by the labels of its fields."""

    modal: Payload
    opener: Interaction
    fields: tuple[Payload, ...] = field(init=False)

    def __post_init__(self) -> None:
        labelled = []
        for component in self.modal["components"]:
            if component["type"] == Component.LABEL:
                described = {"label": component["label"], "description": component.get("description")}
                labelled.append({**component["component"], **described})
            else:
                labelled += rules.inputs_of([component])
        object.__setattr__(self, "fields", tuple(labelled))

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.modal["title"])

    @property
    def labels(self) -> list[str]:
        """What its fields are called."""
        return [one["label"] for one in self.fields]

    def prefilled(self, label: str) -> str:
        """What stands in a text field when the modal opens."""
        return str(next(one.get("value") or "" for one in self.fields if one["label"] == label))


Value = str | int | float | bool | File
"""What somebody types or chooses for an option; people, roles and channels by their ids."""


class Member:
    """Somebody with an account, at one place; `roles` are names such as "Moderator" or "Admin"."""

    def __init__(
        self,
        discord: LoopbackDiscord,
        name: str,
        place: Place = Place.SERVER,
        *,
        guild: Guild | None = None,
        roles: Sequence[str] = (),
        locale: str = "en-US",
    ) -> None:
        self._discord = discord
        self.user = discord.world.add_user(name, locale)
        self.place = place
        match place:
            case Place.SERVER:
                self.channel: Channel = (guild or discord.guilds[0]).general
            case Place.DIRECT:
                self.channel = discord.world.direct_channel(self.user)
            case Place.ELSEWHERE:
                self.channel = discord.world.add_guild(f"Elsewhere of {name}", has_bot=False).general
        if self.channel.guild is not None:
            self.channel.guild.members[self.user.id] = (self.user, tuple(roles))

    # --- what the bot is for ---

    async def check(self, claim: str, *, speaker: str | None = None, private: bool | None = None) -> Reply:
        """Type `/check`."""
        options: dict[str, Value | None] = {"claim": claim, "speaker": speaker, "private": private}
        return await self.slash("check", **{name: value for name, value in options.items() if value is not None})

    # --- what everybody can do ---

    @property
    def commands(self) -> list[Payload]:
        """The commands that Discord shows to this person here."""
        guild = self.channel.guild
        own = self._discord.world.guild_commands.get(guild.id, []) if guild and self.place is Place.SERVER else []
        return [command for command in [*own, *self._discord.world.commands] if self._is_offered(command)]

    def post(self, content: str = "", **fields: Any) -> Message:
        """Write a message into the channel; `fields` are more of its payload, such as embeds."""
        return self._discord.world.post(self.channel, self.user, {"content": content, **fields})

    def sees(self) -> list[Reply]:
        """The messages of the channel that this person sees, oldest first."""
        return [Reply(m) for m in self.channel.messages.values() if m.visible_to in (None, self.user)]

    async def slash(self, command: str, **options: Value) -> Reply:
        """Type a slash command, such as "check" or "source add", with options; what it shows."""
        return self._reply(await self._slash(command, options))

    async def slash_for_form(self, command: str, **options: Value) -> Form:
        """Type a slash command that opens a modal."""
        return self._form(await self._slash(command, options))

    async def complete(self, command: str, option: str, typed: str, **others: Value) -> list[Payload]:
        """The choices that appear while an option is being typed, after the others."""
        registered, described, path = self._described(command)
        known = described.get(option)
        if known is None or not known.get("autocomplete"):
            raise CannotDoError(f"/{command} completes no option {option!r}; it has {sorted(described)}")
        before = [self._option(described, name, value, {}) for name, value in others.items()]
        focused = {"name": option, "type": known["type"], "value": typed, "focused": True}
        data = self._command_data(registered, path, [*before, focused], {})
        interaction = await self._interact(Kind.AUTOCOMPLETE, data, option_type=known["type"])
        outcome = await self._outcome(interaction)
        if not isinstance(outcome, Suggested):
            raise _unexpected("choices", outcome)
        return list(outcome.choices)

    async def right_click(self, message: "Message | Reply | str", command_name: str) -> Reply:
        """Choose an app command on a message; a text is posted first."""
        target = self._visible(self.post(message) if isinstance(message, str) else message)
        command = self._registered(command_name, rules.ON_MESSAGE)
        data = {
            "id": command["id"],
            "name": command_name,
            "type": rules.ON_MESSAGE,
            "target_id": target.id,
            "resolved": {"messages": {target.id: target.payload}},
        }
        return self._reply(await self._outcome(await self._interact(Kind.COMMAND, data)))

    async def press(self, reply: Reply, label: str) -> Reply:
        """Press a button of a message, by its label; what it shows."""
        return await self.press_on(reply.message, self._button(reply, label))

    async def press_for_form(self, reply: Reply, label: str) -> Form:
        """Press a button that opens a modal."""
        outcome = await self._use(reply.message, self._button(reply, label))
        return self._form(outcome)

    async def press_on(self, message: Message, button: Payload) -> Reply:
        """Press a button that is at hand."""
        return self._reply(await self._use(message, button))

    async def choose(self, reply: Reply, *labels: str, menu: int = 0) -> Reply:
        """Choose from a menu of a message, by the labels of its options."""
        menus = of_type(self._visible(reply).payload["components"], *map(Component, SELECTS))
        if menu >= len(menus):
            raise CannotDoError(f"the message has {len(menus)} menus")
        return await self.choose_from(reply.message, menus[menu], *labels)

    async def choose_from(self, message: Message, select: Payload, *labels: str) -> Reply:
        """Choose from a menu that is at hand."""
        values = _values(select, labels)
        resolved: Payload = {}
        self._resolve_all(select, values, resolved)
        more = {"values": values, **({"resolved": resolved} if resolved else {})}
        return self._reply(await self._use(message, select, **more))

    async def submit(
        self, form: Form, values: Mapping[str, "str | bool | Sequence[str] | File | Sequence[File]"] | None = None
    ) -> Reply:
        """Fill in a modal, by the labels of its fields, and send it; what is not named keeps what stands in it."""
        filled = dict(values or {})
        if unknown := filled.keys() - set(form.labels):
            raise CannotDoError(f"the modal has no {sorted(unknown)}; it has {form.labels}")
        resolved: Payload = {}
        by_id = {one["custom_id"]: self._filled(one, filled.get(one["label"]), resolved) for one in form.fields}
        components = [_submitted(component, by_id) for component in form.modal["components"]]
        data = {
            "custom_id": form.modal["custom_id"],
            "components": components,
            **({"resolved": resolved} if resolved else {}),
        }
        interaction = await self._interact(Kind.MODAL_SUBMIT, data, source=form.opener.source, opener=form.opener)
        return self._reply(await self._outcome(interaction))

    def attach(self, file: File) -> Payload:
        """Upload a file, as a client does before it sends an option or a modal."""
        if len(file.content) > rules.FILE_SIZE_LIMIT:
            raise CannotDoError(f"{file.name} is larger than 10 MiB")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return self._discord.world.attach(file.name, file.content, kind, ephemeral=True)

    # --- how a client sees it ---

    def _is_offered(self, command: Payload) -> bool:
        context = 1 if self.place is Place.DIRECT else 0
        install = 1 if self.place is Place.ELSEWHERE else 0
        contexts = command.get("contexts")
        if contexts is not None and context not in contexts:
            return False
        if install not in (command.get("integration_types") or [0]) and not command.get("guild_id"):
            return False
        needed = command.get("default_member_permissions")
        if needed is None or self.channel.guild is None:
            return True
        has = self.channel.guild.permissions(self.user)
        is_admin = bool(has & Permission.ADMINISTRATOR)
        return is_admin or (int(needed) != 0 and has & int(needed) == int(needed))

    def _registered(self, name: str, kind: int) -> Payload:
        for command in self.commands:
            if command["name"] == name and command["type"] == kind:
                return command
        offered = sorted(command["name"] for command in self.commands if command["type"] == kind)
        raise CannotDoError(f"there is no command {name!r} here; there are {offered}")

    def command_in(self, line: str) -> tuple[str, dict[str, Payload]]:
        """The command that a line such as "source add url: …" begins with, and its options by name."""
        words = line.split() or [""]
        options = self._registered(words[0], rules.SLASH).get("options") or []
        length = 1
        while length < len(words) and any(o["type"] in _NESTED and o["name"] == words[length] for o in options):
            options = next(o for o in options if o["name"] == words[length]).get("options") or []
            length += 1
        name = " ".join(words[:length])
        return name, self._described(name)[1]

    def _described(self, command: str) -> tuple[Payload, dict[str, Payload], list[Payload]]:
        """The registered command, its options by name, and the subcommands that lead to them."""
        name, *rest = command.split()
        registered = self._registered(name, rules.SLASH)
        options, path = registered.get("options") or [], []
        for step in rest:
            found = [o for o in options if o["name"] == step and o["type"] in _NESTED]
            if not found:
                raise CannotDoError(f"/{command}: there is no {step!r}; there are {[o['name'] for o in options]}")
            path.append(found[0])
            options = found[0].get("options") or []
        if any(option["type"] in _NESTED for option in options):
            raise CannotDoError(f"/{command} needs one of {[option['name'] for option in options]}")
        return registered, {option["name"]: option for option in options}, path

    async def _slash(self, command: str, options: Mapping[str, Value]) -> Outcome:
        registered, described, path = self._described(command)
        missing = [name for name, option in described.items() if option.get("required") and name not in options]
        if missing or options.keys() - described.keys():
            raise CannotDoError(f"/{command} has {sorted(described)}; missing: {missing}")
        resolved: Payload = {}
        typed = [self._option(described, name, value, resolved) for name, value in options.items()]
        data = self._command_data(registered, path, typed, resolved)
        return await self._outcome(await self._interact(Kind.COMMAND, data))

    def _command_data(
        self, command: Payload, path: Sequence[Payload], options: list[Payload], resolved: Payload
    ) -> Payload:
        for step in reversed(path):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        return {
            "id": command["id"],
            "name": command["name"],
            "type": rules.SLASH,
            "options": options,
            **({"guild_id": command["guild_id"]} if command.get("guild_id") else {}),
            **({"resolved": resolved} if resolved else {}),
        }

    def _option(self, described: Mapping[str, Payload], name: str, value: Value, resolved: Payload) -> Payload:
        option = described[name]
        kind = option["type"]
        if kind == rules.ATTACHMENT and isinstance(value, File):
            attachment = self.attach(value)
            resolved.setdefault("attachments", {})[attachment["id"]] = attachment
            return {"name": name, "type": kind, "value": attachment["id"]}
        is_wrong = kind == rules.ATTACHMENT or not isinstance(value, _TYPES.get(kind, str))
        if is_wrong or (kind != rules.BOOLEAN and isinstance(value, bool)):
            raise CannotDoError(f"{name} cannot be {value!r}")
        if kind in _OPTION_OBJECTS:
            self._resolve(str(value), _OPTION_OBJECTS[kind], option.get("channel_types"), resolved)
        if option.get("choices") and value not in [choice["value"] for choice in option["choices"]]:
            raise CannotDoError(f"{name} is one of {[choice['name'] for choice in option['choices']]}")
        if isinstance(value, str) and not (option.get("min_length") or 0) <= len(value) <= (
            option.get("max_length") or 6000
        ):
            raise CannotDoError(f"{name} is too short or too long ({len(value)} characters)")
        if isinstance(value, int | float) and not isinstance(value, bool):
            least, most = option.get("min_value"), option.get("max_value")
            if (least is not None and value < least) or (most is not None and value > most):
                raise CannotDoError(f"{name} is out of range")
        return {"name": name, "type": kind, "value": value}

    def _resolve(
        self, id_: str, objects: Collection[str], channel_types: Collection[int] | None, resolved: Payload
    ) -> None:
        """Add what an id stands for, which Discord tells the bot beside the id."""
        guild = self.channel.guild
        people = [user for user, _ in guild.members.values()] if guild else [self.user]
        found: dict[str, Payload] = {}
        for user in [*people, self._discord.world.bot]:
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
                    found["channels"] = channel.partial_payload(guild.permissions(self.user))
        if not found:
            raise CannotDoError(f"there is no {id_!r} among the {', '.join(sorted(objects))} to choose from here")
        for key, payload in found.items():
            resolved.setdefault(key, {})[id_] = payload

    def _resolve_all(self, select: Payload, ids: Sequence[str], resolved: Payload) -> None:
        if select["type"] in _SELECT_OBJECTS:
            for id_ in ids:
                self._resolve(id_, _SELECT_OBJECTS[select["type"]], select.get("channel_types"), resolved)

    def _button(self, reply: Reply, label: str) -> Payload:
        buttons = of_type(self._visible(reply).payload["components"], Component.BUTTON)
        found = [button for button in buttons if _label(button) == label]
        if not found:
            raise CannotDoError(f"there is no button {label!r}; there are {[_label(button) for button in buttons]}")
        return found[0]

    async def _use(self, message: Message, component: Payload, **more: Any) -> Outcome:
        """Press or choose, where the component can still be used."""
        self._visible(message)
        if component.get("disabled") or component.get("style") == LINK_STYLE:
            raise CannotDoError("that is disabled or a link")
        if component not in walk(message.payload["components"]):
            raise CannotDoError("that is no longer on the message")
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"]}
        interaction = await self._interact(Kind.COMPONENT, {**data, **more}, source=message)
        return await self._outcome(interaction)

    def _visible(self, shown: "Message | Reply") -> Message:
        message = shown.message if isinstance(shown, Reply) else shown
        if message.is_deleted or message.visible_to not in (None, self.user):
            raise CannotDoError("this person cannot see that message")
        return message

    def _filled(self, one: Payload, value: object, resolved: Payload) -> Payload:
        """What a field of a modal sends."""
        kind, label = one["type"], one["label"]
        sent: Payload = {"type": kind, "custom_id": one["custom_id"]}
        if kind == Component.TEXT_INPUT:
            text = str(one.get("value") or "" if value is None else value)
            if (one.get("required", True) or text) and not (
                max(one.get("min_length") or 0, 1 if one.get("required", True) else 0)
                <= len(text)
                <= (one.get("max_length") or 4000)
            ):
                raise CannotDoError(f"{label!r} is missing, too short or too long ({len(text)} characters)")
            return {**sent, "value": text}
        if kind == Component.FILE_UPLOAD:
            files = [value] if isinstance(value, File) else list(value) if isinstance(value, list | tuple) else []
            _check_number(one, len(files))
            attachments = [self.attach(file) for file in files]
            for attachment in attachments:
                resolved.setdefault("attachments", {})[attachment["id"]] = attachment
            return {**sent, "values": [attachment["id"] for attachment in attachments]}
        if kind == Component.CHECKBOX:
            return {**sent, "value": bool(one.get("default") if value is None else value)}
        chosen = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else None
        if chosen is None:
            chosen = [option["label"] for option in one.get("options") or [] if option.get("default")]
        values = _values(one, chosen)
        self._resolve_all(one, values, resolved)
        if kind == Component.RADIO_GROUP:
            return {**sent, "value": values[0] if values else None}
        return {**sent, "values": values}

    async def _interact(
        self,
        kind: Kind,
        data: Payload,
        *,
        source: Message | None = None,
        opener: Interaction | None = None,
        option_type: int = 0,
    ) -> Interaction:
        return await self._discord.interact(
            kind,
            self.user,
            self.channel,
            data,
            source=source,
            opener=opener,
            is_user_install=self.place is Place.ELSEWHERE,
            option_type=option_type,
        )

    async def _outcome(self, interaction: Interaction) -> Outcome:
        """What the person sees next."""
        watching = {asyncio.create_task(interaction.outcomes.get()), asyncio.create_task(interaction.removed())}
        done, rest = await asyncio.wait(watching, timeout=ANSWER_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        if not done:
            raise BotSilentError(f"the interaction was not answered within {ANSWER_WITHIN:.0f} s")
        outcome = done.pop().result()
        if isinstance(outcome, Failed):
            raise BotSilentError("the interaction was not acknowledged within 3 s")
        return outcome

    def _reply(self, outcome: Outcome) -> Reply:
        if isinstance(outcome, Opened):
            raise UnexpectedAnswerError("the bot opened a modal, not a message", Form(outcome.modal, outcome.opener))
        if not isinstance(outcome, Shown | Removed):
            raise _unexpected("a message", outcome)
        return Reply(outcome.message)

    def _form(self, outcome: Outcome) -> Form:
        if not isinstance(outcome, Opened):
            raise _unexpected("a modal", outcome)
        return Form(outcome.modal, outcome.opener)


_NESTED = frozenset({rules.SUBCOMMAND, rules.GROUP})
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


def _unexpected(wanted: str, outcome: Outcome) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(f"the bot answered with {type(outcome).__name__.lower()}, not with {wanted}")


def _label(button: Payload) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")


def _check_number(field: Payload, number: int) -> None:
    """Raise `CannotDoError` where a menu or a field of a form does not take so many choices or files."""
    least, most = field.get("min_values"), field.get("max_values")
    if most is None:
        most = len(field["options"]) if field["type"] == Component.CHECKBOX_GROUP else 1
    may_be_empty = field.get("required") is False and number == 0
    if not may_be_empty and not (1 if least is None else least) <= number <= most:
        raise CannotDoError(f"{field.get('label') or 'that menu'!r} does not take {number} choices")


def _values(select: Payload, labels: Sequence[str]) -> list[str]:
    """The values of the options with these labels; of a menu of people or channels the ids themselves."""
    _check_number(select, len(labels))
    if "options" not in select:
        return list(labels)
    known = {option["label"]: option["value"] for option in select["options"]}
    if unknown := set(labels) - known.keys():
        raise CannotDoError(f"there is no {sorted(unknown)}; there are {sorted(known)}")
    return [known[label] for label in labels]


def _submitted(component: Payload, by_id: Mapping[str, Payload]) -> Payload:
    """A component of a modal in the form in which it is sent back."""
    number = {"id": component.get("id") or 0}
    match component["type"]:
        case Component.LABEL:
            inner = component["component"]
            return {"type": Component.LABEL, **number, "component": {"id": 0, **by_id[inner["custom_id"]]}}
        case Component.ACTION_ROW:
            inner = component["components"][0]
            return {"type": Component.ACTION_ROW, **number, "components": [{"id": 0, **by_id[inner["custom_id"]]}]}
        case _:
            return {"type": component["type"], **number}


def _texts_of_embed(embed: Payload) -> list[str]:
    fields = [text for one in embed.get("fields") or [] for text in (one["name"], one["value"])]
    return [part for part in (embed.get("title"), embed.get("description"), *fields) if part]
