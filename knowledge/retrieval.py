"""Where in which articles a quote may stand: candidates by the share of its words, then by the gain of alignment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from knowledge.alignment import Source, gains
from knowledge.background import weight
from knowledge.claims import Quote
from knowledge.index import Candidate
from knowledge.library import Snapshot, StoredText
from knowledge.models import PassageField
from knowledge.text import Span, normal_words, terms

_CANDIDATES = 64
"""Passages that the index proposes. Chosen for speed after the score was fitted with 100; the notes take 200 for short
quotes, which has to be measured again."""
_READ = 14
"""Candidates whose text is read: the best of them, shorter ones before longer ones."""
_LENGTH_COST = 0.003
"""Weight that a code point of a candidate costs it, so that of equals the shorter is read."""
_ALIKE = 0.6
"""Share of the best gain below which a place is not worth a closer look."""
_FAR_BEHIND = 0.3
"""Share of the quote's weight by which a place may have less of it than the best and still be aligned. (the same)"""
_ALIGNED = 12
"""Places that are aligned, those with the most of the quote's weight. (notes/speed.md)"""


def best_places(snapshot: Snapshot, quote: Quote) -> list["Place"]:
    """The places that align best with a quote, one an article, best first; none that falls far behind."""
    covering = nearest(snapshot, quote, _READ)
    if not covering:
        return []
    enough = covering[0].coverage - _FAR_BEHIND
    places = list(islice(_without_overlaps([place for place in covering if place.coverage >= enough]), _ALIGNED))
    if len(places) == 1:
        return places
    sources = [Source(normal_words(place.text[place.window.start : place.window.end])) for place in places]
    ranked = sorted(zip(gains(quote, sources), places, strict=True), key=lambda pair: -pair[0])
    return one_per_article([place for gain, place in ranked if gain >= _ALIKE * ranked[0][0]])


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's surroundings: where in which article to look, and how much of the quote's weight is there."""

    article_id: int
    field: PassageField
    text: str
    passage: Span
    window: Span
    coverage: float


def nearest(snapshot: Snapshot, quote: Quote, limit: int) -> list[Place]:
    """The `limit` likeliest candidates as places, those with the largest share of the quote's weight first."""
    proposed = snapshot.search(terms(quote.words), max(limit, _CANDIDATES))
    proposed.sort(key=lambda candidate: _LENGTH_COST * (candidate.span.end - candidate.span.start) - candidate.score)
    read = proposed[:limit]
    texts = snapshot.texts(candidate.article_id for candidate in read)
    weights = {word: weight(word) for word in quote.words}
    total = sum(weights.values())
    margin = _margin(quote)
    places = [_place(candidate, texts[candidate.article_id], weights, total, margin) for candidate in read]
    return sorted(places, key=lambda place: -place.coverage)


def _place(candidate: Candidate, stored: StoredText, weights: dict[str, float], total: float, margin: int) -> Place:
    text = stored.of(candidate.field)
    span = candidate.span
    words = set(normal_words(text[span.start : span.end]))
    coverage = sum(value for word, value in weights.items() if word in words) / total
    return Place(candidate.article_id, candidate.field, text, span, _window(text, span, margin), coverage)


def _margin(quote: Quote) -> int:
    """Code points around a candidate in which the rest of the quote may stand."""
    length = len(quote.text.original)
    return max(150, length * 5 // 4) if len(quote.pieces) == 1 else max(1_500, length * 2)


def _window(text: str, span: Span, margin: int) -> Span:
    """The passage with a margin on both sides, cut between words."""
    start, end = max(0, span.start - margin), min(len(text), span.end + margin)
    while 0 < start < span.start and not text[start - 1].isspace():
        start += 1
    while span.end < end < len(text) and not text[end].isspace():
        end -= 1
    return Span(start, end)


def one_per_article(places: Sequence[Place]) -> list[Place]:
    """The first place of each article."""
    return list({place.article_id: place for place in reversed(places)}.values())[::-1]


def _without_overlaps(places: Sequence[Place]) -> Iterator[Place]:
    """The places whose passage no earlier place of the article has in its window."""
    seen: dict[tuple[int, PassageField], list[Span]] = {}
    for place in places:
        windows = seen.setdefault((place.article_id, place.field), [])
        if not any(window.start <= place.passage.start and place.passage.end <= window.end for window in windows):
            windows.append(place.window)
            yield place
