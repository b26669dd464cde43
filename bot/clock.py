"""The time that the bot goes by: the machine's own, or one that a test moves."""

import asyncio
import time
from datetime import datetime
from typing import Protocol

from knowledge.models import now


class Clock(Protocol):
    """Says what time it is, and waits."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def seconds(self) -> float:
        """A count of seconds that never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has passed."""
        ...


class MachineClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return now()

    def seconds(self) -> float:
        """A count of seconds that never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has passed."""
        await asyncio.sleep(seconds)
