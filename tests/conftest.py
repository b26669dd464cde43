"""What every test may ask for: a real library in a temporary folder, and articles to put into it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.library import Library
from knowledge.models import NewArticle


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a file of its own."""
    with Library.open(f"sqlite:///{tmp_path / 'library.db'}") as opened:
        yield opened


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
