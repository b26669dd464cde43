"""What members watch for, among the passages that are new: who waits for a claim that turned up.

The other way round than a check: the rarest terms of all watches make an index, the new passages are looked up in it,
and only a watch that shares enough with one of them is checked. `watches` keeps them; nothing here is in a write's way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from heapq import nlargest
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, update
from sqlmodel import SQLModel

from knowledge import index
from knowledge.background import weight
from knowledge.checker import FactCheck, FactChecker
from knowledge.claims import DISTINCTIVE, read_claim
from knowledge.errors import ClaimError, CollectionDisabled
from knowledge.library import SHARED, Leased
from knowledge.models import Collection, now
from knowledge.postings import Numbers
from knowledge.text import bare_words, normal_words, sentences, terms
from knowledge.verdicts import Verdict

RAREST = 10
"""Terms of a sentence that are looked up, the rarest ones."""
ENOUGH, NEARLY_ALL = 0.6, 0.85
"""Share of their weight that a passage must have to be checked; nearly all of it where the shared words tell as little
as those of a stock phrase (`DISTINCTIVE`). Of 881 noisy quotes that a check finds 99.4 % have it, and of 600 quotes of
other articles 3.7 % in 2,000 passages, most of these in a copy of what they quote. 2026-11-25."""
STRETCH = 100_000
"""Passages that are read at a time, so that memory stays small however much is new."""
_AT_ONCE = 5_000
"""Passages that are compared at a time."""
_LEFT_OUT = 0.45
"""Share of what a probe needs that its commonest terms have together at the most, which are looked up only where the
others promise enough."""
_SLOTS = 1 << 22
_ROUNDING = 1e-9

Weights = NDArray[np.float64]

_collection = SQLModel.metadata.tables["collection"]
_watch = SQLModel.metadata.tables["watch"]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A watch whose claim has not turned up, with the name of the collection that it is asked of."""

    id: int
    collection: str
    text: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class _New:
    """The new passages of a collection, [`first`, `end`)."""

    collection: Collection
    first: int
    end: int


class Lookout:
    """Looks at what is new in all collections, by whatever way it came in. One thread at a time may call it."""

    def __init__(self, checker: FactChecker, clock: Callable[[], datetime] = now) -> None:
        self._checker = checker
        self.library = checker.library
        self._clock = clock

    def has_new(self) -> bool:
        """Whether there is anything to look at."""
        with self.library.reading() as connection:
            return connection.execute(_NEW).first() is not None

    def look(self, lease: Leased, is_ending: Callable[[], bool] = lambda: False) -> int:
        """Compare all that is new with what is watched for; returns how many claims turned up.

        What was looked at is kept together with what turned up in it, so that an end amid it loses nothing. Raises
        `LeaseLost` where somebody else is at it.
        """
        found = 0
        for new in self._new():
            with self.library.reading() as connection:
                waiting = _waiting(connection, new.collection)
            likely: set[int] = set()
            for first in range(new.first, new.end, STRETCH) if waiting else ():
                if is_ending():
                    return found
                likely |= self._likely(new.collection, waiting, first, min(first + STRETCH, new.end))
            turned_up = []
            for watch in (waiting[place] for place in sorted(likely)):
                if is_ending():
                    return found
                if self._turned_up(watch):
                    turned_up.append(watch.id)
            self._keep(lease, new, turned_up)
            found += len(turned_up)
        return found

    def _new(self) -> list[_New]:
        """All that is new at this moment."""
        with self.library.reading() as connection:
            rows = connection.execute(_NEW).all()
        collections = [Collection(**row._mapping) for row in rows]
        return [_New(one, one.watched_to, one.next_passage) for one in collections]

    def _likely(self, collection: Collection, waiting: Sequence[_Waiting], first: int, end: int) -> set[int]:
        """The places of the watches that share enough with one of the passages [`first`, `end`) to be checked."""
        wanted = _Wanted.of([_probes(one.text) for one in waiting])
        with self.library.reading() as connection:
            now_there = index.load(connection, collection.id or 0)
            passages, places = index.occurrences(connection, now_there, wanted.terms, first, end)
        met: set[int] = set()
        for start in range(first, end, _AT_ONCE):
            inside = (passages >= start) & (passages < start + _AT_ONCE)
            met.update(wanted.owners_met(passages[inside] - start, places[inside]))
        return met

    def _turned_up(self, watch: _Waiting) -> bool:
        try:
            return is_an_answer(self._checker.check(watch.text, collection=watch.collection, speaker=watch.speaker))
        except (ClaimError, CollectionDisabled):
            return False

    def _keep(self, lease: Leased, new: _New, turned_up: Sequence[int]) -> None:
        mine = _collection.c.id == new.collection.id
        with lease.writing() as connection:
            for step in index.batched(turned_up, _IDS_A_STATEMENT):
                found = update(_watch).where(_watch.c.id.in_(step), _watch.c.found_at.is_(None))
                connection.execute(found.values(found_at=self._clock()))
            seen = update(_collection).where(mine, _collection.c.watched_to < new.end)
            connection.execute(seen.values(watched_to=new.end))


_IDS_A_STATEMENT = 500
_NEW = select(_collection).where(_collection.c.watched_to < _collection.c.next_passage, ~_collection.c.disabled)


def is_an_answer(check: FactCheck) -> bool:
    """Whether a check says more than that something is on the same matter."""
    return check.verdict not in (Verdict.RELATED, Verdict.NOT_FOUND)


