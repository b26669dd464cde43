"""The time that the bot goes by: the machine's own, or one that a test moves."""

import asyncio
from datetime import datetime
from typing import Protocol

from knowledge.models import now


class Clock(Protocol):
    """Says what time it is, and waits."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has passed."""
        ...


class MachineClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return now()

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has passed."""
        await asyncio.sleep(seconds)
