"""How often members and servers may ask: in memory alone, forgotten where it no longer matters, before any work."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.errors import AskedTooOftenError


class Limit(NamedTuple):
    """Whose questions are counted, and how many of them a minute may have."""

    whose: str
    a_minute: int


MEMBER = Limit("member", 20)
"""One question every three seconds without end, or twenty at once: more than anybody reads, less than a loop asks."""
SERVER = Limit("server", 3_000)
"""So that no one server takes the bot from the others; two hundred members who ask every five seconds, with whom it was
measured (`tests.benchmarks.crowd`), are within it."""

MOST_KEPT = 20_000
"""Members and servers that are remembered; those that asked longest ago make room. Each takes some 200 bytes."""


class Cooldowns:
    """Counts questions. Each has its time of a minute divided by the limit, and may come up to a minute early."""

    def __init__(self, clock: Callable[[], float], most_kept: int = MOST_KEPT) -> None:
        self._clock = clock
        self._most_kept = most_kept
        self._due: OrderedDict[str, float] = OrderedDict()

    def count(self, asking: Mapping[str, Limit]) -> None:
        """Count one question of somebody in some place. Raises `AskedTooOftenError`; what is refused does not count."""
        now = self._clock()
        due = {key: max(now, self._due.get(key, now)) + 60 / limit.a_minute for key, limit in asking.items()}
        for key, limit in asking.items():
            if (wait := due[key] - now - 60) > _ROUNDING:
                raise AskedTooOftenError(limit.whose, limit.a_minute, wait)
        for key, moment in due.items():
            self._due[key] = moment
            self._due.move_to_end(key)
        while len(self._due) > self._most_kept:
            self._due.popitem(last=False)


_ROUNDING = 1e-6
