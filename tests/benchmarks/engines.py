"""The engines that are compared, each behind one Protocol.

An engine runs in a process of its own, so that memory and start are its own. Hence every import of a package, and of
`knowledge`, stands inside the methods: this module alone must cost next to nothing.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    import sqlite3

    from knowledge import FactChecker, Library, NewArticle

WANTED = 50
"""Passages that an engine is asked for."""
LIMIT = 60.0
"""Seconds for one search or addition; then the process of the engine is killed."""
POSTGRES = "RECEIPTS_BENCH_POSTGRES"
"""The environment variable that holds the URL of a PostgreSQL server."""


@dataclass(frozen=True, slots=True)
class Text:
    """A passage or a query. `words` are its terms as our index has them, with blanks between.

    Every engine is given the same words, so that none wins or loses by the way it cuts a text into words.
    """

    original: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its passages, which are those that our library makes of it."""

    url: str
    title: str
    text: str
    passages: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Pruning:
    """Which terms of a query are looked up: our own limits, handed over so that they stand in one place only."""

    most: int
    fewest: int
    common_share: float
    common_count: int
    most_postings: int

    def kept(self, frequency: Mapping[str, int], passages: int) -> list[str]:
        """The rarest terms, as long as they are rare enough and do not have too many passages."""
        common = max(self.common_share * passages, self.common_count)
        kept: list[str] = []
        read = 0
        for term in sorted(frequency, key=frequency.__getitem__)[: self.most]:
            count = frequency[term]
            if len(kept) >= self.fewest and (count > common or read + count > self.most_postings):
                break
            kept.append(term)
            read += count
        return kept


Hit = int | str
"""The number of a passage, in the order of building and adding, or its text where an engine answers with texts."""


class Engine(Protocol):
    """What an engine has to do. `index` names what it builds: engines of one name share it, and the first builds it."""

    name: ClassVar[str]
    index: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    """Packages that must be installed."""
    rebuilds: ClassVar[bool]
    """Whether an article can only be added by building everything anew."""

    def __init__(self, folder: Path, pruning: Pruning) -> None: ...

    def build(self, documents: Sequence[Document]) -> None:
        """Index documents in the folder, which is empty."""

    def open(self) -> None:
        """Open what was built."""

    def search(self, query: Text) -> Sequence[Hit]:
        """The passages most like a query, best first."""

    def add(self, document: Document) -> None:
        """Add one document to what is open; the next search sees it."""

    def size(self) -> int:
        """Bytes on disk."""


class Receipts:
    """Our library on SQLite. `search` is a whole check: from what a person typed to the evidence."""

    name: ClassVar[str] = "Receipts, whole check"
    index: ClassVar[str] = "receipts"
    needs: ClassVar[tuple[str, ...]] = ()
    rebuilds: ClassVar[bool] = False
    _library: "Library"
    _checker: "FactChecker"

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        self._folder = folder
        self._url = f"sqlite:///{folder / 'receipts.db'}"

    def build(self, documents: Sequence[Document]) -> None:
        """Import the articles; their sentences are found again on the way, which other engines are spared."""
        from knowledge import Library

        with Library.open(self._url) as library:
            for _ in library.add_all("shared", map(_article, documents), actor="benchmark"):
                pass
            held = library.stats("shared").passages
        expected = sum(len(document.passages) for document in documents)
        if held != expected:
            raise RuntimeError(f"the library holds {held} passages where the others have {expected}")

    def open(self) -> None:
        """Open the library."""
        from knowledge import FactChecker, Library

        self._library = Library.open(self._url)
        self._checker = FactChecker(self._library)

    def search(self, query: Text) -> Sequence[Hit]:
        """The passages of the evidence; none where nothing in a text is checkable."""
        from knowledge import ClaimError

        try:
            return [evidence.passage for evidence in self._checker.check(query.original).evidence]
        except ClaimError:
            return []

    def add(self, document: Document) -> None:
        """Add an article as a moderator does."""
        self._library.add("shared", _article(document), actor="benchmark")

    def size(self) -> int:
        """The database, which holds the articles too."""
        return _bytes_in(self._folder)


