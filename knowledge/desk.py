"""The moderators' desk: what they do with one collection. Every change and its audit entry are one transaction.

Whatever belongs to another collection is here as if it did not exist. Actors are opaque names such as "discord:1234".
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlmodel import SQLModel

from knowledge.domains import DomainRule, normal_domain, require_wanted
from knowledge.errors import (
    AlreadyDecided,
    ArticleNotFound,
    CollectionDisabled,
    DisputeGone,
    DraftGone,
    Gone,
    IngestError,
    PublisherBlocked,
    QuotaExceeded,
    RemovalGone,
    SuggestionGone,
    TooManySuggestions,
    UrlTaken,
)
from knowledge.feedback import Dispute, dispute_of, disputed, disputed_under
from knowledge.feeds import FollowedFeed, follow, followed, unfollow
from knowledge.ingest.validation import PUBLISHER_LIMIT, TITLE_LIMIT, require_storable, valid_url
from knowledge.library import Library
from knowledge.models import (
    Article,
    AuditEntry,
    Collection,
    DomainPolicy,
    FeedsGoTo,
    Label,
    NewArticle,
    Review,
    caseless,
    now,
)
from knowledge.writer import Addition, Prepared, Writer, prepare

UNDO_HOURS = DRAFT_HOURS = timedelta(hours=24)
"""How long a removal can be undone, and how long a draft waits."""
MOST_WAITING = 5
"""Suggestions that one person may have waiting."""
NOTE_LIMIT = 1000
"""Characters of a suggestion's note."""
_LOOKED_FOR = 300
"""Characters of what one types that are looked for; titles are looked up by as many."""
_INDEXED_AT_ONCE = 40
"""Articles that come back searchable in the transaction of their undoing; more would hold the write lock too long."""

_article = SQLModel.metadata.tables["article"]
_state = SQLModel.metadata.tables["pagestate"]
_audit = SQLModel.metadata.tables["auditentry"]
_removal = SQLModel.metadata.tables["removal"]
_draft = SQLModel.metadata.tables["draft"]
_suggestion = SQLModel.metadata.tables["suggestion"]
_rule = SQLModel.metadata.tables["domainrule"]

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Added:
    """An article as it stands after an addition, and what that came to."""

    addition: Addition
    article: Article


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of `total`."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Removal:
    """`articles` that were removed, or have come back. `what` is the URL of the one, or the publisher of many."""

    id: int
    articles: int
    what: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An address that somebody would like to have here; `approved` is None while it waits."""

    id: int
    url: str
    note: str
    actor: str
    at: datetime
    approved: bool | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a server has settled. `roles` may moderate; `quota` is the most articles it may have."""

    roles: tuple[str, ...] = ()
    log_channel: str | None = None
    reads_shared: bool = False
    private_by_default: bool = False
    quota: int | None = None
    feeds_go_to: FeedsGoTo = FeedsGoTo.ARTICLES
    refreshes: bool = False
    links_archive: bool = False


class SettingsChanges(TypedDict, total=False):
    """The settings that are to change."""

    roles: tuple[str, ...]
    log_channel: str | None
    reads_shared: bool
    private_by_default: bool
    quota: int | None
    feeds_go_to: FeedsGoTo
    refreshes: bool
    links_archive: bool


