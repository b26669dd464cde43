"""The rows of collections and articles as `library` and `writer` read them, inside a transaction that is theirs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update
from sqlmodel import Session, col
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


@dataclass(frozen=True, slots=True)
class StoredText:
    """The newest version of an article, as stored."""

    title: str
    text: str

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


# Built once: building a statement anew costs as much as running it. It asks by id alone: with the collection in the
# query SQLite reads the whole collection instead (10 ms).
_TEXTS = (
    select(col(Article.id), col(ArticleVersion.title), col(ArticleVersion.text))
    .join(ArticleVersion, is_newest())
    .where(col(Article.id).in_(bindparam("ids", expanding=True)))
)


def texts_of(connection: Connection, article_ids: Iterable[int]) -> dict[int, StoredText]:
    """The newest versions of some articles, by article id."""
    rows = connection.execute(_TEXTS, {"ids": list(set(article_ids))})
    return {id_of(number): StoredText(title, text) for number, title, text in rows.all()}


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
