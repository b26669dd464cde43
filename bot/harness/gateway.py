"""The gateway: sessions that events are sent to, shard by shard, and the troubles that a bot has to live through.

As at Discord a session outlives its connection for a while, keeps what it could not deliver, and can be resumed.
"""

import asyncio
import itertools
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from bot.harness.components import Payload
from bot.harness.reset import reset_connection
from bot.harness.world import Guild, Role, World

_ACCEPTED_INTENTS = 1  # guilds: all that a bot like ours needs
_KNOWN_INTENTS = (1 << 26) - 1
_PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15
_SENDS_PER_MINUTE = 120
IDENTIFY_WINDOW = 5.0
"""Seconds that Discord wants between two IDENTIFYs of one bucket of shards."""


class Op(IntEnum):
    """The operations of the gateway."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """The codes with which Discord closes a connection."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPERATION = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    RATE_LIMITED = 4008
    INVALID_SHARD = 4010
    INVALID_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class _Compression(Protocol):
    def encode(self, text: str) -> str | bytes: ...


class _Plain:
    def encode(self, text: str) -> str | bytes:
        return text


class _Zlib:
    """One stream for the whole connection, flushed after every message."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def encode(self, text: str) -> str | bytes:
        return self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class _Zstd:
    """The same with Zstandard, which a client asks for only where it has it."""

    def __init__(self) -> None:
        import zstandard

        self._stream = zstandard.ZstdCompressor().compressobj()
        self._flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def encode(self, text: str) -> str | bytes:
        return self._stream.compress(text.encode()) + self._stream.flush(self._flush)


_COMPRESSIONS: dict[str | None, Callable[[], _Compression]] = {
    None: _Plain,
    "zlib-stream": _Zlib,
    "zstd-stream": _Zstd,
}


@dataclass(eq=False, slots=True)
class Session:
    """What one IDENTIFY began: a shard's stream of numbered events, those of the last minutes kept."""

    id: str
    shard: int
    shard_count: int
    connection: "_Connection | None" = None
    sequence: int = 0
    is_resumable: bool = True
    recent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=500))

    async def dispatch(self, event: str, data: Payload) -> None:
        """Number an event, keep it, and send it where somebody listens."""
        self.sequence += 1
        text = json.dumps({"op": Op.DISPATCH, "d": data, "s": self.sequence, "t": event})
        self.recent.append((self.sequence, text))
        if self.connection is not None:
            await self.connection.send_text(text)


@dataclass(eq=False, slots=True)
class _Connection:
    """One WebSocket, before and after it belongs to a session."""

    socket: web.WebSocketResponse
    request: web.Request
    compression: _Compression
    session: Session | None = None
    received: deque[float] = field(default_factory=lambda: deque(maxlen=_SENDS_PER_MINUTE))

    async def send(self, op: Op, data: Any = None) -> None:
        await self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def send_text(self, text: str) -> None:
        if self.socket.closed:
            return
        encoded = self.compression.encode(text)
        try:
            if isinstance(encoded, bytes):
                await self.socket.send_bytes(encoded)
            else:
                await self.socket.send_str(encoded)
        except (ConnectionError, RuntimeError):
            return  # it went away meanwhile; its session keeps the event

    async def close(self, code: int) -> None:
        await self.socket.close(code=code)


