"""A news site on loopback: a feed and its articles, which change, move, break and come back as a test says."""

import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Self

from knowledge.ingest.download import Downloader, Limits
from tests.knowledge.ingest.servers import Answer, Server, ok, saying, to

BEGINNING = datetime(2031, 5, 5, 8, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self, moment: datetime = BEGINNING) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the feed."""

    path: str
    guid: str = ""
    title: str = ""


@dataclass
class Site:
    """Answers by path; everything about it may be changed while it runs. `host` is how it calls itself."""

    items: list[Item] = field(default_factory=list)
    etag: bool = True
    host: str = "news.example.org"
    feed_path: str = "/feed.xml"
    instead: dict[str, Answer | bytes] = field(default_factory=dict)
    """What some paths answer in place of what they should."""
    moved: dict[str, str] = field(default_factory=dict)
    """Paths that have moved for good, and where to."""

    def __enter__(self) -> Self:
        self.server = Server(self._answer).__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.__exit__(None, None, None)

    def url(self, path: str | None = None) -> str:
        """The address of a path, else of the feed."""
        return self.server.url(self.feed_path if path is None else path, host=self.host)

    def publish(self, *names: str) -> None:
        """Put articles on top of the feed."""
        self.items[:0] = [Item(f"/{name}", f"guid-{name}", f"About {name}") for name in names]

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, robots.txt left out."""
        paths = [head.split()[1].decode() for head in self.server.requests]
        return [path for path in paths if path != "/robots.txt"]

    def door(self, seconds: float = 10) -> Downloader:
        """A downloader for which every name is that of the site."""
        return Downloader(
            limits=Limits(seconds=seconds),
            gap=0,
            resolve=lambda name, port: ["127.0.0.1"],
            also_allowed=[self.server.place],
        )

    def rss(self) -> bytes:
        """The feed as it stands."""
        items = "".join(
            f"<item><title>{escape(item.title)}</title><link>{escape(item.path)}</link>"
            + (f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else "")
            + "</item>"
            for item in self.items
        )
        return f'<rss version="2.0"><channel><title>The Courier</title>{items}</channel></rss>'.encode()

    def _answer(self, connection: socket.socket, head: bytes) -> None:
        path = head.split()[1].decode()
        answer = self.instead.get(path)
        if answer is None:
            answer = self._usual(path, head)
        (saying(answer) if isinstance(answer, bytes) else answer)(connection, head)

    def _usual(self, path: str, head: bytes) -> bytes:
        if path == "/robots.txt":
            return error(404)
        if path in self.moved:
            return moved(self.moved[path])
        if path != self.feed_path:
            return ok(article(path.partition("?")[0].strip("/")))
        body = self.rss()
        etag = f'"{hash(body):x}"'
        if self.etag and f"If-None-Match: {etag}".encode() in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        return ok(body, *([f"ETag: {etag}"] if self.etag else []), kind="application/rss+xml")


def article(name: str) -> bytes:
    """The page of an article."""
    text = "".join(
        f"<p>The {name} of paragraph {number} was seen by nobody before the spring, when the river rose over the old "
        "wall and the people of the town went out to look at what it had left on the meadows.</p>"
        for number in ("one", "two", "three")
    )
    return (
        f"<!doctype html><html lang='en'><head><title>Of {name}</title></head>"
        f"<body><article><h1>Of {name}</h1>{text}</article></body></html>"
    ).encode()


def error(status: int, *headers: str) -> bytes:
    """An answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {status} No", "Content-Length: 0", *headers, "", ""]).encode()


def moved(location: str) -> bytes:
    """A redirect for good."""
    return to(location, 301)
