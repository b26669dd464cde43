"""A real library of one article; the bot and the Discord on loopback are of the plugin `bot.harness.fixtures`."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest

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


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what the bot does by itself, and tells nobody of."""
    for _ in range(400):
        if await asyncio.to_thread(is_so):
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not come to pass")
