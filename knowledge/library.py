"""The store: every collection in one database, and the only holder of a session."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from knowledge.models import Article, ArticleVersion, NewArticle


class Addition(StrEnum):
    """What adding an article came to."""

    ADDED = "added"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """The size of one collection: `tail` counts passages not yet in a segment."""

    articles: int
    versions: int
    passages: int
    tail: int
    segments: tuple[int, ...]
    postings: int


class Library:
    """All collections in one database."""

    @classmethod
    def open(cls, url: str) -> Self:
        """The library at a database URL, created or upgraded if need be. Raises `LibraryError`, `SchemaError`."""
        raise NotImplementedError

    def close(self) -> None:
        """Give the connections back."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, collection: str, article: NewArticle, *, actor: str) -> Addition:
        """Store and index one article in one transaction. `actor` is an opaque name such as "discord:1234"."""
        raise NotImplementedError

    def add_all(
        self, collection: str, articles: Iterable[NewArticle], *, actor: str
    ) -> Iterator[Mapping[Addition, int]]:
        """Store and index many; yields after every commit what that commit holds, so that what was reported is kept."""
        raise NotImplementedError

    def remove(self, collection: str, reference: str, *, actor: str) -> Article:
        """Remove an article by id or URL with all its versions. Raises `ArticleNotFound`."""
        raise NotImplementedError

    def article(self, collection: str, reference: str) -> Article:
        """The article of an id or URL. Raises `ArticleNotFound`."""
        raise NotImplementedError

    def articles(self, collection: str) -> Iterator[Article]:
        """Every article of a collection, by date and id."""
        raise NotImplementedError

    def versions(self, article: Article) -> tuple[ArticleVersion, ...]:
        """The versions of an article, oldest first; the last is the one indexed."""
        raise NotImplementedError

    def stats(self, collection: str) -> LibraryStats:
        """The size of a collection and of its index."""
        raise NotImplementedError

    def verify(self, collection: str) -> Iterator[str]:
        """Every way in which the index differs from the articles, one sentence each; none where all is well."""
        raise NotImplementedError

    def rebuild(self, collection: str) -> Iterator[tuple[int, int]]:
        """Make passages and postings anew from the articles; yields (articles done, articles in all)."""
        raise NotImplementedError
