"""The REST side of the loopback Discord, met by bare requests: who may, how often, and how it refuses."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.harness import LoopbackDiscord, Member
from bot.harness.interactions import Interaction, Kind
from bot.harness.world import Permission

NO_MENTIONS: dict[str, Any] = {"allowed_mentions": {"parse": []}}


class Client:
    """A bot without a library."""

    def __init__(self, discord: LoopbackDiscord, http: aiohttp.ClientSession) -> None:
        self._discord = discord
        self._http = http

    async def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
        """The status and the body of an answer."""
        headers = {"Authorization": f"Bot {token or self._discord.world.token}"}
        async with self._http.request(method, self._discord.api_base + path, json=body, headers=headers) as response:
            self.headers = response.headers
            return response.status, await response.json() if response.content_type == "application/json" else None

    async def answer(self, interaction: Interaction, body: Any) -> tuple[int, Any]:
        """Acknowledge an interaction."""
        return await self.ask("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", body)


@pytest_asyncio.fixture
async def client(empty_discord: LoopbackDiscord) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(empty_discord, http)


@pytest_asyncio.fixture
async def interaction(empty_discord: LoopbackDiscord) -> Interaction:
    """A slash command that nobody has answered yet."""
    ada = Member(empty_discord, "Ada")
    return await empty_discord.interact(Kind.COMMAND, ada.user, ada.channel, {"type": 1, "name": "check", "id": "1"})


async def test_a_wrong_token_is_unauthorized(client: Client) -> None:
    assert await client.ask("GET", "/users/@me", token="wrong") == (401, {"message": "401: Unauthorized", "code": 0})


async def test_an_unknown_endpoint_is_noted(empty_discord: LoopbackDiscord, client: Client) -> None:
    with empty_discord.expecting("unknown endpoint: GET /guilds/1/members"):
        status, _ = await client.ask("GET", "/guilds/1/members")

    assert status == 404


async def test_the_limits_are_told_in_every_answer(client: Client) -> None:
    await client.ask("GET", "/oauth2/applications/@me")

    assert client.headers["X-RateLimit-Limit"] == "5"
    assert client.headers["X-RateLimit-Remaining"] == "4"
    assert float(client.headers["X-RateLimit-Reset-After"]) > 0
    assert len(client.headers["X-RateLimit-Bucket"]) == 32


async def test_who_goes_over_a_limit_is_told_how_long_to_wait(empty_discord: LoopbackDiscord, client: Client) -> None:
    with empty_discord.expecting("went over the rate limit of application"):
        answers = [await client.ask("GET", "/oauth2/applications/@me") for _ in range(6)]

    status, body = answers[-1]
    assert [status for status, _ in answers[:5]] == [200] * 5
    assert status == 429
    assert 0 < body["retry_after"] <= 1
    assert body["global"] is False
    assert client.headers["Via"]
    assert client.headers["X-RateLimit-Scope"] == "user"
    empty_discord.clock.advance(1)
    assert (await client.ask("GET", "/oauth2/applications/@me"))[0] == 200


async def test_more_than_fifty_requests_in_a_second_hit_the_global_limit(
    empty_discord: LoopbackDiscord, client: Client
) -> None:
    channels = [channel.id for channel in empty_discord.world.channels]
    while len(channels) < 11:
        channels += [c.id for c in empty_discord.world.add_guild(f"More {len(channels)}").channels.values()]

    with empty_discord.expecting("went over the rate limit"):
        answers = [await client.ask("GET", f"/channels/{channels[number // 5]}") for number in range(51)]

    assert [status for status, _ in answers].count(429) == 1
    assert answers[-1][1]["global"] is True
    assert client.headers["X-RateLimit-Global"] == "true"


async def test_an_interaction_is_acknowledged_once(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    assert (await client.answer(interaction, {"type": 5}))[0] == 204

    with empty_discord.expecting("40060"):
        status, body = await client.answer(interaction, {"type": 5})

    assert (status, body["code"]) == (400, 40060)


async def test_an_interaction_cannot_be_acknowledged_after_three_seconds(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    empty_discord.clock.advance(3.1)

    with empty_discord.expecting("10062", "not acknowledged in 3 s"):
        status, body = await client.answer(interaction, {"type": 5})
        await interaction.outcomes.get()

    assert (status, body["code"]) == (404, 10062)


@pytest.mark.parametrize("callback", [1, 6, 7, 8, 10, 12, "4", None])
async def test_a_command_is_not_acknowledged_with_what_does_not_go_with_it(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction, callback: object
) -> None:
    with empty_discord.expecting("50035"):
        status, body = await client.answer(interaction, {"type": callback, "data": {}})

    assert (status, body["code"]) == (400, 50035)
    assert body["errors"]["type"]["_errors"]
    assert (await client.answer(interaction, {"type": 5}))[0] == 204


async def test_a_token_is_good_for_fifteen_minutes(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    await client.answer(interaction, {"type": 5})
    path = f"/webhooks/{empty_discord.world.application_id}/{interaction.token}/messages/@original"
    empty_discord.clock.advance(14 * 60)
    assert (await client.ask("PATCH", path, {"content": "late", **NO_MENTIONS}))[0] == 200
    empty_discord.clock.advance(2 * 60)

    with empty_discord.expecting("50027"):
        status, body = await client.ask("PATCH", path, {"content": "too late", **NO_MENTIONS})

    assert (status, body["code"]) == (401, 50027)


async def test_a_user_install_has_five_follow_ups(empty_discord: LoopbackDiscord, client: Client) -> None:
    eve = Member(empty_discord, "Eve")
    interaction = await empty_discord.interact(
        Kind.COMMAND, eve.user, eve.channel, {"type": 1, "name": "check", "id": "1"}, is_user_install=True
    )
    await client.answer(interaction, {"type": 4, "data": {"content": "first", **NO_MENTIONS}})
    path = f"/webhooks/{empty_discord.world.application_id}/{interaction.token}"
    statuses = []
    with empty_discord.expecting("40094"):
        for _ in range(6):
            statuses.append((await client.ask("POST", path, {"content": "more", **NO_MENTIONS}))[0])
            empty_discord.clock.advance(1)

    assert statuses == [204] * 5 + [400]


async def test_the_first_message_after_a_deferral_takes_its_place(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    await client.answer(interaction, {"type": 5, "data": {"flags": 64}})
    path = f"/webhooks/{empty_discord.world.application_id}/{interaction.token}?wait=true"

    _, message = await client.ask("POST", path, {"content": "here", **NO_MENTIONS})

    assert interaction.original is not None
    assert message["id"] == interaction.original.id
    assert message["flags"] & 64


async def test_a_broken_form_is_told_where(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    broken = {"type": 10, "content": ""}
    with empty_discord.expecting("50035"):
        _, body = await client.answer(
            interaction, {"type": 4, "data": {"flags": 1 << 15, "components": [broken], **NO_MENTIONS}}
        )

    assert body["message"] == "Invalid Form Body"
    assert body["errors"]["data"]["components"]["0"]["content"]["_errors"]
    await client.answer(interaction, {"type": 5})


async def test_a_message_that_could_mention_is_noted(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    with empty_discord.expecting("without allowed_mentions"):
        status, _ = await client.answer(interaction, {"type": 4, "data": {"content": "@everyone"}})

    assert status == 204


async def test_a_server_without_the_bot_cannot_be_written_to(empty_discord: LoopbackDiscord, client: Client) -> None:
    guild = empty_discord.world.add_guild("Elsewhere", has_bot=False)

    with empty_discord.expecting("50001"):
        status, body = await client.ask("POST", f"/channels/{guild.general.id}/messages", {"content": "hello"})

    assert (status, body["code"]) == (403, 50001)


async def test_a_channel_without_permission_cannot_be_written_to(
    empty_discord: LoopbackDiscord, client: Client
) -> None:
    guild = empty_discord.guilds[0]
    guild.bot_permissions = int(Permission.VIEW_CHANNEL)

    with empty_discord.expecting("50013"):
        status, body = await client.ask("POST", f"/channels/{guild.general.id}/messages", {"content": "hello"})

    assert (status, body["code"]) == (403, 50013)


async def test_somebody_may_close_their_direct_messages(empty_discord: LoopbackDiscord, client: Client) -> None:
    ada = Member(empty_discord, "Ada")
    _, channel = await client.ask("POST", "/users/@me/channels", {"recipient_id": ada.user.id})
    assert (await client.ask("POST", f"/channels/{channel['id']}/messages", {"content": "psst", **NO_MENTIONS}))[
        0
    ] == 200
    ada.user.is_closed = True

    with empty_discord.expecting("50007"):
        status, body = await client.ask("POST", f"/channels/{channel['id']}/messages", {"content": "psst"})

    assert (status, body["code"]) == (403, 50007)


async def test_a_private_message_is_seen_by_nobody_else(
    empty_discord: LoopbackDiscord, client: Client, interaction: Interaction
) -> None:
    bo = Member(empty_discord, "Bo")
    await client.answer(interaction, {"type": 4, "data": {"content": "psst", "flags": 64, **NO_MENTIONS}})

    assert interaction.original is not None
    assert bo.sees() == []
    with empty_discord.expecting("10008"):
        status, _ = await client.ask("DELETE", f"/channels/{interaction.channel.id}/messages/{interaction.original.id}")
    assert status == 404
