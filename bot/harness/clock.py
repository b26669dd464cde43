"""Discord's time on loopback: the machine's own, moved forward as far as somebody wants."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Time that passes by itself and can be moved; whoever waits for a moment wakes when it is reached either way."""

    def __init__(self) -> None:
        self._moved = 0.0
        self._waiting: dict[asyncio.Future[None], float] = {}

    def now(self) -> datetime:
        """The date and time in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._moved)

    def seconds(self) -> float:
        """A count of seconds that never goes back."""
        return time.monotonic() + self._moved

    def advance(self, seconds: float) -> None:
        """Let so much time have passed at once."""
        if seconds < 0:
            raise ValueError("time goes forward only")
        self._moved += seconds
        now = self.seconds()
        for waiter, moment in self._waiting.items():
            if moment <= now:
                _wake(waiter)

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has passed or was skipped."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(seconds, _wake, waiter)
        self._waiting[waiter] = self.seconds() + seconds
        try:
            await waiter
        finally:
            timer.cancel()
            del self._waiting[waiter]


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
