"""What one article has to say of a quote: the passage, what was changed, who said it and when, and a link to it."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise

from knowledge.attribution import Attribution, attribute
from knowledge.claims import Claim, Quote
from knowledge.dates import PartialDate
from knowledge.differences import differences
from knowledge.links import link_to
from knowledge.matching import Match, SecondPlace
from knowledge.models import Article, PassageField
from knowledge.names import same_person
from knowledge.quantities import counterparts, is_number
from knowledge.retrieval import Place
from knowledge.text import Span, normal_words, normalise, sentences_around
from knowledge.verdicts import Finding, FindingKind, Verdict, judge


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article with an alignment that survived.

    `score` is the calibrated probability, in percent, that the passage is the claim's source. `spans` are the
    quote's words in the stored `field` of the article, one span per piece; `passage` stands there at
    `passage_span` and holds every sentence that the quote touches; `context` adds a sentence on each side.

    All that is of the article's `version` of this number, as it was fetched on `fetched_on`. `changed_on` is when a
    later one was fetched that has other words there; None where it is the newest.
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
    said_on: PartialDate | None
    findings: tuple[Finding, ...]
    link: str
    version: int = 1
    fetched_on: date | None = None
    changed_on: date | None = None


def evidence_of(article: Article, match: Match, claim: Claim, *, marked: bool) -> tuple[Evidence, ...]:
    """What the article of a match says of a quote of the claim: one entry, or one for each place of a splice.

    `marked` as for `differences`.
    """
    if not match.found:
        nearest = nearest_passage(article, match.place)
        return (replace(nearest, score=_percent(match.score), findings=_figures_beside(match.quote, match.place)),)
    found = differences(match.quote, match.source, match.alignment, match.aside, marked=marked)
    is_speech = marked or not _QUOTE_MARK.search(match.quote.text.original)
    places = _places(
        match,
        [one.span for one in found if one.kind is FindingKind.SPLICE and one.span is not None],
        is_speech=is_speech,
    )
    findings = (*found, *_joints(match, places), *_claimed_otherwise(claim, article, places))
    verdict = judge(findings)
    return tuple(
        _evidence(article, match.place, place.spans, verdict, match.score, findings, place.attribution)
        for place in _in_quoted_order(match, places)
    )


def _figures_beside(quote: Quote, place: Place) -> tuple[Finding, ...]:
    """The figures of a claim beside those that its closest passage gives on the same matter; no ruling on either."""
    language = quote.text.language
    if not any(is_number(word, language) for word in quote.words):
        return ()
    passage = normalise(place.text, place.passage.start, place.passage.end, language)
    return tuple(
        Finding(FindingKind.NUMBER, one.claimed, one.source, span=one.span) for one in counterparts(quote.text, passage)
    )


def nearest_passage(article: Article, place: Place) -> Evidence:
    """An article's nearest passage as such, without a verdict on its wording; its score is the share of words."""
    attribution = _attribution(place, place.passage)
    return _evidence(article, place, (place.passage,), Verdict.RELATED, min(1.0, place.coverage), (), attribution)


# --- the places of a quote, and who said what ---


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of the quote that stand together in the article, in one piece of the quote and the place of that number."""

    piece: int
    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class _SpokenPlace:
    """A place of the quote: the spans of its pieces there, and who said them."""

    number: int
    piece: int
    spans: tuple[Span, ...]
    attribution: Attribution


_QUOTE_MARK = re.compile(r"[“”\"«»]")

_SECOND = -1
"""The number of the place where the rest of a quote stands."""


def _places(match: Match, skipped: Sequence[Span], *, is_speech: bool) -> list[_SpokenPlace]:
    """The places that a quote is put together from: one, unless it skips a sentence or goes on in another's words.

    A report that quotes (not `is_speech`) may go on in anybody's.
    """
    places: list[_SpokenPlace] = []
    for run in _runs(match, skipped):
        attribution = _attribution(match.place, run.span)
        last = places[-1] if places else None
        if last is None or run.number != last.number or (is_speech and _are_two(last.attribution, attribution)):
            places.append(_SpokenPlace(run.number, run.piece, (run.span,), attribution))
        else:
            places[-1] = _joined(last, run, attribution)
    return places


def _in_quoted_order(match: Match, places: Sequence[_SpokenPlace]) -> Sequence[_SpokenPlace]:
    """The places as their words follow each other in the quote; the second place was looked for last."""
    comes_first = match.second is not None and match.second.comes_first
    return [places[-1], *places[:-1]] if comes_first else places


def _runs(match: Match, skipped: Sequence[Span]) -> Iterator[_Run]:
    """The runs of a quote: none goes on past a marked elision, a reporter's tag or a skipped sentence."""
    source = match.source
    piece_ends = [end for _, end in match.quote.pieces]
    tag_starts = [tag.start for tag in match.tags]

    def borders(pair: tuple[int, int]) -> tuple[int, int, int]:
        start = source.starts[pair[1]]
        return bisect(piece_ends, pair[0]), bisect(tag_starts, pair[1]), sum(span.start < start for span in skipped)

    for (piece, _, number), pairs in groupby(match.alignment.pairs, key=borders):
        words = [there for _, there in pairs]
        yield _Run(piece, number, source.span(words[0], words[-1] + 1))
    if match.second is not None:
        yield _Run(len(piece_ends), _SECOND, match.second.span)


