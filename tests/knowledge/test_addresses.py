"""The article of an address, however the address was copied, and only where it is the same article."""

import pytest

from knowledge.addresses import article_at
from knowledge.desk import Desk
from knowledge.errors import CollectionDisabled
from knowledge.library import Library
from tests.conftest import make_article

STORED = "https://www.example.org/news/otters"
PROGRAM = "https://example.org/article.php?cid=12"
TRACKED = "https://example.org/herons?utm_source=feed"


@pytest.fixture
def library(library: Library) -> Library:
    """Three articles in a server's collection."""
    for number, url in enumerate((STORED, PROGRAM, TRACKED)):
        library.add("server", make_article(f"Article {number} has these words.", url=url), actor="test")
    return library


COPIED = {
    STORED: STORED,
    f"{STORED}/": STORED,
    "http://example.org/news/otters": STORED,
    "https://m.example.org/news/otters": STORED,
    "https://WWW.Example.ORG/news/otters#comments": STORED,
    f"{STORED}?utm_medium=chat&gclid=1#:~:text=otters": STORED,
    "https://www.google.com/amp/s/www.example.org/news/otters": STORED,
    PROGRAM: PROGRAM,
    TRACKED: TRACKED,
    "https://example.org/herons": TRACKED,
    "https://example.org/herons?utm_source=chat": TRACKED,
}


def test_an_address_is_found_however_it_was_copied(library: Library) -> None:
    found = {copied: article_at(library, "server", copied) for copied in COPIED}

    assert {copied: article.url if article else None for copied, article in found.items()} == COPIED


OTHERS = [
    "https://example.org/news/otter",
    "https://example.org/news",
    "https://example.org/article.php?cid=13",
    "https://example.org/article.php",
    "https://example.com/news/otters",
    "https://news.example.org/news/otters",
    f"{STORED}?page=2",
    "https://[example.org/news/otters",
    "",
]


def test_another_address_is_another_article(library: Library) -> None:
    assert [copied for copied in OTHERS if article_at(library, "server", copied)] == []


def test_the_shared_articles_are_looked_at_where_the_server_reads_them(library: Library) -> None:
    url = "https://example.org/shared"
    library.add("shared", make_article("Everybody may read this.", url=url), actor="test")

    assert article_at(library, "server", url) is None
    Desk(library, "server", "test").change_settings(reads_shared=True)
    found = article_at(library, "server", url)
    assert found is not None
    assert found.url == url
    assert article_at(library, "another server", STORED) is None


def test_a_removed_article_is_not_there(library: Library) -> None:
    Desk(library, "server", "test").remove(STORED)

    assert article_at(library, "server", STORED) is None


def test_a_collection_that_an_operator_stopped_answers_nothing(library: Library) -> None:
    library.switch("server", disabled=True, actor="test")

    with pytest.raises(CollectionDisabled):
        article_at(library, "server", STORED)
