"""Finds the article of an address that somebody posted, however it was copied: with trackers, from a phone."""

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import select
from sqlmodel import SQLModel

from knowledge.errors import CollectionDisabled
from knowledge.library import SHARED, Library
from knowledge.models import Article

_article = SQLModel.metadata.tables["article"]

_MOST_WITH_A_QUERY = 50
"""Articles whose stored address goes on with a query that are looked at: trackers that came in with an import."""


def article_at(library: Library, collection: str, url: str) -> Article | None:
    """The article of an address, from a collection and, if it reads that, the shared one; None where there is none.

    Raises `CollectionDisabled` as a check does.
    """
    with library.reading_of(collection) as (_, of):
        if of.disabled:
            raise CollectionDisabled(collection)
        places = [collection, SHARED] if of.reads_shared and collection != SHARED else [collection]
    return next(filter(None, (_article_in(library, place, url) for place in places)), None)


def _article_in(library: Library, collection: str, url: str) -> Article | None:
    wanted = list(dict.fromkeys(spellings(url)))
    mine = select(_article)
    with library.reading_of(collection) as (connection, of):
        if of.disabled:
            return None
        mine = mine.where(_article.c.collection_id == of.id)
        found = {row.url: row for row in connection.execute(mine.where(_article.c.url.in_(wanted)))}
        for spelling in wanted:
            if spelling in found:
                return Article(**found[spelling]._mapping)
        for spelling in wanted:
            longer = mine.where(_article.c.url > f"{spelling}?", _article.c.url < f"{spelling}@")
            for row in connection.execute(longer.limit(_MOST_WITH_A_QUERY)):
                if spelling in spellings(row.url):
                    return Article(**row._mapping)
    return None


def spellings(url: str) -> Iterator[str]:
    """An address in the ways in which it may have been stored, the likeliest first."""
    from knowledge.ingest.canonical import canonical_url  # its library need not be there for a check

    for address in (url, canonical_url(url).partition("#")[0]):
        yield address
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        host, path = parts.netloc.casefold(), parts.path.rstrip("/")
        bare = host.removeprefix("www.").removeprefix("m.")
        for scheme in ("https", "http"):
            for name in dict.fromkeys((host, bare, f"www.{bare}")):
                for end in ("", "/"):
                    yield urlunsplit((scheme, name, f"{path}{end}", parts.query, ""))
