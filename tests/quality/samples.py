"""Quotes to measure with, seeded: noisy ones of what is indexed, and real ones of what is not."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from rapidfuzz import fuzz

from knowledge.models import NewArticle
from knowledge.text import Span, normal_words, sentences
from tests.quality.corpus import Half, Known, Size, Stored, articles, held
from tests.quality.noise import LEVELS, noisy, quotable, stretch

SEED = {Half.FIT: 20261124, Half.TEST: 20261125}
NEGATIVE_LEVELS = ("clean", "fragment", "chatter_edit10")
SAME_SENTENCE = 85.0
"""The rapidfuzz ratio from which on two sentences are near-duplicates: wire copy differs in a word. (retrieval.md)"""

FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """A noisy quote. `original` is the sentence that it was made of, and `url` its article; "" for a negative."""

    level: str
    text: str
    url: str = ""
    original: str = ""

    def is_in(self, passage: str) -> bool:
        """Whether a passage is the quote's source or a near-duplicate of it."""
        mine, theirs = self.original.casefold(), passage.casefold()
        if len(normal_words(passage)) < FEWEST_WORDS:
            return mine == theirs  # a word or two are part of everything
        return mine in theirs or theirs in mine or fuzz.partial_ratio(mine, theirs) >= SAME_SENTENCE


def positives(pool: Sequence[Stored], half: Half, each: int, levels: Sequence[str] = LEVELS) -> Iterator[Sample]:
    """`each` noisy quotes at each level from some articles, English ones, of one half."""
    rng = random.Random(SEED[half])
    english = [one.article for one in pool if one.article.language == "en" and one.half is half]
    for level in levels:
        made = 0
        while made < each:
            article = rng.choice(english)
            spans = quotable(article.text)
            if spans:
                quoted = _cut(article.text, stretch(article.text, rng.choice(spans), level, rng))
                yield Sample(level, noisy(quoted, level, rng), article.url, quoted)
                made += 1


def negatives(work: Path, half: Half, count: int) -> list[Sample]:
    """`count` quotes from articles that no library has, without those that share five words in a row with one."""
    rng = random.Random(SEED[half])
    known = Known(work, held(Size.ALL))
    out = [one for one in articles() if not one.is_indexed and one.article.language == "en" and one.half is half]
    quotes = [_cut(one.article.text, span) for one in out for span in quotable(one.article.text)]
    rng.shuffle(quotes)
    foreign = [quote for quote in quotes if not known.shares(quote)]
    made: list[Sample] = []
    for number in range(count):
        level = NEGATIVE_LEVELS[(number + number // len(foreign)) % len(NEGATIVE_LEVELS)]
        made.append(Sample(level, noisy(foreign[number % len(foreign)], level, rng)))
    return made


def chinese(pool: Sequence[Stored], each: int) -> Iterator[Sample]:
    """`each` Chinese sentences as they are, and as many with a fifth of their characters changed."""
    rng = random.Random(SEED[Half.TEST])
    articles_of = [one.article for one in pool if one.article.language == "zh"]
    for level in ("clean", "edit20"):
        for _ in range(each):
            article = rng.choice(articles_of)
            spans = [span for span in sentences(article.text) if 12 <= span.end - span.start <= 80]
            if not spans:
                continue
            sentence = _cut(article.text, rng.choice(spans))
            yield Sample(level, sentence if level == "clean" else _other(sentence, 0.2, rng), article.url, sentence)


def languages(pool: Sequence[Stored], fewest: int) -> list[str]:
    """The languages other than English and Chinese that have so many articles."""
    counts = Counter(one.article.language for one in pool)
    return sorted(name for name, count in counts.items() if count >= fewest and name not in ("en", "zh"))


def plain(pool: Sequence[Stored], language: str, each: int) -> Iterator[Sample]:
    """`each` sentences of a language as they are."""
    rng = random.Random(SEED[Half.TEST])
    texts = [one.article for one in pool if one.article.language == language and quotable(one.article.text)]
    for _ in range(each):
        article = rng.choice(texts)
        sentence = _cut(article.text, rng.choice(quotable(article.text)))
        yield Sample("clean", sentence, article.url, sentence)


def of_every_sentence(members: Iterable[NewArticle], levels: Sequence[str]) -> Iterator[Sample]:
    """A noisy quote of every sentence that somebody might quote, at each level."""
    rng = random.Random(SEED[Half.TEST])
    for article in members:
        for span, level in product(quotable(article.text), levels):
            quoted = _cut(article.text, stretch(article.text, span, level, rng))
            yield Sample(level, noisy(quoted, level, rng), article.url, quoted)


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _other(sentence: str, share: float, rng: random.Random) -> str:
    """A sentence with a share of its characters dropped, doubled elsewhere or swapped for others of it."""
    characters = list(sentence)
    for _ in range(round(share * len(characters))):
        place = rng.randrange(len(characters))
        kind = rng.random()
        if kind < 0.4 and len(characters) > 6:
            del characters[place]
        elif kind < 0.8:
            characters[place] = rng.choice(sentence)
        else:
            characters.insert(place, rng.choice(sentence))
    return "".join(characters)