class ReceiptsCandidates(Receipts):
    """The first step of a check alone: the passages that the index proposes, without a guess at misspelt words."""

    name: ClassVar[str] = "Receipts, candidates"

    def search(self, query: Text) -> Sequence[Hit]:
        """Passages by number; the library counts from 1."""
        with self._library.snapshot("shared") as snapshot:
            return [candidate.number - 1 for candidate in snapshot.search(query.words.split(), WANTED)]


class Tantivy:
    """The search library in Rust, asked for any of the words, ranked by BM25."""

    name: ClassVar[str] = "tantivy, all terms"
    index: ClassVar[str] = "tantivy"
    needs: ClassVar[tuple[str, ...]] = ("tantivy",)
    rebuilds: ClassVar[bool] = False
    _index: Any
    _searcher: Any
    _writer: Any = None

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        import tantivy

        self._folder = folder
        self._pruning = pruning
        self._tantivy = tantivy
        fields = tantivy.SchemaBuilder()
        fields.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
        fields.add_unsigned_field("number", stored=False, indexed=False, fast=True)
        self._schema = fields.build()

    def build(self, documents: Sequence[Document]) -> None:
        """Write the index with the writer's own threads and merges."""
        index = self._tantivy.Index(self._schema, str(self._folder))
        writer = index.writer()
        for number, passage in enumerate(_passages(documents)):
            writer.add_document(self._row(number, passage))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Open the index for searching; a writer is made at the first addition."""
        self._index = self._tantivy.Index.open(str(self._folder))
        self._searcher = self._index.searcher()

    def search(self, query: Text) -> Sequence[Hit]:
        """The best passages for the words; without counting all, which would keep tantivy from skipping."""
        tantivy = self._tantivy
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", term))
            for term in self._terms(dict.fromkeys(query.words.split()))
        ]
        found = self._searcher.search(tantivy.Query.boolean_query(terms), WANTED, count=False)
        hits: list[Hit] = self._searcher.fast_field_values("number", [address for _, address in found.hits])
        return hits

    def add(self, document: Document) -> None:
        """Add the passages, commit and look at the new state."""
        if self._writer is None:
            self._writer = self._index.writer()
        first = self._searcher.num_docs
        for number, passage in enumerate(document.passages, first):
            self._writer.add_document(self._row(number, passage))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def size(self) -> int:
        """The index, without the texts."""
        return _bytes_in(self._folder)

    def _terms(self, terms: Mapping[str, None]) -> Sequence[str]:
        return list(terms)

    def _row(self, number: int, passage: Text) -> Any:
        return self._tantivy.Document.from_dict({"words": passage.words, "number": number}, self._schema)


class TantivyPruned(Tantivy):
    """tantivy asked for the rare words only, by the same rule as our own index."""

    name: ClassVar[str] = "tantivy, pruned"

    def _terms(self, terms: Mapping[str, None]) -> Sequence[str]:
        counted = {term: self._searcher.doc_freq("words", term) for term in terms}
        known = {term: count for term, count in counted.items() if count}
        return self._pruning.kept(known, self._searcher.num_docs)


class Bm25s:
    """BM25 as a sparse matrix in memory."""

    name: ClassVar[str] = f"bm25s ({'numba' if find_spec('numba') else 'numpy'})"
    index: ClassVar[str] = "bm25s"
    needs: ClassVar[tuple[str, ...]] = ("bm25s",)
    rebuilds: ClassVar[bool] = True
    _retriever: Any

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        self._folder = folder

    def build(self, documents: Sequence[Document]) -> None:
        """Score every word of every passage and save the matrix; `auto` takes numba where it is installed."""
        import bm25s

        retriever = bm25s.BM25(backend="auto")
        retriever.index([passage.words.split() for passage in _passages(documents)], show_progress=False)
        retriever.save(self._folder, show_progress=False)

    def open(self) -> None:
        """Read the matrix into memory."""
        import bm25s

        self._retriever = bm25s.BM25.load(self._folder, show_progress=False)

    def search(self, query: Text) -> Sequence[Hit]:
        """The best passages for the words that the matrix has."""
        terms = [term for term in dict.fromkeys(query.words.split()) if term in self._retriever.vocab_dict]
        if not terms:
            return []
        count = min(WANTED, self._retriever.scores["num_docs"])
        found = self._retriever.retrieve([terms], k=count, show_progress=False)
        hits: list[Hit] = found.documents[0].tolist()
        return hits

    def add(self, document: Document) -> None:
        """Not possible."""
        raise NotImplementedError("bm25s has no way to add to a matrix")

    def size(self) -> int:
        """The matrix and the vocabulary, without the texts."""
        return _bytes_in(self._folder)


class Fts5:
    """SQLite's own full-text index, ranked by its BM25."""

    name: ClassVar[str] = "SQLite FTS5"
    index: ClassVar[str] = "fts5"
    needs: ClassVar[tuple[str, ...]] = ()
    rebuilds: ClassVar[bool] = False
    _connection: "sqlite3.Connection"

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        self._folder = folder

    def build(self, documents: Sequence[Document]) -> None:
        """Fill a table without content, for the words are cut at blanks and nothing else has to be kept."""
        self.open()
        self._connection.execute(
            "CREATE VIRTUAL TABLE passage USING fts5"
            "(words, content='', tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'\")"
        )
        self._insert(0, _passages(documents))
        self._connection.close()

    def open(self) -> None:
        """Open the database with the settings of our own."""
        import sqlite3

        self._connection = sqlite3.connect(self._folder / "fts5.db")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("PRAGMA cache_size=-32768")

    def search(self, query: Text) -> Sequence[Hit]:
        """The best passages that have any of the words."""
        quoted = (f'"{term}"' for term in dict.fromkeys(query.words.split()))
        rows = self._connection.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?", (" OR ".join(quoted), WANTED)
        )
        return [number for (number,) in rows]

    def add(self, document: Document) -> None:
        """Add the passages in one transaction."""
        (last,) = self._connection.execute("SELECT max(rowid) FROM passage").fetchone()
        self._insert(last + 1, iter(document.passages))

    def size(self) -> int:
        """The index, without the texts."""
        return _bytes_in(self._folder)

    def _insert(self, first: int, passages: Iterator[Text]) -> None:
        rows = ((number, passage.words) for number, passage in enumerate(passages, first))
        with self._connection:
            self._connection.executemany("INSERT INTO passage (rowid, words) VALUES (?, ?)", rows)


