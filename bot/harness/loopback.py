"""`LoopbackDiscord`: the server that puts world, REST side and gateway on one port of 127.0.0.1.

Whatever a bot does that the real Discord would refuse, or that we forbid ourselves, is a line in `violations`.
"""

import asyncio
import contextlib
import itertools
from collections import deque
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.harness.clock import Clock
from bot.harness.components import Payload
from bot.harness.endpoints import ENDPOINTS
from bot.harness.faults import Faults
from bot.harness.gateway import Gateway
from bot.harness.interactions import ACKNOWLEDGE_WITHIN, TOKEN_LIVES, Failed, Interaction, Kind
from bot.harness.rest import API, Exchange, Rest
from bot.harness.rules import GROUP, ON_MESSAGE, ON_USER, SLASH, SUBCOMMAND
from bot.harness.world import ALL, Channel, Guild, Message, User, World

_INTERACTIONS_KEPT = 5000
_REPLY_TYPES = {SLASH: 20, ON_USER: 23, ON_MESSAGE: 23}


class LoopbackDiscord:
    """A Discord with two servers and one application, for one bot."""

    def __init__(self, *, port: int = 0, shards: int = 1, first_guild_id: str | None = None) -> None:
        self._runner: web.AppRunner | None = None
        self._number = itertools.count(1)
        self._deadlines: set[asyncio.Task[None]] = set()
        self.clock = Clock()
        self.world = World(self.clock, first_guild_id=first_guild_id)
        self._settle_at(port)
        self.violations: list[str] = []
        self.gateway = Gateway(self.world, self.violations, shards=shards)
        self.rest = Rest(self.world, ENDPOINTS, self.violations, lambda: self.gateway.url, self._session_limit)
        self.acknowledgements: deque[float] = deque(maxlen=100_000)
        """Milliseconds that each interaction waited for its acknowledgement."""

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=30 * 1024 * 1024)
        application.add_routes(
            [
                web.get("/gateway", self.gateway.serve),
                web.get("/gateway/", self.gateway.serve),
                web.route("*", API + "/{path:.*}", self.rest.serve),
                web.get("/attachments/{id}/{name}", self._attachment),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._settle_at(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        for deadline in self._deadlines:
            deadline.cancel()
        await self.gateway.end()
        await self._runner.cleanup()

    def _settle_at(self, port: int) -> None:
        self._port = port
        self.world.base_url = f"http://127.0.0.1:{port}"

    @property
    def api_base(self) -> str:
        """What DISCORD_API_BASE is set to."""
        return f"http://127.0.0.1:{self._port}{API}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point a bot at this Discord."""
        return {
            "DISCORD_TOKEN": self.world.token,
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{self._port}/gateway",
        }

    @property
    def guilds(self) -> list[Guild]:
        """The servers."""
        return list(self.world.guilds.values())

    @property
    def faults(self) -> Faults:
        """What is to go wrong with the next requests."""
        return self.rest.faults

    @property
    def transcript(self) -> deque[Exchange]:
        """The last requests and their answers."""
        return self.rest.transcript

    @contextlib.contextmanager
    def expecting(self, *fragments: str) -> Iterator[None]:
        """Let the bot do what the real Discord would refuse; every fragment must come, and nothing else may."""
        before = len(self.violations)
        yield
        new = self.violations[before:]
        missing = [fragment for fragment in fragments if not any(fragment in line for line in new)]
        if missing:
            raise AssertionError(f"did not happen: {missing}; there was {new}")
        self.violations[before:] = [line for line in new if not any(fragment in line for fragment in fragments)]

    async def interact(
        self,
        kind: Kind,
        user: User,
        channel: Channel,
        data: Mapping[str, Any],
        *,
        source: Message | None = None,
        opener: Interaction | None = None,
        is_user_install: bool = False,
        option_type: int = 0,
    ) -> Interaction:
        """Send the bot what somebody did. The interaction fails by itself where nobody acknowledges it in time."""
        interaction = Interaction(
            self.world.snowflake(),
            f"interaction-{next(self._number)}-{'x' * 40}",
            kind,
            user,
            channel,
            self.clock,
            source=source,
            opener=opener,
            is_user_install=is_user_install,
            option_type=option_type,
            reply_type=_REPLY_TYPES.get(data["type"], 0) if kind is Kind.COMMAND else 0,
            command=_called(data) if kind is Kind.COMMAND else "",
        )
        self._keep(interaction)
        guild_id = channel.guild.id if channel.guild and not is_user_install else None
        await self.gateway.dispatch("INTERACTION_CREATE", self._payload(interaction, data), guild_id)
        deadline = asyncio.create_task(self._fail_when_late(interaction))
        self._deadlines.add(deadline)
        deadline.add_done_callback(self._deadlines.discard)
        return interaction

    def _keep(self, interaction: Interaction) -> None:
        """Remember an interaction until its token is long expired; the oldest make room."""
        kept = self.rest.interactions
        kept[interaction.token] = interaction
        if len(kept) > _INTERACTIONS_KEPT:
            oldest = next(iter(kept.values()))
            if oldest.age > TOKEN_LIVES or len(kept) > 4 * _INTERACTIONS_KEPT:
                del kept[oldest.token]

    async def _fail_when_late(self, interaction: Interaction) -> None:
        late = asyncio.create_task(self.clock.sleep(ACKNOWLEDGE_WITHIN))
        acknowledged = asyncio.create_task(interaction.acknowledged.wait())
        try:
            await asyncio.wait({late, acknowledged}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            late.cancel()
            acknowledged.cancel()
        if interaction.callback is not None:
            self.acknowledgements.append(interaction.milliseconds)
        else:
            self.violations.append(f"an interaction of kind {interaction.kind.name} was not acknowledged in 3 s")
            interaction.outcomes.put_nowait(Failed())

    def _payload(self, interaction: Interaction, data: Mapping[str, Any]) -> Payload:
        channel, user, guild = interaction.channel, interaction.user, interaction.channel.guild
        owner = {"1": user.id} if interaction.is_user_install else {"0": guild.id if guild else "0"}
        if guild is not None:
            where = {
                "guild_id": guild.id,
                "guild": guild.summary,
                "guild_locale": guild.locale,
                "member": guild.member_payload(user),
            }
        else:
            where = {"user": user.payload}
        return {
            "id": interaction.id,
            "application_id": self.world.application_id,
            "type": int(interaction.kind),
            "data": dict(data),
            "channel": channel.partial_payload(guild.permissions(user) if guild else int(ALL)),
            "channel_id": channel.id,
            **where,
            **(
                {"message": interaction.source.payload}
                if interaction.source and interaction.kind != Kind.COMMAND
                else {}
            ),
            "token": interaction.token,
            "version": 1,
            "app_permissions": str(guild.bot_permissions if guild else int(ALL)),
            "locale": user.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": owner,
            "context": 0 if guild else 1,
            "attachment_size_limit": 10_485_760,
        }

    def _session_limit(self) -> Payload:
        return {
            "shards": self.gateway.shards,
            "session_start_limit": {
                "total": 1000,
                "remaining": 1000 - self.gateway.identifies,
                "reset_after": 86_400_000,
                "max_concurrency": self.gateway.max_concurrency,
            },
        }

    async def _attachment(self, request: web.Request) -> web.Response:
        kept = self.world.files.get(request.match_info["id"])
        if kept is None:
            return web.Response(status=404)
        attachment, content = kept
        return web.Response(body=content, headers={"Content-Type": attachment["content_type"]})


def _called(data: Mapping[str, Any]) -> str:
    """The command as somebody reads it, with the parts that lead to it: "/source add"."""
    names, options = [data["name"]], data.get("options") or []
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        names.append(options[0]["name"])
        options = options[0].get("options") or []
    return f"{'/' if data['type'] == SLASH else ''}{' '.join(names)}"
