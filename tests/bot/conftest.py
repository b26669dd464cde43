"""A real library of a few articles, the real checker on it, and the real bot in a Discord on loopback."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.harness import LoopbackDiscord, bot_on_loopback
from knowledge.checker import FactChecker
from knowledge.library import Library
from knowledge.models import NewArticle

POLL = NewArticle(
    url="https://example.org/poll",
    title="Runoff nears",
    publisher="The Example",
    published_on=date(2020, 7, 12),
    text="The runoff is on Tuesday. A new poll shows that 47% of Republican voters favor Tuberville. "
    '"We will not raise taxes on anybody in this county," said Mayor Ada Quill.',
)


@pytest.fixture
def library(library: Library) -> Library:
    """The library with one article in the shared collection."""
    library.add("shared", POLL, actor="test")
    return library


@pytest.fixture
def checker(library: Library) -> FactChecker:
    return FactChecker(library)


@pytest_asyncio.fixture
async def discord(checker: FactChecker) -> AsyncIterator[LoopbackDiscord]:
    """A Discord with the bot in it, which at the end of a test has done nothing that the real one would refuse."""
    async with bot_on_loopback(checker) as discord:
        yield discord
    assert discord.faults == []
