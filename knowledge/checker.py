"""The pipeline: from a claim to the fact check that answers it."""

from dataclasses import dataclass
from datetime import date

from knowledge.claims import Claim
from knowledge.library import Library
from knowledge.models import Article, PassageField
from knowledge.text import Span
from knowledge.verdicts import Finding, Verdict


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
        raise NotImplementedError

    def search(self, words: str, *, collection: str = "shared", limit: int = 5) -> Search:
        """The passages nearest to some words. Raises `ClaimError` where there are none."""
        raise NotImplementedError
