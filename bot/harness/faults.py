"""What can go wrong between the bot and Discord, planned for the next request of a kind.

Troubles of the gateway are methods of `bot.harness.gateway.Gateway`; an expired token is fifteen minutes on the clock.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerError:
    """Discord answers with an error of its own."""

    status: int = 500


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Discord asks to wait: `is_global` with everything; `from_cloudflare` without the header of Discord's proxy."""

    seconds: float
    is_global: bool = False
    from_cloudflare: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset, before the request is read or, where `is_done`, after it was carried out."""

    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """The request takes so many seconds to arrive, by Discord's clock."""

    seconds: float


Fault = ServerError | RateLimited | Reset | Late


@dataclass(slots=True)
class Faults:
    """The faults that are planned, by the name of the endpoint (`bot.harness.endpoints.ENDPOINTS`)."""

    _planned: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def plan(self, endpoint: str, fault: Fault, times: int = 1) -> None:
        """Let the next requests to an endpoint go wrong."""
        self._planned[endpoint].extend([fault] * times)

    def take(self, endpoint: str) -> Fault | None:
        """What goes wrong with this request."""
        planned = self._planned.get(endpoint)
        return planned.popleft() if planned else None

    @property
    def left(self) -> int:
        """How many have not come to pass."""
        return sum(map(len, self._planned.values()))