class Desk:
    """What moderators do with one collection. Any thread may call it; it keeps nothing between two calls."""

    def __init__(self, library: Library, collection: str, actor: str, clock: Callable[[], datetime] = now) -> None:
        self._library = library
        self._name = collection
        self._actor = actor
        self._clock = clock

    # --- articles ---

    def add(self, article: NewArticle) -> Added:
        """Add an article, or a new version of it.

        Raises `QuotaExceeded`, `PublisherBlocked`, `CollectionDisabled`.
        """
        prepared = prepare(article)
        with self._changing() as writer:
            return add_to(writer, prepared)

    def add_all(
        self,
        articles: Iterable[NewArticle],
        refused: Callable[[NewArticle, PublisherBlocked], None] = lambda article, why: None,
    ) -> Generator[Mapping[Addition, int], None, None]:
        """Add many; yields after each commit what it holds, and may be closed at any moment without losing that.

        `refused` is told of each article of an unwanted publisher, and the others go in. Raises `QuotaExceeded` after
        what still fitted is in and reported, `CollectionDisabled` as soon as an operator stops the collection.
        """
        gate = _Gate()
        batches = self._library.add_all(self._name, articles, actor=self._actor, admit=gate.admit)
        with closing(batches):
            for counts in batches:
                for article, why in gate.refusals:
                    refused(article, why)
                yield counts
                if gate.full is not None:
                    raise gate.full

    def find(self, reference: str) -> Article:
        """The article of an id, URL or title, in any case. Raises `ArticleNotFound`."""
        return self._library.article(self._name, reference)

    def browse(
        self,
        *,
        publisher: str | None = None,
        since: date | None = None,
        until: date | None = None,
        words: str | None = None,
        offset: int = 0,
        limit: int = 10,
    ) -> Page[Article]:
        """The articles of a publisher, of some days (both included), with all `words` in title, publisher or URL.

        The newest come first.
        """
        with self._reading() as (connection, of):
            conditions = [_article.c.collection_id == of.id]
            if publisher is not None:
                conditions.append(_article.c.publisher.in_(_spellings(connection, of, publisher)))
            if since is not None:
                conditions.append(_article.c.published_on >= since)
            if until is not None:
                conditions.append(_article.c.published_on <= until)
            wanted = _wanted(words or "").split()
            conditions += [_article.c.lookup.contains(word, autoescape=True) for word in wanted]
            newest = select(_article).order_by(_article.c.published_on.desc().nulls_last(), _article.c.id.desc())
            return _page(connection, newest.where(*conditions), offset, limit, _article_of)

    def to_refresh(self, publisher: str) -> tuple[Article, ...]:
        """The articles of a publisher that have a page of their own; those last fetched again longest ago first."""
        with self._reading() as (connection, of):
            mine = select(_article).outerjoin(_state, _state.c.article_id == _article.c.id)
            wanted = (
                _article.c.collection_id == of.id,
                _article.c.publisher.in_(_spellings(connection, of, publisher)),
            )
            oldest = mine.where(*wanted).order_by(_state.c.fetched_at.nulls_first(), _article.c.id)
            return tuple(filter(has_page, map(_article_of, connection.execute(oldest))))

    def complete_articles(self, typed: str, limit: int = 25) -> tuple[Article, ...]:
        """Articles with `typed` in title, publisher or URL, in any case; titles that begin with it come first."""
        wanted = _wanted(typed)
        of_key = _article.c.lookup
        with self._reading() as (connection, of):
            mine = select(_article.c.id).where(_article.c.collection_id == of.id)
            if not wanted:
                ids = list(connection.scalars(mine.order_by(_article.c.id.desc()).limit(limit)))
            else:
                begins = mine.where(of_key >= wanted, of_key < wanted + _LAST).order_by(of_key)
                ids = list(connection.scalars(begins.limit(limit)))
                if len(ids) < limit:
                    has = mine.where(of_key.contains(wanted, autoescape=True)).order_by(of_key).limit(limit)
                    ids += [number for number in connection.scalars(has) if number not in set(ids)]
            found = {row.id: _article_of(row) for row in connection.execute(_by_id(ids[:limit]))}
            return tuple(found[number] for number in ids[:limit])

    def complete_publishers(self, typed: str, limit: int = 25) -> tuple[str, ...]:
        """Publishers with `typed` in their names, in any case; those that begin with it come first."""
        wanted = _wanted(typed)
        with self._reading() as (connection, of):
            names = [name for name in _publishers(connection, of) if wanted in caseless(name)]
        names.sort(key=lambda name: (not caseless(name).startswith(wanted), caseless(name), name))
        return tuple(names[:limit])

    def edit(
        self,
        reference: str,
        *,
        title: str | None = None,
        publisher: str | None = None,
        published_on: date | None = None,
        url: str | None = None,
    ) -> Article:
        """Correct what is known of an article; None leaves a thing as it is.

        Raises `ArticleNotFound`, `UrlTaken`, `PublisherBlocked`, `IngestError`.
        """
        changes = {"title": title, "publisher": publisher, "published_on": published_on, "url": url}
        given = {name: value for name, value in changes.items() if value is not None}
        valid = _valid_changes(reference, given)
        with self._changing() as writer:
            article = writer.article(reference)
            if "url" in valid and valid["url"] != article.url:
                if writer.known([valid["url"]]):
                    raise UrlTaken(valid["url"])
                require_wanted(valid["url"], rules_of(writer.connection, writer.collection_id))
            return writer.edit(article, **valid)

    def label(self, reference: str, label: Label) -> Article:
        """Say what readers should know of an article. Raises `ArticleNotFound`."""
        with self._changing() as writer:
            return writer.edit(writer.article(reference), label=label)

    # --- removing and undoing ---

    def remove(self, reference: str) -> Removal:
        """Remove an article; for 24 hours that can be undone. Raises `ArticleNotFound`."""
        with self._changing() as writer:
            article = writer.article(reference)
            writer.log("remove", article.url, writer.facts(article), None)
            return Removal(writer.set_aside([article], article.url, self._clock()), 1, article.url)

    def remove_publisher(self, publisher: str) -> Removal:
        """Remove all articles of a publisher; for 24 hours that can be undone. Raises `ArticleNotFound`."""
        with self._changing() as writer:
            names = _spellings(writer.connection, writer.collection, publisher)
            articles = writer.rows([_article.c.publisher.in_(names)])
            if not articles:
                raise ArticleNotFound(publisher)
            number = writer.set_aside(articles, publisher, self._clock())
            before = {"publisher": publisher, "articles": len(articles), "removal": number}
            writer.log("remove_publisher", "", before, None)
            return Removal(number, len(articles), publisher)

    def undo(self, removal_id: int) -> Removal:
        """Bring removed articles back, but those whose URL was added again; says how many came back.

        Many are searchable only after a moment, which this waits for; the quota does not count.
        Raises `RemovalGone`, `AlreadyDecided`.
        """
        with self._changing() as writer:
            record = _own(writer, _removal, removal_id, RemovalGone)
            if record.undone_by is not None:
                raise AlreadyDecided(record.undone_by)
            if record.at + UNDO_HOURS <= self._clock():
                raise RemovalGone(removal_id)
            ids = writer.take_back(record.holding_id)
            _set(writer, _removal, removal_id, undone_by=self._actor)
            url = record.what if record.articles == 1 else ""
            writer.log("undo", url, None, {"removal": removal_id, "what": record.what, "articles": len(ids)})
            if len(ids) <= _INDEXED_AT_ONCE:
                writer.index_again(ids)
        if len(ids) > _INDEXED_AT_ONCE:
            self._library.index_articles(writer.collection_id, ids)
        return Removal(removal_id, len(ids), record.what)

    def purge(self, moment: datetime | None = None) -> int:
        """Delete for good what was removed, and the drafts that were made, more than 24 hours before a moment (now).

        Returns how many articles that were.
        """
        before = (moment or self._clock()) - UNDO_HOURS
        with self._reading() as (_, of):
            if not of.id:
                return 0  # a purge makes no collection
        with self._changing() as writer:
            mine = _removal.c.collection_id == writer.collection_id
            old = writer.connection.execute(select(_removal).where(mine, _removal.c.at <= before)).all()
            holdings = [row.holding_id for row in old]
            articles = sum(writer.held(number) for number in holdings)
            writer.connection.execute(delete(_removal).where(mine, _removal.c.at <= before))
            writer.discard_holdings(holdings)
            stale = delete(_draft).where(_draft.c.collection_id == writer.collection_id, _draft.c.at <= before)
            drafts = writer.connection.execute(stale).rowcount
            if old or drafts:
                writer.log("purge", "", {"articles": articles, "drafts": drafts}, None)
            return articles

    # --- the log ---

    def log(self, *, offset: int = 0, limit: int = 10) -> Page[AuditEntry]:
        """Every change to the collection, newest first."""
        with self._reading() as (connection, of):
            newest = select(_audit).where(_audit.c.collection_id == of.id).order_by(_audit.c.id.desc())
            return _page(connection, newest, offset, limit, lambda row: AuditEntry(**row._mapping))

    # --- publishers' domains ---

    def allow(self, domain: str) -> DomainRule:
        """Let in the articles of a domain; as soon as one is allowed, no others may enter. Raises `InvalidDomain`."""
        return self._rule(domain, DomainPolicy.ALLOW)

    def block(self, domain: str) -> DomainRule:
        """Keep out the articles of a domain and all below it. Raises `InvalidDomain`."""
        return self._rule(domain, DomainPolicy.BLOCK)

    def unlist(self, domain: str) -> bool:
        """Drop the rule of a domain; whether there was one. Raises `InvalidDomain`."""
        name = normal_domain(domain)
        with self._changing() as writer:
            before = _drop_rule(writer, name)
            if before is not None:
                writer.log("unlist", "", {"domain": name, "policy": before}, None)
            return before is not None

    def domains(self) -> tuple[DomainRule, ...]:
        """The rules for publishers' domains, by name."""
        with self._reading() as (connection, of):
            return rules_of(connection, of.id or 0)

    def _rule(self, domain: str, policy: DomainPolicy) -> DomainRule:
        rule = DomainRule(normal_domain(domain), policy)
        with self._changing() as writer:
            if rule in rules_of(writer.connection, writer.collection_id):
                return rule
            before = _drop_rule(writer, rule.domain)
            row = {"domain": rule.domain, "policy": policy, "actor": self._actor, "at": self._clock()}
            _insert(writer, _rule, **row)
            old = {"domain": rule.domain, "policy": before} if before is not None else None
            writer.log(policy.value, "", old, {"domain": rule.domain, "policy": policy})
        return rule

    # --- drafts ---

    def draft(self, article: NewArticle) -> int:
        """Keep an article for a moderator to decide on, for 24 hours; returns its number."""
        with self._changing() as writer:
            number = _insert(
                writer, _draft, actor=self._actor, at=self._clock(), url=article.url, article=_as_json(article)
            )
            writer.log("draft", article.url, None, {"draft": number, "title": article.title})
            return number

    def draft_of(self, draft_id: int) -> NewArticle:
        """The article of a draft. Raises `DraftGone`, `AlreadyDecided`."""
        with self._reading() as (connection, of):
            return self._waiting(connection, of, draft_id)

    def change_draft(self, draft_id: int, article: NewArticle) -> None:
        """Put another article in the place of a draft's. Raises `DraftGone`, `AlreadyDecided`."""
        with self._changing() as writer:
            before = self._waiting(writer.connection, writer.collection, draft_id)
            _set(writer, _draft, draft_id, url=article.url, article=_as_json(article))
            titles = ({"draft": draft_id, "title": one.title} for one in (before, article))
            writer.log("change_draft", article.url, *titles)

    def publish(self, draft_id: int) -> Added:
        """Add the article of a draft. Raises `DraftGone`, `AlreadyDecided`, and what `add` raises."""
        prepared = prepare(self.draft_of(draft_id))
        with self._changing() as writer:
            article = self._waiting(writer.connection, writer.collection, draft_id)
            if article != prepared.article:  # somebody changed it just now
                prepared = prepare(article)
            added = add_to(writer, prepared)
            self._decide_draft(writer, draft_id, "publish", article.url)
            return added

    def discard(self, draft_id: int) -> None:
        """Drop a draft. Raises `DraftGone`, `AlreadyDecided`."""
        with self._changing() as writer:
            article = self._waiting(writer.connection, writer.collection, draft_id)
            self._decide_draft(writer, draft_id, "discard", article.url)

    def _waiting(self, connection: Connection, of: Collection, draft_id: int) -> NewArticle:
        """The article of a draft that nobody has decided. Raises `DraftGone`, `AlreadyDecided`."""
        row = _row(connection, of, _draft, draft_id)
        if row is None or row.at + DRAFT_HOURS <= self._clock():
            raise DraftGone(draft_id)
        if row.decided_by is not None:
            raise AlreadyDecided(row.decided_by)
        return _from_json(row.article)

    def _decide_draft(self, writer: Writer, draft_id: int, action: str, url: str) -> None:
        _set(writer, _draft, draft_id, decided_by=self._actor, article=None)
        writer.log(action, url, {"draft": draft_id}, None)

    # --- suggestions ---

    def suggest(self, url: str, note: str = "") -> Suggestion:
        """Put an address into the moderators' queue, or return the suggestion of it that waits there.

        Raises `TooManySuggestions`; `IngestError` for what is no web address, or too long a note.
        """
        url, note = _valid_suggestion(url, note)
        with self._changing() as writer:
            return put_in_queue(writer, url, note, at=self._clock(), most=MOST_WAITING)

    def queue(self, offset: int = 0, limit: int = 10) -> Page[Suggestion]:
        """The suggestions that wait, oldest first."""
        with self._reading() as (connection, of):
            return _page(connection, _waiting_suggestions(of.id or 0), offset, limit, _suggestion_of)

    def suggestion(self, suggestion_id: int) -> Suggestion:
        """A suggestion. Raises `SuggestionGone`."""
        with self._reading() as (connection, of):
            row = _row(connection, of, _suggestion, suggestion_id)
            if row is None:
                raise SuggestionGone(suggestion_id)
            return _suggestion_of(row)

    def decide(self, suggestion_id: int, *, approve: bool) -> Suggestion:
        """Take a suggestion out of the queue. Raises `SuggestionGone`, `AlreadyDecided`.

        It adds nothing: an approved address is still to be read and added.
        """
        with self._changing() as writer:
            waiting = _suggestion_of(_own(writer, _suggestion, suggestion_id, SuggestionGone))
            if waiting.decided_by is not None:
                raise AlreadyDecided(waiting.decided_by)
            _set(writer, _suggestion, suggestion_id, approved=approve, decided_by=self._actor)
            writer.log("approve" if approve else "reject", waiting.url, {"suggestion": suggestion_id}, None)
            return replace(waiting, approved=approve, decided_by=self._actor)

    # --- what members said of answers ---

    def disputed(self, offset: int = 0, limit: int = 10) -> Page[Dispute]:
        """The answers that members think wrong, those that were last spoken of first."""
        with self._reading() as (connection, of):
            return _page(connection, disputed(of.id or 0), offset, limit, dispute_of)

    def dispute(self, number: int) -> Dispute:
        """A disputed answer. Raises `DisputeGone`."""
        with self._reading() as (connection, of):
            found = disputed_under(connection, of.id or 0, number) if 0 < number < _TOO_LARGE else None
            if found is None:
                raise DisputeGone(number)
            return found

    # --- feeds ---

    def add_feed(self, url: str, title: str = "") -> FollowedFeed:
        """Follow the feed at an address, or return it where it is followed already. Nothing is fetched here.

        Raises `TooManyFeeds`, `CollectionDisabled`; `IngestError` for what is no web address.
        """
        url = _valid_web_address(url)
        with self._changing() as writer:
            return follow(writer, url, title, self._clock())

    def feeds(self) -> tuple[FollowedFeed, ...]:
        """The feeds that are followed, in the order in which they were added."""
        with self._reading() as (connection, of):
            return followed(connection, of.id or 0)

    def remove_feed(self, reference: str) -> FollowedFeed:
        """Follow the feed of a number or address no longer; its articles stay. Raises `FeedNotFound`."""
        with self._changing() as writer:
            return unfollow(writer, reference)

    # --- settings ---

    def settings(self) -> ServerSettings:
        """What the server has settled; the defaults where it has settled nothing."""
        with self._reading() as (_, of):
            return _settings_of(of)

    def change_settings(self, **changes: Unpack[SettingsChanges]) -> ServerSettings:
        """Settle some of the settings, and return all. Raises `ValueError` for a quota below nothing."""
        with self._changing() as writer:
            before = _settings_of(writer.collection)
            after = replace(before, **changes)
            if after.quota is not None and after.quota < 0:
                raise ValueError("a quota is not negative")
            old, new = asdict(before), asdict(after)
            changed = [name for name in new if new[name] != old[name]]
            if changed:
                writer.set_values(**{name: _as_column(new[name]) for name in changed})
                told = ({name: _as_column(values[name]) for name in changed} for values in (old, new))
                writer.log("settings", "", *told)
            return after

    # --- transactions ---

    def _changing(self) -> AbstractContextManager[Writer]:
        return self._library.changing(self._name, self._actor)

    def _reading(self) -> AbstractContextManager[tuple[Connection, Collection]]:
        return self._library.reading_of(self._name)


