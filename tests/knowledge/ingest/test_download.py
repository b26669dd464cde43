"""Nothing but pages of the public internet is fetched, in bounded time, whatever an address or a server tries."""

import gzip
import itertools
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import pytest
import trustme

from knowledge.errors import DownloadError, DownloadProblem
from knowledge.ingest.download import FEED_TYPES, REDIRECTS, Downloader, Limits, Resolver, is_public
from tests.knowledge.ingest.servers import Server, connections, dripping, ok, saying, start, to

PAGE = b"<html><p>Words of a page.</p>"


def nobody(name: str, port: int) -> list[str]:
    """A resolver that nobody may ask."""
    raise AssertionError(f"{name} was looked up")


def names(**known: str) -> Resolver:
    """A resolver of some names of example.org; others do not exist."""

    def resolve(name: str, port: int) -> list[str]:
        label, _, rest = name.partition(".")
        if rest != "example.org" or label not in known:
            raise socket.gaierror
        return known[label].split()

    return resolve


def downloader(
    *servers: Server,
    resolve: Resolver = nobody,
    seconds: float = 5,
    size: int = 100_000,
    gap: float = 0,
    trust: ssl.SSLContext | None = None,
) -> Downloader:
    return Downloader(
        limits=Limits(seconds, size),
        gap=gap,
        resolve=resolve,
        trust=trust,
        also_allowed=[server.place for server in servers],
    )


def problem_of(door: Downloader, url: str) -> DownloadProblem:
    with pytest.raises(DownloadError) as caught:
        door.download(url)
    assert caught.value.url == caught.value.place == url
    return caught.value.problem


# --- addresses that are refused before anybody is asked ---

