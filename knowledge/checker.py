"""The pipeline: from a claim to the fact check that answers it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from time import perf_counter
from urllib.parse import urlsplit

from rapidfuzz.distance import LCSseq

from knowledge.acceptance import is_found
from knowledge.claims import Claim, Quote, read_claim, read_quote, read_search
from knowledge.evidence import Evidence, evidence_of, nearest_passage
from knowledge.library import Library, Snapshot
from knowledge.matching import Match, examine
from knowledge.models import Article
from knowledge.retrieval import Place, best_places, on_the_matter
from knowledge.text import normal_words
from knowledge.verdicts import WORST_FIRST, Finding, FindingKind, Verdict


@dataclass(frozen=True, slots=True)
class FactCheck:
    """The whole result. `verdict`, `score`, `findings`, `reports` are those of the best evidence, or of the worst part.

    `searched` counts articles, `candidates` the texts that were looked at; `parts` holds one fact check per quote where
    the claim has several; `reports` is None where nothing was found.
    """

    claim: Claim
    verdict: Verdict
    score: float
    searched: int
    elapsed_ms: float
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    parts: tuple["FactCheck", ...] = ()
    reports: "Reports | None" = None
    candidates: int = 0
    links_archive: bool = False
    """Whether the collection would have readers led to an archived copy of the page, too."""


@dataclass(frozen=True, slots=True)
class Reports:
    """How many articles and outlets have a quote that was found, among the dozen likeliest, and since when."""

    articles: int
    outlets: int
    first_on: date | None


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
        self.library = library

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        """The fact check of what a person typed, against a collection and, if it says so, the shared one.

        Raises `ClaimError` where nothing in it is checkable, `CollectionDisabled` where an operator stopped it.
        """
        began = perf_counter()
        claim = read_claim(text, speaker)
        with self.library.snapshot(collection) as snapshot:
            look = _statement_first if claim.comes_first else _quotes_first
            found = look(snapshot, claim, limit)
        return replace(
            found,
            claim=claim,
            elapsed_ms=_since(began),
            candidates=snapshot.candidates,
            links_archive=snapshot.links_archive,
        )

    def search(self, words: str, *, collection: str = "shared", limit: int = 5) -> Search:
        """The passages nearest to some words. Raises `ClaimError` where there are none, `CollectionDisabled`."""
        began = perf_counter()
        quote = read_search(words)
        with self.library.snapshot(collection) as snapshot:
            articles = _Articles(snapshot)
            places = _without_copies(on_the_matter(snapshot, quote, limit), articles, snapshot)
            read = articles.of(places)
            results = tuple(nearest_passage(read[place.article_id], place) for place in places)
        return Search(words, snapshot.searched, _since(began), results)


_BEST_FIRST = (
    Verdict.VERBATIM,
    Verdict.CLOSE,
    Verdict.MISATTRIBUTED,
    Verdict.SPLICED,
    Verdict.ALTERED,
    Verdict.RELATED,
)
_EXAMINED = 3
"""Articles that are examined whatever the limit, so that the best verdict can come first."""
_MISSES = 2
"""Places that are not even related, after which the others, which align worse, are not looked at."""
_STOCK_PHRASE = 3
"""Unlike sentences from which on words that tell nothing apart ("at the end of the day") are nobody's quote."""
_ALIKE = 0.5
"""Share of words from which on two sentences are copies of one report."""


def _since(began: float) -> float:
    return (perf_counter() - began) * 1000


def _statement_first(snapshot: Snapshot, claim: Claim, limit: int) -> FactCheck:
    """The answer to a claim that asserts something beside its quotes, or has none.

    A quotation in it counts where it is sure to be from an article; else it is a lead, where there is no better one.
    """
    whole = _with_lead_in(snapshot, claim, _checked(snapshot, claim, claim.statement, limit, marked=False), limit)
    if _outweighs(whole, map(len, claim.quotes)):
        return whole
    parts = _parts(snapshot, claim, claim.telling_quotes if whole.evidence else claim.quotes, limit)
    certain = [part for part in parts if is_found(part.score / 100)]
    if certain:
        return _summed_up(certain, whole)
    leads = [part for part in parts if part.evidence]
    return whole if whole.evidence or not leads else _as_related(max(leads, key=lambda part: part.score))


