"""One transaction's writes to a collection: articles, their versions, passages and audit entries, all or none.

`library` opens the transactions and lends their writers; what can be worked out before is `prepare`d before.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import compress
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlmodel import SQLModel, col
from sqlmodel import select as select_rows

from knowledge import index
from knowledge.models import (
    Article,
    ArticleVersion,
    AuditEntry,
    Collection,
    NewArticle,
    Passage,
    PassageField,
    RemovalRecord,
    lookup_key,
)
from knowledge.rows import (
    StoredText,
    article_of,
    history_of,
    id_of,
    is_in,
    is_newest,
    next_number,
    session_on,
    tail_length,
    texts_of,
)
from knowledge.text import Span, normal_words, sentences, terms

_NOT_TYPED = "\x1f"
"""Begins the names of the collections in which removed articles wait; no command takes it."""
_IDS_A_STATEMENT = 500


class Addition(StrEnum):
    """What adding an article came to."""

    ADDED = "added"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with everything that can be worked out before the write lock is taken."""

    article: NewArticle
    sha256: bytes
    passages: tuple["PreparedPassage", ...]

    def under(self, title: str) -> tuple["PreparedPassage", ...]:
        """The passages if the stored title is this one: a new version without a title keeps the old one."""
        return self.passages if title == self.article.title else passages_of(title, self.article.text)


class PreparedPassage(NamedTuple):  # a tuple, for a million of them come from other processes
    field: PassageField
    start: int
    end: int
    terms: set[str]
    hashes: bytes


def prepare(article: NewArticle) -> Prepared:
    """An article made ready to be stored."""
    digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).digest()
    return Prepared(article, digest, passages_of(article.title, article.text))


def passages_of(title: str, text: str) -> tuple[PreparedPassage, ...]:
    """The passages of an article: its title, then its sentences, those without a word left out."""
    places = [(PassageField.TITLE, title, Span(0, len(title)))]
    places += [(PassageField.TEXT, text, span) for span in sentences(text)]
    passages = []
    for field, source, span in places:
        if found := set(terms(normal_words(source[span.start : span.end]))):
            passages.append(PreparedPassage(field, span.start, span.end, found, index.hashes(found)))
    return tuple(passages)


def indexed_passages(
    newest: Sequence[PreparedPassage], history: Sequence[StoredText]
) -> Iterator[tuple[int | None, PreparedPassage]]:
    """What is indexed of an article: the newest version's passages, and those whose words no later version has.

    `history` is newest first; each passage comes with the number of its version, None for the newest.
    """
    yield from ((None, passage) for passage in newest)
    later: list[str] = []
    for version in history:
        passages = newest if not later else passages_of(version.title, version.text)
        said = [_said(version, passage) for passage in passages]
        if later:
            gone = (not any(words in other for other in later) for words in said)
            yield from ((version.number, passage) for passage in compress(passages, gone))
        later.append("".join(said))


def _said(version: StoredText, passage: PreparedPassage) -> str:
    """The words of a passage, each between blanks, so that part of one is not taken for another."""
    return "".join(f" {word} " for word in normal_words(version.of(passage.field)[passage.start : passage.end]))


