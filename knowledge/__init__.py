"""Knowledge: a claim in, its receipt out. Synchronous, and knows nothing of Discord.

 ingest ─► library ◄─ index                 articles come in, are stored and indexed
              │
 claims ─► retrieval ─► alignment ─► verdicts ─► evidence ─► checker
 Claim     Place        Alignment    Finding     Evidence    FactCheck

`text` and `background` are under all of them: what a word is, and how much it weighs; `postings` is under `index`.
"""

from knowledge.checker import FactCheck, FactChecker, Reports, Search
from knowledge.claims import Claim, read_claim
from knowledge.errors import ArticleNotFound, ClaimError, ClaimProblem, IngestError, KnowledgeError, LibraryError
from knowledge.evidence import Evidence
from knowledge.library import Addition, Library, LibraryStats
from knowledge.models import Article, NewArticle, PassageField
from knowledge.text import Span
from knowledge.verdicts import WORST_FIRST, Finding, FindingKind, Verdict

__all__ = [
    "WORST_FIRST",
    "Addition",
    "Article",
    "ArticleNotFound",
    "Claim",
    "ClaimError",
    "ClaimProblem",
    "Evidence",
    "FactCheck",
    "FactChecker",
    "Finding",
    "FindingKind",
    "IngestError",
    "KnowledgeError",
    "Library",
    "LibraryError",
    "LibraryStats",
    "NewArticle",
    "PassageField",
    "Reports",
    "Search",
    "Span",
    "Verdict",
    "read_claim",
]
