"""The gateway of the loopback Discord, met by a bare WebSocket: what it says first, and what it closes for."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.harness import LoopbackDiscord
from bot.harness.gateway import Op

PROPERTIES = {"os": "linux", "browser": "test", "device": "test"}


class Client:
    """A bare client of the gateway."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def receive(self) -> dict[str, Any]:
        payload: dict[str, Any] = await self.socket.receive_json(timeout=5)
        return payload

    async def closed(self) -> int | None:
        """The code with which the connection ends."""
        while (await self.socket.receive(timeout=5)).type != aiohttp.WSMsgType.CLOSE:
            pass
        return self.socket.close_code

    async def identify(self, discord: LoopbackDiscord, **overrides: Any) -> None:
        data = {"token": discord.world.token, "intents": 1, "properties": PROPERTIES, **overrides}
        await self.send(Op.IDENTIFY, data)


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest_asyncio.fixture
async def client(empty_discord: LoopbackDiscord, http: aiohttp.ClientSession) -> Client:
    """A connection after its HELLO."""
    connected = Client(await http.ws_connect(f"{empty_discord.gateway.url}?v=10&encoding=json"))
    hello = await connected.receive()
    assert hello["op"] == Op.HELLO
    assert hello["d"]["heartbeat_interval"] > 0
    return connected


async def test_who_identifies_is_welcomed_with_the_servers(empty_discord: LoopbackDiscord, client: Client) -> None:
    await client.identify(empty_discord)

    ready, *created = [await client.receive() for _ in range(3)]

    assert (ready["t"], ready["s"]) == ("READY", 1)
    assert [guild["id"] for guild in ready["d"]["guilds"]] == [guild.id for guild in empty_discord.guilds]
    assert [event["d"]["name"] for event in created] == ["Alder Falls", "Kettle Bridge"]


async def test_a_heartbeat_is_acknowledged_also_before_the_log_in(client: Client) -> None:
    await client.send(Op.HEARTBEAT)

    assert (await client.receive())["op"] == Op.HEARTBEAT_ACK


async def test_a_wrong_token_is_closed_for(empty_discord: LoopbackDiscord, client: Client) -> None:
    await client.identify(empty_discord, token="wrong")

    assert await client.closed() == 4004


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"intents": 1 << 15}, 4014),
        ({"intents": 1 << 40}, 4013),
        ({"intents": None}, 4013),
        ({"properties": {}}, 4002),
        ({"shard": [2, 2]}, 4010),
    ],
    ids=str,
)
async def test_a_wrong_log_in_is_closed_for(
    empty_discord: LoopbackDiscord, client: Client, what: dict[str, Any], code: int
) -> None:
    with empty_discord.expecting(f"gateway {code}"):
        await client.identify(empty_discord, **what)
        assert await client.closed() == code


@pytest.mark.parametrize(
    ("sent", "code"),
    [("no JSON", 4002), ("{}", 4002), ("[]", 4002), ('{"op": 5, "d": {}}', 4002), ('{"op": 8, "d": {}}', 4003)],
)
async def test_what_is_no_gateway_message_is_closed_for(
    empty_discord: LoopbackDiscord, client: Client, sent: str, code: int
) -> None:
    with empty_discord.expecting(f"gateway {code}"):
        await client.socket.send_str(sent)
        assert await client.closed() == code


async def test_nobody_logs_in_twice_on_one_connection(empty_discord: LoopbackDiscord, client: Client) -> None:
    with empty_discord.expecting("gateway 4005"):
        await client.identify(empty_discord)
        await client.identify(empty_discord)
        assert await client.closed() == 4005


async def test_a_second_log_in_of_a_shard_within_five_seconds_is_refused(
    empty_discord: LoopbackDiscord, client: Client, http: aiohttp.ClientSession
) -> None:
    await client.identify(empty_discord)
    await client.receive()
    second = Client(await http.ws_connect(f"{empty_discord.gateway.url}?v=10&encoding=json"))
    await second.receive()

    with empty_discord.expecting("identified within 5"):
        await second.identify(empty_discord)
        assert await second.receive() == {"op": Op.INVALID_SESSION, "d": False, "s": None, "t": None}

    empty_discord.clock.advance(5)
    await second.identify(empty_discord)
    assert (await second.receive())["t"] == "READY"


async def test_too_many_messages_are_closed_for(empty_discord: LoopbackDiscord, client: Client) -> None:
    with empty_discord.expecting("gateway 4008"):
        for _ in range(121):
            await client.send(Op.HEARTBEAT)
        assert await client.closed() == 4008


async def test_who_resumes_gets_what_was_missed_and_nothing_twice(
    empty_discord: LoopbackDiscord, client: Client, http: aiohttp.ClientSession
) -> None:
    await client.identify(empty_discord)
    ready, *_ = [await client.receive() for _ in range(3)]
    await client.socket.close(code=4000)
    await empty_discord.gateway.dispatch("MISSED", {"number": 1})

    again = Client(await http.ws_connect(f"{ready['d']['resume_gateway_url']}?v=10&encoding=json"))
    await again.receive()
    session = {"token": empty_discord.world.token, "session_id": ready["d"]["session_id"], "seq": 3}
    await again.send(Op.RESUME, session)

    assert [(event["t"], event["s"]) for event in [await again.receive() for _ in range(2)]] == [
        ("MISSED", 4),
        ("RESUMED", 5),
    ]


async def test_a_session_that_nobody_knows_is_invalid(empty_discord: LoopbackDiscord, client: Client) -> None:
    await client.send(Op.RESUME, {"token": empty_discord.world.token, "session_id": "unknown", "seq": 1})

    assert (await client.receive())["op"] == Op.INVALID_SESSION


@pytest.mark.parametrize("query", ["v=9", "v=10&encoding=etf"])
async def test_another_version_or_encoding_is_closed_for(
    empty_discord: LoopbackDiscord, http: aiohttp.ClientSession, query: str
) -> None:
    with empty_discord.expecting("gateway 4012"):
        assert await Client(await http.ws_connect(f"{empty_discord.gateway.url}?{query}")).closed() == 4012


async def test_zlib_is_one_stream_for_the_whole_connection(
    empty_discord: LoopbackDiscord, http: aiohttp.ClientSession
) -> None:
    socket = await http.ws_connect(f"{empty_discord.gateway.url}?v=10&encoding=json&compress=zlib-stream")
    stream = zlib.decompressobj()

    async def receive() -> dict[str, Any]:
        data = await socket.receive_bytes(timeout=5)
        assert data.endswith(b"\x00\x00\xff\xff")
        payload: dict[str, Any] = json.loads(stream.decompress(data))
        return payload

    assert (await receive())["op"] == Op.HELLO
    await Client(socket).identify(empty_discord)
    assert [(await receive())["t"] for _ in range(3)] == ["READY", "GUILD_CREATE", "GUILD_CREATE"]
