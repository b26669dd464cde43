"""What the engines are given: the passages of real articles, noisy quotes of them, and articles to add."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from knowledge import NewArticle, index
from knowledge.text import normal_words, sentences, terms
from tests.benchmarks.engines import Document, Pruning, Text
from tests.quality.corpus import Half, Stored
from tests.quality.noise import LEVELS
from tests.quality.samples import SEED, Sample, positives

HALF = Half.TEST
"""The half of the articles that quotes are made of, whose seed holds."""
KEPT_BACK = 25
"""Articles that are added live, of the other half."""

PRUNING = Pruning(
    most=index.MOST_TERMS,
    fewest=index.FEWEST_TERMS,
    common_share=index.COMMON_SHARE,
    common_count=index.COMMON_COUNT,
    most_postings=index.MOST_IDS,
)


class TooFewPassages(Exception):
    """The articles have fewer passages than were asked for. `found` says how many."""

    def __init__(self, found: int) -> None:
        super().__init__(f"the articles have only {found:,} passages")
        self.found = found


@dataclass(frozen=True, slots=True)
class Question:
    """A query; `sample` knows its right answer, or that there is none."""

    query: Text
    sample: Sample

    @property
    def has_answer(self) -> bool:
        """Whether it is a quote of what is indexed."""
        return bool(self.sample.original)


@dataclass(frozen=True, slots=True)
class Material:
    """For one size: what is indexed, what is asked, and what is added afterwards."""

    documents: Sequence[Document]
    questions: Sequence[Question]
    kept_back: Sequence[Document]


class Shelf:
    """The real articles, cut into passages once and handed out in growing numbers, English ones first."""

    def __init__(self, articles: Sequence[Stored]) -> None:
        distinct = sorted({one.article.url: one for one in reversed(articles)}.values(), key=_order)
        self._out = [one for one in distinct if not one.is_indexed]
        self._remaining = (one for one in distinct if one.is_indexed)
        self._stored: list[Stored] = []
        self._documents: list[Document] = []
        self._ends: list[int] = []

    def material(self, passages: int, questions: int) -> Material:
        """As many whole articles as have `passages` passages, and about `questions` quotes of and not of them.

        Raises `TooFewPassages`.
        """
        self._cut(passages)
        count = next(place for place, end in enumerate(self._ends, 1) if end >= passages)
        each = ceil(questions / len(LEVELS))
        asked = [
            *(question(sample) for sample in positives(self._stored[:count], HALF, each)),
            *(question(Sample(sample.level, sample.text)) for sample in positives(self._out, HALF, each)),
        ]
        random.Random(SEED[HALF]).shuffle(asked)
        back = (one.article for one in self._out if one.half is not HALF and one.article.language == "en")
        return Material(self._documents[:count], asked, [cut(article) for article in islice(back, KEPT_BACK)])

    def _cut(self, passages: int) -> None:
        """Cut as many more articles as it takes."""
        end = self._ends[-1] if self._ends else 0
        while end < passages:
            stored = next(self._remaining, None)
            if stored is None:
                raise TooFewPassages(end)
            document = cut(stored.article)
            end += len(document.passages)
            self._stored.append(stored)
            self._documents.append(document)
            self._ends.append(end)


def cut(article: NewArticle) -> Document:
    """An article with the passages that our library indexes: its title and sentences, those with a word in them."""
    spans = sentences(article.text)
    texts = [text_of(each) for each in (article.title, *(article.text[span.start : span.end] for span in spans))]
    return Document(article.url, article.title, article.text, tuple(text for text in texts if text.words))


def text_of(original: str) -> Text:
    """A text with its terms."""
    return Text(original, " ".join(terms(normal_words(original))))


def question(sample: Sample) -> Question:
    """A sample as a query."""
    return Question(text_of(sample.text), sample)


def _order(stored: Stored) -> tuple[bool, int]:
    return stored.article.language != "en", stored.number


def passages_of(documents: Iterable[Document]) -> Iterator[str]:
    """The passages of documents as they were printed, by number."""
    return (passage.original for document in documents for passage in document.passages)
