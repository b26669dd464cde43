"""The chat in a browser: one page on 127.0.0.1, and one WebSocket for each time that it is open.

Whoever can open the page can use the bot's library. So its address has a random part that other people on the machine
and other pages in the browser do not know; a request must name this very host, which a page that had its own name
point here cannot do; and nothing but the page's own files runs or loads in it.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from aiohttp import WSMsgType, web

from bot.harness.components import Payload
from bot.harness.loopback import LoopbackDiscord
from bot.harness.member import Place
from bot.harness.seat import People, Seat, people_of, ready_discord
from bot.harness.web_session import PageSession
from bot.web import Web
from knowledge.checker import FactChecker

_HOST = "127.0.0.1"
_LARGEST_REQUEST = 64 * 1024 * 1024
"""Bytes over the WebSocket: four files of 10 MiB, as base64."""

_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebConsole:
    """The server of the page, beside a Discord that has the bot in it."""

    def __init__(self, discord: LoopbackDiscord, place: Place, *, port: int = 0) -> None:
        self._discord = discord
        self._people: People = people_of(discord)
        self._place = place
        self._port = port
        self._token = secrets.token_urlsafe(24)
        self._pages: set[web.WebSocketResponse] = set()
        self._files = {entry.name: entry.read_bytes() for entry in (files(__package__) / "page").iterdir()}

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"{self._origin}/{self._token}/"

    @property
    def _origin(self) -> str:
        return f"http://{_HOST}:{self._port}"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Serve the page; its address."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return self._refusal(request) or await handler(request)

        application = web.Application(middlewares=[guard])
        application.add_routes(
            [
                web.get("/{token}/", self._file),
                web.get("/{token}/socket", self._socket),
                web.get("/{token}/attachments/{id}/{name}", self._attachment),
                web.get("/{token}/{name}", self._file),
            ]
        )
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, self._port).start()
            self._port = runner.addresses[0][1]
            yield self.url
        finally:
            for page in set(self._pages):
                await page.close()
            await runner.cleanup()

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Nothing for who knows the address and comes from this page or from nowhere."""
        token = request.match_info.get("token", "")
        is_foreign = request.headers.get("Origin", self._origin) != self._origin
        is_foreign |= request.headers.get("Sec-Fetch-Site") in _ELSEWHERE and not _opens_a_tab(request)
        if request.host != f"{_HOST}:{self._port}" or is_foreign:
            return web.Response(status=403, headers=_HEADERS)
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return web.Response(status=404, headers=_HEADERS)
        return None

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        content, kind = self._files.get(name), _KINDS.get(f".{name.rsplit('.', 1)[-1]}")
        if content is None or kind is None:
            return web.Response(status=404, headers=_HEADERS)
        headers = {**_HEADERS, "Content-Security-Policy": self._policy}
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    @property
    def _policy(self) -> str:
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' ws://{_HOST}:{self._port}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )

    async def _attachment(self, request: web.Request) -> web.Response:
        """A file of a message: a picture to look at, anything else to keep."""
        kept = self._discord.world.files.get(request.match_info["id"])
        if kept is None:
            return web.Response(status=404, headers=_HEADERS)
        attachment, content = kept
        is_picture = attachment["content_type"] in _PICTURES
        headers = {
            **_HEADERS,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Type": attachment["content_type"] if is_picture else "application/octet-stream",
            "Content-Disposition": "inline" if is_picture else "attachment",
        }
        return web.Response(body=content, headers=headers)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Serve one open page until it is closed."""
        if request.headers.get("Origin") != self._origin:
            return web.Response(status=403, headers=_HEADERS)
        socket = web.WebSocketResponse(max_msg_size=_LARGEST_REQUEST, heartbeat=30)
        await socket.prepare(request)
        self._pages.add(socket)
        try:
            await self._serve(socket)
        finally:
            self._pages.discard(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        outgoing: asyncio.Queue[Payload] = asyncio.Queue()
        session = PageSession(self._discord, Seat(self._people, self._place), outgoing.put_nowait)
        watchers, tasks = self._discord.world.watchers, {asyncio.create_task(_send_all(outgoing, socket))}
        watchers.append(session.watch)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and (asked := _read(message)) is not None:
                    task = asyncio.create_task(session.do(asked))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
        finally:
            watchers.remove(session.watch)
            for task in tasks:
                task.cancel()


_ELSEWHERE = frozenset({"cross-site", "same-site"})


def _opens_a_tab(request: web.Request) -> bool:
    """Whether somebody follows a link to the page, such as one in a terminal that is itself a page."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def _read(message: Any) -> Any:
    try:
        return message.json()
    except (ValueError, RecursionError):
        return None


async def _send_all(outgoing: "asyncio.Queue[Payload]", socket: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            await socket.send_json(await outgoing.get())


@asynccontextmanager
async def web_console(checker: FactChecker, collection: str, web: Web, *, port: int = 0) -> AsyncIterator[str]:
    """The chat in a browser on a collection; its address."""
    async with (
        ready_discord(checker, collection, web) as (discord, place),
        WebConsole(discord, place, port=port).open() as url,
    ):
        yield url
