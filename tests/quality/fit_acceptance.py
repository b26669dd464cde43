"""Fits the acceptance score: `python -m tests.quality.fit_acceptance [--work DIR]`.

Noisy quotes of indexed articles against quotes of articles that are kept out, all of the half that is for fitting; the
gate measures on the other. Prints the coefficients and thresholds for knowledge/verdicts.py and what they find.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.acceptance import features
from knowledge.alignment import Source, align
from knowledge.attribution import asides
from knowledge.claims import Claim, read_claim, read_quote
from knowledge.errors import ClaimError
from knowledge.library import Snapshot
from knowledge.retrieval import best_places
from knowledge.text import normalise
from tests.quality.corpus import Half, Size, held, open_library, say
from tests.quality.samples import Sample, negatives, positives

POSITIVES = 250
"""Quotes at each level of noise."""
NEGATIVES = 10_000
FALSE_MATCHES = 0.0008
"""The share of these negatives that may be found: under the 0.1 % promised, for the score was fitted on them."""
POSSIBLE_MATCHES = 0.05
"""The share that may be shown as related."""
PLACES = 3
"""Places of a quote that are looked at."""
SHRINKAGE = 0.05
NOWHERE = -99.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examined:
    """A sample with the features of every place that a reading of it finds, and whether the place is right."""

    sample: Sample
    values: Floats
    right: NDArray[np.bool_]

    def best(self, coefficients: Floats) -> float:
        """The highest logit: of right places for a quote that is indexed, of any for one that is not."""
        return float(max(self.eligible @ coefficients, default=NOWHERE)) if len(self.values) else NOWHERE

    @property
    def eligible(self) -> Floats:
        """The rows that the sample may be judged by."""
        return self.values[self.right | (not self.sample.url)] if len(self.values) else self.values


def main() -> None:
    """Draw, examine, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/quality"), help="where the libraries are kept")
    work = parser.parse_args().work
    with open_library(work) as library, library.snapshot(Size.ALL) as snapshot:
        drawn = [*positives(held(Size.ALL), Half.FIT, POSITIVES), *negatives(work, Half.FIT, NEGATIVES)]
        examined = []
        for done, sample in enumerate(drawn, 1):
            examined.append(_examined(snapshot, sample))
            say(f"examining: {done} of {len(drawn)} quotes")
    _report(examined, _fitted(examined))


def _examined(snapshot: Snapshot, sample: Sample) -> Examined:
    """The features of the best places that the readings of a sample find."""
    values: list[Sequence[float]] = []
    right: list[bool] = []
    for reading in _readings(sample.text):
        quote = read_quote(reading)
        for place in best_places(snapshot, quote)[:PLACES] if quote.words else ():
            source = normalise(place.text, place.window.start, place.window.end)
            aside = asides(source)
            alignment = align(quote, Source(source.words, aside))
            if alignment.steps:
                values.append(list(features(quote, alignment, aside).values()))
                right.append(bool(sample.url) and sample.is_in(place.text[place.passage.start : place.passage.end]))
    return Examined(sample, np.array(values), np.array(right, dtype=bool))


def _readings(text: str) -> Iterator[str]:
    """The quotes in a text, and the whole."""
    try:
        claim: Claim = read_claim(text)
    except ClaimError:
        return
    yield from dict.fromkeys((*claim.telling_quotes, claim.statement))


def _fitted(examined: Sequence[Examined]) -> Floats:
    """Coefficients of the logistic regression on the best place of each sample, found by fitting three times."""
    coefficients: Floats | None = None
    for _ in range(3):
        rows, right = [], []
        for one in examined:
            if len(one.eligible):
                # At first the words that stand side by side tell which place is the best.
                logits = one.eligible[:, 1] if coefficients is None else one.eligible @ coefficients
                rows.append(one.eligible[int(np.argmax(logits))])
                right.append(bool(one.sample.url))
        coefficients = _regression(np.array(rows), np.array(right, dtype=float))
    assert coefficients is not None
    return coefficients


def _regression(x: Floats, y: Floats) -> Floats:
    """Logistic regression by iteratively reweighted least squares, both classes weighing the same."""
    weight = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    beta = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weight * (y - p)) - SHRINKAGE * beta
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + SHRINKAGE * np.eye(x.shape[1])
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def _report(examined: Sequence[Examined], coefficients: Floats) -> None:
    """Print the coefficients, the thresholds, and what they do to the quotes that they were fitted on."""
    names = ("constant", "adjacent", "coverage", "skipped", "missing", "missing_squared")
    for name, value in zip(names, coefficients, strict=True):
        sys.stdout.write(f'    "{name}": {value:.3f},\n')
    wrong = sorted(((one.best(coefficients), one) for one in examined if not one.sample.url), key=lambda pair: -pair[0])
    found = wrong[int(FALSE_MATCHES * len(wrong))][0]
    related = wrong[int(POSSIBLE_MATCHES * len(wrong))][0]
    sys.stdout.write(f"found above {_share(found):.3f}, related above {_share(related):.3f}; {len(wrong)} negatives\n")
    for logit, one in wrong[: int(2 * FALSE_MATCHES * len(wrong))]:
        sys.stdout.write(f"highest false: {_share(logit):.3f} {one.sample.level}: {one.sample.text}\n")
    levels: defaultdict[str, list[float]] = defaultdict(list)
    for one in examined:
        if one.sample.url:
            levels[one.sample.level].append(one.best(coefficients))
    for level, logits in levels.items():
        hits = np.array(logits)
        sys.stdout.write(
            f"{level:18} n={len(hits)} in a place {np.mean(hits > NOWHERE):.3f}"
            f" related {np.mean(hits > related):.3f} found {np.mean(hits > found):.3f}\n"
        )
    means = [np.mean([np.mean(np.array(one) > bound) for one in levels.values()]) for bound in (related, found)]
    sys.stdout.write(f"mean over the levels: related {means[0]:.4f} found {means[1]:.4f}\n")


def _share(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


if __name__ == "__main__":
    main()
