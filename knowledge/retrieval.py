"""Which passages to look at: where a quote may stand, word for word, and which are on a matter, in whatever words.

The index proposes candidates; those are ranked here by what their texts share with the words that were asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice

from knowledge.alignment import MOST_PAIRS, Source, gains
from knowledge.background import is_known, weight
from knowledge.claims import Quote
from knowledge.index import Candidate
from knowledge.library import Snapshot
from knowledge.models import PassageField
from knowledge.rows import Origin, StoredText
from knowledge.text import Span, bare_words, is_spaceless, normal_words, terms


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is read for a quote: of its rarest terms, of the passages that have most of them, of their texts."""

    terms: int
    passages: int
    texts: int


_SHORT = 10
"""Words up to which every one counts: fewer tell apart less, and a misspelt one is missed."""
_FOR_SHORT, _FOR_LONG = Effort(12, 96, 20), Effort(10, 40, 12)
"""By (8, 24, 8) one quote in twenty that was stitched from two lost its place; (12, 64, 14) and
more gained nothing on 400 such and 1,500 noisy quotes, on 2026-11-25."""
_FOR_SPACELESS = Effort(24, 64, 12)
"""Every slip makes two rare bigrams that say nothing: with a fifth of the characters changed 300 of 300 passages were
right, and 284 by 8 terms."""
_MOST_WORDS = 40
"""Words of which the index is asked; hardly a sentence has more."""
_MOST_CHARACTERS = 120
"""The same of a script without spaces."""
_LENGTH_COST = 0.003
"""Weight that a code point of a candidate costs it, so that of equals the shorter is read."""
_ALIKE = 0.6
"""Share of the best gain below which a place is not worth a closer look."""
_FAR_BEHIND = 0.3
"""Share of the quote's weight by which a place may have less of it than the best and still be aligned. (the same)"""
_LITTLE, _OF_LITTLE = 0.45, 2
"""Share of the quote's weight below which the best place is hardly its source: then so many are aligned. (the same)"""
_ALIGNED = 12
"""Places that are aligned, those with the most of the quote's weight. (notes/speed.md)"""


