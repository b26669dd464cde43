"""What every test may ask for: a real library in a temporary folder, and articles to put into it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.harness import LoopbackDiscord
from knowledge.library import Library
from knowledge.models import NewArticle
from tests.harness.contract import transcript_problems

pytest_plugins = ["bot.harness.fixtures"]


@pytest.fixture
def library_url(tmp_path: Path) -> str:
    """Where the test's library is."""
    return f"sqlite:///{tmp_path / 'library.db'}"


@pytest.fixture
def library(library_url: str) -> Iterator[Library]:
    """An empty library in a file of its own."""
    with Library.open(library_url) as opened:
        yield opened


@pytest.fixture
def empty_discord(empty_discord: LoopbackDiscord) -> Iterator[LoopbackDiscord]:
    """The plugin's; at the end of a test every request and answer was as Discord describes it, where that is known."""
    yield empty_discord
    found = transcript_problems(empty_discord.transcript)
    assert not found, "\n".join(found)


def make_article(
    text: str,
    *,
    url: str = "https://example.org/article",
    title: str = "",
    publisher: str = "",
    published_on: dt.date | None = dt.date(2031, 5, 4),
) -> NewArticle:
    """An article with a text; the rest is filled in."""
    return NewArticle(url=url, text=text, title=title, publisher=publisher, published_on=published_on)
