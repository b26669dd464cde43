"""The store: every collection in one database, and the only holder of a session.

Articles, their passages and the index change in one transaction, which begins IMMEDIATE; what a commit has reported
survives a crash. Merging of the index happens behind the scenes, in short steps, under a lease.
"""

import hashlib
import logging
import os
import signal
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import uuid4

from numpy import uint64
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session, SQLModel, col, create_engine
from sqlmodel import select as select_rows

from knowledge import index, schema
from knowledge.errors import ArticleNotFound, LibraryError, LibraryFull
from knowledge.models import (
    Article,
    ArticleVersion,
    AuditEntry,
    Collection,
    Lease,
    NewArticle,
    Passage,
    PassageField,
    Posting,
    SegmentState,
    now,
)
from knowledge.text import Span, normal_words, sentences, terms

logger = logging.getLogger(__name__)

BATCH_PASSAGES = 1_500
"""Passages that an import commits at a time: the write lock is then held for 40 ms (95 % under 85 ms)."""
BULK_TAIL = 20 * index.TAIL_LENGTH
"""How long an import lets the tail grow before it writes a segment: fewer, larger segments save two merges."""
LEASE = timedelta(seconds=30)
"""A crashed holder keeps others from merging for as long; every step renews it."""
BUSY_SECONDS = 30
"""How long a write waits for others: an import holds the lock for tenths of a second at a time."""
_REBUILD_ARTICLES = 40
_PARALLEL_FROM = 400
"""Articles from which on an import starts other processes; a small one does not wait for them."""
_PARALLEL_CHUNK = 40
_PARALLEL_AHEAD = 24
"""Chunks that a worker may be ahead: it goes on while a segment is written."""
_PAGE_COUNTS = ("freelist_count", "page_count")
_MOST_FREE, _PAGES_A_STEP = 0.05, 250
"""Share of a file's pages that may stay free; pages that one transaction gives back, in about 20 ms."""
_WRITES = "receipts_writes"


class Addition(StrEnum):
    """What adding an article came to."""

    ADDED = "added"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """The size of one collection. `segments` are lengths in passages; `tail` counts the passages in none of them."""

    articles: int
    versions: int
    passages: int
    tail: int
    segments: tuple[int, ...]
    postings: int


@dataclass(frozen=True, slots=True)
class StoredText:
    """The newest version of an article, as stored."""

    title: str
    text: str

    def of(self, field: PassageField) -> str:
        """The part that passages of a field are cut from."""
        return self.title if field is PassageField.TITLE else self.text


