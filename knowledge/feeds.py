"""Feeds that a collection follows, and what they told of already. `desk` and `polling` change them, through here."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update
from sqlmodel import SQLModel

from knowledge.errors import CollectionDisabled, FeedNotFound, TooManyFeeds
from knowledge.ingest.feed import Entry
from knowledge.writer import Writer

MOST_FEEDS = 50
"""Feeds that a collection may follow."""
_TITLE_KEPT = 300

_feed = SQLModel.metadata.tables["feed"]
_seen = SQLModel.metadata.tables["seenentry"]


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed that a collection follows. `failures` counts how often in a row it could not be had.

    `last_error` is what went wrong last, with the feed or with one of its articles; "" where all was well.
    """

    id: int
    url: str
    title: str
    next_poll_at: datetime
    failures: int
    last_error: str
    added_by: str
    etag: str = ""
    last_modified: str = ""
    polled_at: datetime | None = None


def followed(connection: Connection, collection_id: int) -> tuple[FollowedFeed, ...]:
    """The feeds that a collection follows, in the order in which they were added."""
    mine = select(_feed).where(_feed.c.collection_id == collection_id).order_by(_feed.c.id)
    return tuple(map(_followed, connection.execute(mine)))


def follow(writer: Writer, url: str, title: str, at: datetime) -> FollowedFeed:
    """Follow a feed from now on, or return it where it is followed already.

    Raises `TooManyFeeds`, `CollectionDisabled`.
    """
    if writer.collection.disabled:
        raise CollectionDisabled(writer.collection.name)
    present = followed(writer.connection, writer.collection_id)
    for one in present:
        if one.url == url:
            return one
    if len(present) >= MOST_FEEDS:
        raise TooManyFeeds(MOST_FEEDS)
    values = {"url": url, "title": title[:_TITLE_KEPT], "etag": "", "last_modified": "", "next_poll_at": at}
    more = {"failures": 0, "last_error": "", "added_by": writer.actor, "added_at": at}
    stored = writer.connection.execute(insert(_feed).values(collection_id=writer.collection_id, **values, **more))
    key = stored.inserted_primary_key
    assert key is not None  # an insert of one row has one
    writer.log("add_feed", url, None, {"feed": key[0], "title": title[:_TITLE_KEPT]})
    return FollowedFeed(key[0], url, title[:_TITLE_KEPT], at, 0, "", writer.actor)


def unfollow(writer: Writer, reference: str) -> FollowedFeed:
    """Follow the feed of a number or address no longer, and forget what it told of. Raises `FeedNotFound`."""
    for one in followed(writer.connection, writer.collection_id):
        if reference.strip() in (str(one.id), one.url):
            writer.connection.execute(delete(_seen).where(_seen.c.feed_id == one.id))
            writer.connection.execute(delete(_feed).where(*_own(writer, one.id)))
            writer.log("remove_feed", one.url, {"feed": one.id, "title": one.title}, None)
            return one
    raise FeedNotFound(reference)


def due(connection: Connection, moment: datetime) -> list[tuple[str, int]]:
    """The collection and number of every feed whose turn it is, the longest waiting first; disabled ones rest."""
    collection = SQLModel.metadata.tables["collection"]
    query = (
        select(collection.c.name, _feed.c.id)
        .join(collection, collection.c.id == _feed.c.collection_id)
        .where(_feed.c.next_poll_at <= moment, collection.c.disabled.is_(False))
        .order_by(_feed.c.next_poll_at, _feed.c.id)
    )
    return [(row.name, row.id) for row in connection.execute(query)]


def followed_feed(connection: Connection, collection_id: int, number: int) -> FollowedFeed:
    """The collection's own feed of a number. Raises `FeedNotFound`."""
    mine = select(_feed).where(_feed.c.id == number, _feed.c.collection_id == collection_id)
    row = connection.execute(mine).one_or_none()
    if row is None:
        raise FeedNotFound(str(number))
    return _followed(row)


