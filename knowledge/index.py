"""The inverted index inside the database: which passages share the rarest words of a query.

New passages join the *tail*, which a search scans; a long tail is written as a *segment* of postings, and eight
segments of a size become one, as in Lucene and LSM trees. Everything here works on a connection that `library` lends,
inside its transactions, so that articles and index can never disagree.
"""

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, islice, repeat
from threading import local
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, exists, insert, select, update
from sqlmodel import SQLModel

from knowledge import postings
from knowledge.models import Collection, PassageField, Posting, SegmentState
from knowledge.postings import Lists, Numbers
from knowledge.text import Memo, Span

MOST_TERMS = 12
"""Rarest terms that a search keeps. Eight lose 1 point of edited fragments, 16 gain none. (notes/retrieval.md)"""
_SAME_LETTERS, _SHORTEST_SLIP, _LONG_WORD, _MOST_SLIPS = 3, 5, 8, 3
"""A slip is looked for among terms with the same first letters; shorter words are too easily another word."""
FEWEST_TERMS = 4
"""Rarest terms that a search keeps however common they are, so that a library of one article works."""
COMMON_SHARE, COMMON_COUNT = 0.05, 20_000
"""A term in more passages than both (a share of all, a count) is dropped at search. (notes/retrieval.md)"""
MOST_IDS = 200_000
"""Postings that a search reads beyond the rarest four terms: 97 % of queries need fewer. (notes/retrieval.md)"""
TAIL_LENGTH = 2_000
"""Passages that a search scans in 0.3 ms instead of looking them up. (notes/speed.md)"""
FANOUT = 8
"""Segments of one size that are merged into one: 15 to 20 in all cost a search 10 %. (notes/speed.md)"""
COMPACT = 0.8
"""Share of the passages that the largest segment has after an import: a search of eight costs 10 % more than of one."""
ROWS_A_STEP = 4_000
"""Posting rows that a flush, merge or sweep writes in one transaction: about 20 ms."""

Hashes = NDArray[np.uint32]