def _with_lead_in(snapshot: Snapshot, claim: Claim, whole: FactCheck, limit: int) -> FactCheck:
    """The check of a statement with the words in front of it, where the source has most of these too and negates one.

    "I have heard that …" is a lead-in, but not of a source that says "I have not heard that …".
    """
    lead, statement, _ = claim.text.partition(claim.statement)
    if not lead.strip() or whole.verdict not in (Verdict.VERBATIM, Verdict.CLOSE):
        return whole
    best, words = whole.evidence[0], normal_words(lead)
    before = normal_words(best.passage[: max(0, best.spans[0].start - best.passage_span.start)])
    if LCSseq.similarity(words, before) < max(_FEWEST_SHARED, _MOSTLY * len(words)):
        return whole
    longer = _checked(snapshot, claim, lead + statement, limit, marked=False)
    return longer if any(one.kind in _TURNED for one in longer.findings) else whole


_FEWEST_SHARED, _MOSTLY = 2, 0.6
"""Words of a lead-in that stand before the source's words, and their share of it."""
_TURNED = frozenset({FindingKind.NEGATION, FindingKind.ANTONYM})


def _quotes_first(snapshot: Snapshot, claim: Claim, limit: int) -> FactCheck:
    """The answer to a claim that is little more than its quotes.

    The whole is looked for where one of them is not found; where all are, for what is changed beside them.
    """
    parts = _parts(snapshot, claim, claim.quotes, limit)
    all_found = all(map(_is_found, parts))
    if all_found and not claim.has_more:
        return _summed_up(parts, None)
    whole = _checked(snapshot, claim, claim.statement, limit, marked=False)
    return whole if all_found and _changes_more(whole, parts) else _summed_up(parts, None if all_found else whole)


def _changes_more(whole: FactCheck, parts: Iterable[FactCheck]) -> bool:
    """Whether a statement was found with more than its quotes, and sets one thing for another there."""
    beside = _is_found(whole) and _extent(whole) > sum(map(_extent, parts)) + _MORE
    named = set(normal_words(whole.claim.speaker or ""))
    return beside and any(
        one.bears_meaning and one.claimed and one.source and named.isdisjoint(normal_words(one.claimed))
        for one in whole.findings
    )


_MORE = 15
"""Code points beside the quotes: a name and "said" are about as many, and tell nothing that the quotes do not."""


def _parts(snapshot: Snapshot, claim: Claim, quotes: Iterable[str], limit: int) -> list[FactCheck]:
    """The fact checks of some quotes of a claim, each as a claim of its own."""
    alone = [replace(claim, text=quote, quotes=(quote,), statement=quote) for quote in quotes]
    return [_checked(snapshot, one, one.text, limit, marked=True) for one in alone]


def _as_related(check: FactCheck) -> FactCheck:
    """A check whose passages are shown, without a verdict on their wording."""
    return replace(check, verdict=Verdict.RELATED, findings=(), evidence=tuple(map(_related, check.evidence)))


def _summed_up(parts: list[FactCheck], whole: FactCheck | None) -> FactCheck:
    """The answer to a claim from those to its quotes, one at the least, and to the whole statement.

    A statement that is found with more than its quotes is the answer, so that a number outside the marks counts too.
    """
    if whole is not None and _outweighs(whole, map(_extent, parts)):
        return whole
    if len(parts) > 1:
        return replace(min(parts, key=lambda part: WORST_FIRST.index(part.verdict)), parts=tuple(parts))
    return whole if whole is not None and whole.evidence and not _is_found(parts[0]) else parts[0]


def _checked(snapshot: Snapshot, claim: Claim, text: str, limit: int, *, marked: bool) -> FactCheck:
    """The fact check of one text of a claim; `marked` says that it is a quote."""
    began = perf_counter()
    quote = read_quote(text)
    articles = _Articles(snapshot)
    places = _without_copies(best_places(snapshot, quote), articles, snapshot) if quote.words else []
    evidence = _evidence(articles, places, quote, claim, limit, marked=marked)
    best = evidence[0] if evidence else None
    check = FactCheck(
        claim=claim,
        verdict=best.verdict if best else Verdict.NOT_FOUND,
        score=best.score if best else 0.0,
        searched=snapshot.searched,
        elapsed_ms=_since(began),
        findings=best.findings if best else (),
        evidence=evidence,
    )
    return replace(check, reports=_reports(articles, places, evidence)) if _is_found(check) else check


