"""What one article has to say of a quote: where it stands there, what was changed, who said it and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.alignment import Alignment, Source, align
from knowledge.attribution import Attribution, asides, attribute, same_person
from knowledge.background import weights
from knowledge.claims import Quote
from knowledge.links import link_to
from knowledge.models import Article, PassageField
from knowledge.retrieval import Place
from knowledge.text import NormalText, Span, normalise, sentences
from knowledge.verdicts import (
    Finding,
    FindingKind,
    Verdict,
    is_found,
    is_related,
    judge,
    probability,
    shares_matter,
    verdict_of,
)


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


def examine(article: Article, place: Place, quote: Quote, speaker: str | None, *, marked: bool) -> Evidence | None:
    """What an article says of a quote at a place; None where the two are not even related.

    `speaker` is who the claim says it was; `marked` as for `judge`.
    """
    source = normalise(place.text, place.window.start, place.window.end)
    aside = asides(source)
    alignment = align(quote, Source(source.words, aside))
    if not alignment.steps:
        return None
    score = probability(quote, alignment)
    second = None
    if main := _main_part(quote, alignment):
        placed = align(main, Source(source.words, aside))
        alone = probability(main, placed)
        second = _second_place(quote, alignment, place.text) if is_found(main, placed, alone) else None
        if second is not None:
            quote, alignment, score = main, placed, min(alone, second.score)
    if not is_found(quote, alignment, score):
        related = is_related(score) or shares_matter(quote, place.coverage)
        return replace(nearest_passage(article, place), score=_percent(score)) if related else None
    findings = judge(quote, source, alignment, aside, marked=marked)
    spans = _piece_spans(quote, source, alignment)
    if second is not None:
        findings = (*findings, second.finding)
        spans = tuple(sorted((*spans, second.span), key=lambda span: span.start))
    attribution = _merged_attribution(place.text, spans) if place.field is PassageField.TEXT else Attribution()
    if speaker and attribution.speaker and not same_person(speaker, attribution.speaker):
        findings = (*findings, Finding(FindingKind.SPEAKER, speaker, attribution.speaker))
    return _evidence(article, place, spans, verdict_of(findings), score, findings, attribution)


def nearest_passage(article: Article, place: Place) -> Evidence:
    """An article's nearest passage as such, without a verdict on its wording; its score is the share of words."""
    attribution = attribute(place.text, place.passage) if place.field is PassageField.TEXT else Attribution()
    return _evidence(article, place, (place.passage,), Verdict.RELATED, min(1.0, place.coverage), (), attribution)


# --- a quote put together from two places ---


@dataclass(frozen=True, slots=True)
class _SecondPlace:
    """Where the rest of a quote stands that its first place does not have."""

    span: Span
    score: float
    finding: Finding


_SHORTEST_REST = 3
"""Words. A shorter rest stands by chance in most articles."""
_LIGHTEST_REST = 12.0
_REST_COVERED = 0.8


def _rest(quote: Quote, alignment: Alignment) -> tuple[int, int]:
    """The longer end of a quote that its place leaves out, as a range of words."""
    first, last = alignment.claimed
    return (0, first) if first > len(quote.words) - last else (last, len(quote.words))


def _main_part(quote: Quote, alignment: Alignment) -> Quote | None:
    """The words that a place accounts for, where enough is left out of it to stand in a second one; None elsewhere."""
    start, end = _rest(quote, alignment)
    if end - start < _SHORTEST_REST or sum(weights(quote.words[start:end])) < _LIGHTEST_REST:
        return None
    return quote.part(*alignment.claimed)


def _second_place(quote: Quote, alignment: Alignment, text: str) -> _SecondPlace | None:
    """Where else in the article the end of a quote stands that its first place leaves out; None where nowhere."""
    rest = quote.part(*_rest(quote, alignment))
    source = normalise(text)
    found = align(rest, Source(source.words, asides(source)))
    if found.coverage < _REST_COVERED or not is_found(rest, found, score := probability(rest, found)):
        return None
    span = source.span(*found.source)
    finding = Finding(
        FindingKind.SPLICE, rest.text.surface(0, len(rest.words)), source.surface(*found.source), span=span
    )
    return _SecondPlace(span, score, finding)


# --- where, by whom, when ---


def _piece_spans(quote: Quote, source: NormalText, alignment: Alignment) -> tuple[Span, ...]:
    """Where each piece of the quote stands, pieces without a word in the source left out."""
    spans = []
    for first, last in quote.pieces:
        places = [there for here, there in alignment.pairs if first <= here < last]
        if places:
            spans.append(source.span(places[0], places[-1] + 1))
    return tuple(spans)


def _merged_attribution(text: str, spans: Sequence[Span]) -> Attribution:
    """Who said the words and when: of all copies in the article together, a signed one first, for it tells more."""
    words = text[spans[0].start : spans[-1].end]
    places = [spans[0]]
    position = text.find(words)
    while position >= 0 and len(places) <= _MOST_COPIES:
        places.append(Span(position, position + len(words)))
        position = text.find(words, position + 1)
    found = sorted((attribute(text, place) for place in places), key=lambda one: one.said_on is None)
    return Attribution(
        next((one.speaker for one in found if one.speaker), None),
        next((one.said_on for one in found if one.said_on), None),
    )


_MOST_COPIES = 8


def _evidence(
    article: Article,
    place: Place,
    spans: tuple[Span, ...],
    verdict: Verdict,
    score: float,
    findings: tuple[Finding, ...],
    attribution: Attribution,
) -> Evidence:
    """Everything that a reader is shown of an article."""
    passage, context = _surroundings(place.text, spans)
    return Evidence(
        article=article,
        verdict=verdict,
        score=_percent(score),
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


def _percent(score: float) -> float:
    return round(100 * score, 2)


def _surroundings(text: str, spans: Sequence[Span]) -> tuple[Span, Span]:
    """The sentences that the spans touch, from the first to the last, and those with one more on each side."""
    whole = sentences(text)
    first, last = spans[0].start, spans[-1].end
    touched = [i for i, span in enumerate(whole) if span.start < last and first < span.end]
    before, after = max(0, touched[0] - 1), min(len(whole) - 1, touched[-1] + 1)
    return Span(whole[touched[0]].start, whole[touched[-1]].end), Span(whole[before].start, whole[after].end)