def best_places(snapshot: Snapshot, quote: Quote) -> list["Place"]:
    """The places that align best with a quote, one an article, best first; none that falls far behind."""
    covering = _nearest(snapshot, quote)
    if not covering:
        return []
    best = covering[0].coverage
    most = _ALIGNED if best >= _LITTLE else _OF_LITTLE
    near = (place for place in covering if place.coverage >= best - _FAR_BEHIND)
    places = list(islice(_without_overlaps(near), most))
    most = max(1, MOST_PAIRS // (len(quote.words) * max(map(_length, places))))
    if len(places) > most:
        places = _sharing_most(quote, places, most)
    if len(places) == 1:
        return places
    sources = [Source(normal_words(place.text[place.window.start : place.window.end])) for place in places]
    ranked = sorted(zip(gains(quote, sources), places, strict=True), key=lambda it: (-round(it[0], 6), it[1].is_older))
    return _one_per_article([place for gain, place in ranked if gain >= _ALIKE * ranked[0][0]])


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's surroundings: where in which article to look, and how much of the quote's weight is there."""

    article_id: int
    field: PassageField
    stored: StoredText
    passage: Span
    window: Span
    coverage: float

    @property
    def text(self) -> str:
        """The part of the article that it is in."""
        return self.stored.of(self.field)

    @property
    def is_older(self) -> bool:
        """Whether the words are of an older version, and no longer in the newest."""
        return self.stored.changed_on is not None


def _nearest(snapshot: Snapshot, quote: Quote) -> list[Place]:
    """The likeliest candidates as places, those with the largest share of the quote's weight first."""
    words = _telling(quote.words)
    is_short = len(words) <= _SHORT
    effort = _FOR_SPACELESS if any(map(is_spaceless, words)) else _FOR_SHORT if is_short else _FOR_LONG
    doubtful = set(terms([word for word in words if _may_be_misspelt(word)])) if is_short else ()
    read: list[Candidate] = []
    for part in snapshot.parts:  # sums are not comparable between indexes, so that each has its say
        proposed = part.search(terms(words), effort.passages, most_terms=effort.terms, doubtful=doubtful)
        proposed.sort(key=lambda one: _LENGTH_COST * (one.span.end - one.span.start) - one.score)
        read += proposed[: effort.texts]
    texts = snapshot.texts(read)
    weights = {word: weight(word) for word in quote.words}
    total = sum(weights.values())
    margin = _margin(quote)
    places = [_place(candidate, texts[candidate.origin], weights, total, margin) for candidate in read]
    return sorted(places, key=lambda place: (-place.coverage, place.is_older))


def _sharing_most(quote: Quote, places: Sequence[Place], most: int) -> list[Place]:
    """The places with most of a long quote's terms; a look that takes less than aligning it with all of them."""
    wanted = set(terms(quote.words))

    def shared(place: Place) -> int:
        return len(wanted.intersection(terms(normal_words(place.text[place.window.start : place.window.end]))))

    return nlargest(most, places, key=shared)


def _length(place: Place) -> int:
    """About how many words there are in a place."""
    length = place.window.end - place.window.start
    return length if is_spaceless(place.text[place.passage.start]) else length // 4 + 1


def _telling(words: Sequence[str]) -> Sequence[str]:
    """The words that are looked for, in order: of a long text those that are rarest in news at large."""
    distinct = dict.fromkeys(words)
    if len(distinct) <= _MOST_WORDS or any(map(is_spaceless, distinct)):
        return words[:_MOST_CHARACTERS]
    rarest = set(nlargest(_MOST_WORDS, distinct, key=weight))
    return [word for word in words if word in rarest]


def _may_be_misspelt(word: str) -> bool:
    return word.isalpha() and not is_spaceless(word) and not is_known(word)


def _place(candidate: Candidate, stored: StoredText, weights: dict[str, float], total: float, margin: int) -> Place:
    text = stored.of(candidate.field)
    span = candidate.span
    words = set(normal_words(text[span.start : span.end]))
    coverage = sum(value for word, value in weights.items() if word in words) / total
    return Place(candidate.article_id, candidate.field, stored, span, _window(text, span, margin), coverage)


def _margin(quote: Quote) -> int:
    """Code points around a candidate in which the rest of the quote may stand."""
    length = len(quote.text.original)
    return max(150, length * 5 // 4) if len(quote.pieces) == 1 else max(1_500, length * 2)


def _window(text: str, span: Span, margin: int) -> Span:
    """The passage with a margin on both sides, cut between words."""
    start, end = max(0, span.start - margin), min(len(text), span.end + margin)
    while 0 < start < span.start and not _is_between_words(text, start):
        start += 1
    while span.end < end < len(text) and not _is_between_words(text, end):
        end -= 1
    return Span(start, end)


def _is_between_words(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    return before.isspace() or after.isspace() or is_spaceless(before) or is_spaceless(after)


def _without_overlaps(places: Iterable[Place]) -> Iterator[Place]:
    """The places whose passage no earlier place of the same text has well inside its window."""
    seen: dict[tuple[int, int, PassageField], list[Span]] = {}
    for place in places:
        inner = seen.setdefault((place.article_id, place.stored.number, place.field), [])
        if not any(span.start <= place.passage.start and place.passage.end <= span.end for span in inner):
            inner.append(_inner(place))
            yield place


def _inner(place: Place) -> Span:
    """The window without the outer halves of its margins, where a passage might be cut off from its neighbours."""
    passage, window = place.passage, place.window
    return Span((window.start + passage.start) // 2, (window.end + passage.end) // 2)


def _one_per_article(places: Sequence[Place]) -> list[Place]:
    """The first place of each article."""
    return list({place.article_id: place for place in reversed(places)}.values())[::-1]


# --- passages on a matter, whatever their wording ---

_SEARCHED = 100
"""Passages that a search ranks."""
_SEARCH_TERMS = 24
"""Rarest terms of a search, twice as many as of a check: a claim in other words shares fewer of them."""
_COMMON_WEIGHT = 1.0
"""Weight that every word loses, so that words of grammar tell next to nothing."""
_BESIDE = 0.2
"""What a word gains that the title has as well."""
_PROPOSED = 0.3
"""What the index's own sum counts, which knows how rare a word is here."""
_K1, _B, _USUAL_LENGTH = 1.2, 0.4, 27.0
"""BM25's constants (Robertson 1994), for passages with their titles of so many words. These five were chosen
among some twenty settings with an eye on CLEF 2020 task 2 train and test and 2022 task 2A dev at once (MAP@5 0.827,
0.895, 0.886), so that those figures are a little optimistic."""


def on_the_matter(snapshot: Snapshot, quote: Quote, limit: int) -> list[Place]:
    """The passages that share most with some words in the light of their titles, best first, one an article."""
    words = _telling(quote.words)
    wanted = {term: weight(word) for term, word in zip(terms(words), bare_words(words), strict=True)}
    proposed: list[Candidate] = []
    for part in snapshot.parts:
        proposed += part.search(wanted, _SEARCHED, most_terms=_SEARCH_TERMS)
    texts = snapshot.texts(proposed)
    by_article: defaultdict[int, list[Candidate]] = defaultdict(list)
    for candidate in proposed:
        by_article[candidate.article_id].append(candidate)
    ranked = sorted(
        (_most_relevant(candidates, texts, wanted) for candidates in by_article.values()),
        key=lambda pair: -pair[0],
    )
    return [place for _, place in ranked[:limit]]


def _most_relevant(
    candidates: Sequence[Candidate], texts: Mapping[Origin, StoredText], wanted: Mapping[str, float]
) -> tuple[float, Place]:
    """How relevant an article is, and its most relevant candidate; they come with the best proposed first."""
    proposed: dict[PassageField, float] = {}
    places: list[tuple[float, Place]] = []
    for candidate in candidates:
        proposed.setdefault(candidate.field, candidate.score)
        stored, span = texts[candidate.origin], candidate.span
        text = stored.of(candidate.field)
        titled = frozenset(terms(normal_words(stored.title)))
        here = frozenset(terms(normal_words(text[span.start : span.end])))
        title = titled if candidate.field is PassageField.TEXT else frozenset()
        shared = sum(weight for term, weight in wanted.items() if term in here or term in title)
        place = Place(candidate.article_id, candidate.field, stored, span, span, shared / sum(wanted.values()))
        places.append((_relevance(wanted, here, title), place))
    relevance, best = max(places, key=lambda pair: (pair[0], not pair[1].is_older))
    return relevance + _PROPOSED * sum(proposed.values()), best


def _relevance(wanted: Mapping[str, float], here: Set[str], title: Set[str]) -> float:
    """How much of what is wanted a passage tells in the light of its title: BM25 with each word counted once."""
    length = len(here | title)
    norm = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length / _USUAL_LENGTH))
    return norm * sum(
        max(0.0, value - _COMMON_WEIGHT) * (1 + _BESIDE * (term in here and term in title))
        for term, value in wanted.items()
        if term in here or term in title
    )
