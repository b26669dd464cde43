"""The server: as much of Discord's REST and gateway as the bot uses, on one port of 127.0.0.1.

Whatever a bot does that the real Discord would refuse is answered in the same way and noted in `faults`.
"""

import asyncio
import base64
import itertools
import json
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import WSMsgType, web

from bot.harness import rules

_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _HELLO, _HEARTBEAT_ACK = 0, 1, 2, 6, 10, 11
_AUTHENTICATION_FAILED = 4004
_MESSAGE, _DEFERRED = 4, 5
_EPHEMERAL, _LOADING = 1 << 6, 1 << 7
_DISCORD_EPOCH = 1_420_070_400_000


_T = TypeVar("_T")


class CannotDoError(Exception):
    """A real client would not let anybody do this: the command is not registered, or an option of it is missing."""


class BotSilentError(Exception):
    """The bot did not answer in time: Discord would show "The application did not respond"."""


@dataclass(eq=False, slots=True)
class Exchange:
    """One interaction and what became of it: `answered` holds the message that the user sees in the end."""

    id: str
    token: str
    acknowledged: asyncio.Future[None]
    answered: asyncio.Future[dict[str, Any]]
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    flags: int = 0


class LoopbackDiscord:
    """A Discord with one server, one channel and one application, for one bot."""

    # Seconds. The first is Discord's own; the second is generous, because only a hanging bot ever needs it.
    acknowledge_within = 3.0
    answer_within = 60.0

    def __init__(self, *, port: int = 0) -> None:
        self._port = port
        self._number = itertools.count(1)
        self.application_id = self.snowflake()
        self.guild_id = self.snowflake()
        self.channel_id = self.snowflake()
        id_part = base64.urlsafe_b64encode(self.application_id.encode()).decode().rstrip("=")
        self.token = f"{id_part}.Gloop0.{'loopback' * 4}"
        self.commands: list[dict[str, Any]] = []
        self.command_writes = 0
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.gateway_refusals = 0
        """How many of the next connections to the gateway are turned away."""
        self.gateway_accepts_token = True
        self._exchanges: dict[str, Exchange] = {}
        self._socket: web.WebSocketResponse | None = None
        self._sequence = itertools.count(1)
        self._bot_is_there = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.add_routes(
            [
                web.get("/gateway", self._gateway),
                web.route("*", "/api/v10/{path:.*}", self._rest),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        if self._socket is not None:
            await self._socket.close(code=1001)
        await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        """What DISCORD_API_BASE is set to."""
        return f"http://127.0.0.1:{self._port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What DISCORD_GATEWAY_URL is set to."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point a bot at this Discord."""
        return {
            "DISCORD_TOKEN": self.token,
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY_URL": self.gateway_url,
        }

    async def bot_is_ready(self) -> None:
        """Wait until the bot has registered its commands and identified itself at the gateway."""
        await self._bot_is_there.wait()

    async def cut_the_gateway(self) -> None:
        """Close the bot's connection in a way that it may come back from."""
        if self._socket is not None:
            self._bot_is_there.clear()
            await self._socket.close(code=4000)

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send the bot an event of the gateway."""
        if self._socket is None or self._socket.closed:
            raise CannotDoError("the bot is not connected")
        await self._send(_DISPATCH, data, event)

    async def interact(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Send the bot an interaction and wait for the message that it ends in. Raises `BotSilentError`."""
        loop = asyncio.get_running_loop()
        exchange = Exchange(
            self.snowflake(), f"interaction-{next(self._number)}", loop.create_future(), loop.create_future()
        )
        self._exchanges[exchange.token] = exchange
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                **payload,
                "id": exchange.id,
                "application_id": self.application_id,
                "token": exchange.token,
                "version": 1,
                "attachment_size_limit": 10_485_760,
                "entitlements": [],
                "locale": "en-US",
            },
        )
        await self._in_time(exchange.acknowledged, self.acknowledge_within, "acknowledged")
        return await self._in_time(exchange.answered, self.answer_within, "answered")

    async def _in_time(self, future: "asyncio.Future[_T]", seconds: float, what: str) -> _T:
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            raise BotSilentError(f"the interaction was not {what} within {seconds:.0f} s") from None

    def snowflake(self) -> str:
        """An id as Discord gives them: the time, then a number that never comes twice."""
        milliseconds = int(time.time() * 1000) - _DISCORD_EPOCH
        return str((milliseconds << 22) | (next(self._number) & 0x3FFFFF))

    # The gateway.

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if self.gateway_refusals > 0:
            self.gateway_refusals -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await self._send(_HELLO, {"heartbeat_interval": 41_250})
        async for message in socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                await self._receive(socket, json.loads(message.data))
        if self._socket is socket:
            self._bot_is_there.clear()
        return socket

    async def _receive(self, socket: web.WebSocketResponse, payload: dict[str, Any]) -> None:
        match payload["op"]:
            case op if op == _HEARTBEAT:
                await self._send(_HEARTBEAT_ACK, None)
            case op if op == _IDENTIFY:
                if payload["d"]["token"] != self.token or not self.gateway_accepts_token:
                    await socket.close(code=_AUTHENTICATION_FAILED)
                    return
                if payload["d"]["intents"] != 1:
                    self.faults.append(
                        f"asked for intents {payload['d']['intents']}, of which none but guilds is needed"
                    )
                await self._welcome()
            case op if op == _RESUME:
                await self._send(_DISPATCH, {}, "RESUMED")
                self._bot_is_there.set()
            case op:
                self.faults.append(f"sent gateway operation {op}")

    async def _welcome(self) -> None:
        await self._send(
            _DISPATCH,
            {
                "v": 10,
                "user": self.bot_user,
                "guilds": [{"id": self.guild_id, "unavailable": True}],
                "session_id": "loopback-session",
                "resume_gateway_url": self.gateway_url,
                "application": {"id": self.application_id, "flags": 0},
            },
            "READY",
        )
        await self._send(_DISPATCH, self._guild(), "GUILD_CREATE")
        self._bot_is_there.set()

    async def _send(self, operation: int, data: dict[str, Any] | None, event: str | None = None) -> None:
        assert self._socket is not None
        sequence = next(self._sequence) if event else None
        await self._socket.send_json({"op": operation, "d": data, "s": sequence, "t": event})

    # The world.

    @property
    def bot_user(self) -> dict[str, Any]:
        """The bot's own account."""
        return {
            "id": self.application_id,
            "username": "Receipts",
            "discriminator": "0000",
            "global_name": None,
            "avatar": None,
            "bot": True,
        }

    def _guild(self) -> dict[str, Any]:
        return {
            "id": self.guild_id,
            "name": "Loopback",
            "owner_id": self.guild_id,
            "roles": [{"id": self.guild_id, "name": "@everyone", "permissions": "0", "position": 0, "color": 0}],
            "channels": [self.channel],
            "members": [{"user": self.bot_user, "roles": [], "flags": 0, "joined_at": "2026-01-01T00:00:00+00:00"}],
            "emojis": [],
            "features": [],
            "member_count": 1,
        }

    @property
    def channel(self) -> dict[str, Any]:
        """The server's one text channel."""
        return {
            "id": self.channel_id,
            "type": 0,
            "name": "general",
            "position": 0,
            "guild_id": self.guild_id,
            "permission_overwrites": [],
        }

    # REST.

    async def _rest(self, request: web.Request) -> web.Response:
        parts = request.match_info["path"].split("/")
        self.requests.append(
            f"{request.method} {'/'.join(part for part in parts if not part.startswith('interaction-'))}"
        )
        match request.method, *parts:
            case "POST", "interactions", _, token, "callback":
                return await self._callback(token, await request.json())
            case "POST", "webhooks", _, token:
                return await self._follow_up(token, await request.json())
            case "PATCH", "webhooks", _, token, "messages", message_id:
                return await self._edit(token, message_id, await request.json())
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        match request.method, *parts:
            case "GET", "users", "@me":
                return _json(self.bot_user)
            case "GET", "oauth2" | "applications", *_, "@me":
                return _json(self._application())
            case "GET", "applications", self.application_id, "commands":
                return _json(self.commands)
            case "PUT", "applications", self.application_id, "commands":
                return self._register(await request.json())
        self.faults.append(f"asked for an unknown endpoint: {self.requests[-1]}")
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    def _application(self) -> dict[str, Any]:
        return {
            "id": self.application_id,
            "name": "Receipts",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": {"id": self.guild_id, "username": "owner", "discriminator": "0000", "avatar": None},
            "verify_key": "00" * 32,
            "flags": 0,
        }

    def _register(self, commands: list[dict[str, Any]]) -> web.Response:
        self.command_writes += 1
        self.commands = [
            {
                "description": "",
                **command,
                "id": self.snowflake(),
                "application_id": self.application_id,
                "version": self.snowflake(),
                "default_member_permissions": command.get("default_member_permissions"),
                "nsfw": command.get("nsfw", False),
            }
            for command in commands
        ]
        return _json(self.commands)

    async def _callback(self, token: str, payload: dict[str, Any]) -> web.Response:
        exchange = self._exchanges.get(token)
        if exchange is None:
            return self._refused("Unknown interaction", 10062, status=404)
        if exchange.acknowledged.done():
            return self._refused("Interaction has already been acknowledged.", 40060)
        data = payload.get("data") or {}
        match payload["type"]:
            case kind if kind == _DEFERRED:
                exchange.flags = data.get("flags", 0) & _EPHEMERAL
                exchange.messages["@original"] = self._message({}, exchange.flags | _LOADING)
            case kind if kind == _MESSAGE:
                if found := rules.problems(data):
                    return self._invalid(found)
                exchange.flags = data.get("flags", 0) & _EPHEMERAL
                exchange.messages["@original"] = self._message(data, exchange.flags)
                exchange.answered.set_result(exchange.messages["@original"])
            case kind:
                return self._invalid([f"callback type {kind} is not known here"])
        exchange.acknowledged.set_result(None)
        return _json(
            {"interaction": {"id": exchange.id, "type": 2, "response_message_ephemeral": bool(exchange.flags)}}
        )

    async def _edit(self, token: str, message_id: str, data: dict[str, Any]) -> web.Response:
        exchange = self._exchanges.get(token)
        if exchange is None or message_id not in exchange.messages:
            return self._refused("Unknown Message", 10008, status=404)
        if found := rules.problems(data):
            return self._invalid(found)
        edited = self._message(data, exchange.flags, exchange.messages[message_id]["id"])
        exchange.messages[message_id] = edited
        if not exchange.answered.done():
            exchange.answered.set_result(edited)
        return _json(edited)

    async def _follow_up(self, token: str, data: dict[str, Any]) -> web.Response:
        exchange = self._exchanges.get(token)
        if exchange is None or not exchange.acknowledged.done():
            return self._refused("Unknown Webhook", 10015, status=404)
        if found := rules.problems(data):
            return self._invalid(found)
        message = self._message(data, data.get("flags", 0) & _EPHEMERAL)
        exchange.messages[message["id"]] = message
        if not exchange.answered.done():
            exchange.answered.set_result(message)
        return _json(message)

    def _message(self, data: dict[str, Any], flags: int, message_id: str | None = None) -> dict[str, Any]:
        return {
            "id": message_id or self.snowflake(),
            "channel_id": self.channel_id,
            "author": self.bot_user,
            "content": data.get("content") or "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": data.get("embeds") or [],
            "components": data.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": flags | data.get("flags", 0),
        }

    def _refused(self, message: str, code: int, *, status: int = 400) -> web.Response:
        self.faults.append(message)
        return _json({"message": message, "code": code}, status=status)

    def _invalid(self, found: list[str]) -> web.Response:
        self.faults += found
        errors = {"components": {"_errors": [{"code": "INVALID", "message": problem} for problem in found]}}
        return _json({"message": "Invalid Form Body", "code": 50035, "errors": errors}, status=400)


def _json(payload: Any, *, status: int = 200) -> web.Response:
    # discord.py reads a body as JSON only where the content type has no charset.
    return web.Response(body=json.dumps(payload).encode(), content_type="application/json", status=status)
