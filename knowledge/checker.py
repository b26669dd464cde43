"""The pipeline: from a claim to the fact check that answers it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from knowledge.alignment import Alignment, Source, align, gains
from knowledge.attribution import Attribution, asides, attribute, same_person
from knowledge.background import weight
from knowledge.claims import Claim, Quote, read_claim, read_quote
from knowledge.index import Candidate
from knowledge.library import Library, Snapshot, StoredText
from knowledge.links import link_to
from knowledge.models import Article, PassageField
from knowledge.text import NormalText, Span, normal_words, normalise, sentences, terms
from knowledge.verdicts import Finding, FindingKind, Verdict, is_found, is_related, judge, probability, verdict_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article with an alignment that survived.

    `score` is the calibrated probability, in percent, that the passage is the claim's source. `spans` are the
    quote's words in the stored `field` of the article, one span per piece; `passage` stands there at
    `passage_span` and holds every sentence that the quote touches; `context` adds a sentence on each side.
    """

    article: Article
    verdict: Verdict
    score: float
    field: PassageField
    passage: str
    passage_span: Span
    context: str
    spans: tuple[Span, ...]
    speaker: str | None
    said_on: date | None
    findings: tuple[Finding, ...]
    link: str


@dataclass(frozen=True, slots=True)
class FactCheck:
    """The whole result. `verdict`, `score` and `findings` are those of the best evidence, or of the worst part.

    `searched` counts articles; `parts` holds one fact check per quote where the claim has several.
    """

    claim: Claim
    verdict: Verdict
    score: float
    searched: int
    elapsed_ms: float
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    parts: tuple["FactCheck", ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """The ranked passages for some words, best first, one row an article; no acceptance test, no verdict."""

    query: str
    searched: int
    elapsed_ms: float
    results: tuple[Evidence, ...]


class FactChecker:
    """Checks claims against the collections of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        """The fact check of what a person typed. Raises `ClaimError` where nothing in it is checkable."""
        began = perf_counter()
        claim = read_claim(text, speaker)
        with self._library.snapshot(collection) as snapshot:
            parts = [_fact_check(part, snapshot, _evidence(snapshot, part, limit), began) for part in _parts(claim)]
        if len(parts) == 1:
            return replace(parts[0], claim=claim)
        worst = min(parts, key=lambda part: _WORST_FIRST.index(part.verdict))
        return replace(worst, claim=claim, parts=tuple(parts), elapsed_ms=_since(began))

    def search(self, words: str, *, collection: str = "shared", limit: int = 5) -> Search:
        """The passages nearest to some words. Raises `ClaimError` where there are none."""
        began = perf_counter()
        quote = read_quote(read_claim(words).text)
        with self._library.snapshot(collection) as snapshot:
            places = _one_per_article(_nearest(snapshot, quote, _SEARCHED))[:limit]
            articles = snapshot.articles(place.article_id for place in places)
            results = tuple(_passage_evidence(articles[place.article_id], place, quote) for place in places)
        return Search(words, snapshot.searched, _since(began), results)


_WORST_FIRST = (
    Verdict.ALTERED,
    Verdict.SPLICED,
    Verdict.MISATTRIBUTED,
    Verdict.NOT_FOUND,
    Verdict.RELATED,
    Verdict.CLOSE,
    Verdict.VERBATIM,
)
_BEST_FIRST = (
    Verdict.VERBATIM,
    Verdict.CLOSE,
    Verdict.MISATTRIBUTED,
    Verdict.SPLICED,
    Verdict.ALTERED,
    Verdict.RELATED,
)
_CANDIDATES, _CANDIDATES_OF_SHORT = 50, 200
"""Passages that retrieval proposes; more for quotes of up to ten words, which share less. (notes/retrieval.md)"""
_SHORT_QUOTE = 10
_ALIGNED = 12
"""Candidates that are aligned, those with the most of the quote's weight. (notes/speed.md)"""
_SEARCHED = 200


def _since(began: float) -> float:
    return (perf_counter() - began) * 1000


def _parts(claim: Claim) -> list[Claim]:
    """One claim per quote; a claim without quotes is its own only part."""
    if len(claim.quotes) <= 1:
        return [claim]
    return [replace(claim, text=quote, quotes=(quote,), statement=quote) for quote in claim.quotes]


def _fact_check(claim: Claim, snapshot: Snapshot, evidence: tuple[Evidence, ...], began: float) -> FactCheck:
    best = evidence[0] if evidence else None
    return FactCheck(
        claim=claim,
        verdict=best.verdict if best else Verdict.NOT_FOUND,
        score=best.score if best else 0.0,
        searched=snapshot.searched,
        elapsed_ms=_since(began),
        findings=best.findings if best else (),
        evidence=evidence,
    )


def _evidence(snapshot: Snapshot, claim: Claim, limit: int) -> tuple[Evidence, ...]:
    """What a collection has on a claim with at most one quote, best first.

    The quote is looked for; where it is not found, the whole statement is, and the better of the two answers.
    """
    best: tuple[Evidence, ...] = ()
    for text, marked in (
        ((claim.quotes[0], True), (claim.statement, False)) if claim.quotes else ((claim.statement, False),)
    ):
        quote = read_quote(text)
        if not quote.words:
            continue
        found = _found(snapshot, quote, claim, marked=marked, limit=limit)
        if found and (not best or (found[0].verdict is not Verdict.RELATED or found[0].score > best[0].score)):
            best = found
        if best and best[0].verdict is not Verdict.RELATED:
            break
    return best


# --- candidates ---


@dataclass(frozen=True, slots=True)
class _Place:
    """A candidate's surroundings: where in which article to look, and how much of the quote's weight is there."""

    article_id: int
    field: PassageField
    text: str
    passage: Span
    window: Span
    coverage: float


def _nearest(snapshot: Snapshot, quote: Quote, candidates: int) -> list[_Place]:
    """Where the passages with the most of the quote's words stand, best first."""
    proposed = snapshot.search(terms(quote.words), candidates)
    texts = snapshot.texts(candidate.article_id for candidate in proposed)
    weights = {word: weight(word) for word in quote.words}
    total = sum(weights.values())
    margin = _margin(quote)
    places = [_place(candidate, texts[candidate.article_id], weights, total, margin) for candidate in proposed]
    return sorted(places, key=lambda place: -place.coverage)


def _place(candidate: Candidate, stored: StoredText, weights: dict[str, float], total: float, margin: int) -> _Place:
    text = stored.of(candidate.field)
    span = candidate.span
    words = set(normal_words(text[span.start : span.end]))
    coverage = sum(value for word, value in weights.items() if word in words) / total
    return _Place(candidate.article_id, candidate.field, text, span, _window(text, span, margin), coverage)


def _margin(quote: Quote) -> int:
    """Code points around a candidate in which the rest of the quote may stand."""
    length = len(quote.text.original)
    return max(300, length * 3 // 2) if len(quote.pieces) == 1 else max(4_000, length * 2)


def _window(text: str, span: Span, margin: int) -> Span:
    """The passage with a margin on both sides, cut between words."""
    start, end = max(0, span.start - margin), min(len(text), span.end + margin)
    while 0 < start < span.start and not text[start - 1].isspace():
        start += 1
    while span.end < end < len(text) and not text[end].isspace():
        end -= 1
    return Span(start, end)


def _one_per_article(places: Sequence[_Place]) -> list[_Place]:
    """The first place of each article."""
    return list({place.article_id: place for place in reversed(places)}.values())[::-1]


def _without_overlaps(places: Sequence[_Place]) -> Iterator[_Place]:
    """The places whose passage no earlier place of the article has in its window."""
    seen: dict[tuple[int, PassageField], list[Span]] = {}
    for place in places:
        windows = seen.setdefault((place.article_id, place.field), [])
        if not any(window.start <= place.passage.start and place.passage.end <= window.end for window in windows):
            windows.append(place.window)
            yield place


# --- evidence ---


def _found(snapshot: Snapshot, quote: Quote, claim: Claim, *, marked: bool, limit: int) -> tuple[Evidence, ...]:
    """The articles that have a quote, the best verdict first and ties by date; or else the related ones."""
    short = len(quote.words) <= _SHORT_QUOTE
    nearest = _nearest(snapshot, quote, _CANDIDATES_OF_SHORT if short else _CANDIDATES)
    places = list(_without_overlaps(nearest[: 4 * _ALIGNED]))[:_ALIGNED]
    sources = [Source(normal_words(place.text[place.window.start : place.window.end])) for place in places]
    ranked = [place for _, place in sorted(zip(gains(quote, sources), places, strict=True), key=lambda pair: -pair[0])]
    chosen = _one_per_article(ranked)[: max(limit, 3)]
    articles = snapshot.articles(place.article_id for place in chosen)
    evidence = [_examined(articles[place.article_id], place, quote, claim, marked=marked) for place in chosen]
    kept = [one for one in evidence if one is not None]
    found = [one for one in kept if one.verdict is not Verdict.RELATED]
    if found:
        found.sort(key=lambda one: (_BEST_FIRST.index(one.verdict), one.article.published_on or date.max))
        return tuple(found[:limit])
    kept.sort(key=lambda one: -one.score)
    return tuple(kept[:limit])


def _examined(article: Article, place: _Place, quote: Quote, claim: Claim, *, marked: bool) -> Evidence | None:
    """What an article's place says of the quote; None where it is not even related."""
    source = normalise(place.text, place.window.start, place.window.end)
    aside = asides(source)
    alignment = align(quote, Source(source.words, aside))
    score = probability(quote, alignment)
    if not is_related(score) or not alignment.steps:
        return None
    if not is_found(quote, alignment, score):
        return replace(_passage_evidence(article, place, quote), score=100 * score, verdict=Verdict.RELATED)
    spans = _piece_spans(quote, source, alignment)
    attribution = _attribution(place.text, spans)
    findings = judge(quote, source, alignment, aside, marked=marked)
    if claim.speaker and attribution.speaker and not same_person(claim.speaker, attribution.speaker):
        findings = (*findings, Finding(FindingKind.SPEAKER, claim.speaker, attribution.speaker))
    return _evidence_at(article, place, spans, verdict_of(findings), score, findings, attribution)


def _piece_spans(quote: Quote, source: NormalText, alignment: Alignment) -> tuple[Span, ...]:
    """Where each piece of the quote stands, pieces without a word in the source left out."""
    spans = []
    for first, last in quote.pieces:
        found = [
            s.source
            for s in alignment.steps
            if s.claimed is not None and s.source is not None and first <= s.claimed < last
        ]
        if found:
            spans.append(source.span(found[0], found[-1] + 1))
    return tuple(spans)


def _attribution(text: str, spans: Sequence[Span]) -> Attribution:
    """Who said the words and when: of all copies in the article together, for a signed one tells more."""
    words = text[spans[0].start : spans[-1].end]
    places = [spans[0]]
    position = text.find(words)
    while position >= 0 and len(places) < _MOST_COPIES:
        places.append(Span(position, position + len(words)))
        position = text.find(words, position + 1)
    found = [attribute(text, place) for place in places]
    return Attribution(
        next((one.speaker for one in sorted(found, key=lambda one: one.said_on is None) if one.speaker), None),
        next((one.said_on for one in found if one.said_on), None),
    )


_MOST_COPIES = 8


def _passage_evidence(article: Article, place: _Place, quote: Quote) -> Evidence:
    """An article's nearest passage as such, without a verdict on its wording."""
    attribution = attribute(place.text, place.passage) if place.field is PassageField.TEXT else Attribution()
    return _evidence_at(article, place, (place.passage,), Verdict.RELATED, min(1.0, place.coverage), (), attribution)


def _evidence_at(
    article: Article,
    place: _Place,
    spans: tuple[Span, ...],
    verdict: Verdict,
    score: float,
    findings: tuple[Finding, ...],
    attribution: Attribution,
) -> Evidence:
    passage, context = _surroundings(place.text, spans)
    return Evidence(
        article=article,
        verdict=verdict,
        score=round(100 * score, 2),
        field=place.field,
        passage=place.text[passage.start : passage.end],
        passage_span=passage,
        context=place.text[context.start : context.end],
        spans=spans,
        speaker=attribution.speaker,
        said_on=attribution.said_on,
        findings=findings,
        link=link_to(article.url, place.text, Span(spans[0].start, spans[-1].end)),
    )


def _surroundings(text: str, spans: Sequence[Span]) -> tuple[Span, Span]:
    """The sentences that the spans touch, from the first to the last, and those with one more on each side."""
    whole = sentences(text)
    first, last = spans[0].start, spans[-1].end
    touched = [i for i, span in enumerate(whole) if span.start < last and first < span.end]
    before, after = max(0, touched[0] - 1), min(len(whole) - 1, touched[-1] + 1)
    return Span(whole[touched[0]].start, whole[touched[-1]].end), Span(whole[before].start, whole[after].end)