_collection = SQLModel.metadata.tables["collection"]
_passage = SQLModel.metadata.tables["passage"]
_posting = SQLModel.metadata.tables["posting"]
_segment = SQLModel.metadata.tables["segment"]
_tail = SQLModel.metadata.tables["tail"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that retrieval proposes. `score` is the summed IDF of the query terms that it has.

    `version` is None where it is of the article's newest one.
    """

    number: int
    article_id: int
    field: PassageField
    span: Span
    version: int | None
    score: float

    @property
    def origin(self) -> tuple[int, int | None]:
        """The text that it is cut from."""
        return self.article_id, self.version


# --- search ---

# Statements are built once: building one anew costs as much as running it.
_MINE: BindParameter[int] = bindparam("collection_id")
_TERMS: BindParameter[str] = bindparam("terms", expanding=True)
_COUNTS = select(_posting.c.term, _posting.c.segment, _posting.c.document_frequency).where(
    _posting.c.collection_id == _MINE, _posting.c.term.in_(_TERMS)
)
_LISTS = select(_posting.c.term, _posting.c.segment, _posting.c.document_frequency, _posting.c.gaps).where(
    _posting.c.collection_id == _MINE, _posting.c.term.in_(_TERMS)
)
_STANDING = select(
    _passage.c.number, _passage.c.article_id, _passage.c.field, _passage.c.start, _passage.c.end, _passage.c.version
).where(_passage.c.collection_id == _MINE, _passage.c.number.in_(bindparam("numbers", expanding=True)))
_TAIL = select(_tail.c.first_passage, _tail.c.counts, _tail.c.hashes).where(_tail.c.collection_id == _MINE)
_VOCABULARY = (
    select(_posting.c.term)
    .where(_posting.c.collection_id == _MINE, _posting.c.term >= bindparam("first"), _posting.c.term < bindparam("end"))
    .distinct()
)
_SEGMENTS = (
    select(_segment)
    .where(_segment.c.collection_id == _MINE, _segment.c.state.in_(bindparam("states", expanding=True)))
    .order_by(_segment.c.first_passage, _segment.c.number)
)


def search(
    connection: Connection,
    collection: Collection,
    terms: Iterable[str],
    limit: int,
    *,
    most_terms: int = MOST_TERMS,
    doubtful: Container[str] = (),
) -> list[Candidate]:
    """The `limit` passages with the most weight of the `most_terms` rarest terms, best first; all of them alive.

    A `doubtful` term that no passage has is taken for a slip of those that are spelled nearly like it.
    """
    matches = _matches(connection, collection, list(dict.fromkeys(terms)), most_terms, doubtful)
    if not matches:
        return []
    wanted = limit
    while True:
        ranked = _best(matches, collection.next_passage, wanted)
        standing = _alive(connection, collection, ranked)
        if len(standing) >= limit or len(ranked) < wanted:
            return standing[:limit]
        wanted *= 4  # removed passages took places


Matches = Sequence[tuple[Numbers, float]]
"""For each term of a search, rarest first, the passages that have it, and its weight."""


def _matches(
    connection: Connection, collection: Collection, terms: Sequence[str], most_terms: int, doubtful: Container[str]
) -> Matches:
    """Which passages have the terms that tell most. Nothing else is read."""
    live = segments(connection, collection, SegmentState.LIVE)
    tail = _tail_matches(connection, collection, terms)
    frequency = Counter({term: len(ids) for term, ids in tail.items()})
    if live:
        _count(connection, collection, live, terms, frequency)
        meant = [
            near
            for term in terms
            if term in doubtful and term not in frequency
            for near in _near_terms(connection, collection, term)
        ]
        if meant:
            _count(connection, collection, live, meant, frequency)
    kept = _rarest(frequency, collection.next_passage, most_terms)
    lists: dict[str, list[Numbers]] = {term: [tail[term]] if term in tail else [] for term in kept}
    if live:
        rows = connection.execute(_LISTS, {"collection_id": collection.id, "terms": kept})
        for term, segment, count, blob in rows.all():
            if segment in live:
                lists[term].append(postings.unpack(blob, count, live[segment].first_passage))
    return [(np.concatenate(lists[term]), math.log(1 + collection.next_passage / frequency[term])) for term in kept]


def _count(
    connection: Connection,
    collection: Collection,
    live: Container[int],
    terms: Sequence[str],
    frequency: Counter[str],
) -> None:
    """Add to the frequencies how many passages of live segments have each term."""
    for term, segment, count in connection.execute(_COUNTS, {"collection_id": collection.id, "terms": terms}).all():
        if segment in live:
            frequency[term] += count


def _near_terms(connection: Connection, collection: Collection, term: str) -> list[str]:
    """The terms of the segments that differ from a term by a slip or two, behind the first letters."""
    if len(term) < _SHORTEST_SLIP:
        return []
    first = term[:_SAME_LETTERS]
    span = {"collection_id": collection.id, "first": first, "end": first + chr(0x10FFFF)}
    vocabulary = connection.scalars(_VOCABULARY, span).all()
    slips = 1 if len(term) < _LONG_WORD else 2
    found = process.extract(term, vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_SLIPS)
    return [near for near, _, _ in found]


def _rarest(frequency: Mapping[str, int], passages: int, most_terms: int) -> list[str]:
    """The terms that a search reads: the rarest, as long as they are rare enough and not too many."""
    common = max(COMMON_SHARE * passages, COMMON_COUNT)
    kept: list[str] = []
    read = 0
    for term in sorted(frequency, key=frequency.__getitem__)[:most_terms]:
        count = frequency[term]
        if len(kept) >= FEWEST_TERMS and (count > common or read + count > MOST_IDS):
            break
        kept.append(term)
        read += count
    return kept


_scratch = local()


def _best(matches: Matches, size: int, wanted: int) -> list[tuple[int, float]]:
    """The `wanted` passages with the largest sums of weights, best first, as (number, sum).

    A passage is in at most as many lists as there are terms, so the (wanted * lists)-th largest of some passages' sums
    with repetitions bounds the wanted-th largest from below. The shortest lists hold the best passages, so that a few
    thousand of theirs give a bound which hardly any passage of the long lists reaches. (notes/speed.md)
    """
    scores: NDArray[np.float32] | None = getattr(_scratch, "scores", None)
    if scores is None or len(scores) < size:
        scores = _scratch.scores = np.zeros(size + size // 8, dtype=np.float32)
    for ids, gain in matches:
        np.add.at(scores, ids, np.float32(gain))  # 1.7 times as fast as scores[ids] += weight
    bound = _bound(scores, [ids for ids, _ in matches], wanted * len(matches))
    numbers = np.sort(np.concatenate([ids[scores[ids] >= bound] for ids, _ in matches]))
    numbers = numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]
    sums = scores[numbers]
    for ids, _ in matches:
        scores[ids] = 0
    order = np.lexsort((numbers, -sums))[:wanted]
    return list(zip(numbers[order].tolist(), sums[order].tolist(), strict=True))


def _bound(scores: NDArray[np.float32], lists: Sequence[Numbers], rank: int) -> float:
    """The `rank`-th largest of the scores in the first few of some lists, shortest first; 0 where they are fewer."""
    sample: list[NDArray[np.float32]] = []
    length = 0
    for ids in lists:
        sample.append(scores[ids])
        length += len(ids)
        if length >= 4 * rank:
            break
    if length <= rank:
        return 0.0
    return float(np.partition(np.concatenate(sample), length - rank)[length - rank])


def _alive(connection: Connection, collection: Collection, ranked: Sequence[tuple[int, float]]) -> list[Candidate]:
    """The candidates of the passages that still stand, in the order given."""
    numbers = [number for number, _ in ranked]
    rows = connection.execute(_STANDING, {"collection_id": collection.id, "numbers": numbers})
    standing = {
        number: (article_id, field, Span(start, end), version)
        for number, article_id, field, start, end, version in rows.all()
    }
    return [Candidate(number, *standing[number], score) for number, score in ranked if number in standing]


# --- what is new ---

_NEW_LISTS = _LISTS.where(_posting.c.segment.in_(bindparam("segments", expanding=True)))
_TERMS_A_STATEMENT = 2_000


def occurrences(
    connection: Connection, collection: Collection, terms: Sequence[str], first: int, end: int
) -> tuple[Numbers, Numbers]:
    """Which of the passages [`first`, `end`) have which of some distinct terms, in no order.

    Two arrays of equal length: passage numbers, and places in `terms`. Removed passages may be among them.
    """
    found = [_tail_occurrences(connection, collection, terms, first, end)]
    live = segments(connection, collection, SegmentState.LIVE)
    new = {
        one.number: one.first_passage for one in live.values() if one.end_passage > first and one.first_passage < end
    }
    if new:
        for start in range(0, len(terms), _TERMS_A_STATEMENT):
            step = terms[start : start + _TERMS_A_STATEMENT]
            found.append(_segment_occurrences(connection, collection, step, start, new))
    passages = np.concatenate([numbers for numbers, _ in found])
    places = np.concatenate([of for _, of in found])
    inside = (passages >= first) & (passages < end)
    return passages[inside], places[inside]


def _tail_occurrences(
    connection: Connection, collection: Collection, terms: Sequence[str], first: int, end: int
) -> tuple[Numbers, Numbers]:
    """Those in the tail. Where two terms have one hash, it counts for one of them."""
    tail = connection.execute(_TAIL, {"collection_id": collection.id}).all()
    rows = [row for row in tail if row.first_passage < end and row.first_passage + len(row.counts) // 2 > first]
    if not rows or not terms:
        return _NONE, _NONE
    owners, present = _tail_hashes(rows)
    wanted = _hashes(terms)
    order = np.argsort(wanted)
    nearest = np.minimum(np.searchsorted(wanted, present, sorter=order), len(order) - 1)
    places = order[nearest]
    same = wanted[places] == present
    return owners[same], places[same]


def _segment_occurrences(
    connection: Connection, collection: Collection, terms: Sequence[str], start: int, firsts: Mapping[int, int]
) -> tuple[Numbers, Numbers]:
    """Those in some segments, given with their first passages; `start` is the place of the first of the terms."""
    wanted = {"collection_id": collection.id, "terms": list(terms), "segments": list(firsts)}
    rows = connection.execute(_NEW_LISTS, wanted).all()
    if not rows:
        return _NONE, _NONE
    counts = [row.document_frequency for row in rows]
    lists = postings.unpack_all([row.gaps for row in rows], counts, [firsts[row.segment] for row in rows])
    place = {term: number for number, term in enumerate(terms, start)}
    return lists.numbers, np.repeat(np.array([place[row.term] for row in rows], dtype=np.intp), lists.counts)


_NONE: Numbers = np.array([], dtype=np.intp)


# --- the tail ---


def append(connection: Connection, collection_id: int, first: int, passages: Sequence[bytes]) -> None:
    """Add new passages, numbered from `first` on, each given by its `hashes`, to the tail."""
    connection.execute(
        insert(_tail),
        {
            "collection_id": collection_id,
            "first_passage": first,
            "counts": np.array([len(hashed) // 4 for hashed in passages], dtype="<u2").tobytes(),
            "hashes": b"".join(passages),
        },
    )


def hashes(terms: Iterable[str]) -> bytes:
    """The hashes of a passage's distinct terms, as the tail keeps them."""
    return _hashes(terms).tobytes()


def _hash(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


_HASH_OF = Memo(_hash)


def _hashes(terms: Iterable[str]) -> Hashes:
    return np.fromiter(map(_HASH_OF.__getitem__, terms), dtype="<u4")


def _tail_matches(connection: Connection, collection: Collection, terms: Sequence[str]) -> dict[str, Numbers]:
    """The passages of the tail that have each term; terms that none has are left out.

    Equal hashes of different terms only propose a candidate too many.
    """
    rows = connection.execute(_TAIL, {"collection_id": collection.id}).all()
    if not rows or not terms:
        return {}
    owners, present = _tail_hashes(rows)
    wanted = _hashes(terms)
    possible = np.zeros(1 << 16, dtype=bool)
    possible[wanted & 0xFFFF] = True
    places = np.flatnonzero(possible[present & 0xFFFF])
    owners, present = owners[places], present[places]
    found = {term: owners[present == code] for term, code in zip(terms, wanted, strict=True)}
    return {term: ids for term, ids in found.items() if len(ids)}


def _tail_hashes(rows: Sequence[Row[int, bytes, bytes]]) -> tuple[Numbers, Hashes]:
    """The hashes that some rows of the tail keep, and the passage of each."""
    counts = [np.frombuffer(row.counts, dtype="<u2") for row in rows]
    numbers = [np.arange(row.first_passage, row.first_passage + len(c)) for row, c in zip(rows, counts, strict=True)]
    owners = np.repeat(np.concatenate(numbers), np.concatenate(counts))
    return owners, np.frombuffer(b"".join(row.hashes for row in rows), dtype="<u4")


# --- segments ---


class Transactions(Protocol):
    """What `library` lends for work that takes several steps."""

    def reading(self) -> AbstractContextManager[Connection]:
        """One snapshot."""

    def writing(self) -> AbstractContextManager[Connection]:
        """One IMMEDIATE transaction, committed at the end."""


TermsOf = Callable[[Connection, int, int], Iterable[tuple[int, Iterable[str]]]]
"""(connection, first, end) → the number and the distinct terms of every standing passage in [first, end)."""


def flush(transactions: Transactions, collection_id: int, terms_of: TermsOf) -> None:
    """Write the tail as a segment. A search sees the tail until the moment when it sees the segment."""
    with transactions.writing() as connection:
        collection = load(connection, collection_id)
        first, end = collection.indexed_to, collection.next_passage
        if first == end:
            return
        number = _new_segment(connection, collection, first, end)
    with transactions.reading() as connection:
        inverted: defaultdict[str, list[int]] = defaultdict(list)
        for passage, terms in terms_of(connection, first, end):
            for term in terms:
                inverted[term].append(passage)
    for step in batched(sorted(inverted), ROWS_A_STEP):
        numbers = np.array(list(chain.from_iterable(inverted[term] for term in step)), dtype=np.intp)
        lists = Lists(numbers, np.array([len(inverted[term]) for term in step], dtype=np.intp))
        with transactions.writing() as connection:
            _insert_postings(connection, collection_id, number, step, lists, first)
    with transactions.writing() as connection:
        _set_state(connection, collection_id, [number], SegmentState.LIVE)
        connection.execute(update(_collection).where(_collection.c.id == collection_id).values(indexed_to=end))
        connection.execute(delete(_tail).where(_tail.c.collection_id == collection_id, _tail.c.first_passage < end))


def merge(transactions: Transactions, collection_id: int) -> bool:
    """Make one segment of the oldest `FANOUT` of a size, without removed passages; False where none is due."""
    with transactions.reading() as connection:
        run = _due(segments(connection, load(connection, collection_id), SegmentState.LIVE))
    if run:
        _merge(transactions, collection_id, run)
    return bool(run)


def compact(transactions: Transactions, collection_id: int) -> None:
    """Make one segment of all where the largest has less than `COMPACT` of the passages, as after a large import."""
    with transactions.reading() as connection:
        run = list(segments(connection, load(connection, collection_id), SegmentState.LIVE).values())
    lengths = [segment.end_passage - segment.first_passage for segment in run]
    if len(run) > 1 and max(lengths) < COMPACT * sum(lengths):
        _merge(transactions, collection_id, run)


def _merge(transactions: Transactions, collection_id: int, run: Sequence[Row[Any]]) -> None:
    """Make one segment of some; nobody else changes segments meanwhile, for that takes the lease."""
    first, end = min(segment.first_passage for segment in run), max(segment.end_passage for segment in run)
    with transactions.writing() as connection:
        merged = _new_segment(connection, load(connection, collection_id), first, end)
    with transactions.reading() as connection:
        standing = _standing(connection, collection_id, first, end)
    starts = {segment.number: segment.first_passage for segment in run}
    last, more = "", True
    while more:
        with transactions.reading() as connection:
            rows, more = _next_rows(connection, collection_id, list(starts), last)
        if not rows:
            break
        terms = list(dict.fromkeys(row.term for row in rows))
        place = {term: index for index, term in enumerate(terms)}
        lists = postings.unpack_all(
            [row.gaps for row in rows],
            [row.document_frequency for row in rows],
            [starts[row.segment] for row in rows],
        )
        joined, left = postings.join(lists, [place[row.term] for row in rows], standing, first)
        with transactions.writing() as connection:
            _insert_postings(connection, collection_id, merged, [terms[i] for i in left], joined, first)
        last = terms[-1]
    with transactions.writing() as connection:
        _set_state(connection, collection_id, [merged], SegmentState.LIVE)
        _set_state(connection, collection_id, list(starts), SegmentState.DEAD)


def sweep(transactions: Transactions, collection_id: int) -> None:
    """Delete the rows of segments that are not live: merged ones, and what a crash left half built.

    The caller holds the lease, so that no segment is being built. Segments without a standing passage die here.
    """
    with transactions.writing() as connection:
        _bury_empty(connection, collection_id)
        collection = load(connection, collection_id)
        gone = list(segments(connection, collection, SegmentState.BUILDING, SegmentState.DEAD))
    last = ""
    while gone:
        with transactions.reading() as connection:
            names = connection.scalars(
                select(_posting.c.term)
                .where(_posting.c.collection_id == collection_id, _posting.c.term > last, _posting.c.segment.in_(gone))
                .order_by(_posting.c.term)
                .limit(ROWS_A_STEP)
            ).all()
        if not names:
            break
        with transactions.writing() as connection:
            connection.execute(
                delete(_posting).where(
                    _posting.c.collection_id == collection_id,
                    _posting.c.term.between(names[0], names[-1]),
                    _posting.c.segment.in_(gone),
                )
            )
        last = names[-1]
    with transactions.writing() as connection:
        connection.execute(
            delete(_segment).where(_segment.c.collection_id == collection_id, _segment.c.number.in_(gone))
        )


def load(connection: Connection, collection_id: int) -> Collection:
    """The row of a collection as it stands in this transaction."""
    row = connection.execute(select(_collection).where(_collection.c.id == collection_id)).one()
    return Collection(**row._mapping)


def segments(connection: Connection, collection: Collection, *states: SegmentState) -> dict[int, Row[Any]]:
    """The rows of a collection's segments in some states, by number, in the order of their passages."""
    rows = connection.execute(_SEGMENTS, {"collection_id": collection.id, "states": states})
    return {row.number: row for row in rows.all()}


def _new_segment(connection: Connection, collection: Collection, first: int, end: int) -> int:
    """The number of a new segment, to be built."""
    number = collection.next_segment
    connection.execute(update(_collection).where(_collection.c.id == collection.id).values(next_segment=number + 1))
    connection.execute(
        insert(_segment),
        {
            "collection_id": collection.id,
            "number": number,
            "state": SegmentState.BUILDING,
            "first_passage": first,
            "end_passage": end,
        },
    )
    return number


def _set_state(connection: Connection, collection_id: int, numbers: Sequence[int], state: SegmentState) -> None:
    connection.execute(
        update(_segment)
        .where(_segment.c.collection_id == collection_id, _segment.c.number.in_(numbers))
        .values(state=state)
    )


def _insert_postings(
    connection: Connection, collection_id: int, segment: int, terms: Sequence[str], lists: Lists, first: int
) -> None:
    """Store the posting lists of some terms in a segment whose passages begin at `first`."""
    packed = postings.pack(lists, first)
    rows = zip(repeat(collection_id), terms, repeat(segment), lists.counts.tolist(), packed, strict=False)
    insert_rows(connection, Posting, list(rows))


def _due(live: Mapping[int, Row[Any]]) -> list[Row[Any]]:
    """The oldest `FANOUT` segments of the smallest size that has as many; sizes grow by that factor."""
    tiers: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for segment in live.values():
        length = max(segment.end_passage - segment.first_passage, TAIL_LENGTH)
        tiers[round(math.log(length / TAIL_LENGTH, FANOUT))].append(segment)
    full = [tier for tier in sorted(tiers) if len(tiers[tier]) >= FANOUT]
    return tiers[full[0]][:FANOUT] if full else []


def _next_rows(
    connection: Connection, collection_id: int, numbers: Sequence[int], last: str
) -> tuple[Sequence[Row[Any]], bool]:
    """The postings of the next terms after `last` in some segments, by term; and whether more terms follow."""
    limit = ROWS_A_STEP * 2
    rows = connection.execute(
        select(_posting)
        .where(_posting.c.collection_id == collection_id, _posting.c.term > last, _posting.c.segment.in_(numbers))
        .order_by(_posting.c.term)
        .limit(limit)
    ).all()
    more = len(rows) == limit
    return [row for row in rows if row.term != rows[-1].term] if more else rows, more


def _standing(connection: Connection, collection_id: int, first: int, end: int) -> NDArray[np.bool_]:
    """For each passage in [`first`, `end`) whether it has not been removed."""
    numbers = connection.scalars(
        select(_passage.c.number).where(
            _passage.c.collection_id == collection_id, _passage.c.number >= first, _passage.c.number < end
        )
    )
    standing = np.zeros(end - first, dtype=bool)
    standing[np.fromiter(numbers, dtype=np.int64) - first] = True
    return standing


def _bury_empty(connection: Connection, collection_id: int) -> None:
    """Let live segments die of which every passage was removed."""
    passages_left = exists().where(
        _passage.c.collection_id == collection_id,
        _passage.c.number >= _segment.c.first_passage,
        _passage.c.number < _segment.c.end_passage,
    )
    connection.execute(
        update(_segment)
        .where(_segment.c.collection_id == collection_id, _segment.c.state == SegmentState.LIVE, ~passages_left)
        .values(state=SegmentState.DEAD)
    )


Item = TypeVar("Item")


def insert_rows(connection: Connection, table: type[SQLModel], rows: Sequence[tuple[object, ...]]) -> None:
    """Insert full rows, columns in the table's order: twice as fast as the same rows as dictionaries."""
    if rows:
        statement = insert(SQLModel.metadata.tables[str(table.__tablename__)]).compile(dialect=connection.dialect)
        connection.exec_driver_sql(str(statement), list(rows))


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


# --- checking ---


def fingerprints(connection: Connection, collection: Collection) -> NDArray[np.uint64]:
    """For each passage number the sum of its terms' codes as the index has them, for `verify` to compare."""
    sums = np.zeros(collection.next_passage, dtype=np.uint64)
    live = segments(connection, collection, SegmentState.LIVE)
    rows = connection.execute(
        select(_posting).where(_posting.c.collection_id == collection.id).execution_options(yield_per=ROWS_A_STEP)
    )
    for row in rows:
        if row.segment in live:
            numbers = postings.unpack(row.gaps, row.document_frequency, live[row.segment].first_passage)
            sums[numbers] += np.uint64(_code(_HASH_OF[row.term]))
    for row in connection.execute(select(_tail).where(_tail.c.collection_id == collection.id)):
        counts = np.frombuffer(row.counts, dtype="<u2")
        owners = np.repeat(np.arange(row.first_passage, row.first_passage + len(counts)), counts)
        codes = np.array([_code(h) for h in np.frombuffer(row.hashes, dtype="<u4").tolist()], dtype=np.uint64)
        np.add.at(sums, owners, codes)
    return sums


def fingerprint(terms: Iterable[str]) -> int:
    """What `fingerprints` gives for a passage of these distinct terms, if the index is right."""
    return sum(_code(_HASH_OF[term]) for term in terms) % 2**64


def _code(hashed: int) -> int:
    """A 32-bit hash as 32 bits and a count, so that a sum of codes also counts them."""
    return (hashed | 1 << 40) % 2**64
