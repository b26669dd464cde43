"""Servers on loopback that answer as they are told, byte by byte, and remember who came."""

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

Answer = Callable[[socket.socket, bytes], None]
"""Given the connection and the request's head, writes an answer."""


class Server:
    """Serves on a port of 127.0.0.1 until it is closed; `requests` are the heads of what was asked."""

    def __init__(self, answer: Answer | bytes, tls: ssl.SSLContext | None = None) -> None:
        self.answer: Answer = saying(answer) if isinstance(answer, bytes) else answer
        self.requests: list[bytes] = []
        self.connections = 0
        self.names: list[str | None] = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._is_closing = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def place(self) -> tuple[str, int]:
        """Its address and port."""
        return "127.0.0.1", self.port

    def url(self, path: str = "/a", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """An address that it serves."""
        return f"{scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while not self._is_closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            if self._tls is None:
                self._reply(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as secure:
                    self._reply(secure)

    def _reply(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (data := connection.recv(4096)):
            head += data
        self.requests.append(head)
        self.answer(connection, head)


def saying(answer: bytes) -> Answer:
    """Always the same."""
    return lambda connection, head: connection.sendall(answer)


def dripping(start: bytes, drops: Iterable[bytes], seconds: float) -> Answer:
    """A beginning, and then something every so many seconds for as long as anybody listens."""

    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(start)
        for drop in drops:
            if threading.Event().wait(seconds):
                return
            connection.sendall(drop)

    return answer


def ok(body: bytes, *headers: str, kind: str = "text/html") -> bytes:
    """A whole answer with a body."""
    lines = [f"Content-Length: {len(body)}", *headers]
    return start(*lines, kind=kind) + body


def start(*headers: str, kind: str = "text/html") -> bytes:
    """The head of an answer."""
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {kind}", *headers, "", ""]).encode()


def to(location: str, status: int = 302) -> bytes:
    """A redirect."""
    return f"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


_recorders: list[list[tuple[str, int]]] = []


def _record(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _recorders:
        address = arguments[1]
        if isinstance(address, tuple):
            for recorder in _recorders:
                recorder.append((str(address[0]), int(address[1])))


@contextmanager
def connections() -> Iterator[list[tuple[str, int]]]:
    """Every address and port that this process tries to connect to meanwhile."""
    _install()
    recorder: list[tuple[str, int]] = []
    _recorders.append(recorder)
    try:
        yield recorder
    finally:
        _recorders.remove(recorder)


_installed = threading.Event()


def _install() -> None:
    if not _installed.is_set():
        _installed.set()
        sys.addaudithook(_record)  # the interpreter's own record, which no code of ours can pass by
