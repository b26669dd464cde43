"""What can go wrong in knowledge, as one tree. Errors carry data; the words for users are elsewhere.

KnowledgeError
├── ClaimError          nothing checkable in what a person typed
├── ArticleNotFound     no article of that id, URL or title in the collection
├── CollectionNotFound  no collection of that name
├── CollectionDisabled  an operator has stopped the collection
├── IngestError         an article could not be read from a file or page
│   ├── DownloadError   the page could not be fetched, or may not be
│   ├── NoArticleText   the page was there and shows no article
│   └── NoFeed          what was there is no feed that can be read
├── DeskError           a moderator's change that cannot be made
│   ├── QuotaExceeded       the collection has as many articles as it may have
│   ├── PublisherBlocked    the moderators do not want articles of that domain
│   ├── InvalidDomain       not the name of a site
│   ├── UrlTaken            another article has that URL
│   ├── TooManySuggestions  somebody has enough suggestions waiting
│   ├── TooManyFeeds        the collection follows as many feeds as it may
│   ├── FeedNotFound        the collection follows no such feed
│   ├── AlreadyDecided      somebody was first
│   └── Gone                nothing of that number, or not any more
│       ├── RemovalGone
│       ├── DraftGone
│       ├── SuggestionGone
│       └── DisputeGone
├── TooManyWatches      somebody waits for as many claims as they may
├── BackupError         a backup cannot be made or put in place
└── LibraryError        the database cannot be opened or written
    ├── SchemaError     its schema is newer or older than this code
    └── LibraryFull     no space left for the write
"""

from enum import StrEnum
from pathlib import Path


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
    """No such article in the collection; `reference` is the id, URL or title that was asked for."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"no article {reference!r}")
        self.reference = reference


class CollectionNotFound(KnowledgeError):
    """No collection of that name."""

    def __init__(self, collection: str) -> None:
        super().__init__(f"no collection {collection!r}")
        self.collection = collection


class CollectionDisabled(KnowledgeError):
    """An operator has stopped the collection: nothing is checked against it and nothing added."""

    def __init__(self, collection: str) -> None:
        super().__init__(f"collection {collection!r} is disabled")
        self.collection = collection


class DeskError(KnowledgeError):
    """A moderator's change that cannot be made."""


class QuotaExceeded(DeskError):
    """The collection has as many articles as it may have, `limit`."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the collection may have {limit} articles")
        self.limit = limit


class PublisherBlocked(DeskError):
    """Articles of a domain are not wanted: it is blocked, or others are allowed and it is not."""

    def __init__(self, domain: str) -> None:
        super().__init__(f"articles of {domain!r} are not wanted here")
        self.domain = domain


class InvalidDomain(DeskError):
    """What was given is not the name of a site."""

    def __init__(self, domain: str) -> None:
        super().__init__(f"{domain!r} is not a domain")
        self.domain = domain


class UrlTaken(DeskError):
    """Another article of the collection has that URL."""

    def __init__(self, url: str) -> None:
        super().__init__(f"another article has {url!r}")
        self.url = url


class TooManySuggestions(DeskError):
    """Somebody has `limit` suggestions waiting, which is enough."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} suggestions are waiting already")
        self.limit = limit


class TooManyFeeds(DeskError):
    """The collection follows `limit` feeds, which is as many as it may."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} feeds are followed already")
        self.limit = limit


class FeedNotFound(DeskError):
    """The collection follows no such feed; `reference` is the number or URL that was asked for."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"no feed {reference!r}")
        self.reference = reference


class AlreadyDecided(DeskError):
    """Somebody was first; `actor` says who."""

    def __init__(self, actor: str) -> None:
        super().__init__(f"{actor} has decided that already")
        self.actor = actor


class Gone(DeskError):
    """Nothing of that number in the collection, or not any more."""

    def __init__(self, number: int) -> None:
        super().__init__(f"there is no {type(self).__name__.removesuffix('Gone').lower()} {number}")
        self.number = number


class RemovalGone(Gone):
    """No such removal, or it is too old to be undone."""


class DraftGone(Gone):
    """No such draft, or it waited too long."""


class SuggestionGone(Gone):
    """No such suggestion."""


class DisputeGone(Gone):
    """No such disputed answer, or what was said of it has run out or was taken back."""


class IngestError(KnowledgeError):
    """An article could not be read; `place` says where (file and row), `reason` why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class TooManyWatches(KnowledgeError):
    """Somebody waits for as many claims as they may; `limit` says how many."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"there are {limit} watches already")
        self.limit = limit


class BackupError(KnowledgeError):
    """A backup cannot be made or put in place; `path` is the file that is in the way, `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.path = path
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
    """An address could not be fetched, or may not be. `status` is the HTTP status where `problem` is STATUS.

    `retry_after` is for how many seconds the site asks to be left alone.
    """

    def __init__(self, url: str, problem: DownloadProblem, status: int | None = None, retry_after: float = 0.0) -> None:
        super().__init__(url, problem if status is None else f"{problem} ({status})")
        self.url = url
        self.problem = problem
        self.status = status
        self.retry_after = retry_after


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
    NO_FEED = "is no RSS or Atom feed"


class NoArticleText(IngestError):
    """A page was there and shows no article."""

    def __init__(self, url: str, problem: PageProblem) -> None:
        super().__init__(url, problem)
        self.url = url
        self.problem = problem


class NoFeed(IngestError):
    """What an address gave is no feed that can be read."""

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