class Rapidfuzz:
    """No index: the query is held against every passage."""

    name: ClassVar[str] = "rapidfuzz"
    index: ClassVar[str] = "rapidfuzz"
    needs: ClassVar[tuple[str, ...]] = ()
    rebuilds: ClassVar[bool] = False
    _choices: list[str]

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        self._folder = folder
        self._path = folder / "words.txt"

    def build(self, documents: Sequence[Document]) -> None:
        """Write the words, a passage a line."""
        with self._path.open("w", encoding="utf-8") as file:
            file.writelines(f"{passage.words}\n" for passage in _passages(documents))

    def open(self) -> None:
        """Read the words into a list."""
        with self._path.open(encoding="utf-8", newline="\n") as file:
            self._choices = [line.rstrip("\n") for line in file]

    def search(self, query: Text) -> Sequence[Hit]:
        """The passages with the best partial ratio."""
        from rapidfuzz import fuzz, process

        found = process.extract(query.words, self._choices, scorer=fuzz.partial_ratio, processor=None, limit=WANTED)
        return [number for _, _, number in found]

    def add(self, document: Document) -> None:
        """Append to the list and to the file."""
        self._choices.extend(passage.words for passage in document.passages)
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(f"{passage.words}\n" for passage in document.passages)

    def size(self) -> int:
        """The words alone."""
        return _bytes_in(self._folder)


