"""What can go wrong in knowledge, as one tree. Errors carry data; the words for users are elsewhere.

KnowledgeError
├── ClaimError          nothing checkable in what a person typed
├── ArticleNotFound     no article of that id or URL in the collection
├── IngestError         an article could not be read from a file or page
└── LibraryError        the database cannot be opened or written
    ├── SchemaError     its schema is newer or older than this code
    └── LibraryFull     no space left for the write
"""

from enum import StrEnum


class KnowledgeError(Exception):
    """The root: everything that knowledge raises on purpose."""


class ClaimProblem(StrEnum):
    """Why a text cannot be checked."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


class ClaimError(KnowledgeError):
    """Nothing checkable in the text. `limit` is the bound that was passed, in words or characters."""

    def __init__(self, problem: ClaimProblem, limit: int) -> None:
        super().__init__(f"claim is {problem} (limit {limit})")
        self.problem = problem
        self.limit = limit


class ArticleNotFound(KnowledgeError):
    """No such article in the collection; `reference` is the id or URL that was asked for."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"no article {reference!r}")
        self.reference = reference


class IngestError(KnowledgeError):
    """An article could not be read; `place` says where (file and row), `reason` why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class LibraryError(KnowledgeError):
    """The database cannot be opened, read or written."""


class SchemaError(LibraryError):
    """The database has another schema than this code; `found` is its revision."""

    def __init__(self, found: str) -> None:
        super().__init__(f"database schema {found!r} is not one that this version knows")
        self.found = found


class LibraryFull(LibraryError):
    """The disk or the database is full; nothing of the transaction was kept."""