URL, PORT, FORBIDDEN = DownloadProblem.URL, DownloadProblem.PORT, DownloadProblem.FORBIDDEN
HOSTILE = [
    # other schemes, and none
    ("", URL),
    ("example.org/a", URL),
    ("//example.org/a", URL),
    ("file:///etc/passwd", URL),
    ("file://example.org/etc/passwd", URL),
    ("ftp://example.org/a", URL),
    ("gopher://example.org:80/_GET", URL),
    ("dict://example.org:80/a", URL),
    ("ldap://example.org/a", URL),
    ("data:text/html,<p>a", URL),
    ("javascript:alert(1)", URL),
    ("jar:https://example.org!/a", URL),
    ("ws://example.org/a", URL),
    ("http+unix://%2fvar%2frun%2fdocker.sock/a", URL),
    ("view-source:https://example.org/", URL),
    # names and passwords, and what looks like another site
    ("https://example.org@127.0.0.1/", URL),
    ("https://me:secret@example.org/", URL),
    ("https://127.0.0.1#@example.org/", FORBIDDEN),
    ("https://127.0.0.1?@example.org/", FORBIDDEN),
    ("https://example.org\\@127.0.0.1/", URL),
    ("http:\\\\127.0.0.1\\a", URL),
    ("https://example.org /a", URL),
    ("https://exa\tmple.org/a", URL),
    ("https://example.org/\r\nHost: 127.0.0.1", URL),
    ("https://example.org/\u202egpj.exe", URL),
    ("https://exam\u200bple.org/", URL),
    ("https:///a", URL),
    ("https://", URL),
    ("https://.", URL),
    ("https://example..org/", URL),
    ("https://example%2eorg/", URL),
    ("https://-example-.org/", URL),
    ("https://" + "a" * 64 + ".org/", URL),
    ("https://" + "a." * 130 + "org/", URL),
    ("https://example.org/" + "a" * 3000, URL),
    ("https://[::1/", URL),
    ("https://[example.org]/", URL),
    ("https://example.org:port/", URL),
    ("https://example.org:99999/", URL),
    ("https://a\u2100b.org/", URL),
    # ports
    ("https://example.org:22/", PORT),
    ("http://example.org:6379/", PORT),
    ("http://example.org:8080/", PORT),
    ("http://example.org:0/", PORT),
    ("http://127.0.0.1:2375/containers/json", PORT),
    # loopback and private addresses, however they are written
    ("http://127.0.0.1/", FORBIDDEN),
    ("http://127.0.0.1./", FORBIDDEN),
    ("http://127.1/", FORBIDDEN),
    ("http://127.255.255.254/", FORBIDDEN),
    ("http://0177.0.0.1/", FORBIDDEN),
    ("http://00000177.0.0.1/", FORBIDDEN),
    ("http://2130706433/", FORBIDDEN),
    ("http://017700000001/", FORBIDDEN),
    ("http://0x7f000001/", FORBIDDEN),
    ("http://0x7f.0.0.1/", FORBIDDEN),
    ("http://0x7f.1/", FORBIDDEN),
    ("http://127.0.0.0x1/", FORBIDDEN),
    ("http://4294967297/", FORBIDDEN),
    ("http://127.0.0.1.1/", FORBIDDEN),
    ("http://%31%32%37.0.0.1/", URL),
    ("http://１２７.０.０.１/", FORBIDDEN),
    ("http://127。0。0。1/", FORBIDDEN),
    ("http://①②⑦.⓪.⓪.①/", FORBIDDEN),
    ("http://0/", FORBIDDEN),
    ("http://0.0.0.0/", FORBIDDEN),
    ("http://10.0.0.1/", FORBIDDEN),
    ("http://172.16.0.1/", FORBIDDEN),
    ("http://172.31.255.255/", FORBIDDEN),
    ("http://192.168.1.1/", FORBIDDEN),
    ("http://100.64.0.1/", FORBIDDEN),
    ("http://198.18.0.1/", FORBIDDEN),
    ("http://192.0.2.1/", FORBIDDEN),
    ("http://224.0.0.1/", FORBIDDEN),
    ("http://239.255.255.250/", FORBIDDEN),
    ("http://240.0.0.1/", FORBIDDEN),
    ("http://255.255.255.255/", FORBIDDEN),
    # metadata of clouds
    ("http://169.254.169.254/latest/meta-data/", FORBIDDEN),
    ("http://169.254.170.2/v2/credentials", FORBIDDEN),
    ("http://0xa9fea9fe/", FORBIDDEN),
    ("http://100.100.100.200/latest/meta-data/", FORBIDDEN),
    ("http://168.63.129.16/machine", FORBIDDEN),
    ("http://192.0.0.192/opc/v2/", FORBIDDEN),
    ("http://[fd00:ec2::254]/latest/meta-data/", FORBIDDEN),
    ("http://metadata.google.internal/computeMetadata/v1/", FORBIDDEN),
    # IPv6, and what it carries
    ("http://[::]/", FORBIDDEN),
    ("http://[::1]/", FORBIDDEN),
    ("http://[0:0:0:0:0:0:0:1]/", FORBIDDEN),
    ("http://[::ffff:127.0.0.1]/", FORBIDDEN),
    ("http://[::ffff:7f00:1]/", FORBIDDEN),
    ("http://[::ffff:8.8.8.8]/", FORBIDDEN),
    ("http://[::127.0.0.1]/", FORBIDDEN),
    ("http://[64:ff9b::7f00:1]/", FORBIDDEN),
    ("http://[64:ff9b:1::7f00:1]/", FORBIDDEN),
    ("http://[2002:7f00:1::]/", FORBIDDEN),
    ("http://[2001:0:53aa:64c::80ff:fffe]/", FORBIDDEN),
    ("http://[2001:db8::1]/", FORBIDDEN),
    ("http://[2600:1f18::5efe:127.0.0.1]/", FORBIDDEN),
    ("http://[fe80::1]/", FORBIDDEN),
    ("http://[fe80::1%25eth0]/", FORBIDDEN),
    ("http://[2600::1%eth0]/", FORBIDDEN),
    ("http://[fec0::1]/", FORBIDDEN),
    ("http://[fc00::1]/", FORBIDDEN),
    ("http://[ff02::1]/", FORBIDDEN),
    ("http://[100::1]/", FORBIDDEN),
    # names of this machine and its neighbours
    ("http://localhost/", FORBIDDEN),
    ("http://LOCALHOST./", FORBIDDEN),
    ("http://ｌｏｃａｌｈｏｓｔ/", FORBIDDEN),
    ("http://a.localhost/", FORBIDDEN),
    ("http://printer.local/", FORBIDDEN),
    ("http://router.lan/", FORBIDDEN),
    ("http://wiki.corp/", FORBIDDEN),
    ("http://intranet/", FORBIDDEN),
    ("http://1.0.0.127.in-addr.arpa/", FORBIDDEN),
    ("http://a.onion/", FORBIDDEN),
]