class PostgresTrigrams:
    """PostgreSQL's trigram index, ranked by word similarity. Its tables stay on the server until the next run."""

    name: ClassVar[str] = "pg_trgm"
    index: ClassVar[str] = "pg_trgm"
    needs: ClassVar[tuple[str, ...]] = ("psycopg",)
    rebuilds: ClassVar[bool] = False
    _connection: Any

    _SIMILAR = 0.5
    """Word similarity from which on a passage is ranked; the server's own 0.6 loses quotes with chatter around them."""

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        pass

    def build(self, documents: Sequence[Document]) -> None:
        """Copy the words into a table and index their trigrams with GIN."""
        self._connect()
        for statement in (
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            "DROP SCHEMA IF EXISTS receipts_benchmark CASCADE",
            "CREATE SCHEMA receipts_benchmark",
            "CREATE TABLE receipts_benchmark.passage (number integer PRIMARY KEY, words text NOT NULL)",
        ):
            self._connection.execute(statement)
        with (
            self._connection.cursor() as cursor,
            cursor.copy("COPY receipts_benchmark.passage (number, words) FROM STDIN") as copy,
        ):
            for number, passage in enumerate(_passages(documents)):
                copy.write_row((number, passage.words))
        self._connection.execute(
            "CREATE INDEX passage_trigrams ON receipts_benchmark.passage USING gin (words gin_trgm_ops)"
        )
        self._connection.execute("VACUUM ANALYZE receipts_benchmark.passage")
        self._connection.close()

    def open(self) -> None:
        """Connect, with settings that show the index at its best."""
        self._connect()
        for setting in (
            f"pg_trgm.word_similarity_threshold = {self._SIMILAR}",
            "enable_seqscan = off",  # else it reads the whole table for long queries, at fifty times the cost
            f"statement_timeout = {LIMIT * 1000 + 500:.0f}",  # the server does not see that its client was killed
        ):
            self._connection.execute(f"SET {setting}")

    def search(self, query: Text) -> Sequence[Hit]:
        """The passages that have the words most alike in a row."""
        rows = self._connection.execute(
            "SELECT number FROM receipts_benchmark.passage WHERE %(words)s <%% words"
            " ORDER BY word_similarity(%(words)s, words) DESC LIMIT %(wanted)s",
            {"words": query.words, "wanted": WANTED},
        )
        return [number for (number,) in rows]

    def add(self, document: Document) -> None:
        """Add the passages in one transaction."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("SELECT max(number) FROM receipts_benchmark.passage")
            (last,) = cursor.fetchone()
            rows = [(number, passage.words) for number, passage in enumerate(document.passages, last + 1)]
            cursor.executemany("INSERT INTO receipts_benchmark.passage (number, words) VALUES (%s, %s)", rows)

    def size(self) -> int:
        """The table, which holds the words, and its indexes."""
        self._connect()
        (size,) = self._connection.execute("SELECT pg_total_relation_size('receipts_benchmark.passage')").fetchone()
        return int(size)

    def _connect(self) -> None:
        import psycopg

        self._connection = psycopg.connect(os.environ[POSTGRES], autocommit=True, prepare_threshold=None)


class Nothing:
    """An engine that does nothing: what the process around every other costs."""

    name: ClassVar[str] = "nothing"
    index: ClassVar[str] = "nothing"
    needs: ClassVar[tuple[str, ...]] = ()
    rebuilds: ClassVar[bool] = False

    def __init__(self, folder: Path, pruning: Pruning) -> None:
        pass

    def build(self, documents: Sequence[Document]) -> None:
        """Nothing."""

    def open(self) -> None:
        """Nothing."""

    def search(self, query: Text) -> Sequence[Hit]:
        """Nothing."""
        return ()

    def add(self, document: Document) -> None:
        """Nothing."""

    def size(self) -> int:
        """Nothing."""
        return 0


ENGINES: tuple[type[Engine], ...] = (
    Receipts,
    ReceiptsCandidates,
    Tantivy,
    TantivyPruned,
    Bm25s,
    Fts5,
    Rapidfuzz,
    PostgresTrigrams,
)


def what_is_missing(engine: type[Engine]) -> str:
    """Why an engine cannot run here, in a word or two; "" where it can."""
    if not all(find_spec(package) for package in engine.needs):
        return "not installed"
    if engine is PostgresTrigrams and not os.environ.get(POSTGRES):
        return "no server"
    return ""


def _article(document: Document) -> "NewArticle":
    from knowledge import NewArticle

    return NewArticle(url=document.url, title=document.title, text=document.text)


def _passages(documents: Sequence[Document]) -> Iterator[Text]:
    return (passage for document in documents for passage in document.passages)


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
