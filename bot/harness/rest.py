"""The REST side: how a request is met, and how Discord refuses. What each request does is in `endpoints`.

Every request goes the same way: found among the endpoints, delayed or broken where a fault is planned, let through by
the rate limits, read, carried out, recorded. What Discord would refuse is refused in its words, and noted.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.harness import rules
from bot.harness.components import Payload
from bot.harness.faults import Faults, Late, RateLimited, Reset, ServerError
from bot.harness.interactions import (
    Interaction,
    Kind,
)
from bot.harness.limits import Passage, Rate, RateLimits
from bot.harness.reset import reset_connection
from bot.harness.world import Message, World

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


@dataclass(slots=True)
class Rest:
    """The REST side of one loopback Discord."""

    world: World
    endpoints: Sequence[Endpoint]
    violations: list[str]
    gateway_url: Callable[[], str]
    session_limit: Callable[[], Payload]
    faults: Faults = field(default_factory=Faults)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    transcript: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_TRANSCRIPT_LENGTH))
    requests: deque[str] = field(default_factory=lambda: deque(maxlen=_TRANSCRIPT_LENGTH))
    limits: RateLimits = field(init=False)
    _routes: list[tuple[Endpoint, re.Pattern[str]]] = field(init=False)
    _waiting: list[tuple[str, asyncio.Future[int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limits = RateLimits(self.world.clock)
        self._routes = [(endpoint, endpoint.pattern) for endpoint in self.endpoints]

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
            used=interaction.command,
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
