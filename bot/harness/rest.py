"""The REST side: which requests there are, what each answers, and how Discord refuses.

Every request goes the same way: found among the endpoints, delayed or broken where a fault is planned, let through by
the rate limits, read, carried out, recorded. What Discord would refuse is refused in its words, and noted.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.harness import rules
from bot.harness.components import Payload
from bot.harness.faults import Faults, Late, RateLimited, Reset, ServerError
from bot.harness.interactions import (
    ALLOWED,
    FOLLOW_UPS_OF_USER_INSTALLS,
    Callback,
    Interaction,
    Kind,
    Opened,
    Removed,
    Shown,
    Suggested,
)
from bot.harness.limits import Passage, Rate, RateLimits
from bot.harness.reset import reset_connection
from bot.harness.world import Channel, Message, Permission, World

API = "/api/v10"
_REQUEST_LIMIT = 25 * 1024 * 1024
_TRANSCRIPT_LENGTH = 2000


class Refusal(Exception):
    """Discord says no: an HTTP status, Discord's own code, a sentence, and where a form is wrong the places."""

    def __init__(self, status: int, code: int, message: str, errors: Payload | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Payload = {"message": message, "code": code, **({"errors": errors} if errors else {})}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a bot sent, read: the placeholders of the path, the query, the form, the files with their names."""

    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: tuple[Payload, ...] = ()

    @property
    def form(self) -> Payload:
        """The form, where it is an object."""
        if not isinstance(self.body, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        return self.body


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, for the transcript; no token is kept."""

    method: str
    template: str
    query: Mapping[str, str]
    body: Any
    files: tuple[str, ...]
    status: int
    answer: Any
    headers: Mapping[str, str]


Handler = Callable[["Rest", Sent], Awaitable[tuple[int, Any]]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A kind of request, with the rate at which it may come; there is none where Discord tells of no bucket."""

    name: str
    method: str
    template: str
    rate: Rate | None
    handler: Handler
    needs_token: bool = True

    @property
    def pattern(self) -> re.Pattern[str]:
        """What its paths look like."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template))


ENDPOINTS: list[Endpoint] = []
"""Every kind of request that is known here."""


_USUAL = Rate(5, 1.0)


def _endpoint(
    name: str, method: str, template: str, rate: Rate | None = _USUAL, *, needs_token: bool = True
) -> Callable[[Handler], Handler]:
    def add(handler: Handler) -> Handler:
        ENDPOINTS.append(Endpoint(name, method, template, rate, handler, needs_token))
        return handler

    return add


@dataclass(slots=True)
class Rest:
    """The REST side of one loopback Discord."""

    world: World
    violations: list[str]
    gateway_url: Callable[[], str]
    session_limit: Callable[[], Payload]
    faults: Faults = field(default_factory=Faults)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    transcript: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_TRANSCRIPT_LENGTH))
    requests: deque[str] = field(default_factory=lambda: deque(maxlen=_TRANSCRIPT_LENGTH))
    limits: RateLimits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = RateLimits(self.world.clock)
        self._routes = [(endpoint, endpoint.pattern) for endpoint in ENDPOINTS]

    _routes: list[tuple[Endpoint, re.Pattern[str]]] = field(init=False)
    _waiting: list[tuple[str, asyncio.Future[int]]] = field(default_factory=list)

    async def answered(self, endpoint: str) -> int:
        """Wait until a request to an endpoint is answered; the status."""
        waiter: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((endpoint, waiter))
        return await waiter

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        path = request.path.removeprefix(API)
        found = self._find(request.method, path)
        if found is None:
            self.violations.append(f"unknown endpoint: {request.method} {path}")
            return _response(404, b'{"message": "404: Not Found", "code": 0}')
        endpoint, parameters = found
        self.requests.append(f"{request.method} {endpoint.template}")
        fault = self.faults.take(endpoint.name)
        if (broken := self._break(fault, endpoint, request)) is not None:
            return broken
        unread = Sent(parameters, request.query, None)
        if endpoint.needs_token and request.headers.get("Authorization") != f"Bot {self.world.token}":
            return self._answered(endpoint, unread, 401, {"message": "401: Unauthorized", "code": 0})
        passage = self._passage(endpoint, parameters)
        if passage.wait:
            self.violations.append(f"went over the rate limit of {endpoint.name}")
            return self._rate_limited(endpoint, unread, RateLimited(passage.wait, passage.is_global), passage.headers)
        status, answer, sent = await self._carry_out(endpoint, parameters, request)
        response = self._answered(endpoint, sent, status, answer, passage.headers)
        if isinstance(fault, Reset):
            reset_connection(request)
        return response

    def _find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
        for endpoint, pattern in self._routes:
            if endpoint.method == method and (match := pattern.fullmatch(path)):
                return endpoint, match.groupdict()
        return None

    def _passage(self, endpoint: Endpoint, parameters: Mapping[str, str]) -> Passage:
        if endpoint.rate is None:
            return Passage({})
        place = parameters.get("token") or parameters.get("channel_id") or parameters.get("guild_id") or ""
        return self.limits.take(
            f"{endpoint.method} {endpoint.template}", place, endpoint.rate, counts_globally=endpoint.needs_token
        )

    def _break(self, fault: object, endpoint: Endpoint, request: web.Request) -> web.Response | None:
        """What a planned fault does before the request is read."""
        match fault:
            case ServerError(status):
                return web.Response(status=status, text="upstream error")
            case RateLimited():
                return self._rate_limited(endpoint, Sent({}, request.query, None), fault, {})
            case Reset(is_done=False):
                reset_connection(request)
                return web.Response(status=500)
            case Late(seconds):
                self.world.clock.advance(seconds)
        return None

    async def _carry_out(
        self, endpoint: Endpoint, parameters: Mapping[str, str], request: web.Request
    ) -> tuple[int, Any, Sent]:
        sent = Sent(parameters, request.query, None)
        try:
            sent = await _read(self.world, parameters, request)
            status, answer = await endpoint.handler(self, sent)
        except Refusal as refusal:
            details = f": {json.dumps(refusal.body['errors'])}" if "errors" in refusal.body else ""
            self.violations.append(
                f"{endpoint.name} refused with {refusal.body['code']} {refusal.body['message']}{details}"
            )
            return refusal.status, refusal.body, sent
        return status, answer, sent

    def _answered(
        self, endpoint: Endpoint, sent: Sent, status: int, answer: Any, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        """The answer on the wire; it goes into the transcript as it is now, whatever becomes of a message later."""
        for waited_for, waiter in self._waiting:
            if waited_for == endpoint.name and not waiter.done():
                waiter.set_result(status)
        self._waiting = [(name, waiter) for name, waiter in self._waiting if not waiter.done()]
        body = None if answer is None else json.dumps(answer).encode()
        query, names = dict(sent.query), tuple(file["filename"] for file in sent.files)
        kept = None if body is None else json.loads(body)
        self.transcript.append(
            Exchange(endpoint.method, endpoint.template, query, sent.body, names, status, kept, dict(headers or {}))
        )
        return _response(status, body, headers)

    def _rate_limited(
        self, endpoint: Endpoint, sent: Sent, fault: RateLimited, headers: Mapping[str, str]
    ) -> web.Response:
        scope = "global" if fault.is_global else "user"
        told = {**headers, "Retry-After": str(max(1, round(fault.seconds))), "X-RateLimit-Scope": scope}
        if not fault.from_cloudflare:
            told["Via"] = "1.1 google"
        if fault.is_global:
            told["X-RateLimit-Global"] = "true"
        body = {"message": "You are being rate limited.", "retry_after": fault.seconds, "global": fault.is_global}
        return self._answered(endpoint, sent, 429, body, told)

    # --- what handlers share ---

    def interaction(self, token: str) -> Interaction:
        """The interaction of a token that is good for messages."""
        interaction = self.interactions.get(token)
        if interaction is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if interaction.is_expired:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if interaction.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return interaction

    def checked(self, sent: Sent, form: Payload, path: rules.Path = (), was: Message | None = None) -> Payload:
        """A message form that Discord takes. Raises `Refusal`; notes what only we insist on."""
        names = [file["filename"] for file in sent.files]
        was_v2 = was is not None and bool(was.payload["flags"] & rules.IS_COMPONENTS_V2)
        if was is not None:
            names += [attachment["filename"] for attachment in was.files]
        if found := rules.message_problems(form, files=names, was_v2=was_v2, path=path):
            raise Refusal(400, 50035, "Invalid Form Body", found.nested)
        if was is None and rules.is_empty(form, names):
            raise Refusal(400, 50006, "Cannot send an empty message")
        if any(len(self.world.files[file["id"]][1]) > rules.FILE_SIZE_LIMIT for file in sent.files):
            raise Refusal(413, 40005, "Request entity too large")
        if (form.get("allowed_mentions") or {}).get("parse") != [] and _shows_text(form):
            self.violations.append("a message without allowed_mentions that switch mentions off")
        return form

    def post(self, interaction: Interaction, sent: Sent, form: Payload, flags: int, *, kind: int = 0) -> Message:
        """A new message of an interaction."""
        return self.world.post(
            interaction.channel,
            self.world.bot,
            form,
            flags=flags,
            files=sent.files,
            visible_to=interaction.user if flags & rules.EPHEMERAL else None,
            extra={
                "type": kind,
                "webhook_id": self.world.application_id,
                "application_id": self.world.application_id,
                "interaction_metadata": self._metadata(interaction),
            },
        )

    def _metadata(self, interaction: Interaction) -> Payload:
        """How Discord writes into a message which interaction it answers."""
        owner = interaction.channel.guild.id if interaction.channel.guild else "0"
        owners = {"1": interaction.user.id} if interaction.is_user_install else {"0": owner}
        metadata: Payload = {
            "id": interaction.id,
            "type": int(interaction.kind),
            "user": interaction.user.payload,
            "authorizing_integration_owners": owners,
        }
        if interaction.kind is Kind.COMPONENT and interaction.source is not None:
            metadata["interacted_message_id"] = interaction.source.id
        if interaction.opener is not None:
            metadata["triggering_interaction_metadata"] = self._metadata(interaction.opener)
        return metadata


def _shows_text(form: Payload) -> bool:
    return any(form.get(field) for field in ("content", "embeds", "components"))


def _response(status: int, body: bytes | None, headers: Mapping[str, str] | None = None) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    # discord.py reads a body as JSON only where the content type names no charset, which is how Discord sends it.
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)


async def _read(world: World, parameters: Mapping[str, str], request: web.Request) -> Sent:
    """The request, read. Raises `Refusal` where it is not readable."""
    if request.content_type == "multipart/form-data":
        return await _read_parts(world, parameters, request)
    raw = await request.read()
    if len(raw) > _REQUEST_LIMIT:
        raise Refusal(413, 40005, "Request entity too large")
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        raise Refusal(400, 50109, "The request body contains invalid JSON.") from None
    return Sent(parameters, request.query, body)


async def _read_parts(world: World, parameters: Mapping[str, str], request: web.Request) -> Sent:
    body: Any = None
    files: dict[str, tuple[str, bytes, str]] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        if part.name == "payload_json":
            body = json.loads(await part.text())
        elif match := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[match[1]] = (part.filename or "file", bytes(await part.read()), kind)
    form = (body.get("data", body) if isinstance(body, dict) else None) or {}
    described = {str(a.get("id")): a for a in form.get("attachments") or []}
    kept = []
    for number, (name, content, kind) in files.items():
        attachment = world.attach(name, content, kind)
        if described.get(number, {}).get("description"):
            attachment["description"] = described[number]["description"]
        kept.append(attachment)
    return Sent(parameters, request.query, body, tuple(kept))


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
