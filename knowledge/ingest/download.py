"""The only way to the network: a GET that may ask the public internet for a page, and nothing else, in bounded time.

Every address on the way, redirects included, is looked up once, judged by our own list, and connected to as it was
judged, so that no second look-up can lead elsewhere. HTTP is read by h11, which leaves the socket to its caller: with
urllib3 and httpx a limit on the whole of a download, slow headers included, and the connection to one judged address
have to be fitted around their own; and they bring redirects, proxies and cookies that would have to be kept out.
"""

import re
import socket
import ssl
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Lock, Thread
from time import monotonic, sleep
from urllib.parse import quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import h11
import idna

from knowledge.errors import DownloadError, DownloadProblem
from knowledge.ingest.validation import valid_url

PAGE_TYPES = ("text/html", "application/xhtml+xml")
FEED_TYPES = (
    *("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/rdf+xml"),
    *(*PAGE_TYPES, "text/plain"),  # what servers say that know no better; whether it is a feed shows when it is read
)

AGENT = "Receipts"
"""What robots.txt may call us."""

HOST_GAP = 1.0
"""Seconds between two requests to one site: what a reader clicks, and what robots.txt files that name a delay ask."""
REDIRECTS = 5
_HEADER_BYTES = 64 * 1024
_HEADERS = 200
_INTERIM_ANSWERS = 5
_CHUNK = 64 * 1024
_CONNECT_SECONDS = 5.0
_ADDRESSES = 4
_OF_THE_WAY = frozenset(
    {
        DownloadProblem.TOO_SLOW,
        DownloadProblem.BUSY,
        DownloadProblem.CERTIFICATE,
        DownloadProblem.UNKNOWN_HOST,
        DownloadProblem.UNREACHABLE,
    }
)
"""Problems that say nothing of what a site allows."""
_ROBOTS_BYTES = 512 * 1024
"""What RFC 9309 asks to be read at the least."""
_ROBOTS_SECONDS = 3600.0
_ROBOTS_KEPT = 200

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Collection[str]]
"""Gives the addresses of a name, for a port; raises `OSError` where there are none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one download may take: `size` in bytes, before and after unpacking; `seconds` in all."""

    seconds: float = 15.0
    size: int = 10 * 1024**2


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What an address gave. `is_unchanged` says that it is as the `etag` or `last_modified` that were sent has it.

    `moved_to` is where the address has moved for good, "" where it has not.
    """

    url: str
    final_url: str
    content_type: str
    body: bytes
    etag: str
    last_modified: str
    is_unchanged: bool = False
    moved_to: str = ""


def addresses_of(name: str, port: int) -> list[str]:
    """The addresses that the system knows of a name."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Downloader:
    """Fetches pages and feeds. Any thread may call it.

    `about` is where those whose site is asked can read who asks, which whoever runs a bot knows alone.
    Tests let it reach servers of their own by `also_allowed`, pairs of address and port, and certificates of their own
    by `trust`.
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),
        gap: float = HOST_GAP,
        resolve: Resolver = addresses_of,
        trust: ssl.SSLContext | None = None,
        also_allowed: Collection[tuple[str, int]] = (),
        about: str | None = None,
    ) -> None:
        self._limits = limits
        self._doors = _Doors(resolve, frozenset((ip_address(address), port) for address, port in also_allowed))
        self._trust = trust or ssl.create_default_context()
        self._agent = f"{AGENT}/{version('receipts')}" + (f" (+{about})" if about else "")
        self._turns = _Turns(gap)
        self._robots = _Robots()

    def download(
        self,
        url: str,
        *,
        accept: Collection[str] = PAGE_TYPES,
        obey_robots: bool = False,
        etag: str = "",
        last_modified: str = "",
    ) -> Downloaded:
        """What an address gives, if it is of an accepted type and not as `etag` or `last_modified` has it.

        Raises `DownloadError`. `obey_robots` is for what no person asked for just now.
        """
        asking = _Asking(_Deadline(self._limits.seconds), self._limits.size, tuple(accept), etag, last_modified)
        try:
            return self._followed(url, asking, obey_robots=obey_robots)
        except _Refused as refused:
            raise DownloadError(url, refused.problem, refused.status, refused.retry_after) from refused.__cause__

    def _followed(self, url: str, asking: "_Asking", *, obey_robots: bool) -> Downloaded:
        """The answer at the end of the redirects."""
        place, moved_to, is_moving = url, "", True
        for _ in range(REDIRECTS + 1):
            target = self._doors.target(place)
            if obey_robots:
                self._require_welcome(target, asking.deadline)
            answer = self._answer(target, asking)
            if not answer.location:
                return Downloaded(
                    url, target.url, answer.content_type, answer.body, answer.etag, answer.last_modified,
                    is_unchanged=answer.status == _NOT_MODIFIED, moved_to=moved_to,
                )  # fmt: skip
            place = _joined(target.url, answer.location)
            is_moving = is_moving and answer.status in _MOVED  # what lies behind a passing redirect may change
            moved_to = place if is_moving else moved_to
        raise _Refused(DownloadProblem.REDIRECTS)

    def _answer(self, target: "_Target", asking: "_Asking") -> "_Answer":
        addresses = self._doors.addresses(target, asking.deadline)
        self._turns.wait(target.host, asking.deadline)
        with _own_errors(asking.deadline), self._connected(target, addresses, asking.deadline) as connection:
            return _Exchange(connection, asking).answer(target, self._agent)

    @contextmanager
    def _connected(
        self, target: "_Target", addresses: Collection[Address], deadline: "_Deadline"
    ) -> Iterator[socket.socket]:
        """A connection to the first of the judged addresses that answers."""
        plain = _first_connection(addresses, target.port, deadline)
        with plain:
            plain.settimeout(deadline.left())
            if target.scheme == "http":
                yield plain
            else:
                with self._trust.wrap_socket(plain, server_hostname=target.host) as secure:
                    yield secure

    def _require_welcome(self, target: "_Target", deadline: "_Deadline") -> None:
        """Raise `_Refused` where the site's robots.txt asks us to stay away from a page."""
        rules = self._robots.known(target.origin)
        if rules is None:
            self._doors.addresses(target, deadline)  # where they are not public, that is what is told
            rules = self._robots_of(target.origin, deadline)
            self._robots.keep(target.origin, rules)
        if not rules.can_fetch(AGENT, target.url):
            raise _Refused(DownloadProblem.ROBOTS)

    def _robots_of(self, origin: str, deadline: "_Deadline") -> RobotFileParser:
        """The rules of a site: none where it has no such file, all forbidden where it fails to say (RFC 9309)."""
        rules = RobotFileParser()
        asking = _Asking(deadline, min(_ROBOTS_BYTES, self._limits.size), ())
        try:
            body = self._followed(f"{origin}/robots.txt", asking, obey_robots=False).body
        except _Refused as refused:
            if refused.problem in _OF_THE_WAY:
                raise  # the page is refused for the same reason, which is truer, and may be another in an hour
            is_absent = refused.status is not None and 400 <= refused.status < 500
            body = b"" if is_absent else b"User-agent: *\nDisallow: /"
        rules.parse(body.decode("utf-8", "replace").splitlines())
        return rules


