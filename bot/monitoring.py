"""How the bot stands, for those who run it: `/healthz` and `/metrics` on a port of this machine alone.

A `Monitor` outlives the clients that `bot.serving.serve` makes one after the other.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.metrics import CONTENT_TYPE, Metrics
from knowledge.errors import LibraryError
from knowledge.library import Library, LibrarySize

log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds after which a disk that does not answer counts as one that cannot be read."""
_BEATS = 2.0
"""Intervals without an acknowledged heartbeat that are still well: one of them can be lost on the way."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One connection to Discord: seconds from a heartbeat to its answer, since the last answer, and between two."""

    latency: float
    silence: float
    interval: float

    @property
    def is_regular(self) -> bool:
        """Whether a heartbeat was acknowledged, and that recently."""
        return math.isfinite(self.latency) and self.silence <= _BEATS * self.interval


class Connection(Protocol):
    """What of a client is looked at."""

    def is_greeted(self) -> bool:
        """Whether Discord has said READY to every shard."""

    def pulses(self) -> list[Pulse]:
        """How every shard is connected."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What keeps the bot from answering, and why; nothing where all is well. `latency` is of the slowest shard."""

    missing: Mapping[str, str]
    size: LibrarySize | None
    latency: float


class Monitor:
    """What a process counts, and whether it can answer."""

    def __init__(self, library: Library) -> None:
        self.metrics = Metrics()
        self._library = library
        self._connection: Connection | None = None
        self._reading: asyncio.Task[LibrarySize | LibraryError] | None = None

    @contextmanager
    def watching(self, connection: Connection) -> Iterator[None]:
        """Look at a client for as long as it is there."""
        self._connection = connection
        try:
            yield
        finally:
            self._connection = None

    async def standing(self) -> Standing:
        """How the bot stands at this moment."""
        missing = {}
        pulses = self._connection.pulses() if self._connection else []
        if self._connection is None or not self._connection.is_greeted():
            missing["gateway"] = "Discord has not said READY"
        if not pulses or not all(pulse.is_regular for pulse in pulses):
            missing["heartbeat"] = "no heartbeat was acknowledged recently"
        found = await self._size()
        if isinstance(found, LibraryError):
            missing["library"] = str(found)
        size = None if isinstance(found, LibraryError) else found
        return Standing(missing, size, max((pulse.latency for pulse in pulses), default=math.nan))

    async def _size(self) -> LibrarySize | LibraryError:
        """What the library holds. A disk that hangs is asked once, so that the questions do not fill the threads."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(self._read))
        done, _ = await asyncio.wait({self._reading}, timeout=_PATIENCE)
        return self._reading.result() if done else LibraryError("the library does not answer")

    def _read(self) -> LibrarySize | LibraryError:
        try:
            self._library.probe()
            return self._library.size()
        except LibraryError as error:
            return error


class PortTaken(Exception):
    """The port cannot be had; the message is the system's reason."""

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(reason)
        self.port = port


@asynccontextmanager
async def served(monitor: Monitor, port: int) -> AsyncIterator[str]:
    """Serve `/healthz` and `/metrics` to this machine alone, 0 being a free port; gives the address.

    Raises `PortTaken`.
    """

    async def health(request: web.Request) -> web.Response:
        missing = (await monitor.standing()).missing
        return web.json_response({"ready": not missing, "missing": dict(missing)}, status=503 if missing else 200)

    async def metrics(request: web.Request) -> web.Response:
        standing = await monitor.standing()
        text = monitor.metrics.exposition(standing.size, standing.latency, is_ready=not standing.missing)
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.add_routes([web.get("/healthz", health), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError as error:
            raise PortTaken(port, error.strerror or str(error)) from error
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        log.info("health and metrics on %s", address)
        yield address
    finally:
        await runner.cleanup()
