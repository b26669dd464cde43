"""The pipeline: from a claim to the fact check that answers it."""

from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from knowledge.claims import Claim, read_claim, read_quote, read_search
from knowledge.evidence import Evidence, examine, nearest_passage
from knowledge.library import Library, Snapshot
from knowledge.retrieval import best_places, nearest, one_per_article
from knowledge.text import normal_words
from knowledge.verdicts import Finding, Verdict, is_distinctive


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
        quote = read_search(words)
        with self._library.snapshot(collection) as snapshot:
            places = one_per_article(nearest(snapshot, quote, _SEARCHED))[:limit]
            articles = snapshot.articles(place.article_id for place in places)
            results = tuple(nearest_passage(articles[place.article_id], place) for place in places)
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


_STOCK_PHRASE = 3
"""Unlike sentences from which on words that tell nothing apart ("at the end of the day") are nobody's quote."""
_ALIKE = 0.5
"""Share of words from which on two sentences are copies of one report."""


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

    The quote is looked for. The whole statement is too where the quote is not found or is the smaller part of it:
    a sentence that holds a quotation is then found as a whole.
    """
    if not claim.quotes:
        return _found(snapshot, claim.statement, claim.speaker, marked=False, limit=limit)
    (quote,) = claim.quotes
    found = _found(snapshot, quote, claim.speaker, marked=True, limit=limit)
    if _is_found(found) and len(quote) >= _MAIN_PART * len(claim.statement):
        return found
    whole = _found(snapshot, claim.statement, claim.speaker, marked=False, limit=limit)
    if _is_found(found) and _extent(whole) <= _LONGER * _extent(found):
        return found
    return whole if _is_found(whole) or not found else found


_MAIN_PART = 0.6
_LONGER = 1.5
"""How much more of an article the whole statement must match to be preferred to the quote in it."""


def _is_found(evidence: tuple[Evidence, ...]) -> bool:
    return bool(evidence) and evidence[0].verdict is not Verdict.RELATED


def _extent(evidence: tuple[Evidence, ...]) -> int:
    """Code points of an article that the best evidence matches, 0 where nothing was found."""
    return sum(span.end - span.start for span in evidence[0].spans) if _is_found(evidence) else 0


def _found(snapshot: Snapshot, text: str, speaker: str | None, *, marked: bool, limit: int) -> tuple[Evidence, ...]:
    """The articles that have a quote, the best verdict first and ties by date; or else the related ones."""
    quote = read_quote(text)
    if not quote.words:
        return ()
    chosen = best_places(snapshot, quote)[: max(limit, _EXAMINED)]
    articles = snapshot.articles(place.article_id for place in chosen)
    evidence = [examine(articles[place.article_id], place, quote, speaker, marked=marked) for place in chosen]
    kept = [one for one in evidence if one is not None]
    found = [one for one in kept if one.verdict is not Verdict.RELATED]
    if not is_distinctive(quote) and _unlike(found) >= _STOCK_PHRASE:
        kept = [replace(one, verdict=Verdict.RELATED, findings=()) for one in found]
    elif found:
        found.sort(key=lambda one: (_BEST_FIRST.index(one.verdict), one.article.published_on or date.max))
        return tuple(found[:limit])
    kept.sort(key=lambda one: -one.score)
    return tuple(kept[:limit])


def _unlike(found: list[Evidence]) -> int:
    """How many passages differ from each other: copies of one report count once."""
    kept: list[set[str]] = []
    for one in found:
        words = set(normal_words(one.passage))
        if all(len(words & other) < _ALIKE * len(words | other) for other in kept):
            kept.append(words)
    return len(kept)
