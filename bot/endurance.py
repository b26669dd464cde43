"""What discord.py 2.7 gives up on, and a bot must live through: resets, refused gateways, events it cannot read.

Everything that leans on the library's private names is in this file; `pyproject.toml` pins its minor version for it.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.monitoring import Pulse

log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")

ALREADY_ACKNOWLEDGED = 40060


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds between attempts of various kinds."""

    first: float = 1.0
    """Before a second attempt to connect; doubled from there to `last`."""
    last: float = 120.0
    identify: float = 5.0
    """Between two log-ins at the gateway: what Discord wants of a bot of ordinary size, and 1,000 in a day at most."""
    guilds: float = 2.0
    """For each server that is still to be told of after a log-in, before the bot takes itself for ready."""
    after_reset: tuple[float, ...] = (0.05, 0.3, 1.0)
    """Before a request whose connection broke is sent again: all within the three seconds of an acknowledgement."""
    watch: float = 10.0
    """Between two looks at what is new, for members who wait for it."""
    drain: float = 8.0
    """For what is being answered at the end. A check takes milliseconds; container runtimes kill after 10 seconds."""


def endure(
    client: discord.Client,
    delays: Delays,
    note_unawaited: Callable[[int], None],
    revived: Callable[[str], discord.ui.Modal | None],
) -> None:
    """Make a client survive broken connections, a gateway that refuses, and events that it cannot read.

    The library retries a reset for errno 54 and 10054 but not for 104, which is Linux (http.py:783); its shards meet a
    refused gateway with a recursion (shard.py:395); an event that it cannot read ends the client (gateway.py:560); a
    button or form that it does not know, as after a restart, is dropped (view.py:1094), so `note_unawaited` gets the
    id of its interaction before the event `on_interaction`. It keeps one form for all who opened one of the same id,
    and fills it in with what each of them sends, so that `revived` makes each that is sent anew.
    """
    # The library offers no hook for either, so that the bound methods are replaced.
    http: Any = client.http
    http.request = _repeating(http.request, delays)
    http.ws_connect = _persistent(http.ws_connect, delays)
    parsers = client._connection.parsers
    parse_interaction = parsers["INTERACTION_CREATE"]

    def note_and_parse(data: Any) -> None:
        is_form = data["type"] == discord.InteractionType.modal_submit.value
        form = revived(data["data"]["custom_id"]) if is_form else None
        if form is not None:
            client._connection._view_store.add_view(form)
        elif not _is_awaited(client, data):
            note_unawaited(int(data["id"]))
        parse_interaction(data)

    parsers["INTERACTION_CREATE"] = note_and_parse
    parsers.update({event: _guarded(event, parse) for event, parse in parsers.items()})


def pulses(client: discord.AutoShardedClient) -> list[Pulse]:
    """How every shard is connected."""
    now = time.perf_counter()  # the clock that the library notes acknowledgements by
    return [_pulse(shard._parent.ws._keep_alive, now) for shard in client.shards.values()]


def _pulse(beat: Any, now: float) -> Pulse:
    if beat is None:  # the connection is broken, and not yet made anew
        return Pulse(math.inf, math.inf, 0.0)
    return Pulse(beat.latency, now - beat._last_ack, beat.interval)


def endure_in_interactions(delays: Delays) -> None:
    """The same for answers to interactions, which go another way: in this task and in those that it begins."""
    async_context.set(_EnduringAdapter(delays))


def _is_awaited(client: discord.Client, data: Any) -> bool:
    """Whether anything in the client answers this INTERACTION_CREATE."""
    store = client._connection._view_store
    match data.get("type"):
        case discord.InteractionType.modal_submit.value:
            return data["data"]["custom_id"] in store._modals
        case discord.InteractionType.component.value:
            custom_id = data["data"]["custom_id"]
            key = data["data"]["component_type"], custom_id
            if any(key in store._views.get(place, {}) for place in (int(data["message"]["id"]), None)):
                return True
            return any(pattern.fullmatch(custom_id) for pattern in store._dynamic_items)
        case _:
            return True


class _EnduringAdapter(AsyncWebhookAdapter):
    def __init__(self, delays: Delays) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library does not annotate it
        self._delays = delays

    async def request(self, route: Any, session: aiohttp.ClientSession, **arguments: Any) -> Any:
        is_callback = route.path.endswith("/callback")
        for delay in (*self._delays.after_reset, None):
            try:
                return await super().request(route, session, **arguments)
            except aiohttp.ClientConnectionError as error:
                # A second follow-up would be a second message; everything else may arrive twice.
                is_safe = is_callback or route.method != "POST" or isinstance(error, aiohttp.ClientConnectorError)
                if delay is None or not is_safe:
                    raise
                log.warning("a connection to Discord broke (%s); trying again", type(error).__name__)
                await asyncio.sleep(delay)
            except discord.HTTPException as error:
                if delay != self._delays.after_reset[0] and is_callback and error.code == ALREADY_ACKNOWLEDGED:
                    # The first attempt had arrived; only its answer was lost.
                    return {"interaction": {"id": route.webhook_id, "type": 0}}
                raise
        raise AssertionError("the last attempt returns or raises")


def _repeating(request: Callable[..., Awaitable[_T]], delays: Delays) -> Callable[..., Awaitable[_T]]:
    async def request_again(route: Any, *args: Any, **kwargs: Any) -> _T:
        for delay in delays.after_reset:
            try:
                return await request(route, *args, **kwargs)
            except aiohttp.ClientConnectionError as error:
                if route.method == "POST" and not isinstance(error, aiohttp.ClientConnectorError):
                    raise
                await asyncio.sleep(delay)
        return await request(route, *args, **kwargs)

    return request_again


def _persistent(connect: Callable[_P, Awaitable[_T]], delays: Delays) -> Callable[_P, Awaitable[_T]]:
    async def connect_in_the_end(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        delay = delays.first
        while True:
            try:
                return await connect(*args, **kwargs)
            except (OSError, aiohttp.ClientError) as error:
                log.warning("no connection to the gateway (%s); trying again in %.0f s", type(error).__name__, delay)
            await asyncio.sleep(delay)
            delay = min(2 * delay, delays.last)

    return connect_in_the_end


def _guarded(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            log.exception("a %s event could not be read and is skipped", event)

    return parse_or_log