def _joined(place: _SpokenPlace, run: _Run, attribution: Attribution) -> _SpokenPlace:
    """A place with one run more; within a piece of the quote it is the same span."""
    *before, last = place.spans
    spans = (*before, Span(last.start, run.span.end)) if run.piece == place.piece else (*place.spans, run.span)
    merged = Attribution(
        place.attribution.speaker or attribution.speaker, place.attribution.said_on or attribution.said_on
    )
    return replace(place, piece=run.piece, spans=spans, attribution=merged)


def _are_two(one: Attribution, other: Attribution) -> bool:
    """Whether two stretches are certainly two people's words."""
    return bool(one.speaker and other.speaker) and not same_person(one.speaker or "", other.speaker or "")


def _joints(match: Match, places: Sequence[_SpokenPlace]) -> Iterator[Finding]:
    """Where the quote goes on in another place, or in another person's words, without saying so."""
    text = match.place.text
    for one, other in pairwise(places):
        words = Span(other.spans[0].start, other.spans[-1].end)
        if other.number == one.number:
            yield Finding(FindingKind.SPLICE, "", text[words.start : words.end], span=words)
        elif match.second is not None and other.number == _SECOND:
            yield _second_joint(match.second, text, one, other)


def _second_joint(second: SecondPlace, text: str, one: _SpokenPlace, other: _SpokenPlace) -> Finding:
    """What it is that the rest of a quote stands in a second place: out of order, elided as marked, or spliced."""
    words = second.quote.text.surface(0, len(second.quote.words))
    if second.is_in_order and second.is_marked and not _are_two(one.attribution, other.attribution):
        first, last = sorted((one.spans[-1], second.span), key=lambda span: span.start)
        gone = Span(first.end, last.start)
        return Finding(FindingKind.ELISION, "", text[gone.start : gone.end].strip(), warns=True, span=gone)
    kind = FindingKind.SPLICE if second.is_in_order else FindingKind.REORDERED
    return Finding(kind, words, text[second.span.start : second.span.end], span=second.span)


def _claimed_otherwise(claim: Claim, article: Article, places: Sequence[_SpokenPlace]) -> Iterator[Finding]:
    """A speaker and a date of the claim that the source contradicts; what it does not say contradicts nothing."""
    if claim.speaker and not _is_publisher(claim.speaker, article):
        others = [place.attribution.speaker for place in places if place.attribution.speaker]
        other = next((one for one in others if not same_person(claim.speaker, one)), None)
        if other is not None:
            yield Finding(FindingKind.SPEAKER, claim.speaker, other)
    said_on = [place.attribution.said_on for place in places if place.attribution.said_on]
    published = [PartialDate.of(article.published_on)] if article.published_on else []
    known = [*said_on, *published]
    if claim.date and known and not any(claim.date.agrees_with(one) for one in known):
        yield Finding(FindingKind.DATE, str(claim.date), str(known[0]))


def _is_publisher(name: str, article: Article) -> bool:
    """Whether a claim names the outlet, not a speaker: "Tin Coast Radio: …"."""
    return set(normal_words(name)) <= set(normal_words(article.publisher))


# --- where, by whom, when ---


def _attribution(place: Place, span: Span) -> Attribution:
    """Who said the words and when: of all copies in the article together, a signed one first, for it tells more."""
    if place.field is not PassageField.TEXT:
        return Attribution()
    text = place.text
    words = text[span.start : span.end]
    copies = [span]
    position = text.find(words) if len(words) >= _SHORTEST_COPY else -1
    while position >= 0 and len(copies) <= _MOST_COPIES:
        if position != span.start:
            copies.append(Span(position, position + len(words)))
        position = text.find(words, position + 1)
    found = sorted((attribute(text, copy) for copy in copies), key=lambda one: one.said_on is None)
    return Attribution(
        next((one.speaker for one in found if one.speaker), None),
        next((one.said_on for one in found if one.said_on), None),
    )


_MOST_COPIES = 8
_SHORTEST_COPY = 25
"""Code points. Shorter words stand in many places by chance, and in many mouths."""


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
        link=article.url if place.is_older else link_to(article.url, place.text, Span(spans[0].start, spans[-1].end)),
        version=place.stored.number,
        fetched_on=place.stored.fetched_on,
        changed_on=place.stored.changed_on,
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
