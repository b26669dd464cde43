"""Finds where a quote stands in a text and how its words differ: a weighted local alignment of words.

Smith and Waterman's recurrence (1981) on words instead of residues, weighed by how rare each word is. One row of the
table is a handful of numpy operations over the words of every text at once, so that a dozen texts cost little more
than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.background import weights
from knowledge.claims import Quote

CLAIM_GAP = 0.35
"""Share of its weight that a claimed word costs which the source does not have. (notes/retrieval.md, section 3)"""
SOURCE_GAP = 0.25
"""Share of its weight that a source's word costs which the claim leaves out. (the same)"""
ELIDED_GAP = 0.004
"""The same where the claim marks an elision: nearly free, so that the nearest continuation wins."""
NEAR = 75.0
"""From this rapidfuzz ratio on (0-100) two words are spellings or forms of one. (the same)"""
NEAR_GAIN = 0.8
OTHER_NUMBER_GAIN = 0.7
"""Share of the weight that one number gains for standing where the source has another: it is the same place."""
_APART = 1e6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of an article to look in. `aside` are stretches that a quote may leave out."""

    words: Sequence[str]
    aside: tuple[range, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One pair of an alignment: indices of a claimed word and a source's word, None where a side has none."""

    claimed: int | None
    source: int | None
    is_match: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best place of a quote in a source.

    `steps` run from the first to the last matched word and read in order on both sides. `gain` is the score of the
    place in units of weight; `coverage` the share of the quote's weight that was matched; `density` the matched weight
    over that of all words in the quote or the place.
    """

    steps: tuple[Step, ...]
    gain: float
    coverage: float
    density: float

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The indices of claimed words and the source's that stand for each other, matched or not."""
        return [(s.claimed, s.source) for s in self.steps if s.claimed is not None and s.source is not None]

    @property
    def claimed(self) -> tuple[int, int]:
        """The range of the quote's words that the place accounts for."""
        found = [step.claimed for step in self.steps if step.claimed is not None]
        return (found[0], found[-1] + 1) if found else (0, 0)

    @property
    def source(self) -> tuple[int, int]:
        """The range of the source's words."""
        found = [step.source for step in self.steps if step.source is not None]
        return (found[0], found[-1] + 1) if found else (0, 0)

    @property
    def is_exact(self) -> bool:
        """Whether every word from the first to the last matched one is matched, in both texts."""
        return all(step.is_match for step in self.steps)


MOST_PAIRS = 10_000_000
"""Pairs of a claimed word and the source's that one table should have: it takes 18 bytes for each. An alignment in one
place has fewer: the longest claim that Discord takes has some 2 million, and 9 in a script without spaces."""


def gains(quote: Quote, sources: Sequence[Source]) -> list[float]:
    """The gain of the best place in each source, for all at once, and without regard to misspelt words."""
    return _Table(quote, sources, near=False).best_by_source()


def align(quote: Quote, source: Source) -> Alignment:
    """The best place of a quote in a source, with every word's fate; no steps where not one word is shared."""
    return _Table(quote, [source], near=True).trace()