# --- which addresses ---

_WEB_PORTS = {"http": 80, "https": 443}

_FORBIDDEN = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's NAT; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
"""What is not to be reached, https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-, by hand: what
`ipaddress` calls global depends on Python's version, and in 3.11 takes in NAT64, 6to4, site-local and multicast."""

_GLOBAL_IPV6 = ip_network("2000::/3")
"""All that IANA has given out for the public internet. ::1, mapped, NAT64, local and multicast ones are outside."""

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The third quarter of an address that carries a private IPv4 one through a tunnel."""

_LOCAL_NAMES = frozenset(
    "localhost local localdomain internal intranet lan home corp private arpa onion test invalid".split()
)
"""Last labels that no public name has (RFC 6761, RFC 6762, ICANN's reserved ones)."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet."""
    if isinstance(address, IPv6Address):
        tunnel = int(address) >> 32 & 0xFFFFFFFF
        if address not in _GLOBAL_IPV6 or address.scope_id or tunnel in _ISATAP:
            return False
    return not any(address in network for network in _FORBIDDEN if network.version == address.version)


@dataclass(frozen=True, slots=True)
class _Target:
    """An address that may be asked for, if its host turns out to be public. `path` is as HTTP sends it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as it stands in addresses, with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _WEB_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The site of the address."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.path


class _Doors:
    """Which addresses may be connected to."""

    def __init__(self, resolve: Resolver, also_allowed: frozenset[tuple[Address, int]]) -> None:
        self._resolve = resolve
        self._also_allowed = also_allowed
        self._ports = {*_WEB_PORTS.values(), *(port for _, port in also_allowed)}

    def target(self, url: str) -> _Target:
        """What an address asks for. Raises `_Refused`."""
        try:
            parts = urlsplit(valid_url(url))
            port = parts.port
        except ValueError as error:
            raise _Refused(DownloadProblem.URL) from error
        if parts.scheme not in _WEB_PORTS or not parts.hostname:
            raise _Refused(DownloadProblem.URL)
        port = _WEB_PORTS[parts.scheme] if port is None else port
        if port not in self._ports:
            raise _Refused(DownloadProblem.PORT)
        path = quote(parts.path or "/", safe=_IN_PATH)
        query = f"?{quote(parts.query, safe=_IN_PATH)}" if parts.query else ""
        return _Target(parts.scheme, _host(parts.hostname), port, path + query)

    def addresses(self, target: _Target, deadline: "_Deadline") -> list[Address]:
        """The addresses of a target's host, every one of which may be connected to. Raises `_Refused`."""
        literal = _literal(target.host)
        found = [literal] if literal is not None else self._looked_up(target, deadline)
        if not all(self._may_connect(address, target.port) for address in found):
            raise _Refused(DownloadProblem.FORBIDDEN)
        return found[:_ADDRESSES]

    def _may_connect(self, address: Address, port: int) -> bool:
        return (address, port) in self._also_allowed or (port in _WEB_PORTS.values() and is_public(address))

    def _looked_up(self, target: _Target, deadline: "_Deadline") -> list[Address]:
        """The addresses of a name, looked up beside, for the system's resolver knows no deadline."""
        found: list[Address] = []

        def look_up() -> None:
            try:
                found.extend(ip_address(one) for one in self._resolve(target.host, target.port))
            except (OSError, ValueError):
                found.clear()

        thread = Thread(target=look_up, name="name lookup", daemon=True)
        thread.start()
        thread.join(deadline.left())
        if thread.is_alive():
            raise _Refused(DownloadProblem.TOO_SLOW)
        if not found:
            raise _Refused(DownloadProblem.UNKNOWN_HOST)
        return found


_IN_PATH = "/%:=&?~+!$,;'@()*[]|"


def _host(name: str) -> str:
    """A host as it is looked up: an address as it is, a name in ASCII. Raises `_Refused`."""
    if ":" in name:
        return str(_IPv6(name))
    try:
        ascii_name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _Refused(DownloadProblem.URL) from error
    host = ascii_name.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _Refused(DownloadProblem.URL)
    if _NUMBER.fullmatch(labels[-1]):
        if _literal(host) is None:  # octal, decimal and hexadecimal ones, which the C library reads its own way
            raise _Refused(DownloadProblem.FORBIDDEN)
    elif len(labels) == 1 or labels[-1] in _LOCAL_NAMES:
        raise _Refused(DownloadProblem.FORBIDDEN)
    return host


def _IPv6(name: str) -> IPv6Address:  # noqa: N802  as its type
    try:
        address = IPv6Address(name)
    except ValueError as error:
        raise _Refused(DownloadProblem.URL) from error
    if address.scope_id:
        raise _Refused(DownloadProblem.FORBIDDEN)
    return address


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _joined(url: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(url, quote(location, safe=_IN_PATH + "#"))
    except ValueError as error:
        raise _Refused(DownloadProblem.URL) from error


def _first_connection(addresses: Collection[Address], port: int, deadline: "_Deadline") -> socket.socket:
    """A connection to the first of some addresses that takes one. Raises `_Refused`."""
    cause: OSError | None = None
    for address in addresses:
        connection = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6)
        try:
            connection.settimeout(min(deadline.left(), _CONNECT_SECONDS))
            connection.connect((str(address), port))
        except OSError as error:
            connection.close()
            cause = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise _Refused(DownloadProblem.UNREACHABLE) from cause


# --- one request ---

_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_MOVED = frozenset({301, 308})
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is asked for, and how long and how much of it; no `accept` accepts everything."""

    deadline: "_Deadline"
    size: int
    accept: tuple[str, ...]
    etag: str = ""
    last_modified: str = ""

    def headers(self, target: _Target, agent: str) -> list[tuple[str, str]]:
        """Those of the request."""
        conditions = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return [
            ("Host", target.authority),
            ("User-Agent", agent),
            ("Accept", ", ".join((*self.accept, "*/*;q=0.1"))),
            ("Accept-Encoding", "gzip, deflate"),
            ("Connection", "close"),
            *((name, value) for name, value in conditions if value),
        ]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    body: bytes = b""


class _Exchange:
    """One request and its answer over a connection."""

    def __init__(self, connection: socket.socket, asking: _Asking) -> None:
        self._connection = connection
        self._asking = asking
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADER_BYTES)

    def answer(self, target: _Target, agent: str) -> _Answer:
        """Ask, and read what is wanted of the answer. Raises `_Refused`, `OSError` and h11's errors."""
        request = h11.Request(method="GET", target=target.path, headers=self._asking.headers(target, agent))
        self._connection.settimeout(self._asking.deadline.left())
        self._connection.sendall(
            (self._protocol.send(request) or b"") + (self._protocol.send(h11.EndOfMessage()) or b"")
        )
        response = self._response()
        headers = _Headers(response.headers)
        status = response.status_code
        if status in _REDIRECTING and (location := headers["location"]):
            return _Answer(status, location)
        if status == _NOT_MODIFIED and (self._asking.etag or self._asking.last_modified):
            return _Answer(status, "", "", headers["etag"], headers["last-modified"])
        if status != 200:
            raise _Refused(DownloadProblem.STATUS, status, _retry_after(headers["retry-after"]))
        kind = headers["content-type"]
        if self._asking.accept and kind.partition(";")[0].strip().lower() not in self._asking.accept:
            raise _Refused(DownloadProblem.CONTENT_TYPE)
        return _Answer(status, "", kind, headers["etag"], headers["last-modified"], self._body(headers))

    def _response(self) -> h11.Response:
        """The head of the answer, behind some that say that it is coming."""
        for _ in range(_INTERIM_ANSWERS):
            event = self._event()
            if isinstance(event, h11.Response):
                if len(event.headers) > _HEADERS:
                    raise _Refused(DownloadProblem.BROKEN)
                return event
            if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                break
        raise _Refused(DownloadProblem.BROKEN)

    def _body(self, headers: "_Headers") -> bytes:
        """The unpacked body, as long as it keeps within its limit."""
        limit = self._asking.size
        if headers["content-length"].isdecimal() and int(headers["content-length"][:20]) > limit:
            raise _Refused(DownloadProblem.TOO_LARGE)
        unpack = _unpacker(headers["content-encoding"].strip().lower())
        body = bytearray()
        received = 0
        while isinstance(event := self._event(), h11.Data):
            received += len(event.data)
            body += unpack.some(bytes(event.data), limit + 1 - len(body))
            if len(body) > limit or received > limit:
                raise _Refused(DownloadProblem.TOO_LARGE)
        if not isinstance(event, h11.EndOfMessage) or not unpack.is_whole():
            raise _Refused(DownloadProblem.BROKEN)
        return bytes(body)

    def _event(self) -> object:
        while (event := self._protocol.next_event()) is h11.NEED_DATA:
            self._connection.settimeout(self._asking.deadline.left())
            self._protocol.receive_data(self._connection.recv(_CHUNK))
        return event


class _Headers:
    """The headers of an answer: the first of a name, "" where there is none."""

    def __init__(self, headers: Collection[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in headers:
            self._values.setdefault(name.decode("latin-1").lower(), value.decode("utf-8", "replace"))

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")


def _retry_after(said: str) -> float:
    """The seconds for which a site asks to be left alone, as a number or as a date; 0 where it does not ask."""
    said = said.strip()
    if said.isascii() and said.isdecimal():
        return float(said[:12])
    try:
        moment = parsedate_to_datetime(said)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return 0.0


class _Unpacker:
    """Bytes as they come."""

    def is_whole(self) -> bool:
        """Whether the end was there; HTTP tells of these bytes."""
        return True

    def some(self, data: bytes, room: int) -> bytes:
        """What some bytes unpack to, as far as there is room."""
        return data[:room]


class _Inflater(_Unpacker):
    """Bytes that were packed with gzip or deflate; what follows their end is left out."""

    def __init__(self, *formats: int) -> None:
        self._formats = list(formats)
        self._begin()

    def _begin(self) -> None:
        self._stream = zlib.decompressobj(self._formats.pop(0))

    def is_whole(self) -> bool:
        """Whether the end was there."""
        return self._stream.eof

    def some(self, data: bytes, room: int) -> bytes:
        """What some bytes unpack to; never more than there is room for, so that a bomb is stopped while it inflates."""
        try:
            return self._stream.decompress(data, room)
        except zlib.error as error:
            if not self._formats:
                raise _Refused(DownloadProblem.PACKING) from error
            self._begin()
            return self.some(data, room)


def _unpacker(encoding: str) -> _Unpacker:
    """What unpacks a content encoding. Raises `_Refused`."""
    if encoding in ("", "identity"):
        return _Unpacker()
    if encoding in ("gzip", "x-gzip"):
        return _Inflater(zlib.MAX_WBITS | 16)
    if encoding == "deflate":
        return _Inflater(zlib.MAX_WBITS, -zlib.MAX_WBITS)  # by the standard, and as some servers understand it
    raise _Refused(DownloadProblem.PACKING)


# --- time, turns and errors ---


class _Refused(Exception):
    """An address is not fetched; becomes a `DownloadError` where the address that was asked for is known."""

    def __init__(self, problem: DownloadProblem, status: int | None = None, retry_after: float = 0.0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status
        self.retry_after = retry_after


class _Deadline:
    """The end of one download."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds until then, more than 0. Raises `_Refused`."""
        left = self._end - monotonic()
        if left <= 0:
            raise _Refused(DownloadProblem.TOO_SLOW)
        return left


class _Turns:
    """Keeps requests to one host apart."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._next: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, host: str, deadline: _Deadline) -> None:
        """Wait for a turn. Raises `_Refused` where it comes too late."""
        with self._lock:
            now = monotonic()
            self._next = {name: turn for name, turn in self._next.items() if turn > now}
            turn = self._next.get(host, now)
            if turn - now >= deadline.left():
                raise _Refused(DownloadProblem.BUSY)
            self._next[host] = turn + self._gap
        sleep(turn - now)


class _Robots:
    """What sites ask of programs, for an hour."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[float, RobotFileParser]] = {}
        self._lock = Lock()

    def known(self, origin: str) -> RobotFileParser | None:
        """The rules of a site, None where they are not known or too old."""
        with self._lock:
            until, rules = self._rules.get(origin, (0.0, None))
            return rules if monotonic() < until else None

    def keep(self, origin: str, rules: RobotFileParser) -> None:
        """Remember the rules of a site; the oldest are forgotten."""
        with self._lock:
            self._rules.pop(origin, None)
            self._rules[origin] = (monotonic() + _ROBOTS_SECONDS, rules)
            while len(self._rules) > _ROBOTS_KEPT:
                del self._rules[next(iter(self._rules))]


@contextmanager
def _own_errors(deadline: _Deadline) -> Iterator[None]:
    """Turns what sockets, TLS and h11 raise into `_Refused`."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise _Refused(DownloadProblem.CERTIFICATE) from error
    except TimeoutError as error:
        raise _Refused(DownloadProblem.TOO_SLOW) from error
    except (h11.ProtocolError, ssl.SSLError) as error:
        raise _Refused(DownloadProblem.BROKEN) from error
    except OSError as error:
        deadline.left()
        raise _Refused(DownloadProblem.UNREACHABLE) from error
