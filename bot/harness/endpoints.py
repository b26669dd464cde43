"""What each request of a bot does in the loopback Discord, in the order: itself, commands, interactions, channels."""

from collections.abc import Callable
from typing import Any

from bot.harness import rules
from bot.harness.components import Payload
from bot.harness.interactions import (
    ALLOWED,
    FOLLOW_UPS_OF_USER_INSTALLS,
    Callback,
    Interaction,
    Opened,
    Removed,
    Shown,
    Suggested,
)
from bot.harness.limits import Rate
from bot.harness.rest import Endpoint, Handler, Refusal, Rest, Sent
from bot.harness.world import Channel, Message, Permission

ENDPOINTS: list[Endpoint] = []
"""Every kind of request that is known here; what faults are planned by is their names."""


_USUAL = Rate(5, 1.0)


def _endpoint(
    name: str, method: str, template: str, rate: Rate | None = _USUAL, *, needs_token: bool = True
) -> Callable[[Handler], Handler]:
    def add(handler: Handler) -> Handler:
        ENDPOINTS.append(Endpoint(name, method, template, rate, handler, needs_token))
        return handler

    return add


# --- the bot itself ---


@_endpoint("user", "GET", "/users/@me", Rate(30, 30.0))
async def _user(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, {**rest.world.bot.payload, "mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


@_endpoint("application", "GET", "/oauth2/applications/@me")
@_endpoint("application", "GET", "/applications/@me")
async def _application(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, rest.world.application()


@_endpoint("gateway", "GET", "/gateway", Rate(10, 10.0))
async def _gateway(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, {"url": rest.gateway_url()}


@_endpoint("gateway", "GET", "/gateway/bot", Rate(10, 10.0))
async def _gateway_bot(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, {"url": rest.gateway_url(), **rest.session_limit()}


# --- commands ---


def _own(rest: Rest, sent: Sent) -> None:
    if sent.parameters["application_id"] != rest.world.application_id:
        raise Refusal(403, 50001, "Missing Access")
    guild = rest.world.guilds.get(sent.parameters.get("guild_id", ""))
    if "guild_id" in sent.parameters and (guild is None or not guild.has_bot):
        raise Refusal(403, 50001, "Missing Access")


def _commands_of(rest: Rest, sent: Sent) -> list[Payload]:
    _own(rest, sent)
    if "guild_id" in sent.parameters:
        return rest.world.guild_commands.setdefault(sent.parameters["guild_id"], [])
    return rest.world.commands


def _registered(rest: Rest, sent: Sent, command: Payload, command_id: str | None = None) -> Payload:
    permissions = command.get("default_member_permissions")
    return {
        "description": "",
        "contexts": None,
        "integration_types": [0],
        **{key: value for key, value in command.items() if value is not None},
        "type": command.get("type") or rules.SLASH,
        "id": command_id or rest.world.snowflake(),
        "application_id": rest.world.application_id,
        "version": rest.world.snowflake(),
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(command.get("nsfw")),
        **({"guild_id": sent.parameters["guild_id"]} if "guild_id" in sent.parameters else {}),
    }


@_endpoint("commands", "GET", "/applications/{application_id}/commands")
@_endpoint("commands", "GET", "/applications/{application_id}/guilds/{guild_id}/commands")
async def _list_commands(rest: Rest, sent: Sent) -> tuple[int, Any]:
    commands = _commands_of(rest, sent)
    if sent.query.get("with_localizations") == "true":
        return 200, commands
    hidden = ("name_localizations", "description_localizations")
    return 200, [{key: value for key, value in command.items() if key not in hidden} for command in commands]


@_endpoint("sync", "PUT", "/applications/{application_id}/commands")
@_endpoint("sync", "PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
async def _sync_commands(rest: Rest, sent: Sent) -> tuple[int, Any]:
    commands = _commands_of(rest, sent)
    if not isinstance(sent.body, list):
        raise Refusal(400, 50035, "Invalid Form Body")
    if found := rules.command_set_problems(sent.body):
        raise Refusal(400, 50035, "Invalid Form Body", found.nested)
    known = {(command["type"], command["name"]): command["id"] for command in commands}
    commands[:] = [
        _registered(rest, sent, command, known.get((command.get("type") or rules.SLASH, command["name"])))
        for command in sent.body
    ]
    return 200, commands


@_endpoint("sync", "POST", "/applications/{application_id}/commands")
@_endpoint("sync", "POST", "/applications/{application_id}/guilds/{guild_id}/commands")
async def _add_command(rest: Rest, sent: Sent) -> tuple[int, Any]:
    commands = _commands_of(rest, sent)
    if found := rules.command_problems(sent.form):
        raise Refusal(400, 50035, "Invalid Form Body", found.nested)
    kind = sent.form.get("type") or rules.SLASH
    old = next((c for c in commands if (c["type"], c["name"]) == (kind, sent.form["name"])), None)
    if old is None and sum(1 for c in commands if c["type"] == kind) >= rules.COMMAND_LIMITS[kind]:
        raise Refusal(400, 30032, "Maximum number of application commands reached")
    command = _registered(rest, sent, sent.form, old["id"] if old else None)
    commands[:] = [c for c in commands if c is not old] + [command]
    return (200 if old else 201), command


@_endpoint("sync", "DELETE", "/applications/{application_id}/commands/{command_id}")
@_endpoint("sync", "DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
async def _remove_command(rest: Rest, sent: Sent) -> tuple[int, Any]:
    commands = _commands_of(rest, sent)
    left = [command for command in commands if command["id"] != sent.parameters["command_id"]]
    if len(left) == len(commands):
        raise Refusal(404, 10063, "Unknown application command")
    commands[:] = left
    return 204, None


# --- interactions ---


@_endpoint("callback", "POST", "/interactions/{id}/{token}/callback", None, needs_token=False)
async def _callback(rest: Rest, sent: Sent) -> tuple[int, Any]:
    interaction = rest.interactions.get(sent.parameters["token"])
    if interaction is None or interaction.id != sent.parameters["id"] or interaction.is_too_late_to_acknowledge:
        raise Refusal(404, 10062, "Unknown interaction")
    if interaction.callback is not None:
        raise Refusal(400, 40060, "Interaction has already been acknowledged.")
    callback = _allowed_callback(interaction, sent.form.get("type"))
    shown = _ANSWERS[callback](rest, interaction, sent)
    interaction.acknowledge(callback)
    if sent.query.get("with_response") not in ("1", "true", "True"):
        return 204, None
    return 200, _callback_answer(interaction, callback, shown)


def _allowed_callback(interaction: Interaction, wanted: object) -> Callback:
    may_update = interaction.source is not None
    allowed = {
        c for c in ALLOWED[interaction.kind] if may_update or c not in (Callback.UPDATE, Callback.DEFERRED_UPDATE)
    }
    if wanted not in allowed:
        errors = {"type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": f"Value must be one of {allowed}."}]}}
        raise Refusal(400, 50035, "Invalid Form Body", errors)
    return Callback(wanted)  # type: ignore[arg-type]  # it is one of them


def _callback_answer(interaction: Interaction, callback: Callback, shown: Message | None) -> Payload:
    answer: Payload = {"id": interaction.id, "type": int(interaction.kind), "channel_id": interaction.channel.id}
    if interaction.channel.guild is not None:
        answer["guild_id"] = interaction.channel.guild.id
    if shown is not None:
        answer["response_message_id"] = shown.id
        answer["response_message_loading"] = shown.is_loading
        answer["response_message_ephemeral"] = shown.visible_to is not None
    if callback in (Callback.MESSAGE, Callback.UPDATE) and shown is not None:
        return {"interaction": answer, "resource": {"type": int(callback), "message": shown.payload}}
    return {"interaction": answer}


def _answer_with_message(rest: Rest, interaction: Interaction, sent: Sent) -> Message:
    form = rest.checked(sent, sent.form.get("data") or {}, ("data",))
    interaction.original = rest.post(interaction, sent, form, form.get("flags") or 0, kind=interaction.reply_type)
    interaction.outcomes.put_nowait(Shown(interaction.original))
    return interaction.original


def _defer_message(rest: Rest, interaction: Interaction, sent: Sent) -> Message:
    flags = (sent.form.get("data") or {}).get("flags") or 0
    if flags & ~(rules.EPHEMERAL | rules.IS_COMPONENTS_V2):
        raise Refusal(400, 50035, "Invalid Form Body")
    interaction.original = rest.post(
        interaction, sent, {}, flags & rules.EPHEMERAL | rules.LOADING, kind=interaction.reply_type
    )
    return interaction.original


def _defer_update(rest: Rest, interaction: Interaction, sent: Sent) -> Message | None:
    interaction.original = interaction.source
    return interaction.source


def _update(rest: Rest, interaction: Interaction, sent: Sent) -> Message:
    assert interaction.source is not None  # `_allowed_callback` saw to it
    form = rest.checked(sent, sent.form.get("data") or {}, ("data",), interaction.source)
    rest.world.edit(interaction.source, form, sent.files)
    interaction.original = interaction.source
    interaction.outcomes.put_nowait(Shown(interaction.source))
    return interaction.source


def _suggest(rest: Rest, interaction: Interaction, sent: Sent) -> None:
    choices = (sent.form.get("data") or {}).get("choices") or []
    if found := rules.choice_problems(choices, interaction.option_type):
        raise Refusal(400, 50035, "Invalid Form Body", found.nested)
    interaction.outcomes.put_nowait(Suggested(tuple(choices)))


def _open_modal(rest: Rest, interaction: Interaction, sent: Sent) -> None:
    modal = sent.form.get("data") or {}
    if found := rules.modal_problems(modal):
        raise Refusal(400, 50035, "Invalid Form Body", found.nested)
    interaction.outcomes.put_nowait(Opened(modal, interaction))


_ANSWERS: dict[Callback, Callable[[Rest, Interaction, Sent], Message | None]] = {
    Callback.MESSAGE: _answer_with_message,
    Callback.DEFERRED_MESSAGE: _defer_message,
    Callback.DEFERRED_UPDATE: _defer_update,
    Callback.UPDATE: _update,
    Callback.CHOICES: _suggest,
    Callback.MODAL: _open_modal,
}


@_endpoint("follow_up", "POST", "/webhooks/{application_id}/{token}", Rate(5, 2.0), needs_token=False)
async def _follow_up(rest: Rest, sent: Sent) -> tuple[int, Any]:
    interaction = rest.interaction(sent.parameters["token"])
    form = rest.checked(sent, sent.form)
    if interaction.original is not None and interaction.original.is_loading:
        # Documented as deprecated, and still so: the first message after a deferral takes the place of "thinking".
        rest.world.edit(interaction.original, form, sent.files)
        message = interaction.original
    else:
        if interaction.is_user_install and len(interaction.follow_ups) >= FOLLOW_UPS_OF_USER_INSTALLS:
            raise Refusal(400, 40094, "This interaction has reached the maximum number of follow up messages")
        message = rest.post(interaction, sent, form, form.get("flags") or 0)
        interaction.follow_ups[message.id] = message
    interaction.outcomes.put_nowait(Shown(message))
    return (200, message.payload) if sent.query.get("wait") in ("1", "true", "True") else (204, None)


def _message_of(rest: Rest, sent: Sent) -> tuple[Interaction, Message]:
    interaction = rest.interaction(sent.parameters["token"])
    message = interaction.message(sent.parameters["message_id"])
    if message is None or message.is_deleted:
        raise Refusal(404, 10008, "Unknown Message")
    return interaction, message


_MESSAGE_OF_INTERACTION = "/webhooks/{application_id}/{token}/messages/{message_id}"


@_endpoint("message", "GET", _MESSAGE_OF_INTERACTION, needs_token=False)
async def _get_message(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, _message_of(rest, sent)[1].payload


@_endpoint("edit", "PATCH", _MESSAGE_OF_INTERACTION, needs_token=False)
async def _edit_message(rest: Rest, sent: Sent) -> tuple[int, Any]:
    interaction, message = _message_of(rest, sent)
    rest.world.edit(message, rest.checked(sent, sent.form, was=message), sent.files)
    interaction.outcomes.put_nowait(Shown(message))
    return 200, message.payload


@_endpoint("delete", "DELETE", _MESSAGE_OF_INTERACTION, needs_token=False)
async def _delete_message(rest: Rest, sent: Sent) -> tuple[int, Any]:
    interaction, message = _message_of(rest, sent)
    rest.world.delete(message)
    interaction.outcomes.put_nowait(Removed(message))
    return 204, None


# --- channels ---


def _channel(rest: Rest, sent: Sent) -> Channel:
    channel = rest.world.channel(sent.parameters["channel_id"])
    if channel is None:
        raise Refusal(404, 10003, "Unknown Channel")
    if channel.guild is not None:
        if not channel.guild.has_bot:
            raise Refusal(403, 50001, "Missing Access")
        if not channel.guild.bot_permissions & Permission.VIEW_CHANNEL:
            raise Refusal(403, 50001, "Missing Access")
    return channel


def _channel_message(rest: Rest, sent: Sent) -> Message:
    message = _channel(rest, sent).messages.get(sent.parameters["message_id"])
    if message is None or message.visible_to is not None:
        raise Refusal(404, 10008, "Unknown Message")
    return message


@_endpoint("channel", "GET", "/channels/{channel_id}")
async def _get_channel(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, _channel(rest, sent).payload


@_endpoint("send", "POST", "/channels/{channel_id}/messages", Rate(5, 5.0))
async def _send(rest: Rest, sent: Sent) -> tuple[int, Any]:
    channel = _channel(rest, sent)
    if channel.guild is not None and not channel.guild.bot_permissions & Permission.SEND_MESSAGES:
        raise Refusal(403, 50013, "Missing Permissions")
    if channel.recipient is not None and channel.recipient.is_closed:
        raise Refusal(403, 50007, "Cannot send messages to this user")
    form = rest.checked(sent, sent.form)
    return 200, rest.world.post(channel, rest.world.bot, form, files=sent.files).payload


@_endpoint("channel_message", "GET", "/channels/{channel_id}/messages/{message_id}")
async def _get_channel_message(rest: Rest, sent: Sent) -> tuple[int, Any]:
    return 200, _channel_message(rest, sent).payload


@_endpoint("channel_message", "PATCH", "/channels/{channel_id}/messages/{message_id}", Rate(5, 5.0))
async def _edit_channel_message(rest: Rest, sent: Sent) -> tuple[int, Any]:
    message = _channel_message(rest, sent)
    if message.payload["author"]["id"] != rest.world.bot.id:
        raise Refusal(403, 50005, "Cannot edit a message authored by another user")
    rest.world.edit(message, rest.checked(sent, sent.form, was=message), sent.files)
    return 200, message.payload


@_endpoint("channel_message", "DELETE", "/channels/{channel_id}/messages/{message_id}", Rate(5, 5.0))
async def _delete_channel_message(rest: Rest, sent: Sent) -> tuple[int, Any]:
    message = _channel_message(rest, sent)
    guild = message.channel.guild
    is_own = message.payload["author"]["id"] == rest.world.bot.id
    if not is_own and (guild is None or not guild.bot_permissions & Permission.MANAGE_MESSAGES):
        raise Refusal(403, 50013, "Missing Permissions")
    rest.world.delete(message)
    return 204, None


@_endpoint("direct", "POST", "/users/@me/channels", Rate(10, 10.0))
async def _open_direct(rest: Rest, sent: Sent) -> tuple[int, Any]:
    user = rest.world.users.get(str(sent.form.get("recipient_id")))
    if user is None:
        raise Refusal(400, 50033, "Invalid Recipient(s)")
    return 200, rest.world.direct_channel(user).payload
