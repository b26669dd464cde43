"""Fits the acceptance score: `python -m tests.quality.fit_acceptance ARTICLES DATABASE`.

DATABASE is made from ARTICLES, a JSONL.xz, where it does not exist; every ninth article is kept out of it, and quotes
from those are the negatives, unless they share five words in a row with what is indexed: wire copy is everywhere.
Prints the coefficients for knowledge/verdicts.py, the thresholds, and what they find at each level of noise.
"""

import json
import lzma
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.alignment import Source, align
from knowledge.attribution import asides
from knowledge.claims import read_claim, read_quote
from knowledge.errors import ClaimError
from knowledge.library import Library, Snapshot
from knowledge.models import NewArticle
from knowledge.retrieval import best_places
from knowledge.text import normal_words, normalise
from knowledge.verdicts import features
from tests.quality.noise import LEVELS, noisy, quotable

SEED = 20261123
POSITIVES = 300
"""Quotes at each level of noise."""
NEGATIVES = 6_000
HELD_OUT = 9
FALSE_MATCHES = 0.001
POSSIBLE_MATCHES = 0.05
"""The share of negatives that may be shown as related."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One quote's best place: its features, and whether it is where the quote came from."""

    level: str
    text: str
    values: tuple[float, ...]
    right: bool


def articles(path: str, *, held_out: bool) -> Iterator[NewArticle]:
    """The articles that are indexed, or those that are kept out."""
    with lzma.open(path, "rt", encoding="utf-8") as rows:
        for number, row in enumerate(rows):
            if (number % HELD_OUT == 0) == held_out:
                one = json.loads(row)
                yield NewArticle(
                    url=one["url"],
                    text=one["text"],
                    title=one["title"],
                    publisher=one["outlet"],
                    published_on=date.fromisoformat(one["date"]),
                    language=one["lang"],
                )


def build(path: str, database: str) -> None:
    """Import the articles that are indexed."""
    with Library.open(f"sqlite:///{database}") as library:
        for done, _ in enumerate(library.add_all("shared", articles(path, held_out=False), actor="fit")):
            sys.stderr.write(f"\r{done} batches")


def grams(text: str) -> Iterator[int]:
    """The five-word runs of a text, hashed."""
    words = normal_words(text)
    return (hash(tuple(words[i : i + 5])) for i in range(len(words) - 4))


def positives(path: str, rng: random.Random) -> Iterator[tuple[str, str, str, str]]:
    """(level, quote, the URL it is from, the original words)."""
    pool = [article for article in articles(path, held_out=False) if article.language == "en"]
    for level in LEVELS:
        for article in rng.sample(pool, POSITIVES):
            spans = quotable(article.text)
            if spans:
                span = rng.choice(spans)
                yield level, noisy(article.text, span, level, rng), article.url, article.text[span.start : span.end]


def negatives(path: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """(level, quote) from articles that are not indexed, without what the index has too."""
    indexed = np.unique(
        np.fromiter(
            (g for a in articles(path, held_out=False) for g in (*grams(a.title), *grams(a.text))), dtype=np.int64
        )
    )
    pool = [article for article in articles(path, held_out=True) if article.language == "en"]
    made = 0
    while made < NEGATIVES:
        article = rng.choice(pool)
        spans = quotable(article.text)
        if not spans:
            continue
        span = rng.choice(spans)
        sentence = article.text[span.start : span.end]
        mine = np.fromiter(grams(sentence), dtype=np.int64)
        places = np.minimum(np.searchsorted(indexed, mine), len(indexed) - 1)
        if (indexed[places] == mine).any():
            continue
        made += 1
        level = ("clean", "fragment", "chatter_edit10")[made % 3]
        yield level, noisy(article.text, span, level, rng)


def examine(snapshot: Snapshot, text: str, origin: str, original: str) -> tuple[tuple[float, ...], bool] | None:
    """The features of the best place that any reading of a text finds, and whether it is the right one."""
    try:
        claim = read_claim(text)
    except ClaimError:
        return None
    best: tuple[float, tuple[float, ...], bool] | None = None
    for reading in (*claim.quotes[:1], claim.statement):
        quote = read_quote(reading)
        if not quote.words:
            continue
        for place in best_places(snapshot, quote)[:3]:
            source = normalise(place.text, place.window.start, place.window.end)
            alignment = align(quote, Source(source.words, asides(source)))
            if not alignment.steps:
                continue
            values = features(quote, alignment)
            right = bool(origin) and (original[:60] in source.original[place.window.start : place.window.end])
            score = values["fit"] * math.log1p(alignment.gain)
            if best is None or score > best[0]:
                best = score, tuple(values.values()), right
    return None if best is None else best[1:]


def fit(samples: list[Sample]) -> Floats:
    """Coefficients by iteratively reweighted least squares, classes balanced, with a little shrinkage."""
    x = np.array([sample.values for sample in samples])
    y = np.array([sample.right for sample in samples], dtype=float)
    weight = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    beta = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weight * (y - p)) - 0.05 * beta
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + 0.05 * np.eye(x.shape[1])
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def main() -> None:
    """Build, sample, fit, report."""
    path, database = sys.argv[1:3]
    if not Path(database).exists():
        build(path, database)
    rng = random.Random(SEED)
    samples: list[Sample] = []
    with Library.open(f"sqlite:///{database}") as library, library.snapshot("shared") as snapshot:
        for level, text, url, original in positives(path, rng):
            examined = examine(snapshot, text, url, original)
            samples.append(Sample(level, text, *(examined or ((1.0, 0, 0, 0, 0, 0), False))))
        for level, text in negatives(path, rng):
            examined = examine(snapshot, text, "", "")
            if examined:
                samples.append(Sample("negative " + level, text, *examined))
    report(samples)


def report(samples: list[Sample]) -> None:
    """Print coefficients fitted on one half and what they do on the other."""
    train, test = samples[::2], samples[1::2]
    beta = fit(train)
    sys.stdout.write("coefficients " + " ".join(f"{value:.3f}" for value in beta) + "\n")
    scores = {id(s): float(np.array(s.values) @ beta) for s in samples}
    wrong = sorted((scores[id(s)] for s in samples if s.level.startswith("negative")), reverse=True)
    found = wrong[int(FALSE_MATCHES * len(wrong))]
    related = wrong[int(POSSIBLE_MATCHES * len(wrong))]
    sys.stdout.write(f"logit found > {found:.3f}, related > {related:.3f}, {len(wrong)} negatives\n")
    for sample in sorted(samples, key=lambda s: -scores[id(s)]):
        if sample.level.startswith("negative") and scores[id(sample)] > found - 1:
            sys.stdout.write(f"highest false: {scores[id(sample)]:.2f} {sample.level} {sample.text}\n")
    levels: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in test:
        levels[sample.level].append(sample)
    for level, some in levels.items():
        right = np.mean([s.right for s in some])
        hit = np.mean([s.right and scores[id(s)] > found for s in some])
        near = np.mean([s.right and scores[id(s)] > related for s in some])
        sys.stdout.write(f"{level:26} n={len(some):5} right {right:.3f} found {hit:.3f} found or related {near:.3f}\n")


if __name__ == "__main__":
    main()
