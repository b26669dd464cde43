"""The store: every collection in one database, and the only holder of a session.

Articles, their passages and the index change in one transaction, which begins IMMEDIATE; what a commit has reported
survives a crash. Merging of the index happens behind the scenes, in short steps, under a lease.
"""

import hashlib
import logging
import os
import signal
import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from numpy import uint64
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    bindparam,
    delete,
    event,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel, col, create_engine
from sqlmodel import select as select_rows

from knowledge import index, schema
from knowledge.errors import CollectionDisabled, CollectionNotFound, LibraryError, LibraryFull
from knowledge.models import (
    Article,
    ArticleVersion,
    AuditEntry,
    Collection,
    Lease,
    NewArticle,
    Passage,
    Posting,
    RemovalRecord,
    SegmentState,
    now,
)
from knowledge.rows import (
    Origin,
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
from knowledge.text import normal_words, terms
from knowledge.writer import (
    Addition,
    Prepared,
    Writer,
    delete_all,
    indexed_passages,
    passages_of,
    prepare,
    upkeep_job,
)

logger = logging.getLogger(__name__)

SHARED = "shared"
"""The collection that others may read too."""

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


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection as operators see it."""

    name: str
    articles: int
    created_at: datetime
    disabled: bool
    reads_shared: bool
    quota: int | None


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
class LibrarySize:
    """How much all collections hold together."""

    articles: int
    passages: int


class Library:
    """All collections in one database. Any thread may call it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: tuple[int, int] | None = None
        self._holder = uuid4().hex
        self._upkeep = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upkeep")
        self._upkeep_queued = Lock()
        self._upkeep_running = Lock()  # the lease keeps processes apart, this the threads of one

    @classmethod
    def open(cls, url: str, before_upgrade: Callable[["Library", str], object] = lambda library, found: None) -> Self:
        """The library at a database URL, created or upgraded if need be. Raises `LibraryError`, `SchemaError`.

        `before_upgrade` gets the library with its older schema and the name of that, while nobody else can write.
        """
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
                    schema.upgrade(connection, lambda found: before_upgrade(library, found))
            library._index_missing()
            library._file = _file_of(engine)
            if library._file is not None:
                event.listen(engine, "do_connect", library._refuse_to_make_a_file)
        except BaseException:
            library.close()
            raise
        return library

    def _refuse_to_make_a_file(self, *connecting: object) -> None:
        """Where the file was deleted since it was opened, SQLite would make an empty one that a restore would heed."""
        if _file_of(self._engine) is None:
            raise sqlite3.OperationalError("the database file is gone")

    @property
    def url(self) -> str:
        """The address at which another process opens the same library; it may hold a password."""
        return self._engine.url.render_as_string(hide_password=False)

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
    def reading_of(self, collection: str) -> Iterator[tuple[Connection, Collection]]:
        """A connection that sees one snapshot, and the collection in it; an empty one where there is none."""
        with self.reading() as connection:
            yield connection, _collection_named(connection, collection)

    @contextmanager
    def snapshot(self, collection: str) -> Iterator["Snapshot"]:
        """What a collection holds, and the shared one if it reads that, at one moment: as long as the context lasts.

        Raises `CollectionDisabled`.
        """
        with self.reading() as connection:
            of = _collection_named(connection, collection)
            if of.disabled:
                raise CollectionDisabled(collection)
            if not of.reads_shared or collection == SHARED:
                yield Snapshot(connection, of)
                return
            shared = _collection_named(connection, SHARED)
            yield Snapshot(connection, of, None if shared.disabled else shared)

    def article(self, collection: str, reference: str) -> Article:
        """The article of a URL, id or title. Raises `ArticleNotFound`."""
        with self.reading() as connection, session_on(connection) as session:
            return article_of(session, _collection_named(connection, collection), reference)

    def articles(self, collection: str) -> Iterator[Article]:
        """Every article of a collection, by date and id."""
        with self.reading() as connection, session_on(connection) as session:
            of = _collection_named(connection, collection)
            query = (
                select_rows(Article)
                .where(Article.collection_id == of.id)
                .order_by(col(Article.published_on), col(Article.id))
            )
            yield from session.exec(query.execution_options(yield_per=500))

    def versions(self, article: Article) -> tuple[ArticleVersion, ...]:
        """The versions of an article, oldest first; the last is the one indexed whole."""
        with self.reading() as connection, session_on(connection) as session:
            query = select_rows(ArticleVersion).where(ArticleVersion.article_id == article.id)
            return tuple(session.exec(query.order_by(col(ArticleVersion.number))))

    def audit(self, collection: str) -> Iterator[AuditEntry]:
        """Every change of a collection, oldest first."""
        with self.reading() as connection, session_on(connection) as session:
            of = _collection_named(connection, collection)
            query = select_rows(AuditEntry).where(AuditEntry.collection_id == of.id).order_by(col(AuditEntry.id))
            yield from session.exec(query)

    def stats(self, collection: str) -> LibraryStats:
        """The size of a collection and of its index."""
        with self.reading() as connection:
            of = _collection_named(connection, collection)
            versions = select(func.count()).select_from(ArticleVersion).join(Article).where(is_in(Article, of))
            live = index.segments(connection, of, SegmentState.LIVE).values()
            return LibraryStats(
                articles=of.articles,
                versions=connection.scalar(versions) or 0,
                passages=_count(connection, Passage, is_in(Passage, of)),
                tail=_count(connection, Passage, is_in(Passage, of), col(Passage.number) >= of.indexed_to),
                segments=tuple(segment.end_passage - segment.first_passage for segment in live),
                postings=_count(connection, Posting, is_in(Posting, of)),
            )

    def size(self) -> LibrarySize:
        """How much all collections hold together."""
        query = select(func.count(), func.coalesce(func.sum(Article.passages), 0)).select_from(Article)
        with self.reading() as connection:
            return LibrarySize(*connection.execute(query).one())

    def probe(self) -> None:
        """Open the database anew, as another process would, and read from it. Raises `LibraryError`.

        A connection that is open goes on in a SQLite file that was deleted or replaced, and what it writes is lost.
        """
        if _file_of(self._engine) != self._file:
            raise LibraryError("the database file is gone, or another one is in its place")
        engine = create_engine(self._engine.url, poolclass=NullPool)
        with _own_errors(), engine.connect() as connection:
            connection.scalar(select(func.count()).select_from(Collection))

    # --- writing ---

    def add(self, collection: str, article: NewArticle, *, actor: str) -> Addition:
        """Store and index one article in one transaction. `actor` is an opaque name such as "discord:1234"."""
        prepared = prepare(article)
        with self.changing(collection, actor) as writer:
            (addition,) = writer.store([prepared]).elements()
        return addition

    @contextmanager
    def changing(self, collection: str, actor: str) -> Iterator[Writer]:
        """One transaction's changes to a collection, which is made where there is none."""
        with self.writing() as connection:
            writer = Writer(connection, _collection_for_writing(connection, collection), actor)
            yield writer
            due = writer.tail_length() >= index.TAIL_LENGTH
        if due and self._upkeep_queued.acquire(blocking=False):
            self._upkeep.submit(self._upkeep_once, writer.collection_id)

    def add_all(
        self,
        collection: str,
        articles: Iterable[NewArticle],
        *,
        actor: str,
        admit: Callable[[Writer, Sequence[Prepared]], Sequence[Prepared]] = lambda writer, batch: batch,
    ) -> Generator[Mapping[Addition, int], None, None]:
        """Store and index many; yields after each commit what it holds, so that whatever was reported is kept.

        `admit` says within the transaction which of a batch may enter.
        """
        fresh: dict[int, set[str]] = {}
        collection_id: int | None = None
        for batch in _batches(_prepare_all(articles)):
            with self.writing() as connection:
                writer = Writer(connection, _collection_for_writing(connection, collection), actor)
                counts = writer.store(admit(writer, batch))
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
        """Remove an article with all its versions, for good. Raises `ArticleNotFound`."""
        with self.changing(collection, actor) as writer:
            return writer.remove(reference)

    def index_articles(self, collection_id: int, article_ids: Sequence[int]) -> None:
        """Index articles that have no passages; a crash amid it is mended when the library is next opened."""
        for _ in self._index_again(collection_id, article_ids):
            pass

    def leased(self, job: str, length: timedelta, clock: Callable[[], datetime] = now) -> "Leased":
        """The library for a job that only one may do at a time, over all threads and processes."""
        return Leased(self, job, uuid4().hex, length, clock)

    # --- operators ---

    def collections(self) -> tuple[CollectionInfo, ...]:
        """Every collection, by name."""
        of = SQLModel.metadata.tables["collection"].c
        columns = (of.name, of.articles, of.created_at, of.disabled, of.reads_shared, of.quota)
        with self.reading() as connection:
            query = select(*columns).where(of.id.not_in(_HOLDINGS)).order_by(of.name)
            return tuple(CollectionInfo(*row) for row in connection.execute(query).all())

    def collection(self, name: str) -> CollectionInfo:
        """A collection. Raises `CollectionNotFound`."""
        with self.reading() as connection:
            of = _existing(connection, name)
            return CollectionInfo(of.name, of.articles, of.created_at, of.disabled, of.reads_shared, of.quota)

    def copy_to(self, path: Path) -> None:
        """Write a SQLite library as it is at this moment into a new file, while others go on reading and writing."""
        if self._engine.dialect.name != "sqlite":
            raise LibraryError("only a SQLite library can be copied")
        with _own_errors(), closing(self._engine.raw_connection()) as raw, closing(sqlite3.connect(path)) as target:
            sqlite: Any = raw.driver_connection
            sqlite.backup(target)  # in one step, which sees one moment, and is not begun anew at every write of others

    def switch(self, collection: str, *, disabled: bool, actor: str) -> None:
        """Stop a collection, or let it go on. Raises `CollectionNotFound`."""
        with self.writing() as connection:
            writer = Writer(connection, _existing(connection, collection), actor)
            if writer.collection.disabled is not disabled:
                writer.log("disable" if disabled else "enable", "", None, None)
                writer.set_values(disabled=disabled)

    def delete_collection(self, collection: str) -> int:
        """Delete all of a collection, its audit too; returns how many articles it had. Raises `CollectionNotFound`."""
        with self.writing() as connection:
            of = _existing(connection, collection)
            removal = SQLModel.metadata.tables["removal"]
            mine = select(removal.c.holding_id).where(removal.c.collection_id == of.id)
            holdings = connection.scalars(mine).all()
            connection.execute(delete(removal).where(removal.c.collection_id == of.id))
            for collection_id in (*holdings, id_of(of.id)):
                delete_all(connection, collection_id)
        logger.info("collection %s was deleted with %d articles", collection, of.articles)
        return of.articles

    def take_down(self, url: str, *, actor: str) -> tuple[str, ...]:
        """Delete the article of a URL for good, wherever it is or waits; returns the collections that had it.

        The claims that its page reviewed go with it.
        """
        with self.writing() as connection:
            owners: dict[int, Writer] = {}
            for collection_id, found in _standing_under(connection, url):
                owner = _owner(connection, collection_id)
                writer = owners.setdefault(owner, Writer(connection, index.load(connection, owner), actor))
                writer.take_down(found, collection_id)
            draft = SQLModel.metadata.tables["draft"].c
            connection.execute(delete(draft.id.table).where(_is_under(draft.url, url), draft.decided_by.is_(None)))
        return tuple(sorted(writer.collection.name for writer in owners.values()))

    def rebuild(self, collection: str) -> Iterator[tuple[int, int]]:
        """Make passages and postings anew from the articles; yields (articles done, articles in all).

        Each batch of articles moves to new passages in one transaction, so that searches stay complete throughout.
        """
        with self.reading() as connection:
            of = _collection_named(connection, collection)
            query = select(col(Article.id)).where(is_in(Article, of)).order_by(col(Article.id))
            ids = [id_of(found) for found in connection.scalars(query)]
        if of.id:
            yield from self._index_again(of.id, ids)

    def _index_again(self, collection_id: int, article_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Give articles new passages; yields (articles done, articles in all)."""
        done = 0
        for step in index.batched(article_ids, _REBUILD_ARTICLES):
            with self.writing() as connection:
                writer = Writer(connection, index.load(connection, collection_id), "")
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
            query = select(col(Article.collection_id), col(Article.id)).where(
                col(Article.passages) == 0, col(Article.collection_id).not_in(_HOLDINGS)
            )
            missing: defaultdict[int, list[int]] = defaultdict(list)
            for collection_id, article_id in connection.execute(query):
                missing[collection_id].append(id_of(article_id))
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

        leased = Leased(self, upkeep_job(collection_id), self._holder)
        with self._upkeep_running:
            with self.reading() as connection:
                if not _count(connection, Collection, col(Collection.id) == collection_id):
                    return  # it was deleted meanwhile
            if not leased.acquire():
                return
            try:
                with self.reading() as connection:
                    tail = tail_length(connection, collection_id)
                if tail >= index.TAIL_LENGTH:
                    index.flush(leased, collection_id, terms_of)
                while index.merge(leased, collection_id):
                    pass
                finish(leased, collection_id)
                index.sweep(leased, collection_id)
                self._shrink()
                leased.release()
            except LeaseLost:
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
            articles = connection.execute(_newest_versions().where(is_in(Article, of)).order_by(col(Article.id))).all()
            if len(articles) != of.articles:
                yield f"the collection counts {of.articles} articles and holds {len(articles)}"
            expected = 0
            for done, row in enumerate(articles, 1):
                expected += row.passages
                yield from _problems(connection, of, row, sums)
                progress(done, len(articles))
            standing = _count(connection, Passage, is_in(Passage, of))
            if standing != expected:
                yield f"{standing} passages stand where the articles have {expected}"


class Snapshot:
    """A collection at one moment, perhaps with the shared one beside it: what a check reads."""

    def __init__(self, connection: Connection, collection: Collection, shared: Collection | None = None) -> None:
        self._connection = connection
        self._collection = collection
        self._shared = shared
        self.candidates = 0
        """The texts that were looked at so far."""

    @property
    def parts(self) -> tuple["Snapshot", ...]:
        """Every collection that is read, each to be searched by itself; articles and texts of all can be had here."""
        return (self,) if self._shared is None else (self, Snapshot(self._connection, self._shared))

    @property
    def searched(self) -> int:
        """How many articles there are in all parts."""
        return sum(part._collection.articles for part in self.parts)

    @property
    def links_archive(self) -> bool:
        """Whether the collection would have readers led to archived copies, too."""
        return self._collection.links_archive

    def owns(self, article: Article) -> bool:
        """Whether an article is the collection's own."""
        return article.collection_id == self._collection.id

    def search(
        self,
        wanted: Iterable[str],
        limit: int,
        *,
        most_terms: int = index.MOST_TERMS,
        doubtful: Container[str] = (),
    ) -> list[index.Candidate]:
        """The collection's own passages that share the most weight of the rarest terms, best first: `index.search`."""
        return index.search(self._connection, self._collection, wanted, limit, most_terms=most_terms, doubtful=doubtful)

    def texts(self, candidates: Iterable[index.Candidate]) -> dict[Origin, StoredText]:
        """The versions that some passages which a search proposed are cut from, by their `origin`."""
        found = texts_of(self._connection, (candidate.origin for candidate in candidates))
        self.candidates += len(found)
        return found

    def articles(self, article_ids: Iterable[int]) -> dict[int, Article]:
        """Some articles that a search proposed, by id."""
        rows = self._connection.execute(_ARTICLES, {"ids": list(set(article_ids))})
        return {id_of(row.id): Article(**row._mapping) for row in rows.all()}


def _prepare_all(articles: Iterable[NewArticle]) -> Iterator[Prepared]:
    """Every article prepared, in order; many articles by other processes, for that is most of an import's work."""
    remaining = iter(articles)
    yield from map(prepare, islice(remaining, _PARALLEL_FROM))
    workers = (os.cpu_count() or 1) - 1
    chunks = index.batched(remaining, _PARALLEL_CHUNK)
    first = next(chunks, None)
    if first is None:
        return
    if not workers:
        yield from map(prepare, chain(first, chain.from_iterable(chunks)))
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=follow_parent)
    try:
        pending: deque[Future[list[Prepared]]] = deque()
        for chunk in chain([first], chunks):
            pending.append(pool.submit(_prepare_chunk, chunk))
            if len(pending) > _PARALLEL_AHEAD * workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _prepare_chunk(articles: Sequence[NewArticle]) -> list[Prepared]:
    return [prepare(article) for article in articles]


def follow_parent() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends, even if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _batches(prepared: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    """Articles in groups of about `BATCH_PASSAGES` passages."""
    batch: list[Prepared] = []
    size = 0
    for one in prepared:
        batch.append(one)
        size += len(one.passages)
        if size >= BATCH_PASSAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# --- queries ---

_HOLDINGS = select(col(RemovalRecord.holding_id))


def _count(connection: Connection, table: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _newest_versions() -> Select[int, str, int, int, int, str, str, bytes]:
    """Articles with the title, text and digest of their newest versions."""
    return select(
        col(ArticleVersion.article_id),
        col(Article.url),
        col(Article.version),
        col(Article.first_passage),
        col(Article.passages),
        col(ArticleVersion.title),
        col(ArticleVersion.text),
        col(ArticleVersion.sha256),
    ).join(Article, is_newest())


# What every check asks, built once, and by id alone, as in `rows`.
_COLLECTION = select(SQLModel.metadata.tables["collection"]).where(col(Collection.name) == bindparam("name"))
_ARTICLES = select(SQLModel.metadata.tables["article"]).where(col(Article.id).in_(bindparam("ids", expanding=True)))


def _collection_named(connection: Connection, name: str) -> Collection:
    """The collection of a name; an empty one, not stored, where there is none."""
    row = connection.execute(_COLLECTION, {"name": name}).one_or_none()
    return Collection(**row._mapping) if row is not None else Collection(id=0, name=name)


def _collection_for_writing(connection: Connection, name: str) -> Collection:
    """The collection of a name, made where there is none."""
    found = _collection_named(connection, name)
    if found.id:
        return found
    with session_on(connection) as session:
        made = Collection(id=next_number(connection, "collection", 1), name=name)
        session.add(made)
        session.flush()
        return made


def _is_under(column: ColumnElement[str], url: str) -> ColumnElement[bool]:
    """Whether a URL is an address, or that of a claim which its page reviews (`ingest.claimreview`)."""
    return or_(column == url, column.startswith(f"{url}#claimreview-", autoescape=True))


def _standing_under(connection: Connection, url: str) -> Sequence[tuple[int, str]]:
    """The collections that have an article or a waiting draft of an address, holdings too, and its URL there."""
    article, draft = (SQLModel.metadata.tables[name].c for name in ("article", "draft"))
    articles = select(article.collection_id, article.url).where(_is_under(article.url, url))
    drafts = select(draft.collection_id, draft.url).where(_is_under(draft.url, url), draft.decided_by.is_(None))
    return [(row.collection_id, row.url) for row in connection.execute(articles.union(drafts))]


def _owner(connection: Connection, collection_id: int) -> int:
    """The collection whose removed articles another holds; itself where it holds none."""
    owner = select(col(RemovalRecord.collection_id)).where(col(RemovalRecord.holding_id) == collection_id)
    return connection.scalar(owner) or collection_id


def _existing(connection: Connection, name: str) -> Collection:
    """The collection of a name. Raises `CollectionNotFound`."""
    found = _collection_named(connection, name)
    if not found.id:
        raise CollectionNotFound(name)
    return found


def _terms_of(
    connection: Connection, collection_id: int, first: int, end: int, fresh: Mapping[int, set[str]]
) -> Iterator[tuple[int, set[str]]]:
    """The terms of every standing passage in [`first`, `end`), from `fresh` or else from the article."""
    query = select(SQLModel.metadata.tables["passage"]).where(
        col(Passage.collection_id) == collection_id, col(Passage.number) >= first, col(Passage.number) < end
    )
    read: dict[Origin, StoredText] = {}
    for row in connection.execute(query.order_by(col(Passage.number))).all():
        known = fresh.get(row.number)
        if known is None:
            origin = (row.article_id, row.version)
            if origin not in read:
                read = texts_of(connection, [origin])
            text = read[origin].of(row.field)
            known = set(terms(normal_words(text[row.start : row.end])))
        yield row.number, known


def _problems(
    connection: Connection,
    collection: Collection,
    article: Row[int, str, int, int, int, str, str, bytes],
    sums: NDArray[uint64],
) -> Iterator[str]:
    """Where one article's passages and postings are not what its versions give."""
    if hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).digest() != article.sha256:
        yield f"article {article.article_id} ({article.url}): its text is not the one that was stored"
    history = history_of(connection, article.article_id) if article.version > 1 else ()
    expected = list(indexed_passages(passages_of(article.title, article.text), history))
    first, end = article.first_passage, article.first_passage + article.passages
    rows = connection.execute(
        select(SQLModel.metadata.tables["passage"])
        .where(is_in(Passage, collection), col(Passage.number) >= first, col(Passage.number) < end)
        .order_by(col(Passage.number))
    ).all()
    wanted = [
        (collection.id, number, article.article_id, passage.field, passage.start, passage.end, version)
        for number, (version, passage) in enumerate(expected, first)
    ]
    if [tuple(row) for row in rows] != wanted:
        yield f"article {article.article_id} ({article.url}): its passages are not its sentences"
        return
    for number, (_, passage) in enumerate(expected, first):
        if int(sums[number]) != index.fingerprint(passage.terms):
            yield f"article {article.article_id} ({article.url}): passage {number} is not indexed under its terms"


# --- the lease and the database underneath ---


class LeaseLost(LibraryError):
    """Another process holds the lease now."""


class Leased:
    """The library's transactions for a job that only one holder may do; every writing one renews the lease."""

    def __init__(
        self,
        library: Library,
        job: str,
        holder: str,
        length: timedelta = LEASE,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._library = library
        self._job = job
        self._holder = holder
        self._length = length
        self._clock = clock

    def acquire(self) -> bool:
        """Take the lease if it is free or run out."""
        with self._library.writing() as connection, session_on(connection) as session:
            lease = session.get(Lease, self._job)
            if lease is not None and lease.holder != self._holder and lease.expires_at > self._clock():
                return False
            session.merge(Lease(job=self._job, holder=self._holder, expires_at=self._clock() + self._length))
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
        """One transaction. Raises `LeaseLost` where somebody else has taken over."""
        with self._library.writing() as connection:
            self.renew(connection)
            yield connection

    def renew(self, connection: Connection) -> None:
        """Keep the lease, with what else a transaction does. Raises `LeaseLost` where somebody else has taken over."""
        renewal = update(Lease).where(*self._mine()).values(expires_at=self._clock() + self._length)
        if connection.execute(renewal).rowcount == 0:
            raise LeaseLost(self._job)

    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return col(Lease.job) == self._job, col(Lease.holder) == self._holder


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Settings of every SQLite connection.

    WAL lets readers go on while one writes; with synchronous=NORMAL a commit survives a crash of the process, and a
    power cut may take back the last ones but never half of one.
    """
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}").close()
    (vacuums,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    of_a_new_file = (
        "page_size=16384",  # long posting lists are read in a quarter of the steps
        "auto_vacuum=INCREMENTAL",  # merges free as many pages as they write
    )
    for pragma in (
        *(() if vacuums else of_a_new_file),  # to say it again takes the write lock, and would wait for an import
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-49152",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _file_of(engine: Engine) -> tuple[int, int] | None:
    """Which file a database is in, whatever its name; None where there is none, or the database is none of SQLite."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    try:
        found = Path(engine.url.database).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