@pytest.mark.parametrize(("url", "problem"), HOSTILE)
def test_a_hostile_address_is_refused_before_anybody_is_asked(url: str, problem: DownloadProblem) -> None:
    with connections() as made:
        assert problem_of(downloader(), url) == problem
    assert made == []


IN_HEADERS = [url for url, _ in HOSTILE if url.isprintable()]


@pytest.mark.parametrize("url", IN_HEADERS)
def test_a_redirect_to_a_hostile_address_is_refused(url: str) -> None:
    with Server(to(url)) as site, connections() as made:
        problem_of(downloader(site, resolve=names()), site.url())
        assert set(made) == {site.place}


# --- names that lead where they should not ---

LEADS = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "168.63.129.16",
    "::1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fec0::1",
    "fe80::1%lo",
    "ff02::1",
    "93.184.216.34 127.0.0.1",
    "2600::1 ::1",
]


@pytest.mark.parametrize("addresses", LEADS)
@pytest.mark.parametrize("host", ["a.example.org", "A.Example.ORG.", "ａ.example.org"])
def test_a_name_with_any_address_that_is_not_public_is_refused(host: str, addresses: str) -> None:
    with connections() as made:
        assert problem_of(downloader(resolve=names(a=addresses)), f"https://{host}/") == FORBIDDEN
    assert made == []


def test_a_name_that_does_not_exist_is_told() -> None:
    assert problem_of(downloader(resolve=names()), "https://a.example.org/") == DownloadProblem.UNKNOWN_HOST


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    release = threading.Event()

    def hang(name: str, port: int) -> list[str]:
        release.wait(10)
        return []

    begun = time.monotonic()
    assert problem_of(downloader(resolve=hang, seconds=0.3), "https://a.example.org/") == DownloadProblem.TOO_SLOW
    assert time.monotonic() - begun < 2
    release.set()


def test_a_name_is_looked_up_once_and_that_very_address_connected_to() -> None:
    answers = iter(["127.0.0.1", "127.0.0.2"])
    asked: list[str] = []

    def rebinding(name: str, port: int) -> list[str]:
        asked.append(name)
        return [next(answers)]

    with Server(ok(PAGE)) as site, connections() as made:
        got = downloader(site, resolve=rebinding).download(site.url(host="a.example.org"))
        assert got.body == PAGE
        assert made == [site.place]
        assert asked == ["a.example.org"]
        assert f"Host: a.example.org:{site.port}\r\n".encode() in site.requests[0]


def test_a_name_that_was_public_is_judged_anew_after_a_redirect() -> None:
    answers = iter(["127.0.0.1", "127.0.0.2"])
    with Server(to("/b")) as site, connections() as made:
        door = downloader(site, resolve=lambda name, port: [next(answers)])
        assert problem_of(door, site.url(host="a.example.org")) == FORBIDDEN
        assert made == [site.place]


