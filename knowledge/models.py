"""The tables. Articles and their versions are the truth; passages and postings are derived from them.

Every key of a derived table starts with the collection, so that one server's articles are one
contiguous index. There are no relationships: outside `library` and `index` rows are read-only values.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

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
    """One indexed sentence, or a title: the span [`start`, `end`) of an article's newest text, in code points."""

    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    collection_id: int = Field(primary_key=True, foreign_key="collection.id")
    number: int = Field(primary_key=True)
    article_id: int
    field: PassageField = PassageField.TEXT
    start: int
    end: int
