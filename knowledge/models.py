"""The tables. Articles and their versions are the truth; passages and postings are derived from them.

Every key of a derived table starts with the collection, so that one server's articles are one contiguous index.
Derived tables have no foreign keys: they are written with their articles in one transaction, and `verify` compares
them. There are no relationships: outside `library` and `index` rows are read-only values.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article on its way in. `ingest` has validated it; `published_on` is the article's own date."""

    url: str
    text: str
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    language: str = ""


_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""SQLite then keeps the rows themselves in the order of their key."""


class PassageField(StrEnum):
    """The part of an article that a passage is cut from."""

    TITLE = "title"
    TEXT = "text"


class Collection(SQLModel, table=True):
    """The articles of one Discord server, or the shared ones. The counters spare a COUNT at every check."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created_at: datetime = Field(default_factory=now)
    articles: int = 0
    next_passage: int = 1
    """The number that the next passage gets; numbers are never given twice."""
    indexed_to: int = 1
    """Passages below it are in segments; from it on they are in the tail."""
    next_segment: int = 1


class Article(SQLModel, table=True):
    """A stored document. `first_passage` and `passages` say where its newest version is indexed."""

    __table_args__ = (UniqueConstraint("collection_id", "url"),)

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id")
    url: str
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    language: str = ""
    added_at: datetime = Field(default_factory=now)
    version: int = 1
    first_passage: int = 0
    passages: int = 0


class ArticleVersion(SQLModel, table=True):
    """One text of an article, verbatim, numbered from 1; `sha256` is of its UTF-8 bytes."""

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True)
    title: str = ""
    text: str
    sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    fetched_at: datetime = Field(default_factory=now)


class Passage(SQLModel, table=True):
    """One indexed sentence, or a title: the span [`start`, `end`) of an article's newest version, in code points."""

    __table_args__ = _CLUSTERED

    collection_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    article_id: int
    field: PassageField = PassageField.TEXT
    start: int
    end: int


class SegmentState(StrEnum):
    """Only live segments are searched; what is being built or is dead is swept away after a crash."""

    BUILDING = "building"
    LIVE = "live"
    DEAD = "dead"


class Segment(SQLModel, table=True):
    """A part of a collection's index: the postings of the passages [`first_passage`, `end_passage`)."""

    collection_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    state: SegmentState = SegmentState.BUILDING
    first_passage: int
    end_passage: int


class Posting(SQLModel, table=True):
    """The passages of one segment that have a term, as the gaps between their numbers.

    The first gap is from the segment's first passage. Little-endian, of 16 bits where all fit and of 32 where not.
    """

    __table_args__ = _CLUSTERED

    collection_id: int = Field(primary_key=True)
    term: str = Field(primary_key=True)
    segment: int = Field(primary_key=True)
    document_frequency: int
    gaps: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Tail(SQLModel, table=True):
    """Passages that are in no segment yet, one row a commit: for each the number of its terms, and their hashes.

    `counts` are little-endian 16-bit, one a passage from `first_passage` on; `hashes` 32-bit, in the same order.
    """

    collection_id: int = Field(primary_key=True)
    first_passage: int = Field(primary_key=True)
    counts: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hashes: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Lease(SQLModel, table=True):
    """Who may do a job that only one process may do at a time, and until when; a dead holder's lease runs out."""

    job: str = Field(primary_key=True)
    holder: str
    expires_at: datetime


class AuditEntry(SQLModel, table=True):
    """One change to a collection: who, what, when, before and after. Written with the change, never changed."""

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id", index=True)
    at: datetime = Field(default_factory=now)
    actor: str
    action: str
    url: str
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