def test_what_a_test_may_reach_is_one_port_of_one_address() -> None:
    with Server(ok(PAGE)) as open_, Server(ok(PAGE)) as closed, connections() as made:
        assert problem_of(downloader(open_), closed.url()) == PORT
        assert problem_of(downloader(open_), open_.url(host="127.0.0.2")) == FORBIDDEN
        assert problem_of(downloader(open_), "http://127.0.0.1/") == FORBIDDEN
    assert made == []


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1", "100.128.0.1"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


# --- TLS ---


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_is_of_the_name_and_the_connection_to_the_address(
    authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    context = serving(authority, "a.example.org")
    asked_for: list[str | None] = []
    context.sni_callback = lambda connection, name, context: asked_for.append(name)
    with Server(ok(PAGE), context) as site:
        door = downloader(site, resolve=names(a="127.0.0.1"), trust=trust)
        got = door.download(site.url(host="a.example.org", scheme="https"))
    assert got.body == PAGE
    assert asked_for == ["a.example.org"]


def test_a_certificate_of_another_name_is_refused(authority: trustme.CA, trust: ssl.SSLContext) -> None:
    with Server(ok(PAGE), serving(authority, "b.example.org")) as site:
        door = downloader(site, resolve=names(a="127.0.0.1"), trust=trust)
        assert problem_of(door, site.url(host="a.example.org", scheme="https")) == DownloadProblem.CERTIFICATE
        assert site.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    with Server(ok(PAGE), serving(authority, "a.example.org")) as site:
        door = downloader(site, resolve=names(a="127.0.0.1"))
        assert problem_of(door, site.url(host="a.example.org", scheme="https")) == DownloadProblem.CERTIFICATE


def test_a_server_without_tls_is_refused_under_https(trust: ssl.SSLContext) -> None:
    with Server(lambda connection, head: connection.sendall(ok(PAGE))) as site:
        assert problem_of(downloader(site, trust=trust, seconds=1), site.url(scheme="https")) in (
            DownloadProblem.BROKEN,
            DownloadProblem.TOO_SLOW,
        )


def test_http_to_https_to_a_file_is_refused(authority: trustme.CA, trust: ssl.SSLContext) -> None:
    context = serving(authority, "a.example.org")
    with (
        Server(to("file:///etc/passwd"), context) as second,
        Server(to(second.url(host="a.example.org", scheme="https"))) as first,
        connections() as made,
    ):
        door = downloader(first, second, resolve=names(a="127.0.0.1"), trust=trust)
        assert problem_of(door, first.url()) == URL
        assert made == [first.place, second.place]


# --- servers that misbehave ---


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join(pieces) + packer.flush()


BROKEN, TOO_LARGE, PACKING = DownloadProblem.BROKEN, DownloadProblem.TOO_LARGE, DownloadProblem.PACKING
CONTENT_TYPE, STATUS = DownloadProblem.CONTENT_TYPE, DownloadProblem.STATUS
ANSWERS = {
    "nothing": (b"", BROKEN),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", BROKEN),
    "HTTP 0.9": (PAGE, BROKEN),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-Ty", BROKEN),
    "half a body": (start("Content-Length: 1000") + PAGE, BROKEN),
    "two lengths": (start("Content-Length: 5", "Content-Length: 6") + b"aaaaaa", BROKEN),
    "negative length": (start("Content-Length: -1") + PAGE, BROKEN),
    "length in words": (start("Content-Length: many") + PAGE, BROKEN),
    "endless length": (start("Content-Length: " + "9" * 50) + PAGE, BROKEN),
    "length over the limit": (start("Content-Length: 100001") + PAGE, TOO_LARGE),
    "body over the limit": (start() + b"a" * 100_001, TOO_LARGE),
    "chunks over the limit": (start("Transfer-Encoding: chunked") + b"8000\r\n" + b"a" * 32768 + b"\r\n" + b"8000\r\n"
                              + b"a" * 32768 + b"\r\n" + b"8000\r\n" + b"a" * 32768 + b"\r\n8000\r\n" + b"a" * 32768
                              + b"\r\n0\r\n\r\n", TOO_LARGE),
    "a chunk of no size": (start("Transfer-Encoding: chunked") + b"zz\r\naa\r\n", BROKEN),
    "a chunk of endless size": (start("Transfer-Encoding: chunked") + b"f" * 100_000, BROKEN),
    "chunks that end early": (start("Transfer-Encoding: chunked") + b"5\r\naaaaa\r\n", BROKEN),
    "endless trailers": (start("Transfer-Encoding: chunked") + b"0\r\n" + b"A: b\r\n" * 50_000, BROKEN),
    "a bomb": (ok(bomb(50_000_000), "Content-Encoding: gzip"), TOO_LARGE),
    "a bomb in a bomb": (ok(gzip.compress(bomb(5_000_000)), "Content-Encoding: gzip, gzip"), PACKING),
    "a deflated bomb": (ok(zlib.compress(bytes(5_000_000)), "Content-Encoding: deflate"), TOO_LARGE),
    "half a gzip": (ok(gzip.compress(PAGE * 50)[:-20], "Content-Encoding: gzip"), BROKEN),
    "no gzip": (ok(PAGE, "Content-Encoding: gzip"), PACKING),
    "no deflate": (ok(b"\xff" * 99, "Content-Encoding: deflate"), PACKING),
    "brotli": (ok(PAGE, "Content-Encoding: br"), PACKING),
    "an unknown packing": (ok(PAGE, "Content-Encoding: rot13"), PACKING),
    "no type": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", CONTENT_TYPE),
    "a picture": (ok(PAGE, kind="image/png"), CONTENT_TYPE),
    "a PDF": (ok(PAGE, kind="application/pdf"), CONTENT_TYPE),
    "a type like another": (ok(PAGE, kind="text/htmlx"), CONTENT_TYPE),
    "a feed": (ok(PAGE, kind="application/rss+xml"), CONTENT_TYPE),
    "a header of 1 MB": (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 1_000_000 + b"\r\n\r\n", BROKEN),
    "a reason of 1 MB": (b"HTTP/1.1 200 " + b"a" * 1_000_000 + b"\r\n\r\n", BROKEN),
    "a flood of headers": (start(*(f"A{number}: b" for number in range(100_000))) + PAGE, BROKEN),
    "300 headers": (start(*(f"A{number}: b" for number in range(300))) + PAGE, BROKEN),
    "endless interim answers": (b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + ok(PAGE), BROKEN),
    "another protocol": (b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n", BROKEN),
    "a control character in a header": (start("A: b\0c") + PAGE, BROKEN),
    "no redirect": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", STATUS),
    "not modified, unasked": (b"HTTP/1.1 304 Not Modified\r\n\r\n", STATUS),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", STATUS),
    "part of it": (b"HTTP/1.1 206 Partial\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\na", STATUS),
    "not found": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", STATUS),
    "an error": (b"HTTP/1.1 500 Error\r\nContent-Length: 0\r\n\r\n", STATUS),
    "an endless redirect": (to("/a"), DownloadProblem.REDIRECTS),
    "a redirect with a line break": (to("/a\nHost: b"), DownloadProblem.REDIRECTS),
    "a redirect to an endless address": (to("/" + "a" * 5000), URL),
    "a redirect into brackets": (to("http://[::1"), URL),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_cannot_be_used_is_refused(name: str) -> None:
    answer, problem = ANSWERS[name]
    with Server(answer) as site, connections() as made:
        begun = time.monotonic()
        assert problem_of(downloader(site), site.url()) == problem
        assert time.monotonic() - begun < 4
        assert set(made) == {site.place}


def test_an_error_tells_its_status() -> None:
    with Server(ANSWERS["not found"][0]) as site, pytest.raises(DownloadError) as caught:
        downloader(site).download(site.url())
    assert caught.value.status == 404
    assert str(caught.value) == f"{site.url()}: answers with an error (404)"


def test_redirects_are_followed_so_many_times_and_no_more() -> None:
    def until(last: int) -> Callable[[socket.socket, bytes], None]:
        def answer(connection: socket.socket, head: bytes) -> None:
            step = int(head.split()[1].strip(b"/"))
            connection.sendall(ok(PAGE) if step == last else to(f"/{step + 1}"))

        return answer

    with Server(until(REDIRECTS)) as site:
        assert downloader(site).download(site.url("/0")).final_url == site.url(f"/{REDIRECTS}")
    with Server(until(REDIRECTS + 1)) as site:
        assert problem_of(downloader(site), site.url("/0")) == DownloadProblem.REDIRECTS
        assert site.connections == REDIRECTS + 1


ENDLESS = itertools.repeat(b"a")
DRIPS = {
    "silence": dripping(b"", itertools.repeat(b""), 0.05),
    "the first line": dripping(b"HTTP/1.1 200 ", ENDLESS, 0.05),
    "headers": dripping(b"HTTP/1.1 200 OK\r\nA: ", ENDLESS, 0.05),
    "header after header": dripping(b"HTTP/1.1 200 OK\r\n", itertools.repeat(b"A: b\r\n"), 0.05),
    "a body": dripping(start("Content-Length: 1000"), ENDLESS, 0.05),
    "a body without end": dripping(start(), ENDLESS, 0.05),
    "chunks": dripping(start("Transfer-Encoding: chunked"), itertools.repeat(b"1\r\na\r\n"), 0.05),
    "the size of a chunk": dripping(start("Transfer-Encoding: chunked") + b"5;a=", ENDLESS, 0.05),
    "trailers": dripping(start("Transfer-Encoding: chunked") + b"0\r\nA: ", ENDLESS, 0.05),
    "gzip": dripping(start("Content-Encoding: gzip") + gzip.compress(PAGE)[:12], itertools.repeat(b"\0"), 0.05),
}


@pytest.mark.parametrize("name", DRIPS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_drip_is_cut_off_when_time_is_up(
    name: str, scheme: str, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    tls = serving(authority, "127.0.0.1") if scheme == "https" else None
    with Server(DRIPS[name], tls) as site:
        begun = time.monotonic()
        problem = problem_of(downloader(site, seconds=0.5, trust=trust), site.url(scheme=scheme))
        assert time.monotonic() - begun < 1.5
    assert problem in (DownloadProblem.TOO_SLOW, PACKING)


def test_a_handshake_that_never_ends_is_cut_off(trust: ssl.SSLContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        door = Downloader(limits=Limits(0.5), gap=0, trust=trust, also_allowed=[("127.0.0.1", port)])
        begun = time.monotonic()
        assert problem_of(door, f"https://127.0.0.1:{port}/") == DownloadProblem.TOO_SLOW
        assert time.monotonic() - begun < 1.5


def test_redirects_share_one_limit_of_time() -> None:
    def slow(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.2)
        connection.sendall(to("/a"))

    with Server(slow) as site:
        assert problem_of(downloader(site, seconds=0.5), site.url()) == DownloadProblem.TOO_SLOW
        assert site.connections <= 3


def test_a_port_where_nobody_listens_is_told() -> None:
    with Server(b"") as site:
        door = downloader(site)
    assert problem_of(door, site.url()) == DownloadProblem.UNREACHABLE


# --- what comes through ---


@pytest.fixture
def site() -> Iterator[Server]:
    with Server(ok(PAGE, 'ETag: "1"', "Last-Modified: Sat, 01 Jan 2028 00:00:00 GMT")) as server:
        yield server


def test_a_page_comes_with_where_it_was_and_what_it_was_like(site: Server) -> None:
    with Server(to(site.url("/b?c=d#e"))) as first:
        got = downloader(first, site).download(first.url())
    assert (got.url, got.final_url) == (first.url(), site.url("/b?c=d"))
    assert (got.body, got.content_type, got.is_unchanged) == (PAGE, "text/html", False)
    assert (got.etag, got.last_modified) == ('"1"', "Sat, 01 Jan 2028 00:00:00 GMT")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "answer",
    [
        ok(gzip.compress(PAGE), "Content-Encoding: gzip"),
        ok(gzip.compress(PAGE), "Content-Encoding: X-GZip"),
        ok(zlib.compress(PAGE), "Content-Encoding: deflate"),
        ok(raw_deflate(PAGE), "Content-Encoding: deflate"),
        ok(PAGE, "Content-Encoding: identity"),
        start() + PAGE,
        start("Transfer-Encoding: chunked") + b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE),
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok(PAGE),
        ok(PAGE, kind="Text/HTML; charset=utf-8"),
        ok(PAGE, kind="application/xhtml+xml"),
        ok(PAGE) + b"more than was said",
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    ],
)
def test_a_body_is_unpacked_however_it_is_sent(answer: bytes) -> None:
    with Server(answer) as server:
        assert downloader(server).download(server.url()).body == PAGE


def test_a_request_says_who_asks_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with Server(saying(b"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /b\r\n\r\n")) as server:
        door = downloader(server)
        problem_of(door, server.url("/ä b?q=ö".replace(" ", "%20")))
        first, *others = server.requests
    assert first.startswith(b"GET /%C3%A4%20b?q=%C3%B6 HTTP/1.1\r\n")
    assert b"User-Agent: Receipts/0.1.0\r\n" in first
    assert not any(b"ookie" in head or b"uthorization" in head or b"eferer" in head for head in (first, *others))


def test_a_request_names_the_page_of_whoever_runs_the_bot() -> None:
    with Server(ok(PAGE)) as server:
        Downloader(gap=0, also_allowed=[server.place], about="https://example.org/bot").download(server.url())
    assert b"User-Agent: Receipts/0.1.0 (+https://example.org/bot)\r\n" in server.requests[0]


def test_what_has_not_changed_is_not_sent_again() -> None:
    with Server(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n') as server:
        got = downloader(server).download(server.url(), etag='"1"', last_modified="Sat, 01 Jan 2028 00:00:00 GMT")
        assert (got.is_unchanged, got.body, got.etag) == (True, b"", '"1"')
        assert b'If-None-Match: "1"\r\nIf-Modified-Since: Sat, 01 Jan 2028 00:00:00 GMT\r\n' in server.requests[0]


def test_a_feed_is_fetched_by_those_who_read_feeds() -> None:
    with Server(ok(b"<rss/>", kind="application/rss+xml; charset=utf-8")) as server:
        assert downloader(server).download(server.url(), accept=FEED_TYPES).body == b"<rss/>"


# --- manners ---


def test_requests_to_one_host_are_kept_apart(site: Server) -> None:
    door = downloader(site, gap=0.3)
    begun = time.monotonic()
    for _ in range(3):
        door.download(site.url())
    assert 0.6 <= time.monotonic() - begun < 1.5


def test_other_hosts_do_not_wait(site: Server) -> None:
    door = downloader(site, gap=60, resolve=names(a="127.0.0.1", b="127.0.0.1"))
    begun = time.monotonic()
    for host in ("a.example.org", "b.example.org"):
        door.download(site.url(host=host))
    assert time.monotonic() - begun < 1


def test_a_turn_that_comes_too_late_is_not_waited_for(site: Server) -> None:
    door = downloader(site, gap=60)
    door.download(site.url())
    begun = time.monotonic()
    assert problem_of(door, site.url()) == DownloadProblem.BUSY
    assert time.monotonic() - begun < 1
    assert site.connections == 1


def with_robots(robots: bytes) -> Callable[[socket.socket, bytes], None]:
    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(robots if head.startswith(b"GET /robots.txt ") else ok(PAGE))

    return answer


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("120", 120, 120),
        *((said, 0, 0) for said in ("", "soon", "-5", "²", "Wed, 21 Oct 2015 07:28:00 GMT")),
        *((said, 3e8, 1e12) for said in ("Fri, 21 Oct 2939 07:28:00 GMT", "Fri, 21 Oct 2939 07:28:00", "9" * 500)),
    ],
)
def test_it_is_told_for_how_long_a_site_wants_to_be_left_alone(said: str, least: float, most: float) -> None:
    answer = f"HTTP/1.1 503 No\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    with Server(answer) as server, pytest.raises(DownloadError) as caught:
        downloader(server).download(server.url())
    assert least <= caught.value.retry_after <= most


@pytest.mark.parametrize(
    ("steps", "moved_to"),
    [((301,), "/1"), ((308, 301), "/2"), ((302,), ""), ((301, 302), "/1"), ((302, 301), ""), ((), "")],
)
def test_it_is_told_where_an_address_has_moved_for_good(steps: tuple[int, ...], moved_to: str) -> None:
    def answer(connection: socket.socket, head: bytes) -> None:
        number = int(head.split()[1].removeprefix(b"/"))
        connection.sendall(to(f"/{number + 1}", steps[number]) if number < len(steps) else ok(PAGE))

    with Server(answer) as server:
        found = downloader(server).download(server.url("/0"))
        assert found.moved_to == (server.url(moved_to) if moved_to else "")


@pytest.mark.parametrize(
    ("robots", "is_welcome"),
    [
        (ok(b"User-agent: *\nDisallow: /a", kind="text/plain"), False),
        (ok(b"User-agent: Receipts\nDisallow: /", kind="text/plain"), False),
        (ok(b"User-agent: Receipts\nAllow: /\n\nUser-agent: *\nDisallow: /", kind="text/plain"), True),
        (ok(b"User-agent: *\nDisallow: /b"), True),
        (ok(b"\xff\xfe\0not a robots file"), True),
        (ANSWERS["not found"][0], True),
        (ANSWERS["an error"][0], False),
        (ANSWERS["nothing"][0], False),
        (ANSWERS["a bomb"][0], False),
        (to("http://169.254.169.254/robots.txt"), False),
        (to("/robots.txt"), False),
    ],
)
def test_robots_txt_is_obeyed_where_nobody_asked_just_now(robots: bytes, is_welcome: bool) -> None:
    with Server(with_robots(robots)) as server, connections() as made:
        door = downloader(server)
        assert door.download(server.url()).body == PAGE
        if is_welcome:
            assert door.download(server.url(), obey_robots=True).body == PAGE
        else:
            with pytest.raises(DownloadError) as caught:
                door.download(server.url(), obey_robots=True)
            assert caught.value.problem == DownloadProblem.ROBOTS
        assert set(made) == {server.place}


def test_robots_txt_is_asked_for_once_an_hour() -> None:
    with Server(with_robots(ok(b"User-agent: *\nDisallow: /b", kind="text/plain"))) as server:
        door = downloader(server)
        for _ in range(3):
            door.download(server.url(), obey_robots=True)
        assert [head.split()[1] for head in server.requests] == [b"/robots.txt", b"/a", b"/a", b"/a"]


def test_robots_txt_is_obeyed_after_a_redirect() -> None:
    with Server(with_robots(ok(b"User-agent: *\nDisallow: /", kind="text/plain"))) as closed:

        def answer(connection: socket.socket, head: bytes) -> None:
            connection.sendall(ANSWERS["not found"][0] if b"robots" in head else to(closed.url()))

        with Server(answer) as first, pytest.raises(DownloadError) as caught:
            downloader(first, closed).download(first.url(), obey_robots=True)
        assert caught.value.problem == DownloadProblem.ROBOTS
        assert [head.split()[1] for head in closed.requests] == [b"/robots.txt"]