def change(writer: Writer, feed: FollowedFeed, **values: Any) -> FollowedFeed:
    """Keep what is known of a feed now; where its address is another, the log says so. Returns it as it stands.

    It keeps its address where the new one is followed already.
    """
    if "url" in values:
        others = {one.url for one in followed(writer.connection, writer.collection_id)}
        if values["url"] in others:
            del values["url"]
        else:
            writer.log("move_feed", values["url"], {"url": feed.url}, {"url": values["url"], "title": feed.title})
    writer.connection.execute(update(_feed).where(*_own(writer, feed.id)).values(**values))
    return followed_feed(writer.connection, writer.collection_id, feed.id)


# --- what was seen ---


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an entry: whether it is settled, or how often it was tried and when it may be again."""

    is_settled: bool = False
    tries: int = 0
    next_try_at: datetime | None = None
    is_whole: bool = False
    """Whether each of its names is known."""


def standing(connection: Connection, collection_id: int, feed_id: int, entry: Entry) -> Standing:
    """What is known of an entry by any of its names. Whatever is settled by another feed's URL is settled."""
    names = _names(entry)
    rows = connection.execute(select(_seen).where(_seen.c.collection_id == collection_id, _seen.c.key.in_(names))).all()
    mine = {row.key for row in rows if row.feed_id == feed_id}
    known = [row for row in rows if row.feed_id == feed_id or row.key == names[0]]
    is_whole = set(names) <= mine
    if any(row.next_try_at is None for row in known):
        return Standing(is_settled=True, is_whole=is_whole)
    tried = [row for row in known if row.feed_id == feed_id]
    moments = [row.next_try_at for row in tried]
    return Standing(False, max((row.tries for row in tried), default=0), max(moments, default=None), is_whole)


def note(
    writer: Writer,
    feed_id: int,
    entry: Entry,
    *,
    tries: int = 0,
    next_try_at: datetime | None = None,
    also: Iterable[str] = (),
) -> None:
    """Keep that an entry is settled, under all its names and the URLs `also`; or when it is to be tried again."""
    names = [*_names(entry), *map(_url_key, also)]
    mine = (_seen.c.collection_id == writer.collection_id, _seen.c.feed_id == feed_id, _seen.c.key.in_(names))
    writer.connection.execute(delete(_seen).where(*mine))
    about = {"collection_id": writer.collection_id, "feed_id": feed_id, "tries": tries, "next_try_at": next_try_at}
    writer.connection.execute(insert(_seen), [about | {"key": name} for name in dict.fromkeys(names)])


def is_known(connection: Connection, collection_id: int, url: str) -> bool:
    """Whether an article is here, was just removed, or was settled when another entry led to it."""
    article, removal = (SQLModel.metadata.tables[name].c for name in ("article", "removal"))
    holdings = select(removal.holding_id).where(removal.collection_id == collection_id)
    is_mine = or_(article.collection_id == collection_id, article.collection_id.in_(holdings))
    settled = (_seen.c.collection_id == collection_id, _seen.c.key == _url_key(url), _seen.c.next_try_at.is_(None))
    queries = (select(article.id).where(is_mine, article.url == url), select(_seen.c.key).where(*settled))
    return any(connection.execute(query.limit(1)).first() is not None for query in queries)


def _names(entry: Entry) -> list[str]:
    """The keys of an entry, that of its URL first."""
    return [_url_key(entry.url), *([_hash(f"guid {entry.guid}")] if entry.guid else [])]


def _url_key(url: str) -> str:
    return _hash(f"url {url}")


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _own(writer: Writer, number: int) -> tuple[Any, Any]:
    return _feed.c.id == number, _feed.c.collection_id == writer.collection_id


def _followed(row: Row[Any]) -> FollowedFeed:
    return FollowedFeed(
        row.id,
        row.url,
        row.title,
        row.next_poll_at,
        row.failures,
        row.last_error,
        row.added_by,
        row.etag,
        row.last_modified,
        row.polled_at,
    )
