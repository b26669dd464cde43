"""The rows of collections and articles as `library` and `writer` read them, inside a transaction that is theirs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, tuple_, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from knowledge.errors import ArticleNotFound, LibraryError
from knowledge.models import (
    Article,
    ArticleVersion,
    Collection,
    LastNumber,
    Passage,
    PassageField,
    Posting,
    lookup_key,
)

MOST_OLDER = 20
"""Older versions of an article that are looked at, the latest: a page that changes by the minute is not indexed whole
for every minute."""

Origin = tuple[int, int | None]
"""The text that a passage is cut from: of an article the newest version, or that of a number."""


@dataclass(frozen=True, slots=True)
class StoredText:
    """A version of an article, as stored; `changed_on` is when the next one was fetched, None for the newest."""

    title: str
    text: str
    number: int
    fetched_on: date
    changed_on: date | None = None

    def of(self, field: PassageField) -> str:
        """The part that passages of a field are cut from."""
        return self.title if field is PassageField.TITLE else self.text


def session_on(connection: Connection) -> Session:
    """A session inside the connection's transaction; its rows stay readable afterwards."""
    return Session(bind=connection, expire_on_commit=False)


def id_of(value: int | None) -> int:
    """The id of a row that has been stored."""
    if value is None:
        raise LibraryError("a row was used before it was stored")
    return value


def is_in(table: type[Article] | type[Passage] | type[Posting], collection: Collection) -> ColumnElement[bool]:
    """Whether a row is a collection's."""
    return col(table.collection_id) == collection.id


def is_newest() -> ColumnElement[bool]:
    """Whether a version is the newest of the article it is joined to."""
    return and_(col(ArticleVersion.article_id) == col(Article.id), col(ArticleVersion.number) == col(Article.version))


# Built once: building a statement anew costs as much as running it. They ask by id alone: with the collection in the
# query SQLite reads the whole collection instead (10 ms).
_version = SQLModel.metadata.tables["articleversion"]
_next = _version.alias("next_version")
_KEPT = (_version.c.title, _version.c.text, _version.c.number, _version.c.fetched_at)
_FOLLOWED = and_(_next.c.article_id == _version.c.article_id, _next.c.number == _version.c.number + 1)
_NEWEST = (
    select(_version.c.article_id, *_KEPT)
    .join(Article, is_newest())
    .where(col(Article.id).in_(bindparam("ids", expanding=True)))
)
_OLDER = (
    select(_version.c.article_id, *_KEPT, _next.c.fetched_at)
    .join(_next, _FOLLOWED)
    .where(tuple_(_version.c.article_id, _version.c.number).in_(bindparam("origins", expanding=True)))
)
_HISTORY = (
    select(*_KEPT, _next.c.fetched_at)
    .outerjoin(_next, _FOLLOWED)
    .where(_version.c.article_id == bindparam("article_id"))
    .order_by(_version.c.number.desc())
    .limit(MOST_OLDER + 1)
)


def texts_of(connection: Connection, origins: Iterable[Origin]) -> dict[Origin, StoredText]:
    """The versions that some passages are cut from."""
    wanted = set(origins)
    ids = [article_id for article_id, number in wanted if number is None]
    rows = connection.execute(_NEWEST, {"ids": ids}).all()
    texts: dict[Origin, StoredText] = {(article_id, None): _stored(*kept) for article_id, *kept in rows}
    if older := [origin for origin in wanted if origin[1] is not None]:
        followed = connection.execute(_OLDER, {"origins": older}).all()
        texts |= {(row.article_id, row.number): _stored(*row[1:]) for row in followed}
    return texts


def history_of(connection: Connection, article_id: int) -> list[StoredText]:
    """The versions of an article, the newest first, and `MOST_OLDER` behind it."""
    return [_stored(*row) for row in connection.execute(_HISTORY, {"article_id": article_id})]


def _stored(title: str, text: str, number: int, fetched_at: datetime, changed_at: datetime | None = None) -> StoredText:
    return StoredText(title, text, number, fetched_at.date(), changed_at.date() if changed_at else None)


def article_of(session: Session, collection: Collection, reference: str) -> Article:
    """The article of a URL, id or title, of the last one added where several have it. Raises `ArticleNotFound`."""
    if _SURROGATE.search(reference):
        raise ArticleNotFound(reference)
    by_url = select_rows(Article).where(is_in(Article, collection), Article.url == reference)
    found = session.exec(by_url).one_or_none()
    if found is None and reference.isascii() and reference.isdecimal() and len(reference) < 19:
        found = session.exec(
            select_rows(Article).where(is_in(Article, collection), Article.id == int(reference))
        ).one_or_none()
    title = lookup_key(reference, "", "").removesuffix("\n\n")
    if found is None and title:
        line = col(Article.lookup)
        called = select_rows(Article).where(is_in(Article, collection), line >= f"{title}\n", line < f"{title}\x0b")
        found = session.exec(called.order_by(col(Article.id).desc())).first()
    if found is None:
        raise ArticleNotFound(reference)
    return found


_SURROGATE = re.compile("[\ud800-\udfff]")
"""Halves of pairs, which no database takes."""


def tail_length(connection: Connection, collection_id: int) -> int:
    """Passages of a collection that are in no segment yet."""
    query = select(col(Collection.next_passage) - col(Collection.indexed_to)).where(col(Collection.id) == collection_id)
    return connection.scalar(query) or 0


def next_number(connection: Connection, kind: str, amount: int) -> int:
    """The first of `amount` numbers that were never given before."""
    if not amount:
        return 1
    counted = select(col(LastNumber.last)).where(col(LastNumber.name) == kind)
    connection.execute(
        update(LastNumber).where(col(LastNumber.name) == kind).values(last=col(LastNumber.last) + amount)
    )
    return connection.execute(counted).scalar_one() - amount + 1
