"""Knowledge: a claim in, its receipt out. Synchronous, and knows nothing of Discord.

 ingest ─► library ◄─ index                 articles come in, are stored and indexed
              │
 claims ─► retrieval ─► alignment ─► verdicts ─► evidence ─► checker
 Claim     Place        Alignment    Finding     Evidence    FactCheck

`desk` is what moderators do with a collection, on `library`; `polling` asks the `feeds` that it follows;
`statistics` counts what was checked; `backups` copies a library and puts a copy in its place.
`watches` keeps what members wait for, and `lookout` finds it among what is new.
`text` and `background` are under all of them: what a word is, and how much it weighs; `postings` is under `index`.
"""

from knowledge.checker import FactCheck, FactChecker, Reports, Search
from knowledge.claims import Claim, read_claim
from knowledge.desk import Added, Desk, Page, Removal, ServerSettings, Suggestion
from knowledge.domains import DomainRule
from knowledge.errors import (
    AlreadyDecided,
    ArticleNotFound,
    BackupError,
    ClaimError,
    ClaimProblem,
    CollectionDisabled,
    CollectionNotFound,
    DeskError,
    DraftGone,
    Gone,
    IngestError,
    InvalidDomain,
    KnowledgeError,
    LibraryError,
    PublisherBlocked,
    QuotaExceeded,
    RemovalGone,
    SuggestionGone,
    TooManySuggestions,
    UrlTaken,
)
from knowledge.evidence import Evidence
from knowledge.library import CollectionInfo, Library, LibraryStats
from knowledge.models import Article, AuditEntry, DomainPolicy, Label, NewArticle, PassageField, Review
from knowledge.text import Span
from knowledge.verdicts import WORST_FIRST, Finding, FindingKind, Verdict
from knowledge.writer import Addition

__all__ = [
    "WORST_FIRST",
    "Added",
    "Addition",
    "AlreadyDecided",
    "Article",
    "ArticleNotFound",
    "AuditEntry",
    "BackupError",
    "Claim",
    "ClaimError",
    "ClaimProblem",
    "CollectionDisabled",
    "CollectionInfo",
    "CollectionNotFound",
    "Desk",
    "DeskError",
    "DomainPolicy",
    "DomainRule",
    "DraftGone",
    "Evidence",
    "FactCheck",
    "FactChecker",
    "Finding",
    "FindingKind",
    "Gone",
    "IngestError",
    "InvalidDomain",
    "KnowledgeError",
    "Label",
    "Library",
    "LibraryError",
    "LibraryStats",
    "NewArticle",
    "Page",
    "PassageField",
    "PublisherBlocked",
    "QuotaExceeded",
    "Removal",
    "RemovalGone",
    "Reports",
    "Review",
    "Search",
    "ServerSettings",
    "Span",
    "Suggestion",
    "SuggestionGone",
    "TooManySuggestions",
    "UrlTaken",
    "Verdict",
    "read_claim",
]