class Library:
    """All collections in one database. Any thread may call it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._holder = uuid4().hex
        self._upkeep = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upkeep")
        self._upkeep_queued = Lock()
        self._upkeep_running = Lock()  # the lease keeps processes apart, this the threads of one

    @classmethod
    def open(cls, url: str) -> Self:
        """The library at a database URL, created or upgraded if need be. Raises `LibraryError`, `SchemaError`."""
        try:
            engine = create_engine(make_url(url))
        except (ArgumentError, ImportError) as error:
            raise LibraryError(
                "not an address of a database that can be opened here"
            ) from error  # it may hold a password
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        library = cls(engine)
        try:
            with library.reading() as connection:
                current = schema.is_current(connection)
            if not current:
                with library.writing() as connection:
                    schema.upgrade(connection)
            library._index_missing()
        except BaseException:
            library.close()
            raise
        return library

    def close(self) -> None:
        """Finish what runs behind the scenes and give the connections back."""
        self._upkeep.shutdown(wait=True)
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- transactions ---

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one snapshot."""
        with _own_errors(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in one IMMEDIATE transaction, committed at the end, rolled back on any error."""
        with _own_errors(), self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    # --- reading ---

    @contextmanager
    def snapshot(self, collection: str) -> Iterator["Snapshot"]:
        """What a collection holds at this moment, for as long as the context lasts."""
        with self.reading() as connection:
            yield Snapshot(connection, _collection_named(connection, collection))

    def article(self, collection: str, reference: str) -> Article:
        """The article of an id or URL. Raises `ArticleNotFound`."""
        with self.reading() as connection, _session(connection) as session:
            return _article(session, _collection_named(connection, collection), reference)

    def articles(self, collection: str) -> Iterator[Article]:
        """Every article of a collection, by date and id."""
        with self.reading() as connection, _session(connection) as session:
            of = _collection_named(connection, collection)
            query = (
                select_rows(Article)
                .where(Article.collection_id == of.id)
                .order_by(col(Article.published_on), col(Article.id))
            )
            yield from session.exec(query.execution_options(yield_per=500))

    def versions(self, article: Article) -> tuple[ArticleVersion, ...]:
        """The versions of an article, oldest first; the last is the one indexed."""
        with self.reading() as connection, _session(connection) as session:
            query = select_rows(ArticleVersion).where(ArticleVersion.article_id == article.id)
            return tuple(session.exec(query.order_by(col(ArticleVersion.number))))

    def audit(self, collection: str) -> Iterator[AuditEntry]:
        """Every change of a collection, oldest first."""
        with self.reading() as connection, _session(connection) as session:
            of = _collection_named(connection, collection)
            query = select_rows(AuditEntry).where(AuditEntry.collection_id == of.id).order_by(col(AuditEntry.id))
            yield from session.exec(query)

    def stats(self, collection: str) -> LibraryStats:
        """The size of a collection and of its index."""
        with self.reading() as connection:
            of = _collection_named(connection, collection)
            versions = select(func.count()).select_from(ArticleVersion).join(Article).where(_in(Article, of))
            live = index.segments(connection, of, SegmentState.LIVE).values()
            return LibraryStats(
                articles=of.articles,
                versions=connection.scalar(versions) or 0,
                passages=_count(connection, Passage, _in(Passage, of)),
                tail=_count(connection, Passage, _in(Passage, of), col(Passage.number) >= of.indexed_to),
                segments=tuple(segment.end_passage - segment.first_passage for segment in live),
                postings=_count(connection, Posting, _in(Posting, of)),
            )

    # --- writing ---

    def add(self, collection: str, article: NewArticle, *, actor: str) -> Addition:
        """Store and index one article in one transaction. `actor` is an opaque name such as "discord:1234"."""
        prepared = _prepare(article)
        with self.writing() as connection:
            writer = _Writer(connection, _collection_for_writing(connection, collection), actor)
            (addition,) = writer.store([prepared]).elements()
            due = writer.tail_length() >= index.TAIL_LENGTH
        if due and self._upkeep_queued.acquire(blocking=False):
            self._upkeep.submit(self._upkeep_once, writer.collection_id)
        return addition

    def add_all(
        self, collection: str, articles: Iterable[NewArticle], *, actor: str
    ) -> Iterator[Mapping[Addition, int]]:
        """Store and index many; yields after each commit what it holds, so that whatever was reported is kept."""
        fresh: dict[int, set[str]] = {}
        collection_id: int | None = None
        for batch in _batches(_prepare_all(articles)):
            with self.writing() as connection:
                writer = _Writer(connection, _collection_for_writing(connection, collection), actor)
                counts = writer.store(batch)
                tail = writer.tail_length()
            collection_id = writer.collection_id
            fresh.update(writer.fresh)
            yield counts
            if tail >= BULK_TAIL:
                self._maintain(collection_id, fresh)
                fresh.clear()
        if collection_id is not None:
            self._maintain(collection_id, fresh, index.compact)

    def remove(self, collection: str, reference: str, *, actor: str) -> Article:
        """Remove an article by id or URL with all its versions. Raises `ArticleNotFound`."""
        with self.writing() as connection:
            of = _collection_named(connection, collection)
            return _Writer(connection, of, actor).remove(reference)

    def rebuild(self, collection: str) -> Iterator[tuple[int, int]]:
        """Make passages and postings anew from the articles; yields (articles done, articles in all).

        Each batch of articles moves to new passages in one transaction, so that searches stay complete throughout.
        """
        with self.reading() as connection:
            of = _collection_named(connection, collection)
            query = select(col(Article.id)).where(_in(Article, of)).order_by(col(Article.id))
            ids = [_id(found) for found in connection.scalars(query)]
        if of.id:
            yield from self._index_again(of.id, ids)

    def _index_again(self, collection_id: int, article_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Give articles new passages; yields (articles done, articles in all)."""
        done = 0
        for step in index.batched(article_ids, _REBUILD_ARTICLES):
            with self.writing() as connection:
                writer = _Writer(connection, index.load(connection, collection_id), "")
                writer.index_again(step)
                tail = writer.tail_length()
            done += len(step)
            yield done, len(article_ids)
            if tail >= BULK_TAIL:
                self._maintain(collection_id)
        self._maintain(collection_id)

    def _index_missing(self) -> None:
        """Index the articles that have no passages, as a new form of the index leaves them, or a crash amid that."""
        with self.reading() as connection:
            query = select(col(Article.collection_id), col(Article.id)).where(col(Article.passages) == 0)
            missing: defaultdict[int, list[int]] = defaultdict(list)
            for collection_id, article_id in connection.execute(query):
                missing[collection_id].append(_id(article_id))
        for collection_id, article_ids in missing.items():
            logger.warning("indexing %d articles anew, a minute or more for every ten thousand", len(article_ids))
            for _ in self._index_again(collection_id, article_ids):
                pass

    # --- upkeep of the index ---

    def _upkeep_once(self, collection_id: int) -> None:
        """What the upkeep thread runs; a failure is logged and tried again after a later addition."""
        try:
            self._maintain(collection_id)
        except Exception:  # nobody waits for this thread's result, so an error would vanish
            logger.exception("upkeep of the index failed")
        finally:
            self._upkeep_queued.release()

    def _maintain(
        self,
        collection_id: int,
        fresh: Mapping[int, set[str]] | None = None,
        finish: Callable[[index.Transactions, int], None] = lambda transactions, collection_id: None,
    ) -> None:
        """Write a long tail as a segment, merge what is due, `finish`, sweep; nothing where another process is at it.

        `fresh` spares reading again what was just indexed: the terms of passages by number.
        """

        def terms_of(connection: Connection, first: int, end: int) -> Iterator[tuple[int, set[str]]]:
            return _terms_of(connection, collection_id, first, end, fresh or {})

        leased = _Leased(self, f"index:{collection_id}", self._holder)
        with self._upkeep_running:
            if not leased.acquire():
                return
            try:
                with self.reading() as connection:
                    tail = _tail_length(connection, collection_id)
                if tail >= index.TAIL_LENGTH:
                    index.flush(leased, collection_id, terms_of)
                while index.merge(leased, collection_id):
                    pass
                finish(leased, collection_id)
                index.sweep(leased, collection_id)
                self._shrink()
                leased.release()
            except _LeaseLost:
                logger.warning("another process took over the upkeep of the index")

    def _shrink(self) -> None:
        """Give free pages of a SQLite file back to the system, in short steps, where they are many."""
        if self._engine.dialect.name != "sqlite":
            return
        with self.reading() as connection:
            free, pages = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _PAGE_COUNTS)
        if free > _MOST_FREE * pages:
            with _own_errors(), closing(self._engine.raw_connection()) as raw:
                sqlite: Any = raw.driver_connection
                for _ in range(0, free, _PAGES_A_STEP):
                    # A script, for Python steps a statement without rows once, which frees a single page.
                    sqlite.executescript(f"PRAGMA incremental_vacuum({_PAGES_A_STEP})")

    # --- checking ---

    def verify(self, collection: str, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[str]:
        """Every way in which the index differs from the articles, one sentence each; none where all is well.

        `progress` is told (articles done, articles in all).
        """
        with self.reading() as connection:
            if connection.dialect.name == "sqlite":
                for (problem,) in connection.exec_driver_sql("PRAGMA quick_check"):
                    if problem != "ok":
                        yield f"database file: {problem}"
            of = _collection_named(connection, collection)
            sums = index.fingerprints(connection, of)
            articles = connection.execute(_newest_versions().where(_in(Article, of)).order_by(col(Article.id))).all()
            if len(articles) != of.articles:
                yield f"the collection counts {of.articles} articles and holds {len(articles)}"
            expected = 0
            for done, row in enumerate(articles, 1):
                expected += row.passages
                yield from _problems(connection, of, row, sums)
                progress(done, len(articles))
            standing = _count(connection, Passage, _in(Passage, of))
            if standing != expected:
                yield f"{standing} passages stand where the articles have {expected}"


class Snapshot:
    """A collection at one moment: what a check reads."""

    def __init__(self, connection: Connection, collection: Collection) -> None:
        self._connection = connection
        self._collection = collection

    @property
    def searched(self) -> int:
        """How many articles a search looks through."""
        return self._collection.articles

    def search(
        self,
        wanted: Iterable[str],
        limit: int,
        *,
        most_terms: int = index.MOST_TERMS,
        doubtful: Container[str] = (),
    ) -> list[index.Candidate]:
        """The passages that share the most weight of the rarest terms, best first; see `index.search`."""
        return index.search(self._connection, self._collection, wanted, limit, most_terms=most_terms, doubtful=doubtful)

    def texts(self, article_ids: Iterable[int]) -> dict[int, StoredText]:
        """The newest versions of some articles that a search proposed, by article id."""
        rows = self._connection.execute(_TEXTS, {"ids": list(set(article_ids))})
        return {_id(number): StoredText(title, text) for number, title, text in rows.all()}

    def articles(self, article_ids: Iterable[int]) -> dict[int, Article]:
        """Some articles that a search proposed, by id."""
        rows = self._connection.execute(_ARTICLES, {"ids": list(set(article_ids))})
        return {_id(row.id): Article(**row._mapping) for row in rows.all()}


# --- one transaction's writes ---


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article with everything that can be worked out before the write lock is taken."""

    article: NewArticle
    sha256: bytes
    passages: tuple["_PreparedPassage", ...]

    def under(self, title: str) -> tuple["_PreparedPassage", ...]:
        """The passages if the stored title is this one: a new version without a title keeps the old one."""
        return self.passages if title == self.article.title else _passages(StoredText(title, self.article.text))


class _PreparedPassage(NamedTuple):  # a tuple, for a million of them come from other processes
    field: PassageField
    start: int
    end: int
    terms: set[str]
    hashes: bytes


def _prepare(article: NewArticle) -> _Prepared:
    digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).digest()
    return _Prepared(article, digest, _passages(StoredText(article.title, article.text)))


def _passages(stored: StoredText) -> tuple[_PreparedPassage, ...]:
    """The passages of an article: its title, then its sentences, those without a word left out."""
    places = [(PassageField.TITLE, Span(0, len(stored.title)))]
    places += [(PassageField.TEXT, span) for span in sentences(stored.text)]
    passages = []
    for field, span in places:
        if found := set(terms(normal_words(stored.of(field)[span.start : span.end]))):
            passages.append(_PreparedPassage(field, span.start, span.end, found, index.hashes(found)))
    return tuple(passages)


def _prepare_all(articles: Iterable[NewArticle]) -> Iterator[_Prepared]:
    """Every article prepared, in order; many articles by other processes, for that is most of an import's work."""
    remaining = iter(articles)
    yield from map(_prepare, islice(remaining, _PARALLEL_FROM))
    workers = (os.cpu_count() or 1) - 1
    chunks = index.batched(remaining, _PARALLEL_CHUNK)
    first = next(chunks, None)
    if first is None:
        return
    if not workers:
        yield from map(_prepare, chain(first, chain.from_iterable(chunks)))
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_follow_parent)
    try:
        pending: deque[Future[list[_Prepared]]] = deque()
        for chunk in chain([first], chunks):
            pending.append(pool.submit(_prepare_chunk, chunk))
            if len(pending) > _PARALLEL_AHEAD * workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _prepare_chunk(articles: Sequence[NewArticle]) -> list[_Prepared]:
    return [_prepare(article) for article in articles]