class _Table:
    """The scores of every (claimed word, source's word) pair; row 0 and column 0 are the empty beginnings.

    The sources stand one after the other, a word that equals nothing and costs too much to cross between them.
    """

    def __init__(self, quote: Quote, sources: Sequence[Source], *, near: bool) -> None:
        self.quote = quote
        words: list[str] = []
        self.starts: list[int] = []
        for source in sources:
            words.append("")
            self.starts.append(len(words))
            words.extend(source.words)
        self.words = words
        self.claim_weight = np.array(weights(quote.words))
        self.source_weight = np.array(weights(words))
        self.source_weight[[start - 1 for start in self.starts]] = _APART
        self.gap = SOURCE_GAP * self.source_weight
        for start, source in zip(self.starts, sources, strict=True):
            for aside in source.aside:
                self.gap[start + aside.start : start + aside.stop] = 0.0
        self.match, self.pair = self._pairs(near=near)
        self.score = self._fill()

    def _pairs(self, *, near: bool) -> tuple[NDArray[np.bool_], Floats]:
        """Which pairs match, and what each pair gains."""
        codes = {word: code for code, word in enumerate(dict.fromkeys(self.quote.words))}
        claim_codes = np.array([codes[word] for word in self.quote.words])
        source_codes = np.fromiter(map(codes.get, self.words, repeat(-1)), dtype=np.int64, count=len(self.words))
        match = claim_codes[:, None] == source_codes[None, :]
        gain = self.claim_weight[:, None]
        pair: Floats = -CLAIM_GAP * gain - self.gap[None, :]
        pair += 1e-3  # a pair is a little better than two gaps
        np.copyto(pair, gain, where=match)
        numeric = np.array([word[0].isdecimal() for word in self.quote.words])
        if numeric.any():
            source_numeric = np.array([word[:1].isdecimal() for word in self.words])
            other = numeric[:, None] & source_numeric[None, :] & ~match
            np.copyto(pair, OTHER_NUMBER_GAIN * gain, where=other)
        if near:
            self._add_near(codes, source_codes, claim_codes, pair)
        return match, pair

    def _add_near(
        self,
        codes: dict[str, int],
        source_codes: NDArray[np.int64],
        claim_codes: NDArray[np.int64],
        pair: Floats,
    ) -> None:
        """Let spellings and forms of claimed words that no source has as they are gain as well."""
        present = set(source_codes.tolist())
        missing = [word for word, code in codes.items() if code not in present and _may_be_near(word)]
        others = list({word for word in self.words if _may_be_near(word)}) if missing else []
        if not others:
            return
        ratios = process.cdist(missing, others, scorer=fuzz.ratio, score_cutoff=NEAR)
        for row, column in zip(*np.nonzero(ratios), strict=True):
            rows = np.flatnonzero(claim_codes == codes[missing[row]])
            columns = np.array([place for place, word in enumerate(self.words) if word == others[column]])
            gained = NEAR_GAIN * self.claim_weight[rows[0]] * float(ratios[row, column]) / 100
            pair[np.ix_(rows, columns)] = gained

    def _fill(self) -> Floats:
        """The table of best scores that end at each pair, never below zero."""
        rows, columns = self.pair.shape
        score = np.zeros((rows + 1, columns + 1))
        crossing = np.concatenate(([0.0], np.cumsum(self.gap)))
        elided = np.where(self.gap >= _APART * SOURCE_GAP, self.gap, self.gap * (ELIDED_GAP / SOURCE_GAP))
        elided_crossing = np.concatenate(([0.0], np.cumsum(elided)))
        for row in range(rows):
            best = score[row] - CLAIM_GAP * self.claim_weight[row]
            np.maximum(best[1:], score[row, :-1] + self.pair[row], out=best[1:])
            np.maximum(best, 0.0, out=best)
            cross = elided_crossing if self._ends_piece(row) else crossing
            best += cross
            np.maximum.accumulate(best, out=best)
            best -= cross
            score[row + 1] = best
        return score

    def _ends_piece(self, row: int) -> bool:
        return any(end == row + 1 for _, end in self.quote.pieces[:-1])

    def best_by_source(self) -> list[float]:
        """The largest score within each source."""
        highest = self.score[:, 1:].max(axis=0)
        return [float(part.max(initial=0.0)) for part in np.split(highest, self.starts)[1:]]

    def trace(self) -> Alignment:
        """The best place of all, from its end back to its beginning."""
        row, column = (int(place) for place in np.unravel_index(np.argmax(self.score), self.score.shape))
        gain = float(self.score[row, column])
        steps: list[Step] = []
        while self.score[row, column] > _EPSILON:
            here = self.score[row, column]
            if abs(self.score[row - 1, column - 1] + self.pair[row - 1, column - 1] - here) < _EPSILON:
                row, column = row - 1, column - 1
                steps.append(Step(row, column - self.starts[0], bool(self.match[row, column])))
            elif abs(self.score[row - 1, column] - CLAIM_GAP * self.claim_weight[row - 1] - here) < _EPSILON:
                row -= 1
                steps.append(Step(row, None, is_match=False))
            else:
                column -= 1
                steps.append(Step(None, column - self.starts[0], is_match=False))
        steps.reverse()
        return self._measured(tuple(self._slid(steps)), gain)

    def _slid(self, steps: list[Step]) -> list[Step]:
        """The same alignment with every gap of the source as late as it can stand.

        "knew [it. We would spend] it [again.] Nobody" becomes "knew it [. We would spend it again.] Nobody": one
        gap, where two of the same cost would hide that a sentence is missing.
        """
        piece_ends = {end - 1 for _, end in self.quote.pieces[:-1]}
        for first in range(1, len(steps)):
            before = steps[first - 1]
            if steps[first].claimed is not None or not before.is_match or before.claimed in piece_ends:
                continue
            end = next((i for i in range(first, len(steps)) if steps[i].claimed is not None), len(steps))
            after = steps[end] if end < len(steps) else before
            opening = steps[first].source
            if after.is_match and after.claimed is not None and opening is not None and self._costs(steps[first:end]):
                if self.words[opening + self.starts[0]] != self.quote.words[after.claimed]:
                    continue
                gap = [*steps[first + 1 : end], Step(None, after.source, is_match=False)]
                steps[first : end + 1] = [Step(after.claimed, opening, is_match=True), *gap]
        return steps

    def _costs(self, skipped: Sequence[Step]) -> bool:
        """Whether any of some skipped words costs to cross: what stands aside is a gap already, and stays one."""
        places = [step.source + self.starts[0] for step in skipped if step.source is not None]
        return bool(self.gap[places].any())

    def _measured(self, steps: tuple[Step, ...], gain: float) -> Alignment:
        """An alignment with its shares of weight."""
        offset = self.starts[0]
        pairs = [(s.claimed, s.source + offset) for s in steps if s.claimed is not None and s.source is not None]
        matched = sum(max(0.0, float(self.pair[row, column])) for row, column in pairs)
        claimed = float(self.claim_weight.sum())
        place = sum(float(self.gap[s.source + offset]) for s in steps if s.source is not None) / SOURCE_GAP
        return Alignment(
            steps,
            gain,
            coverage=min(1.0, matched / claimed) if claimed else 0.0,
            density=min(1.0, matched / max(matched, claimed + place - matched)) if matched else 0.0,
        )


_EPSILON = 1e-6


def _may_be_near(word: str) -> bool:
    """Whether a likeness of letters can mean anything: not for short words and numbers."""
    return len(word) >= 4 and not word[0].isdecimal()