class _Gate:
    """Says which articles of a batch may enter; keeps for after the commit what it refused."""

    def __init__(self) -> None:
        self.refusals: list[tuple[NewArticle, PublisherBlocked]] = []
        self.full: QuotaExceeded | None = None

    def admit(self, writer: Writer, batch: Sequence[Prepared]) -> list[Prepared]:
        """The articles that may enter."""
        if writer.collection.disabled:
            raise CollectionDisabled(writer.collection.name)
        self.refusals = []
        rules = rules_of(writer.connection, writer.collection_id)
        wanted = [one for one in batch if self._is_wanted(one.article, rules)]
        return self._fitting(writer, wanted)

    def _is_wanted(self, article: NewArticle, rules: Sequence[DomainRule]) -> bool:
        try:
            require_wanted(article.url, rules)
        except PublisherBlocked as why:
            self.refusals.append((article, why))
            return False
        return True

    def _fitting(self, writer: Writer, batch: list[Prepared]) -> list[Prepared]:
        """The articles up to the first new one that the quota has no room for."""
        quota = writer.collection.quota
        if quota is None:
            return batch
        known = writer.known([one.article.url for one in batch])
        room = quota - writer.collection.articles
        for place, one in enumerate(batch):
            if one.article.url not in known:
                known.add(one.article.url)
                room -= 1
                if room < 0:
                    self.full = QuotaExceeded(quota)
                    return batch[:place]
        return batch