def _outweighs(whole: FactCheck, quotes: Iterable[int]) -> bool:
    """Whether a statement was found with more of an article than quotes of so many code points can match."""
    return _is_found(whole) and _extent(whole) > _LONGER * sum(quotes)


_LONGER = 1.15


def _is_found(check: FactCheck) -> bool:
    return check.verdict not in (Verdict.RELATED, Verdict.NOT_FOUND)


def _extent(check: FactCheck) -> int:
    """Code points of an article that the best evidence matches, 0 where nothing was found."""
    return sum(span.end - span.start for span in check.evidence[0].spans) if _is_found(check) else 0


class _Articles:
    """The articles of some places, each read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._read: dict[int, Article] = {}

    def of(self, places: Iterable[Place]) -> dict[int, Article]:
        """Those of some places by their numbers, and all that were read before."""
        missing = {place.article_id for place in places} - self._read.keys()
        if missing:
            self._read |= self._snapshot.articles(missing)
        return self._read


def _without_copies(places: list[Place], articles: _Articles, snapshot: Snapshot) -> list[Place]:
    """The places but those in articles of the shared collection that the collection itself has too."""
    if len(snapshot.parts) == 1:
        return places
    read = articles.of(places)
    own = {read[place.article_id].url for place in places if snapshot.owns(read[place.article_id])}
    return [place for place in places if snapshot.owns(read[place.article_id]) or read[place.article_id].url not in own]


def _evidence(
    articles: _Articles, places: Sequence[Place], quote: Quote, claim: Claim, limit: int, *, marked: bool
) -> tuple[Evidence, ...]:
    """The articles that have a quote, the best verdict first, then the best fit, then the earliest; or related ones."""
    matches = list(_matches(places[: max(limit, _EXAMINED)], quote))
    read = articles.of(match.place for match in matches)
    told = [evidence_of(read[match.place.article_id], match, claim, marked=marked) for match in matches]
    fits = {one[0].article.id: match.fit for one, match in zip(told, matches, strict=True)}
    found = [one for one in told if one[0].verdict is not Verdict.RELATED]
    if not quote.is_distinctive and _unlike(found) >= _STOCK_PHRASE:
        told, found = [tuple(map(_related, one)) for one in found], []
    if found:
        told = sorted(found, key=lambda one: (_rank(one[0]), -fits[one[0].article.id], _day(one[0])))
    else:
        told.sort(key=lambda one: -one[0].score)
    return tuple(chain.from_iterable(told))[:limit]


def _reports(articles: _Articles, places: Sequence[Place], evidence: Sequence[Evidence]) -> Reports:
    """The articles that have a quote: those that were examined, and those whose passage has nearly all its words."""
    examined = {one.article.id: one.article for one in evidence if one.verdict is not Verdict.RELATED}
    others = [place for place in places if place.coverage >= _ALL_WORDS and place.article_id not in examined]
    read = articles.of(others)
    known = [*examined.values(), *(read[place.article_id] for place in others)]
    return Reports(
        articles=len(known),
        outlets=len({one.publisher or urlsplit(one.url).netloc for one in known}),
        first_on=min((one.published_on for one in known if one.published_on), default=None),
    )


_ALL_WORDS = 0.95
"""Share of the quote's weight."""


def _related(evidence: Evidence) -> Evidence:
    """A passage as such, without a verdict on its wording."""
    return replace(evidence, verdict=Verdict.RELATED, findings=())


def _rank(evidence: Evidence) -> int:
    return _BEST_FIRST.index(evidence.verdict)


def _day(evidence: Evidence) -> date:
    return evidence.article.published_on or date.max


def _matches(places: Iterable[Place], quote: Quote) -> Iterator[Match]:
    """How a quote stands at some places, best aligned first, until they are not even related any more."""
    misses = 0
    for place in places:
        match = examine(place, quote)
        if match is not None:
            yield match
        elif (misses := misses + 1) == _MISSES:
            return


def _unlike(found: Iterable[tuple[Evidence, ...]]) -> int:
    """How many passages differ from each other: copies of one report count once."""
    kept: list[set[str]] = []
    for one, *_ in found:
        words = set(normal_words(one.passage))
        if all(len(words & other) < _ALIKE * len(words | other) for other in kept):
            kept.append(words)
    return len(kept)
