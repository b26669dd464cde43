"""Discord's rate limits: a bucket for each kind of request and place, and one for all, with the headers that tell.

The sizes are those that Discord was seen to send in 2026; it documents none of them but the global one.
"""

import hashlib
from dataclasses import dataclass, field

from bot.harness.clock import Clock

GLOBAL_LIMIT, GLOBAL_WINDOW = 50, 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    window: float


@dataclass(slots=True)
class _Bucket:
    remaining: int
    resets_at: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether a request may pass, with the headers of its answer; `wait` is how long it has to wait where not."""

    headers: dict[str, str]
    wait: float = 0.0
    is_global: bool = False


@dataclass(slots=True)
class RateLimits:
    """All the buckets of one bot. Discord exempts the endpoints of interactions from the global limit."""

    clock: Clock
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, name: str, place: str, rate: Rate, *, counts_globally: bool) -> Passage:
        """One request of a kind, at a place such as a channel, out of its bucket."""
        if counts_globally:
            everywhere = self._bucket("", Rate(GLOBAL_LIMIT, GLOBAL_WINDOW))
            if everywhere.remaining <= 0:
                return Passage({"X-RateLimit-Global": "true"}, self._left(everywhere), is_global=True)
            everywhere.remaining -= 1
        bucket = self._bucket(f"{name} {place}", rate)
        is_over = bucket.remaining <= 0
        bucket.remaining = max(0, bucket.remaining - 1)
        left = self._left(bucket)
        headers = {
            "X-RateLimit-Limit": str(rate.limit),
            "X-RateLimit-Remaining": str(bucket.remaining),
            "X-RateLimit-Reset": f"{self.clock.now().timestamp() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.blake2b(name.encode(), digest_size=16).hexdigest(),
        }
        return Passage(headers, left if is_over else 0.0)

    def _bucket(self, key: str, rate: Rate) -> _Bucket:
        now = self.clock.seconds()
        bucket = self._buckets.get(key)
        if bucket is None or bucket.resets_at <= now:
            # A bucket that is full again is as good as none; the old ones make room.
            if len(self._buckets) > 10_000:
                self._buckets = {name: old for name, old in self._buckets.items() if old.resets_at > now}
            bucket = self._buckets[key] = _Bucket(rate.limit, now + rate.window)
        return bucket

    def _left(self, bucket: _Bucket) -> float:
        return max(0.001, bucket.resets_at - self.clock.seconds())
