"""A real library of one article; the bot and the Discord on loopback are of the plugin `bot.harness.fixtures`."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import date

import pytest

from bot.harness import LoopbackDiscord, bot_on
from bot.web import Web
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.ingest.extractor import Extractor
from knowledge.library import Library
from knowledge.models import NewArticle
from tests.knowledge.ingest.sites import Site

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
def desk(empty_discord: LoopbackDiscord, library: Library) -> Desk:
    """The desk of the first server."""
    return Desk(library, f"discord:{empty_discord.guilds[0].id}", "test")


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    """Reads pages in a process of its own."""
    with Extractor() as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on loopback, with nothing on it yet."""
    with Site() as opened:
        yield opened


Bot = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def bot(empty_discord: LoopbackDiscord, checker: FactChecker, site: Site, extractor: Extractor) -> Bot:
    """Starts the bot, whose web is the site."""
    return lambda: bot_on(empty_discord, checker, web=Web(site.door(), extractor))


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what the bot does by itself, and tells nobody of."""
    for _ in range(400):
        if await asyncio.to_thread(is_so):
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not come to pass")