class Writer:
    """Changes one collection inside one writing transaction, each change with its audit entry."""

    def __init__(self, connection: Connection, collection: Collection, actor: str) -> None:
        self.connection = connection
        self.collection = collection
        self.actor = actor
        self._session = session_on(connection)
        self.fresh: dict[int, set[str]] = {}

    @property
    def collection_id(self) -> int:
        """The id of the collection, which exists by now."""
        return id_of(self.collection.id)

    def tail_length(self) -> int:
        """Passages that are in no segment yet."""
        return tail_length(self.connection, self.collection_id)

    def store(self, batch: Sequence[Prepared]) -> Counter[Addition]:
        """Add articles, or new versions of known ones."""
        known = self._known([one.article.url for one in batch])
        unknown: dict[str, NewArticle] = {}
        for one in batch:
            if one.article.url not in known:
                unknown.setdefault(one.article.url, one.article)
        first = next_number(self.connection, "article", len(unknown))
        new = {url: self._new(article, first + place) for place, (url, article) in enumerate(unknown.items())}
        self._session.add_all(new.values())
        self._session.flush()
        counts: Counter[Addition] = Counter()
        changed: dict[int, tuple[Article, Prepared]] = {}
        for one in batch:
            url = one.article.url
            article, digest = known.get(url) or (new[url], b"")
            if digest == one.sha256 and not _is_reviewed_otherwise(article, one.article):
                counts[Addition.UNCHANGED] += 1
                continue
            before = _facts(article, digest) if digest else None
            if before:
                self._forget_passages(article)
                self._update(article, one.article)
            counts[Addition.NEW_VERSION if before else Addition.ADDED] += 1
            known[url] = (article, one.sha256)
            changed[id_of(article.id)] = (article, one)
            self._session.add(_version(article, one))
            self._note("update" if before else "add", url, before, _facts(article, one.sha256))
        self._index([(article, one.under(article.title)) for article, one in changed.values()])
        self.set_values(articles=self.collection.articles + counts[Addition.ADDED])
        self._session.flush()
        return counts

    def remove(self, reference: str) -> Article:
        """Remove an article with its versions and passages; its postings go at the next merge."""
        article = self.article(reference)
        self.log("remove", article.url, self.facts(article), None)
        self._delete(article)
        self.set_values(articles=self.collection.articles - 1)
        return article

    def take_down(self, url: str, collection_id: int) -> None:
        """Delete the article of a URL for good, here or in `collection_id`, where a removed one of ours waits."""
        found = select_rows(Article).where(Article.collection_id == collection_id, Article.url == url)
        article = self._session.exec(found).one_or_none()
        self.log("takedown", url, self.facts(article) if article else None, None)
        if article is not None:
            self._delete(article)
            taken = update(Collection).where(col(Collection.id) == collection_id)
            self.connection.execute(taken.values(articles=col(Collection.articles) - 1))

    def _delete(self, article: Article) -> None:
        self._forget_passages(article)
        self.connection.execute(delete(ArticleVersion).where(col(ArticleVersion.article_id) == article.id))
        self._session.delete(article)
        self._session.flush()

    def article(self, reference: str) -> Article:
        """The article of a URL, id or title. Raises `ArticleNotFound`."""
        return article_of(self._session, self.collection, reference)

    def known(self, urls: Sequence[str]) -> set[str]:
        """Which of some URLs are here."""
        query = select(col(Article.url)).where(is_in(Article, self.collection), col(Article.url).in_(urls))
        return set(self.connection.scalars(query))

    def edit(self, article: Article, **changes: Any) -> Article:
        """Change what is known of an article; a changed title is indexed at once. The audit keeps what changed."""
        before = {name: getattr(article, name) for name in changes if getattr(article, name) != changes[name]}
        if not before:
            return article
        after = {name: changes[name] for name in before}
        self.log("edit", article.url, _readable(before), _readable(after))
        for name, value in after.items():
            setattr(article, name, value)
        article.lookup = lookup_key(article.title, article.publisher, article.url)
        self._session.flush()
        if "title" in after:
            newest = and_(col(ArticleVersion.article_id) == article.id, col(ArticleVersion.number) == article.version)
            self.connection.execute(update(ArticleVersion).where(newest).values(title=article.title))
            self.index_again([id_of(article.id)])
        return article

    def set_aside(self, articles: Sequence[Article], what: str, at: datetime) -> int:
        """Move articles out of the collection, to where nothing finds them; returns the number of the removal."""
        number = next_number(self.connection, "collection", 1)
        holding = Collection(id=number, name=f"{_NOT_TYPED}removed {number}", articles=len(articles))
        self._session.add(holding)
        self._session.flush()
        record = RemovalRecord(
            collection_id=self.collection_id,
            holding_id=number,
            actor=self.actor,
            at=at,
            articles=len(articles),
            what=what,
        )
        self._session.add(record)
        for article in articles:
            self._forget_passages(article)
            article.collection_id, article.first_passage, article.passages = number, 0, 0
        self._session.flush()
        self.set_values(articles=self.collection.articles - len(articles))
        return id_of(record.id)

    def take_back(self, holding_id: int) -> list[int]:
        """Move articles back that were set aside, to be indexed; returns their ids.

        An article whose URL has been added again meanwhile stays where it is.
        """
        table = SQLModel.metadata.tables["article"]
        again = select(table.c.url).where(table.c.collection_id == self.collection_id)
        returning = select(table.c.id).where(table.c.collection_id == holding_id, table.c.url.not_in(again))
        ids = [id_of(number) for number in self.connection.scalars(returning.order_by(table.c.id))]
        for step in index.batched(ids, _IDS_A_STATEMENT):
            moved = update(table).where(table.c.id.in_(step))
            self.connection.execute(moved.values(collection_id=self.collection_id))
        left = update(Collection).where(col(Collection.id) == holding_id)
        self.connection.execute(left.values(articles=col(Collection.articles) - len(ids)))
        self.set_values(articles=self.collection.articles + len(ids))
        return ids

    def discard_holdings(self, holding_ids: Sequence[int]) -> None:
        """Delete for good what waits in some holdings."""
        for number in holding_ids:
            delete_all(self.connection, number)

    def held(self, holding_id: int) -> int:
        """How many articles wait in a holding."""
        return self.connection.scalar(select(col(Collection.articles)).where(col(Collection.id) == holding_id)) or 0

    def rows(self, conditions: Sequence[ColumnElement[bool]]) -> list[Article]:
        """The collection's articles that fulfil some conditions, to be changed."""
        return list(self._session.exec(select_rows(Article).where(is_in(Article, self.collection), *conditions)))

    def facts(self, article: Article) -> dict[str, Any]:
        """What the audit remembers of an article."""
        newest = and_(col(ArticleVersion.article_id) == article.id, col(ArticleVersion.number) == article.version)
        return _facts(article, self.connection.scalar(select(col(ArticleVersion.sha256)).where(newest)) or b"")

    def index_again(self, article_ids: Sequence[int]) -> None:
        """Give articles new passages, made from their newest versions; not those that were removed meanwhile."""
        texts = texts_of(self.connection, ((number, None) for number in article_ids))
        query = select_rows(Article).where(col(Article.id).in_(list(article_ids)))
        again = []
        for article in self._session.exec(query):
            if article.collection_id != self.collection_id:
                continue
            self._forget_passages(article)
            newest = texts[id_of(article.id), None]
            again.append((article, passages_of(newest.title, newest.text)))
        self._index(again)
        self._session.flush()

    def _known(self, urls: Sequence[str]) -> dict[str, tuple[Article, bytes]]:
        """The articles of some URLs with the digests of their newest versions."""
        query = (
            select_rows(Article, ArticleVersion.sha256)
            .join(ArticleVersion, is_newest())
            .where(is_in(Article, self.collection), col(Article.url).in_(urls))
        )
        return {article.url: (article, digest) for article, digest in self._session.exec(query)}

    def _new(self, incoming: NewArticle, number: int) -> Article:
        return Article(
            id=number,
            collection_id=self.collection_id,
            url=incoming.url,
            title=incoming.title,
            publisher=incoming.publisher,
            published_on=incoming.published_on,
            language=incoming.language,
            review=incoming.review.as_json() if incoming.review else None,
            lookup=lookup_key(incoming.title, incoming.publisher, incoming.url),
        )

    def _update(self, article: Article, incoming: NewArticle) -> None:
        """Take over what the new version says of itself; what it leaves out stays."""
        article.version += 1
        article.title = incoming.title or article.title
        article.publisher = incoming.publisher or article.publisher
        article.published_on = incoming.published_on or article.published_on
        article.language = incoming.language or article.language
        article.review = incoming.review.as_json() if incoming.review else article.review
        article.lookup = lookup_key(article.title, article.publisher, article.url)

    def _forget_passages(self, article: Article) -> None:
        first, end = article.first_passage, article.first_passage + article.passages
        self.connection.execute(
            delete(Passage).where(
                is_in(Passage, self.collection), col(Passage.number) >= first, col(Passage.number) < end
            )
        )

    def _index(self, articles: Sequence[tuple[Article, Sequence[PreparedPassage]]]) -> None:
        """Number the passages of some articles, store them and add them to the tail of the index.

        Given are those of the newest versions; what only older ones have is found here.
        """
        self._session.flush()
        first = number = self.collection.next_passage
        rows: list[tuple[object, ...]] = []
        added: list[bytes] = []
        for article, newest in articles:
            article_id = id_of(article.id)
            article.first_passage = number
            history = history_of(self.connection, article_id) if article.version > 1 else ()
            for version, passage in indexed_passages(newest, history):
                place = (article_id, passage.field.name, passage.start, passage.end, version)
                rows.append((self.collection_id, number, *place))
                added.append(passage.hashes)
                self.fresh[number] = passage.terms
                number += 1
            article.passages = number - article.first_passage
        if rows:
            index.insert_rows(self.connection, Passage, rows)
            index.append(self.connection, self.collection_id, first, added)
            self.set_values(next_passage=number)

    def set_values(self, **values: Any) -> None:
        """Set columns of the collection's row."""
        self.connection.execute(update(Collection).where(col(Collection.id) == self.collection_id).values(**values))
        for name, value in values.items():
            setattr(self.collection, name, value)

    def log(self, action: str, url: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Write the audit entry of a change."""
        self._note(action, url, before, after)
        self._session.flush()

    def _note(self, action: str, url: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Have the audit entry written with the next flush."""
        self._session.add(
            AuditEntry(
                collection_id=self.collection_id, actor=self.actor, action=action, url=url, before=before, after=after
            )
        )


def _is_reviewed_otherwise(article: Article, incoming: NewArticle) -> bool:
    """Whether the review of a claim changed, as when it is rated anew in the same words."""
    return incoming.review is not None and incoming.review.as_json() != article.review


def _version(article: Article, one: Prepared) -> ArticleVersion:
    return ArticleVersion(
        article_id=id_of(article.id),
        number=article.version,
        title=article.title,
        text=one.article.text,
        sha256=one.sha256,
    )


def _facts(article: Article, digest: bytes) -> dict[str, Any]:
    """What the audit remembers of an article."""
    return {
        "title": article.title,
        "publisher": article.publisher,
        "date": article.published_on.isoformat() if article.published_on else None,
        "version": article.version,
        "sha256": digest.hex(),
    }


def _readable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of an article's columns as JSON takes them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def delete_all(connection: Connection, collection_id: int) -> None:
    """Delete a collection with everything that belongs to it; its upkeep, if any is going on, loses its lease."""
    tables = SQLModel.metadata.tables
    mine = select(tables["article"].c.id).where(tables["article"].c.collection_id == collection_id)
    connection.execute(delete(tables["articleversion"]).where(tables["articleversion"].c.article_id.in_(mine)))
    for name in _OF_A_COLLECTION:
        connection.execute(delete(tables[name]).where(tables[name].c.collection_id == collection_id))
    connection.execute(delete(tables["lease"]).where(tables["lease"].c.job == upkeep_job(collection_id)))
    connection.execute(delete(tables["collection"]).where(tables["collection"].c.id == collection_id))


_OF_A_COLLECTION = (
    "article",
    "passage",
    "posting",
    "segment",
    "tail",
    "auditentry",
    "draft",
    "suggestion",
    "domainrule",
    "seenentry",
    "feed",
    "feedback",
    "watch",
)


def upkeep_job(collection_id: int) -> str:
    """The name of the lease under which a collection's index is tended."""
    return f"index:{collection_id}"
