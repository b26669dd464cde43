"""The tables. Articles and their versions are the truth; passages and postings are derived from them.

Every key of a derived table starts with the collection, so that one server's articles are one contiguous index.
Derived tables have no foreign keys: they are written with their articles in one transaction, and `verify` compares
them. There are no relationships: outside `library` and `index` rows are read-only values.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, Column, Enum, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Review:
    """What a fact checker published on a claim. `rating` is in the reviewer's own words; "" is what it leaves out."""

    claim: str
    claimant: str = ""
    claimed_on: date | None = None
    rating: str = ""
    reviewer: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same as the database keeps it."""
        return asdict(self) | {"claimed_on": self.claimed_on.isoformat() if self.claimed_on else None}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The review that `as_json` gave."""
        day = kept["claimed_on"]
        return cls(**{**kept, "claimed_on": date.fromisoformat(day) if day else None})


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article on its way in. `ingest` has validated it; `published_on` is the article's own date.

    `reviews` are the claims that its page reviews, each an article with a `review` and an address of its own.
    """

    url: str
    text: str
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    language: str = ""
    review: Review | None = None
    reviews: tuple["NewArticle", ...] = ()


_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""SQLite then keeps the rows themselves in the order of their key."""


class PassageField(StrEnum):
    """The part of an article that a passage is cut from."""

    TITLE = "title"
    TEXT = "text"


class Label(StrEnum):
    """What moderators say of an article that readers should know."""

    NONE = ""
    SATIRE = "satire"
    OPINION = "opinion"
    RETRACTED = "retracted"
    CORRECTED = "corrected"


class DomainPolicy(StrEnum):
    """What a rule says of a publisher's domain."""

    ALLOW = "allow"
    BLOCK = "block"


class FeedsGoTo(StrEnum):
    """Where the new articles of followed feeds go: among the articles, or to the moderators' queue."""

    ARTICLES = "articles"
    QUEUE = "queue"


def _choice(choices: type[StrEnum], *, primary: bool = False) -> Any:
    """A column that keeps a choice as its own word."""
    kept = Enum(choices, native_enum=False, length=20, values_callable=lambda all_: [one.value for one in all_])
    return Column(kept, nullable=False, primary_key=primary)


class LastNumber(SQLModel, table=True):
    """The last number given of a kind, so that none is given twice: SQLite reuses that of a deleted newest row."""

    name: str = Field(primary_key=True)
    last: int = 0