def _waiting(connection: Connection, collection: Collection) -> list[_Waiting]:
    """The watches that new passages of a collection may answer: its own, and of those that read it too."""
    asked = _watch.c.collection_id == collection.id
    if collection.name == SHARED:
        asked |= _collection.c.reads_shared
    query = select(_watch.c.id, _collection.c.name, _watch.c.text, _watch.c.speaker).join(
        _collection, _collection.c.id == _watch.c.collection_id
    )
    rows = connection.execute(query.where(asked, _watch.c.found_at.is_(None)).order_by(_watch.c.id))
    return [_Waiting(*row) for row in rows]


# --- the index of what is watched for ---


@lru_cache(maxsize=10_000)  # reading a claim takes 0.2 ms, and all that are waited for are needed at every look
def _probes(text: str) -> tuple[Mapping[str, float], ...]:
    """For each sentence of a claim and of its quotes, its rarest terms with their weights."""
    try:
        claim = read_claim(text)
    except ClaimError:
        return ()
    texts = dict.fromkeys((claim.statement, *claim.quotes))
    found = (_rarest(one[span.start : span.end]) for one in texts for span in sentences(one))
    return tuple({tuple(probe.items()): probe for probe in found if probe}.values())


def _rarest(sentence: str) -> Mapping[str, float]:
    words = normal_words(sentence)
    weights = {term: weight(word) for term, word in zip(terms(words), bare_words(words), strict=True)}
    return {term: weights[term] for term in nlargest(RAREST, weights, key=weights.__getitem__)}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which probe wants which term, of which weight: three arrays of equal length, ordered by probe."""

    terms: Sequence[str]
    probes: Numbers
    places: Numbers
    """Places in `terms`."""
    weights: Weights
    needs: Weights
    """The weight that a passage must have of each probe."""
    owners: Numbers
    """The owner of each probe."""

    @classmethod
    def of(cls, owned: Sequence[Iterable[Mapping[str, float]]]) -> "_Wanted":
        """The index of some owners' probes."""
        place: dict[str, int] = {}
        probes = list(chain.from_iterable(owned))
        totals = np.array([sum(probe.values()) for probe in probes])
        return cls(
            probes=np.repeat(np.arange(len(probes)), np.array(list(map(len, probes)), dtype=np.intp)),
            places=np.array([place.setdefault(term, len(place)) for probe in probes for term in probe], dtype=np.intp),
            weights=np.array([weight for probe in probes for weight in probe.values()]),
            needs=np.clip(DISTINCTIVE, ENOUGH * totals, NEARLY_ALL * totals) - _ROUNDING,
            owners=np.array([owner for owner, its in enumerate(owned) for _ in its], dtype=np.intp),
            terms=list(place),
        )

    def owners_met(self, passages: Numbers, places: Numbers) -> list[int]:
        """The owners of the probes of which one passage has what they need. Pairs are as in `index.occurrences`.

        Sums are made of each probe's telling terms first, for the commonest ones have most of the pairs and decide
        little; and they are made in a table that is too small for all, so that what shares a place there comes out too
        large. What is large enough then, which is little, is summed exactly.
        """
        found = np.sort(places * _AT_ONCE + passages)
        begins = np.searchsorted(found, np.arange(len(self.terms) + 1) * _AT_ONCE)
        counts = np.diff(begins)[self.places]
        order = np.lexsort((counts, self.probes))
        of = self.probes[order]
        left_out = _sums_behind(of, self.weights[order]) < _LEFT_OUT * self.needs[of]
        telling = order[~left_out]
        floors = self.needs - np.bincount(of[left_out], self.weights[order[left_out]], len(self.owners))
        sizes = counts[telling]
        keys = np.repeat(self.probes[telling] * _AT_ONCE, sizes)
        keys += found[_ranges(begins[self.places[telling]], sizes)] % _AT_ONCE
        slots = keys % min(_SLOTS, 4 * len(keys) + 1)
        sums = np.bincount(slots, np.repeat(self.weights[telling], sizes))
        large = sums[slots] >= np.repeat(floors[self.probes[telling]], sizes)
        return self._owners_of(np.unique(keys[large]), found)

    def _owners_of(self, keys: Numbers, found: Numbers) -> list[int]:
        """The owners of those pairs of probe and passage in which the passage has enough of the probe."""
        if not len(keys):
            return []
        probes, passages = np.divmod(keys, _AT_ONCE)
        bounds = np.searchsorted(self.probes, np.arange(len(self.owners) + 1))
        sizes = np.diff(bounds)[probes]
        rows = _ranges(bounds[probes], sizes)
        wanted = self.places[rows] * _AT_ONCE + np.repeat(passages, sizes)
        has = found[np.minimum(np.searchsorted(found, wanted), len(found) - 1)] == wanted
        sums = np.bincount(np.repeat(np.arange(len(keys)), sizes), self.weights[rows] * has, len(keys))
        met: list[int] = np.unique(self.owners[probes[sums >= self.needs[probes]]]).tolist()
        return met


def _sums_behind(groups: Numbers, values: Weights) -> Weights:
    """For each value the sum of it and of those behind it in its group; groups are together."""
    sums = np.cumsum(values[::-1])[::-1]
    lasts = np.searchsorted(groups, groups, side="right")
    after: Weights = sums - np.append(sums, 0.0)[lasts]
    return after


def _ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """The numbers from each start on, so many of each, one after the other."""
    ends = np.cumsum(counts)
    ranges: Numbers = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
    return ranges