class Gateway:
    """All sessions of the one bot, and what somebody does to them."""

    def __init__(self, world: World, violations: list[str], *, shards: int) -> None:
        self.shards = shards
        """How many shards Discord recommends."""
        self.max_concurrency = 16
        self.identify_window = IDENTIFY_WINDOW
        self.refusals = 0
        """How many of the next connections are turned away."""
        self.accepts_token = True
        self.heartbeat_ms = 41_250
        """How often the next connections are to send a heartbeat."""
        self.acknowledges = True
        """Whether heartbeats are answered."""
        self.identifies = 0
        self.resumes = 0
        self._world = world
        self._violations = violations
        self._sessions: dict[str, Session] = {}
        self._connections: set[_Connection] = set()
        self._identified_at: dict[int, float] = {}
        self._number = itertools.count(1)
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it is."""
        return self._world.base_url.replace("http", "ws", 1) + "/gateway"

    # --- what a test or a console does ---

    @property
    def is_ready(self) -> bool:
        """Whether every shard of the bot is connected."""
        live = {(s.shard, s.shard_count) for s in self._sessions.values() if s.connection is not None}
        return any(all((shard, count) in live for shard in range(count)) for count in {count for _, count in live})

    @property
    def compressions(self) -> set[str | None]:
        """How the bot's connections are compressed, in the words with which it asked."""
        return {connection.request.query.get("compress") for connection in self._connections}

    async def until_ready(self, identifies: int = 0) -> None:
        """Wait until every shard of the bot is connected, and has logged in so often."""
        while self.identifies < identifies or not self.is_ready:
            await self._change()

    async def dispatch(self, event: str, data: Payload, guild_id: str | None = None) -> int:
        """Send an event to the shard of a server, or to the first; the number of sessions that it went to."""
        sessions = [s for s in self._sessions.values() if s.shard == self.shard_of(guild_id, s.shard_count)]
        for session in sessions:
            await session.dispatch(event, data)
        return sum(1 for session in sessions if session.connection is not None)

    async def send_raw(self, text: str) -> None:
        """Send every connection something that no gateway should send."""
        for connection in list(self._connections):
            await connection.send_text(text)

    async def ask_to_reconnect(self) -> None:
        """Operation 7: come again and resume."""
        await self._gone(lambda c: c.send(Op.RECONNECT))

    async def invalidate(self, *, resumable: bool) -> None:
        """Operation 9: the session is over, or may be resumed."""
        if not resumable:
            self.forget_sessions()
        await self._gone(lambda c: c.send(Op.INVALID_SESSION, resumable))

    async def close(self, code: int = Close.UNKNOWN_ERROR) -> None:
        """Close every connection with a code."""
        await self._gone(lambda c: c.close(code))

    async def abort(self, shard: int | None = None) -> None:
        """Reset every connection, or those of one shard, without a word, as a broken network does."""

        async def reset(connection: _Connection) -> None:
            reset_connection(connection.request)

        await self._gone(reset, shard)

    def forget_sessions(self) -> None:
        """Lose what could be resumed, as after a long outage."""
        for session in self._sessions.values():
            session.is_resumable = False

    async def outage(self, guild: Guild) -> None:
        """A server becomes unavailable, which is not a removal."""
        guild.is_available = False
        await self.dispatch("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild.id)

    async def recover(self, guild: Guild) -> None:
        """It is back."""
        guild.is_available = True
        await self.dispatch("GUILD_CREATE", guild.payload(self._world.bot), guild.id)

    async def add_role(self, guild: Guild, role: Role) -> None:
        """Somebody makes a role."""
        guild.roles[role.name] = role
        made = {"guild_id": guild.id, "role": role.payload(len(guild.roles) - 1)}
        await self.dispatch("GUILD_ROLE_CREATE", made, guild.id)

    async def add_bot(self, guild: Guild) -> None:
        """Somebody invites the bot."""
        guild.has_bot = True
        await self.dispatch("GUILD_CREATE", guild.payload(self._world.bot), guild.id)

    async def remove_bot(self, guild: Guild) -> None:
        """Somebody removes the bot."""
        guild.has_bot = False
        await self.dispatch("GUILD_DELETE", {"id": guild.id}, guild.id)

    async def _gone(self, do: Callable[[_Connection], Any], shard: int | None = None) -> None:
        """Do something that ends connections, and wait for their end."""
        ending = {c for c in self._connections if shard is None or (c.session and c.session.shard == shard)}
        for connection in ending:
            await do(connection)
        while ending & self._connections:
            await self._change()

    async def _change(self) -> None:
        await self._changed.wait()

    def _note_change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    @staticmethod
    def shard_of(guild_id: str | None, count: int) -> int:
        """Which of so many shards gets the events of a server; those of direct messages go to the first."""
        return (int(guild_id) >> 22) % count if guild_id else 0

    # --- what a bot does ---

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        if self.refusals > 0:
            self.refusals -= 1
            return web.Response(status=503)
        compression = _COMPRESSIONS.get(request.query.get("compress"))
        if compression is None:
            self._violations.append(f"asked for the unknown compression {request.query.get('compress')!r}")
            return web.Response(status=400)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = _Connection(socket, request, compression())
        self._connections.add(connection)
        try:
            if request.query.get("v") != "10" or request.query.get("encoding", "json") != "json":
                await self._refuse(connection, Close.INVALID_VERSION, "wants another version or encoding")
            await connection.send(Op.HELLO, {"heartbeat_interval": self.heartbeat_ms, "_trace": ["loopback"]})
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._receive(connection, message.data)
        finally:
            self._connections.discard(connection)
            if connection.session is not None and connection.session.connection is connection:
                connection.session.connection = None
            self._note_change()
        return socket

    async def end(self) -> None:
        """Say goodbye to everybody."""
        for connection in list(self._connections):
            await connection.close(1001)

    async def _refuse(self, connection: _Connection, code: Close, what: str) -> None:
        self._violations.append(f"gateway {code}: {what}")
        await connection.close(code)

    async def _receive(self, connection: _Connection, data: str | bytes) -> None:
        now = self._world.clock.seconds()
        if len(connection.received) == _SENDS_PER_MINUTE and now - connection.received[0] < 60:
            await self._refuse(connection, Close.RATE_LIMITED, "sent more than 120 messages in a minute")
            return
        connection.received.append(now)
        try:
            payload = json.loads(data)
            op = Op(payload["op"])
        except (ValueError, KeyError, TypeError):
            await self._refuse(connection, Close.DECODE_ERROR, "sent something that is no gateway message")
            return
        match op:
            case Op.HEARTBEAT:
                if self.acknowledges:
                    await connection.send(Op.HEARTBEAT_ACK)
            case Op.IDENTIFY if connection.session is None:
                await self._identify(connection, payload["d"])
            case Op.RESUME if connection.session is None:
                await self._resume(connection, payload["d"])
            case Op.IDENTIFY | Op.RESUME:
                await self._refuse(connection, Close.ALREADY_AUTHENTICATED, "identified twice")
            case Op.PRESENCE_UPDATE if connection.session is not None:
                pass
            case Op.REQUEST_MEMBERS | Op.PRESENCE_UPDATE:
                await self._refuse(connection, Close.NOT_AUTHENTICATED, f"sent operation {op} out of place")
            case _:
                await self._refuse(connection, Close.UNKNOWN_OPERATION, f"sent operation {op}")

    async def _identify(self, connection: _Connection, data: Payload) -> None:
        shard, count = data.get("shard") or (0, 1)
        if data.get("token", "").removeprefix("Bot ") != self._world.token or not self.accepts_token:
            await connection.close(Close.AUTHENTICATION_FAILED)
            return
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~_KNOWN_INTENTS:
            await self._refuse(connection, Close.INVALID_INTENTS, f"asked for intents {intents}")
            return
        if intents & _PRIVILEGED_INTENTS:
            await self._refuse(connection, Close.DISALLOWED_INTENTS, f"asked for the privileged intents {intents}")
            return
        if not {"os", "browser", "device"} <= data.get("properties", {}).keys():
            await self._refuse(connection, Close.DECODE_ERROR, "identified without properties")
            return
        if not 0 <= shard < count:
            await self._refuse(connection, Close.INVALID_SHARD, f"identified as shard {shard} of {count}")
            return
        if not self._may_identify(shard):
            await connection.send(Op.INVALID_SESSION, False)
            return
        self.identifies += 1
        session = Session(f"{next(self._number):032x}", shard, count, connection)
        connection.session = session
        self._sessions = {id_: s for id_, s in self._sessions.items() if s.connection or s.shard != shard}
        self._sessions[session.id] = session
        await self._welcome(session)
        self._note_change()

    def _may_identify(self, shard: int) -> bool:
        """Whether the bucket of the shard has not been used in the last five seconds."""
        bucket, now = shard % self.max_concurrency, self._world.clock.seconds()
        if now - self._identified_at.get(bucket, -IDENTIFY_WINDOW) < self.identify_window:
            self._violations.append(f"shard {shard} identified within {self.identify_window} s of another")
            return False
        self._identified_at[bucket] = now
        return True

    async def _welcome(self, session: Session) -> None:
        guilds = [
            guild
            for guild in self._world.guilds.values()
            if guild.has_bot and self.shard_of(guild.id, session.shard_count) == session.shard
        ]
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": {**self._world.bot.payload, "mfa_enabled": False, "verified": True, "email": None},
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": [session.shard, session.shard_count],
                "application": {"id": self._world.application_id, "flags": 0},
                "private_channels": [],
                "presences": [],
                "relationships": [],
                "user_settings": {},
                "geo_ordered_rtc_regions": [],
                "_trace": ["loopback"],
            },
        )
        for guild in guilds:
            if guild.is_available:
                await session.dispatch("GUILD_CREATE", guild.payload(self._world.bot))

    async def _resume(self, connection: _Connection, data: Payload) -> None:
        if data.get("token", "").removeprefix("Bot ") != self._world.token:
            await connection.close(Close.AUTHENTICATION_FAILED)
            return
        session = self._sessions.get(data.get("session_id") or "")
        if session is None or not session.is_resumable:
            await connection.send(Op.INVALID_SESSION, False)
            return
        seen = data.get("seq") or 0
        if seen > session.sequence:
            await self._refuse(connection, Close.INVALID_SEQUENCE, f"resumed at {seen} of {session.sequence}")
            return
        self.resumes += 1
        missed = [text for sequence, text in session.recent if sequence > seen]
        connection.session, session.connection = session, connection
        for text in missed:
            await connection.send_text(text)
        await session.dispatch("RESUMED", {"_trace": ["loopback"]})
        self._note_change()