def add_to(writer: Writer, prepared: Prepared) -> Added:
    """Store an article with the reviews of its page, if it may enter.

    Raises `QuotaExceeded`, `PublisherBlocked`, `CollectionDisabled`.
    """
    gate = _Gate()
    admitted = gate.admit(writer, [prepared, *map(prepare, prepared.article.reviews)])
    for _, why in gate.refusals:
        raise why
    if gate.full is not None:
        raise gate.full
    (addition,) = writer.store(admitted[:1]).elements()
    writer.store(admitted[1:])
    return Added(addition, writer.article(prepared.article.url))


def put_in_queue(writer: Writer, url: str, note: str, *, at: datetime, most: int) -> Suggestion:
    """Put an address into the queue, or return the suggestion of it that waits there.

    Raises `CollectionDisabled`; `TooManySuggestions` where the writer's actor has `most` of them waiting.
    """
    if writer.collection.disabled:
        raise CollectionDisabled(writer.collection.name)
    waiting = writer.connection.execute(_waiting_suggestions(writer.collection_id)).all()
    for row in waiting:
        if row.url == url:
            return _suggestion_of(row)
    if sum(row.actor == writer.actor for row in waiting) >= most:
        raise TooManySuggestions(most)
    number = _insert(writer, _suggestion, url=url, note=note, actor=writer.actor, at=at)
    writer.log("suggest", url, None, {"suggestion": number, "note": note})
    return Suggestion(number, url, note, writer.actor, at)


