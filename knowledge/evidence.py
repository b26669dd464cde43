"""What one article has to say of a quote: where it stands there, what was changed, who said it and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.acceptance import is_found, is_related, probability, shares_matter, stands_exactly
from knowledge.alignment import Alignment, Source, align
from knowledge.attribution import Attribution, asides, attribute, same_person
from knowledge.background import weight, weights
from knowledge.claims import Quote
from knowledge.differences import differences
from knowledge.links import link_to
from knowledge.models import Article, PassageField
from knowledge.retrieval import Place
from knowledge.text import NormalText, Span, normalise, sentences_around
from knowledge.verdicts import Finding, FindingKind, Verdict, judge


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
class Match:
    """How a quote stands at a place. `second` is where the rest of it stands, and `quote` then the first part only."""

    place: Place
    quote: Quote
    source: NormalText
    aside: tuple[range, ...]
    alignment: Alignment
    score: float
    second: "_SecondPlace | None"
    found: bool

    @property
    def fit(self) -> float:
        """How much of the quote is there and of the place in the quote, in tenths, so that copies of a report tie."""
        return round(self.alignment.coverage * self.alignment.density, 1)


def examine(place: Place, quote: Quote) -> Match | None:
    """How a quote stands at a place; None where the two are not even related."""
    source = normalise(place.text, place.window.start, place.window.end)
    aside = asides(source)
    alignment = align(quote, Source(source.words, aside))
    if not alignment.steps:
        return None
    whole = Match(place, quote, source, aside, alignment, probability(quote, alignment, aside), None, found=False)
    match = _in_two_places(whole) or whole
    if is_found(match.score) or stands_exactly(match.quote, match.alignment):
        return replace(match, found=True)
    return match if is_related(match.score) or shares_matter(quote, place.coverage) else None


def evidence_of(article: Article, match: Match, speaker: str | None, *, marked: bool) -> Evidence:
    """What the article of a match says of the quote; `marked` as for `differences`."""
    if not match.found:
        return replace(nearest_passage(article, match.place), score=_percent(match.score))
    place, source = match.place, match.source
    findings = differences(match.quote, source, match.alignment, match.aside, marked=marked)
    spans = _piece_spans(match.quote, source, match.alignment)
    if match.second is not None:
        findings = (*findings, match.second.finding)
        spans = tuple(sorted((*spans, match.second.span), key=lambda span: span.start))
    attribution = _merged_attribution(place.text, spans) if place.field is PassageField.TEXT else Attribution()
    if speaker and attribution.speaker and not same_person(speaker, attribution.speaker):
        findings = (*findings, Finding(FindingKind.SPEAKER, speaker, attribution.speaker))
    return _evidence(article, place, spans, judge(findings), match.score, findings, attribution)


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
_REST_PRESENT = 0.5
_REST_COVERED = 0.8


def _in_two_places(whole: Match) -> Match | None:
    """The match of a quote that its place has one part of and the rest of the article another; None elsewhere."""
    rest = _rest(whole.quote, whole.alignment)
    if rest is None or not _may_stand(rest, whole.place.text):
        return None
    main = whole.quote.part(*whole.alignment.claimed)
    alignment = align(main, Source(whole.source.words, whole.aside))
    score = probability(main, alignment, whole.aside)
    if not is_found(score):
        return None
    second = _second_place(rest, whole.place.text)
    if second is None:
        return None
    return replace(whole, quote=main, alignment=alignment, score=min(score, second.score), second=second)


def _rest(quote: Quote, alignment: Alignment) -> Quote | None:
    """The longer end of a quote that its place leaves out, where it is enough to stand somewhere; None elsewhere."""
    first, last = alignment.claimed
    start, end = (0, first) if first > len(quote.words) - last else (last, len(quote.words))
    if end - start < _SHORTEST_REST or sum(weights(quote.words[start:end])) < _LIGHTEST_REST:
        return None
    return quote.part(start, end)


def _may_stand(quote: Quote, text: str) -> bool:
    """Whether enough of a quote's words are anywhere in a text: this rough look spares most texts the closer one."""
    folded = text.casefold()
    present = sum(weight(word) for word in quote.words if word in folded)
    return present >= _REST_PRESENT * sum(weights(quote.words))


def _second_place(rest: Quote, text: str) -> _SecondPlace | None:
    """Where in the article the rest of a quote stands; None where nowhere."""
    source = normalise(text)
    aside = asides(source)
    found = align(rest, Source(source.words, aside))
    if found.coverage < _REST_COVERED or not is_found(score := probability(rest, found, aside)):
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
    first, last = spans[0].start, spans[-1].end
    whole = sentences_around(text, first, last)
    touched = [i for i, span in enumerate(whole) if span.start < last and first < span.end]
    before, after = max(0, touched[0] - 1), min(len(whole) - 1, touched[-1] + 1)
    return Span(whole[touched[0]].start, whole[touched[-1]].end), Span(whole[before].start, whole[after].end)