def _follow_parent() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends, even if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _batches(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Articles in groups of about `BATCH_PASSAGES` passages."""
    batch: list[_Prepared] = []
    size = 0
    for one in prepared:
        batch.append(one)
        size += len(one.passages)
        if size >= BATCH_PASSAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Writer:
    """Changes one collection inside one writing transaction, each change with its audit entry."""

    def __init__(self, connection: Connection, collection: Collection, actor: str) -> None:
        self._connection = connection
        self._session = _session(connection)
        self._collection = collection
        self._actor = actor
        self.fresh: dict[int, set[str]] = {}

    @property
    def collection_id(self) -> int:
        """The id of the collection, which exists by now."""
        return _id(self._collection.id)

    def tail_length(self) -> int:
        """Passages that are in no segment yet."""
        return _tail_length(self._connection, self.collection_id)

    def store(self, batch: Sequence[_Prepared]) -> Counter[Addition]:
        """Add articles, or new versions of known ones."""
        known = self._known([one.article.url for one in batch])
        new = {one.article.url: self._new(one.article) for one in batch if one.article.url not in known}
        self._session.add_all(new.values())
        self._session.flush()
        counts: Counter[Addition] = Counter()
        changed: dict[int, tuple[Article, _Prepared]] = {}
        for one in batch:
            url = one.article.url
            article, digest = known.get(url) or (new[url], b"")
            if digest == one.sha256:
                counts[Addition.UNCHANGED] += 1
                continue
            before = _facts(article, digest) if digest else None
            if before:
                self._forget_passages(article)
                self._update(article, one.article)
            counts[Addition.NEW_VERSION if before else Addition.ADDED] += 1
            known[url] = (article, one.sha256)
            changed[_id(article.id)] = (article, one)
            self._session.add(_version(article, one))
            self._log("update" if before else "add", url, before, _facts(article, one.sha256))
        self._index([(article, one.under(article.title)) for article, one in changed.values()])
        self._collection_values(articles=self._collection.articles + counts[Addition.ADDED])
        self._session.flush()
        return counts

    def remove(self, reference: str) -> Article:
        """Remove an article with its versions and passages; its postings go at the next merge."""
        article = _article(self._session, self._collection, reference)
        self._forget_passages(article)
        digest = self._known([article.url])[article.url][1]
        self._log("remove", article.url, _facts(article, digest), None)
        self._connection.execute(delete(ArticleVersion).where(col(ArticleVersion.article_id) == article.id))
        self._session.delete(article)
        self._collection_values(articles=self._collection.articles - 1)
        self._session.flush()
        return article

    def index_again(self, article_ids: Sequence[int]) -> None:
        """Give articles new passages, made from their newest versions."""
        texts = Snapshot(self._connection, self._collection).texts(article_ids)
        query = select_rows(Article).where(col(Article.id).in_(list(texts)))
        again = []
        for article in self._session.exec(query):
            self._forget_passages(article)
            again.append((article, _passages(texts[_id(article.id)])))
        self._index(again)
        self._session.flush()

    def _known(self, urls: Sequence[str]) -> dict[str, tuple[Article, bytes]]:
        """The articles of some URLs with the digests of their newest versions."""
        query = (
            select_rows(Article, ArticleVersion.sha256)
            .join(ArticleVersion, _is_newest())
            .where(_in(Article, self._collection), col(Article.url).in_(urls))
        )
        return {article.url: (article, digest) for article, digest in self._session.exec(query)}

    def _new(self, incoming: NewArticle) -> Article:
        return Article(
            collection_id=self.collection_id,
            url=incoming.url,
            title=incoming.title,
            publisher=incoming.publisher,
            published_on=incoming.published_on,
            language=incoming.language,
        )

    def _update(self, article: Article, incoming: NewArticle) -> None:
        """Take over what the new version says of itself; what it leaves out stays."""
        article.version += 1
        article.title = incoming.title or article.title
        article.publisher = incoming.publisher or article.publisher
        article.published_on = incoming.published_on or article.published_on
        article.language = incoming.language or article.language

    def _forget_passages(self, article: Article) -> None:
        first, end = article.first_passage, article.first_passage + article.passages
        self._connection.execute(
            delete(Passage).where(
                _in(Passage, self._collection), col(Passage.number) >= first, col(Passage.number) < end
            )
        )

    def _index(self, articles: Sequence[tuple[Article, Sequence[_PreparedPassage]]]) -> None:
        """Number the passages of some articles, store them and add them to the tail of the index."""
        first = number = self._collection.next_passage
        rows: list[tuple[object, ...]] = []
        added: list[bytes] = []
        for article, passages in articles:
            article.first_passage, article.passages = number, len(passages)
            for passage in passages:
                rows.append((self.collection_id, number, article.id, passage.field.name, passage.start, passage.end))
                added.append(passage.hashes)
                self.fresh[number] = passage.terms
                number += 1
        if rows:
            index.insert_rows(self._connection, Passage, rows)
            index.append(self._connection, self.collection_id, first, added)
            self._collection_values(next_passage=number)

    def _collection_values(self, **values: int) -> None:
        self._connection.execute(update(Collection).where(col(Collection.id) == self.collection_id).values(**values))
        for name, value in values.items():
            setattr(self._collection, name, value)

    def _log(self, action: str, url: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self._session.add(
            AuditEntry(
                collection_id=self.collection_id, actor=self._actor, action=action, url=url, before=before, after=after
            )
        )


def _version(article: Article, one: _Prepared) -> ArticleVersion:
    return ArticleVersion(
        article_id=_id(article.id),
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


# --- queries ---


def _session(connection: Connection) -> Session:
    """A session inside the connection's transaction; its rows stay readable afterwards."""
    return Session(bind=connection, expire_on_commit=False)


def _id(value: int | None) -> int:
    """The id of a row that has been stored."""
    if value is None:
        raise LibraryError("a row was used before it was stored")
    return value


def _in(table: type[Article] | type[Passage] | type[Posting], collection: Collection) -> ColumnElement[bool]:
    return col(table.collection_id) == collection.id


def _count(connection: Connection, table: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _is_newest() -> ColumnElement[bool]:
    return and_(col(ArticleVersion.article_id) == col(Article.id), col(ArticleVersion.number) == col(Article.version))


def _newest_versions() -> Select[int | None, str, int, int, str, str, bytes]:
    """Articles with the title, text and digest of their newest versions."""
    return select(
        col(Article.id),
        col(Article.url),
        col(Article.first_passage),
        col(Article.passages),
        col(ArticleVersion.title),
        col(ArticleVersion.text),
        col(ArticleVersion.sha256),
    ).join(ArticleVersion, _is_newest())


# What every check asks, built once: building a statement anew costs as much as running it. They ask by id alone: with
# the collection in the query SQLite reads the whole collection instead (10 ms).
_COLLECTION = select(SQLModel.metadata.tables["collection"]).where(col(Collection.name) == bindparam("name"))
_ARTICLES = select(SQLModel.metadata.tables["article"]).where(col(Article.id).in_(bindparam("ids", expanding=True)))
_TEXTS = (
    select(col(Article.id), col(ArticleVersion.title), col(ArticleVersion.text))
    .join(ArticleVersion, _is_newest())
    .where(col(Article.id).in_(bindparam("ids", expanding=True)))
)


def _collection_named(connection: Connection, name: str) -> Collection:
    """The collection of a name; an empty one, not stored, where there is none."""
    row = connection.execute(_COLLECTION, {"name": name}).one_or_none()
    return Collection(**row._mapping) if row is not None else Collection(id=0, name=name)


def _collection_for_writing(connection: Connection, name: str) -> Collection:
    """The collection of a name, made where there is none."""
    found = _collection_named(connection, name)
    if found.id:
        return found
    with _session(connection) as session:
        made = Collection(name=name)
        session.add(made)
        session.flush()
        return made


def _article(session: Session, collection: Collection, reference: str) -> Article:
    """The article of an id or URL. Raises `ArticleNotFound`."""
    by_url = select_rows(Article).where(_in(Article, collection), Article.url == reference)
    found = session.exec(by_url).one_or_none()
    if found is None and reference.isascii() and reference.isdecimal() and len(reference) < 19:
        found = session.exec(
            select_rows(Article).where(_in(Article, collection), Article.id == int(reference))
        ).one_or_none()
    if found is None:
        raise ArticleNotFound(reference)
    return found


def _tail_length(connection: Connection, collection_id: int) -> int:
    query = select(col(Collection.next_passage) - col(Collection.indexed_to)).where(col(Collection.id) == collection_id)
    return connection.scalar(query) or 0


def _terms_of(
    connection: Connection, collection_id: int, first: int, end: int, fresh: Mapping[int, set[str]]
) -> Iterator[tuple[int, set[str]]]:
    """The terms of every standing passage in [`first`, `end`), from `fresh` or else from the article."""
    snapshot = Snapshot(connection, Collection(id=collection_id, name=""))
    query = select(
        col(Passage.number), col(Passage.article_id), col(Passage.field), col(Passage.start), col(Passage.end)
    ).where(col(Passage.collection_id) == collection_id, col(Passage.number) >= first, col(Passage.number) < end)
    read: dict[int, StoredText] = {}
    for row in connection.execute(query.order_by(col(Passage.number))).all():
        known = fresh.get(row.number)
        if known is None:
            if row.article_id not in read:
                read = snapshot.texts([row.article_id])
            source = read[row.article_id].of(row.field)
            known = set(terms(normal_words(source[row.start : row.end])))
        yield row.number, known


def _problems(
    connection: Connection,
    collection: Collection,
    article: Row[int | None, str, int, int, str, str, bytes],
    sums: NDArray[uint64],
) -> Iterator[str]:
    """Where one article's passages and postings are not what its newest version gives."""
    if hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).digest() != article.sha256:
        yield f"article {article.id} ({article.url}): its text is not the one that was stored"
    expected = _passages(StoredText(article.title, article.text))
    first, end = article.first_passage, article.first_passage + article.passages
    rows = connection.execute(
        select(col(Passage.number), col(Passage.article_id), col(Passage.field), col(Passage.start), col(Passage.end))
        .where(_in(Passage, collection), col(Passage.number) >= first, col(Passage.number) < end)
        .order_by(col(Passage.number))
    ).all()
    wanted = [
        (number, article.id, passage.field, passage.start, passage.end)
        for number, passage in enumerate(expected, first)
    ]
    if [tuple(row) for row in rows] != wanted:
        yield f"article {article.id} ({article.url}): its passages are not its sentences"
        return
    for number, passage in enumerate(expected, first):
        if int(sums[number]) != index.fingerprint(passage.terms):
            yield f"article {article.id} ({article.url}): passage {number} is not indexed under its terms"


# --- the lease and the database underneath ---


class _LeaseLost(LibraryError):
    """Another process holds the lease now."""


class _Leased:
    """The library's transactions for a job that only one process may do; every writing one renews the lease."""

    def __init__(self, library: Library, job: str, holder: str) -> None:
        self._library = library
        self._job = job
        self._holder = holder

    def acquire(self) -> bool:
        """Take the lease if it is free or run out."""
        with self._library.writing() as connection, _session(connection) as session:
            lease = session.get(Lease, self._job)
            if lease is not None and lease.holder != self._holder and lease.expires_at > now():
                return False
            session.merge(Lease(job=self._job, holder=self._holder, expires_at=now() + LEASE))
            session.flush()
            return True

    def release(self) -> None:
        """Give the lease back."""
        with self._library.writing() as connection:
            connection.execute(delete(Lease).where(*self._mine()))

    def reading(self) -> AbstractContextManager[Connection]:
        """One snapshot."""
        return self._library.reading()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction. Raises `_LeaseLost` where somebody else has taken over."""
        with self._library.writing() as connection:
            renewal = update(Lease).where(*self._mine()).values(expires_at=now() + LEASE)
            if connection.execute(renewal).rowcount == 0:
                raise _LeaseLost(self._job)
            yield connection

    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return col(Lease.job) == self._job, col(Lease.holder) == self._holder


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Settings of every SQLite connection.

    WAL lets readers go on while one writes; with synchronous=NORMAL a commit survives a crash of the process, and a
    power cut may take back the last ones but never half of one.
    """
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "page_size=16384",  # of a new file: long posting lists are read in a quarter of the steps
        "auto_vacuum=INCREMENTAL",  # of a new file; merges free as many pages as they write
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-49152",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin a writing transaction IMMEDIATE: under the default, concurrent updates are lost (notes/style.md)."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turns the database's errors into `LibraryError`, out of space into `LibraryFull`."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig)
        kind = LibraryFull if "full" in reason else LibraryError
        raise kind(reason) from error
