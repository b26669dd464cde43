"""The pipeline: from a claim to the fact check that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from knowledge.alignment import Alignment, Source, align
from knowledge.attribution import Attribution, asides, attribute, same_person
from knowledge.claims import Claim, Quote, read_claim, read_quote
from knowledge.library import Library, Snapshot
from knowledge.links import link_to
from knowledge.models import Article, PassageField
from knowledge.retrieval import Place, best_places, nearest, one_per_article
from knowledge.text import NormalText, Span, normalise, sentences
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
            places = one_per_article(nearest(snapshot, quote, _SEARCHED))[:limit]
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
_SEARCHED = 200
"""Passages that `search` ranks."""
_EXAMINED = 3
"""Articles that are examined whatever the limit, so that the best verdict can come first."""


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


# --- evidence ---


def _found(snapshot: Snapshot, quote: Quote, claim: Claim, *, marked: bool, limit: int) -> tuple[Evidence, ...]:
    """The articles that have a quote, the best verdict first and ties by date; or else the related ones."""
    chosen = best_places(snapshot, quote)[: max(limit, _EXAMINED)]
    articles = snapshot.articles(place.article_id for place in chosen)
    evidence = [_examined(articles[place.article_id], place, quote, claim, marked=marked) for place in chosen]
    kept = [one for one in evidence if one is not None]
    found = [one for one in kept if one.verdict is not Verdict.RELATED]
    if found:
        found.sort(key=lambda one: (_BEST_FIRST.index(one.verdict), one.article.published_on or date.max))
        return tuple(found[:limit])
    kept.sort(key=lambda one: -one.score)
    return tuple(kept[:limit])


def _examined(article: Article, place: Place, quote: Quote, claim: Claim, *, marked: bool) -> Evidence | None:
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


def _passage_evidence(article: Article, place: Place, quote: Quote) -> Evidence:
    """An article's nearest passage as such, without a verdict on its wording."""
    attribution = attribute(place.text, place.passage) if place.field is PassageField.TEXT else Attribution()
    return _evidence_at(article, place, (place.passage,), Verdict.RELATED, min(1.0, place.coverage), (), attribution)


def _evidence_at(
    article: Article,
    place: Place,
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