class Collection(SQLModel, table=True):
    """The articles of one Discord server, or the shared ones. The counters spare a COUNT at every check.

    What a server has settled is here too, for every check reads the row anyway.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created_at: datetime = Field(default_factory=now)
    articles: int = 0
    next_passage: int = 1
    """The number that the next passage gets; numbers are never given twice."""
    indexed_to: int = 1
    """Passages below it are in segments; from it on they are in the tail."""
    watched_to: int = 1
    """Passages below it were compared with what members watch for (`lookout`)."""
    next_segment: int = 1
    disabled: bool = False
    """Whether an operator has stopped it: nothing is checked against it and nothing added."""
    reads_shared: bool = False
    private_by_default: bool = False
    quota: int | None = None
    log_channel: str | None = None
    feeds_go_to: FeedsGoTo = Field(default=FeedsGoTo.ARTICLES, sa_column=_choice(FeedsGoTo))
    refreshes: bool = False
    """Whether its articles are fetched again from time to time."""
    links_archive: bool = False
    """Whether cards lead to an archived copy of the page too."""
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    application: str | None = None
    """The bot that is, or was, a member of the server: see `knowledge.servers`."""
    left_at: datetime | None = None
    """Since when that bot is out of the server."""


class Article(SQLModel, table=True):
    """A stored document. `first_passage` and `passages` say where it is indexed."""

    __table_args__ = (
        UniqueConstraint("collection_id", "url"),
        Index("ix_article_lookup", "collection_id", "lookup"),
        Index("ix_article_publisher", "collection_id", "publisher"),
    )

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
    label: Label = Field(default=Label.NONE, sa_column=_choice(Label))
    review: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """A `Review`, as its `as_json` gives it."""
    lookup: str = ""
    """What people find it by: see `lookup_key`."""


_TITLE_KEPT, _PUBLISHER_KEPT, _URL_KEPT = 300, 100, 500
"""Characters of each that are looked at; of 27,452 articles none has a longer title or publisher."""


def lookup_key(title: str, publisher: str, url: str) -> str:
    """Title, publisher and URL, caseless, each on a line of its own: one scan of an index completes what one types."""
    return "\n".join((caseless(title[:_TITLE_KEPT]), caseless(publisher[:_PUBLISHER_KEPT]), caseless(url[:_URL_KEPT])))


def caseless(words: str) -> str:
    """Words whose case and blanks do not matter."""
    return " ".join(words.split()).casefold()


class ArticleVersion(SQLModel, table=True):
    """One text of an article, verbatim, numbered from 1; `sha256` is of its UTF-8 bytes."""

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True)
    title: str = ""
    text: str
    sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    fetched_at: datetime = Field(default_factory=now)


class PageState(SQLModel, table=True):
    """What is known of the page that an article came from, from the last time that it was fetched again.

    `etag` and `last_modified` are what `url` answered with the article's newest version.
    """

    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE")
    url: str
    etag: str = ""
    last_modified: str = ""
    fetched_at: datetime
    next_at: datetime
    unchanged: int = 0
    """How often in a row nothing new came of it."""
    problem: str = ""
    """Why it could not be had; "" where it could."""


class Passage(SQLModel, table=True):
    """One indexed sentence, or a title: the span [`start`, `end`) of an article's newest version, in code points.

    Or of the older one whose number `version` is, and whose words here no later version has.
    """

    __table_args__ = _CLUSTERED

    collection_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    article_id: int
    field: PassageField = PassageField.TEXT
    start: int
    end: int
    version: int | None = None


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
    """One change to a collection: who, what, when, before and after.

    Written with the change, and never changed but to take out a name (`knowledge.traces`).
    """

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id", index=True)
    at: datetime = Field(default_factory=now)
    actor: str
    action: str
    url: str
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))


_NUMBERED: dict[str, Any] = {"sqlite_autoincrement": True}
"""SQLite then never gives a number twice; a button that outlives its row must not meet another one."""


class RemovalRecord(SQLModel, table=True):
    """Articles that were removed together. They wait in `holding_id`, a collection whose name nobody can type.

    There they are out of every search, list and count without a condition in any query.
    """

    __tablename__ = "removal"
    __table_args__ = _NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id", index=True)
    holding_id: int = Field(foreign_key="collection.id", unique=True)
    actor: str
    at: datetime
    articles: int
    what: str
    """The URL of the one article, or the publisher of many."""
    undone_by: str | None = None


class DraftRecord(SQLModel, table=True):
    """An article that waits for a moderator; once decided, only who decided it is kept."""

    __tablename__ = "draft"
    __table_args__ = _NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id", index=True)
    actor: str
    at: datetime
    url: str = Field(index=True)
    article: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    decided_by: str | None = None


class SuggestionRecord(SQLModel, table=True):
    """An address that somebody would like to have among the articles."""

    __tablename__ = "suggestion"
    __table_args__ = (Index("ix_suggestion_waiting", "collection_id", "decided_by", "id"), _NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id")
    url: str
    note: str = ""
    actor: str
    at: datetime
    approved: bool | None = None
    decided_by: str | None = None


class DomainRecord(SQLModel, table=True):
    """What a collection's moderators say of a publisher's domain, and of all below it."""

    __tablename__ = "domainrule"

    collection_id: int = Field(primary_key=True, foreign_key="collection.id")
    domain: str = Field(primary_key=True)
    policy: DomainPolicy = Field(sa_column=_choice(DomainPolicy))
    actor: str
    at: datetime


class FeedRecord(SQLModel, table=True):
    """A feed that a collection follows. `etag` and `last_modified` are those of the last answer with nothing left."""

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("collection_id", "url"), _NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id")
    url: str
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    next_poll_at: datetime
    failures: int = 0
    """How often in a row it could not be had."""
    last_error: str = ""
    added_by: str
    added_at: datetime
    polled_at: datetime | None = None
    """When it was last polled, whatever that came to."""


class SeenEntry(SQLModel, table=True):
    """One name of an article that a feed told of: the hash of its guid, which is the feed's own, or of its URL.

    An entry is known by any of its names, so that it is added once whichever of them changes.
    """

    collection_id: int = Field(primary_key=True, foreign_key="collection.id")
    key: str = Field(primary_key=True)
    feed_id: int = Field(primary_key=True)
    tries: int = 0
    """How often it could not be had."""
    next_try_at: datetime | None = None
    """None once it is settled, whatever became of it."""


class CheckCount(SQLModel, table=True):
    """How many checks of a day came to a verdict within so many milliseconds; `statistics` says which they are."""

    collection_id: int = Field(primary_key=True, foreign_key="collection.id", ondelete="CASCADE")
    day: date = Field(primary_key=True)
    verdict: str = Field(primary_key=True)
    within_ms: int = Field(primary_key=True)
    checks: int


class Opinion(StrEnum):
    """What a member thinks of an answer."""

    RIGHT = "right"
    PASSAGE = "passage"
    VERDICT = "verdict"


class FeedbackRecord(SQLModel, table=True):
    """What one member said of one answer, with their consent. `answer` is the hash of what the answer was.

    `member` is a keyed hash (`knowledge.members`), there so that one member counts once and finds it again.
    """

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("collection_id", "answer", "member"), _NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id")
    answer: str
    member: str = Field(index=True)
    opinion: Opinion = Field(sa_column=_choice(Opinion))
    claim: str
    speaker: str = ""
    address: str = ""
    verdict: str
    at: datetime


class WatchRecord(SQLModel, table=True):
    """A claim that somebody wants to be told of once it turns up. `place` is where it was asked, "" for nowhere."""

    __tablename__ = "watch"
    __table_args__ = _NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    collection_id: int = Field(foreign_key="collection.id", index=True)
    member: str = Field(index=True)
    place: str
    text: str
    speaker: str | None = None
    locale: str
    at: datetime
    found_at: datetime | None = None
    """When it turned up; from then on it is not looked for."""
    is_called: bool = False
    """Whether the member was called, and has not come to see it yet."""
