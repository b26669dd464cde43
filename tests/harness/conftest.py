"""The specimen on an emulator, with people in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.harness import LoopbackDiscord, Member, Place
from tests.harness.specimen import Specimen, specimen_on


@pytest_asyncio.fixture
async def specimen(empty_discord: LoopbackDiscord) -> AsyncIterator[Specimen]:
    """The specimen, ready."""
    async with specimen_on(empty_discord) as bot:
        yield bot


@pytest.fixture
def ada(empty_discord: LoopbackDiscord, specimen: Specimen) -> Member:
    """A member of the first server, where the specimen is ready."""
    return Member(empty_discord, "Ada")


@pytest.fixture
def ann(empty_discord: LoopbackDiscord, specimen: Specimen) -> Member:
    """An admin of the same server."""
    return Member(empty_discord, "Ann", roles=["Admin"])


@pytest.fixture
def dan(empty_discord: LoopbackDiscord, specimen: Specimen) -> Member:
    """Somebody in direct messages."""
    return Member(empty_discord, "Dan", Place.DIRECT)


@pytest.fixture
def eve(empty_discord: LoopbackDiscord, specimen: Specimen) -> Member:
    """Somebody with a user install, in a server without the specimen."""
    return Member(empty_discord, "Eve", Place.ELSEWHERE)
