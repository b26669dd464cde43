"""People on the loopback Discord, who can do what people can do there and nothing else.

A method waits for what the person would see next, and raises `CannotDoError` for what no real client would let through.
"""

import asyncio
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from bot.harness import rules
from bot.harness.components import LINK_STYLE, SELECTS, Component, Payload, label_of, of_type, walk
from bot.harness.entries import Entries
from bot.harness.interactions import Failed, Interaction, Kind, Opened, Outcome, Removed, Shown, Suggested
from bot.harness.loopback import LoopbackDiscord
from bot.harness.replies import (
    ANSWER_WITHIN,
    BotSilentError,
    CannotDoError,
    File,
    Form,
    Reply,
    UnexpectedAnswerError,
    Value,
)
from bot.harness.world import Channel, Guild, Message, Permission


class Place(Enum):
    """Where somebody talks to the bot."""

    SERVER = "in a server that the bot is a member of"
    DIRECT = "in direct messages with the bot"
    ELSEWHERE = "in a server that the bot is not in, through a user install"


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

    def post(self, content: str = "", *, files: Sequence[File] = (), **fields: Any) -> Message:
        """Write a message into the channel; `fields` are more of its payload, such as embeds."""
        attached = [self.attach(file) for file in files]
        return self._discord.world.post(self.channel, self.user, {"content": content, **fields}, files=attached)

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
        entries = self._entries()
        before = [entries.option(described, name, value) for name, value in others.items()]
        focused = {"name": option, "type": known["type"], "value": typed, "focused": True}
        data = self._command_data(registered, path, [*before, focused], entries)
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
        entries = self._entries()
        values = entries.choices(select, labels)
        return self._reply(await self._use(message, select, values=values, **entries.sent))

    async def submit(
        self, form: Form, values: Mapping[str, "str | bool | Sequence[str] | File | Sequence[File]"] | None = None
    ) -> Reply:
        """Fill in a modal, by the labels of its fields, and send it; what is not named keeps what stands in it."""
        filled = dict(values or {})
        if unknown := filled.keys() - set(form.labels):
            raise CannotDoError(f"the modal has no {sorted(unknown)}; it has {form.labels}")
        entries = self._entries()
        by_id = {one["custom_id"]: entries.field(one, filled.get(one["label"])) for one in form.fields}
        components = [_submitted(component, by_id) for component in form.modal["components"]]
        data = {
            "custom_id": form.modal["custom_id"],
            "components": components,
            **entries.sent,
        }
        interaction = await self._interact(Kind.MODAL_SUBMIT, data, source=form.opener.source, opener=form.opener)
        return self._reply(await self._outcome(interaction))

    def attach(self, file: File) -> Payload:
        """Upload a file, as a client does before it sends an option or a modal with it."""
        return self._entries().attach(file)

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
        if needed is None or self.channel.guild is None or command["name"] in self.channel.guild.shown_to_everybody:
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
        entries = self._entries()
        typed = [entries.option(described, name, value) for name, value in options.items()]
        data = self._command_data(registered, path, typed, entries)
        return await self._outcome(await self._interact(Kind.COMMAND, data))

    def _command_data(
        self, command: Payload, path: Sequence[Payload], options: list[Payload], entries: Entries
    ) -> Payload:
        for step in reversed(path):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        return {
            "id": command["id"],
            "name": command["name"],
            "type": rules.SLASH,
            "options": options,
            **({"guild_id": command["guild_id"]} if command.get("guild_id") else {}),
            **entries.sent,
        }

    def _entries(self) -> Entries:
        return Entries(self._discord.world, self.channel, self.user)

    def _button(self, reply: Reply, label: str) -> Payload:
        buttons = of_type(self._visible(reply).payload["components"], Component.BUTTON)
        found = [button for button in buttons if label_of(button) == label]
        if not found:
            raise CannotDoError(f"there is no button {label!r}; there are {[label_of(button) for button in buttons]}")
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


def _unexpected(wanted: str, outcome: Outcome) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(f"the bot answered with {type(outcome).__name__.lower()}, not with {wanted}")


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
