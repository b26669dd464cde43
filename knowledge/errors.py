"""What can go wrong in knowledge, as one tree. Errors carry data; the words for users are elsewhere.

KnowledgeError
├── ClaimError          nothing checkable in what a person typed
├── ArticleNotFound     no article of that id or URL in the collection
├── IngestError         an article could not be read from a file or page
│   ├── DownloadError   the page could not be fetched, or may not be
│   └── NoArticleText   the page was there and shows no article
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


class DownloadProblem(StrEnum):
    """Why an address was not fetched; the value says it of the address."""

    URL = "is not a plain http or https address"
    PORT = "names another port than 80 or 443"
    FORBIDDEN = "leads to an address that is not on the public internet"
    UNKNOWN_HOST = "names a site that cannot be found"
    UNREACHABLE = "cannot be reached"
    CERTIFICATE = "has no certificate that can be trusted"
    TOO_SLOW = "takes too long to answer"
    TOO_LARGE = "is too large"
    REDIRECTS = "leads from one address to another without end"
    CONTENT_TYPE = "is of a kind that cannot be read"
    PACKING = "is packed in a way that cannot be read"
    BROKEN = "gives an answer that is not HTTP, or half of one"
    STATUS = "answers with an error"
    ROBOTS = "asks programs to stay away"
    BUSY = "was asked too often just now"


class DownloadError(IngestError):
    """An address could not be fetched, or may not be. `status` is the HTTP status where `problem` is STATUS."""

    def __init__(self, url: str, problem: DownloadProblem, status: int | None = None) -> None:
        super().__init__(url, problem if status is None else f"{problem} ({status})")
        self.url = url
        self.problem = problem
        self.status = status


class PageProblem(StrEnum):
    """Why a page gave no article; the value says it of the page."""

    NO_TEXT = "has no text"
    TOO_SHORT = "has too few words for an article"
    PAYWALL = "shows only the beginning of an article that one has to pay for"
    WALL = "shows a question about cookies, scripts or robots in place of an article"
    TOO_LARGE = "has too much markup"
    TOO_SLOW = "takes too long to read"
    TOO_MUCH_MEMORY = "takes too much memory to read"
    UNREADABLE = "cannot be read"


class NoArticleText(IngestError):
    """A page was there and shows no article."""

    def __init__(self, url: str, problem: PageProblem) -> None:
        super().__init__(url, problem)
        self.url = url
        self.problem = problem


class LibraryError(KnowledgeError):
    """The database cannot be opened, read or written."""


class SchemaError(LibraryError):
    """The database has another schema than this code; `found` is its revision."""

    def __init__(self, found: str) -> None:
        super().__init__(f"database schema {found!r} is not one that this version knows")
        self.found = found


class LibraryFull(LibraryError):
    """The disk or the database is full; nothing of the transaction was kept."""
