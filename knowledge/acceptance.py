"""Whether a place is where a quote comes from: a calibrated probability, the same in a library of any size."""

import math
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from knowledge.alignment import Alignment, Step
from knowledge.background import weight, weights
from knowledge.claims import DISTINCTIVE, Quote

_COEFFICIENTS = {
    "constant": -19.958,
    "adjacent": 8.914,
    "coverage": 9.120,
    "skipped": -3.090,
    "missing": 0.816,
    "missing_squared": -0.455,
}
"""Logistic regression by tests/quality/fit_acceptance.py on 2026-11-25 over 26,536 indexed articles: 3,750 noisy quotes
and 10,000 quotes from articles kept out, the two weighing the same."""
_FOUND = 0.9
"""11 of those negatives reach it (0.11 %). Chosen over 0.93 after a look at the other half of the articles too."""
_RELATED = 0.009
"""5 % of the negatives reach it; 99.5 % of the noisy quotes are found or shown as related."""
_FEWEST_EXACT = 3


def features(quote: Quote, alignment: Alignment, aside: Sequence[range]) -> dict[str, float]:
    """What acceptance weighs; every value is independent of the library's size. `aside` as for `differences`.

    Chosen by forward selection among forty: that words stand side by side in both texts tells a source from a passage
    on the same matter better than any sum of weights does.
    """
    left_out = set(chain.from_iterable(aside))
    steps = [step for step in alignment.steps if step.claimed is not None or step.source not in left_out]
    matched = sum(weight(quote.words[step.claimed]) for step in steps if step.is_match and step.claimed is not None)
    missing = math.log1p(max(0.0, sum(weights(quote.words)) - matched))
    return {
        "constant": 1.0,
        "adjacent": math.log1p(sum(one.is_match and other.is_match for one, other in pairwise(steps))),
        "coverage": alignment.coverage,
        "skipped": _skipped(quote, steps) / len(quote.words),
        "missing": missing,
        "missing_squared": missing**2,
    }


def _skipped(quote: Quote, steps: Iterable[Step]) -> int:
    """How many of the source's words the quote passes over without saying so."""
    piece_ends = {end - 1 for _, end in quote.pieces[:-1]}
    skipped, latest = 0, -1
    for step in steps:
        if step.claimed is not None:
            latest = step.claimed
        elif latest not in piece_ends:
            skipped += 1
    return skipped


def probability(quote: Quote, alignment: Alignment, aside: Sequence[range]) -> float:
    """The calibrated probability that the place is the quote's source, between 0 and 1."""
    logit = sum(_COEFFICIENTS[name] * value for name, value in features(quote, alignment, aside).items())
    return 1 / (1 + math.exp(-logit))


def is_found(score: float) -> bool:
    """Whether a place is the quote's source by its probability."""
    return score >= _FOUND


def stands_exactly(quote: Quote, alignment: Alignment) -> bool:
    """Whether a place has the whole quote, of three words or more, word by word: then no probability is asked for."""
    whole = alignment.is_exact and alignment.claimed == (0, len(quote.words))
    return whole and len(quote.words) >= _FEWEST_EXACT


def stands_but_for_a_word(quote: Quote, alignment: Alignment, score: float) -> bool:
    """Whether a place has the whole of a short quote with one word other, and is its source rather than not."""
    mine = sum(step.claimed is not None for step in alignment.steps if not step.is_match)
    theirs = sum(step.source is not None for step in alignment.steps if not step.is_match)
    whole = alignment.claimed == (0, len(quote.words)) and len(quote.words) >= _FEWEST_BUT_ONE
    return whole and max(mine, theirs) == 1 and score >= _LIKELY


_FEWEST_BUT_ONE = 6
_LIKELY = 0.7


def is_related(score: float) -> bool:
    """Whether the place is at least on the same matter."""
    return score >= _RELATED


def shares_matter(quote: Quote, coverage: float) -> bool:
    """Whether a passage has so much of a claim's weight, in any order, that it is on the same matter."""
    return coverage >= _SAME_MATTER and coverage * sum(weights(quote.words)) >= DISTINCTIVE


_SAME_MATTER = 0.6
"""Share of a claim's weight. Set by eye on a few claims; to be fitted with the score."""