# --- what is given ---


def _valid_changes(reference: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Changes to an article, in the form in which they are stored. Raises `IngestError`."""
    try:
        valid = dict(given)
        if "url" in valid:
            valid["url"] = valid_url(valid["url"])
        for name, limit in (("title", TITLE_LIMIT), ("publisher", PUBLISHER_LIMIT)):
            if name in valid:
                require_storable(name, valid[name], limit)
                valid[name] = valid[name].strip()
    except ValueError as error:
        raise IngestError(reference, str(error)) from error
    return valid


def _valid_suggestion(url: str, note: str) -> tuple[str, str]:
    try:
        require_storable("note", note, NOTE_LIMIT)
    except ValueError as error:
        raise IngestError(url[:100], str(error)) from error
    return _valid_web_address(url), note.strip()


def _valid_web_address(url: str) -> str:
    try:
        valid = valid_url(url)
        if not valid.startswith(("http://", "https://")):
            raise ValueError("URL does not begin with http:// or https://")
    except ValueError as error:
        raise IngestError(url[:100], str(error)) from error
    return valid


def _as_column(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _as_json(article: NewArticle) -> dict[str, Any]:
    """An article as the database keeps a draft of it."""
    day = article.published_on.isoformat() if article.published_on else None
    review = article.review.as_json() if article.review else None
    return asdict(article) | {"published_on": day, "review": review, "reviews": list(map(_as_json, article.reviews))}


def _from_json(kept: Mapping[str, Any]) -> NewArticle:
    day, review = kept["published_on"], kept["review"]
    return NewArticle(
        **{
            **kept,
            "published_on": date.fromisoformat(day) if day else None,
            "review": Review.of(review) if review else None,
            "reviews": tuple(map(_from_json, kept.get("reviews", ()))),
        }
    )


# --- queries ---

_LAST = chr(0x10FFFF)
"""Comes after every character that a key goes on with."""


def _page(
    connection: Connection, query: Select[Any], offset: int, limit: int, make: Callable[[Row[Any]], Item]
) -> Page[Item]:
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = connection.execute(query.offset(max(0, offset)).limit(max(0, limit))).all()
    return Page(tuple(map(make, rows)), total)


def _article_of(row: Row[Any]) -> Article:
    return Article(**row._mapping)


def has_page(article: Article) -> bool:
    """Whether an article has a page of its own on the web; a review of a claim is but a part of one."""
    return article.url.startswith(("http://", "https://")) and article.review is None


def _by_id(ids: Sequence[int]) -> Select[Any]:
    return select(_article).where(_article.c.id.in_(ids))


def _wanted(typed: str) -> str:
    """What one typed, as it is looked for; without what no database takes."""
    return caseless(typed[:_LOOKED_FOR].replace("\0", " ").encode("utf-8", "replace").decode())


def _publishers(connection: Connection, of: Collection) -> Iterator[str]:
    names = select(_article.c.publisher).where(_article.c.collection_id == of.id, _article.c.publisher != "")
    yield from connection.scalars(names.distinct())


def _spellings(connection: Connection, of: Collection, publisher: str) -> list[str]:
    """The publishers of a name, whatever the case."""
    return [name for name in _publishers(connection, of) if caseless(name) == caseless(publisher)]


def rules_of(connection: Connection, collection_id: int) -> tuple[DomainRule, ...]:
    """The rules of a collection for publishers' domains, by name."""
    mine = select(_rule.c.domain, _rule.c.policy).where(_rule.c.collection_id == collection_id)
    return tuple(DomainRule(*row) for row in connection.execute(mine.order_by(_rule.c.domain)))


def _drop_rule(writer: Writer, domain: str) -> DomainPolicy | None:
    """Drop a rule; returns what it said."""
    mine = (_rule.c.collection_id == writer.collection_id, _rule.c.domain == domain)
    policy: DomainPolicy | None = writer.connection.scalar(select(_rule.c.policy).where(*mine))
    writer.connection.execute(delete(_rule).where(*mine))
    return policy


def _waiting_suggestions(collection_id: int) -> Select[Any]:
    mine = (_suggestion.c.collection_id == collection_id, _suggestion.c.decided_by.is_(None))
    return select(_suggestion).where(*mine).order_by(_suggestion.c.id)


def _suggestion_of(row: Row[Any]) -> Suggestion:
    return Suggestion(row.id, row.url, row.note, row.actor, row.at, row.approved, row.decided_by)


def _settings_of(of: Collection) -> ServerSettings:
    return ServerSettings(
        tuple(of.roles),
        of.log_channel,
        of.reads_shared,
        of.private_by_default,
        of.quota,
        FeedsGoTo(of.feeds_go_to),
        of.refreshes,
        of.links_archive,
    )


def _row(connection: Connection, of: Collection, table: Any, number: int) -> Row[Any] | None:
    """The collection's own row of a number."""
    if not 0 < number < _TOO_LARGE:
        return None
    return connection.execute(select(table).where(table.c.id == number, table.c.collection_id == of.id)).one_or_none()


_TOO_LARGE = 2**63
"""Databases have no such integers."""


def _own(writer: Writer, table: Any, number: int, missing: type[Gone]) -> Row[Any]:
    """The collection's own row of a number. Raises `missing`."""
    row = _row(writer.connection, writer.collection, table, number)
    if row is None:
        raise missing(number)
    return row


def _set(writer: Writer, table: Any, number: int, **values: Any) -> None:
    """Set columns of the collection's own row of a number."""
    own = (table.c.id == number, table.c.collection_id == writer.collection_id)
    writer.connection.execute(update(table).where(*own).values(**values))


def _insert(writer: Writer, table: Any, **values: Any) -> int:
    """Store a row of the collection; returns its number, if it has one."""
    stored = writer.connection.execute(insert(table).values(collection_id=writer.collection_id, **values))
    key = stored.inserted_primary_key
    return int(key[0]) if key is not None and "id" in table.c else 0
