"""The small gate: the measures that need no real articles, over those of our own invention. It runs with every test."""

from collections.abc import Iterator, Sequence

import numpy as np

from knowledge import FactChecker, Library, NewArticle
from knowledge.text import sentences
from tests.quality.cases import EVERYTHING, add, invented
from tests.quality.corpus import grams
from tests.quality.measures import Asked, Figures, by_level, false_matches, mean, noisy_quotes
from tests.quality.noise import LEVELS
from tests.quality.samples import NEGATIVE_LEVELS, Sample, of_every_sentence


def small_gate(library: Library) -> list[Figures]:
    """Every sentence at every level of noise, sentences of other languages, and each article against all others."""
    everything = list(invented().values())
    english = [article for article in everything if article.language in ("", "en")]
    others = [article for article in everything if article not in english]
    add(library, EVERYTHING, everything)
    checker = FactChecker(library)
    quotes = [Asked(sample, EVERYTHING) for sample in of_every_sentence(english, LEVELS)]
    levels = [noisy_quotes(checker, f"invented: {level}", some) for level, some in by_level(quotes)]
    foreign = noisy_quotes(checker, "invented: other languages", [Asked(one, EVERYTHING) for one in _plain(others)])
    strangers = false_matches(checker, "invented: no source", list(_left_out(library, english)))
    return [*levels, mean("invented: mean", levels), foreign, strangers]


def _plain(members: Sequence[NewArticle]) -> Iterator[Sample]:
    """Every sentence as it is."""
    for article in members:
        for span in sentences(article.text):
            sentence = article.text[span.start : span.end]
            yield Sample("clean", sentence, article.url, sentence)


def _left_out(library: Library, members: Sequence[NewArticle]) -> Iterator[Asked]:
    """The sentences of each article, in a library of all others, without those that share five words with one."""
    for out in members:
        rest = [article for article in members if article is not out]
        collection = f"without {out.url}"
        add(library, collection, rest)
        known = np.concatenate([grams(f"{article.title}\n{article.text}") for article in rest])
        for sample in of_every_sentence([out], NEGATIVE_LEVELS):
            if not np.isin(grams(sample.original), known).any():
                yield Asked(sample, collection)
