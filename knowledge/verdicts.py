"""The rules: from the differences between the claimed words and the source's to findings and a verdict."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.text import Span


class Verdict(StrEnum):
    """What the comparison of a claim with its source came to; it never says true or false."""

    VERBATIM = "verbatim"
    CLOSE = "close"
    ALTERED = "altered"
    SPLICED = "spliced"
    MISATTRIBUTED = "misattributed"
    RELATED = "related"
    NOT_FOUND = "not_found"


class FindingKind(StrEnum):
    """The kinds of difference between a claim and its source."""

    NUMBER = "number"
    NEGATION = "negation"
    NAME = "name"
    ANTONYM = "antonym"
    WORDING = "wording"
    OMITTED = "omitted"
    ADDED = "added"
    TYPO = "typo"
    SPELLING = "spelling"
    SPEAKER = "speaker"
    DATE = "date"
    ELISION = "elision"
    CUT_SHORT = "cut_short"
    SPLICE = "splice"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Finding:
    """One typed difference in both wordings; either is "" where that side has no words.

    `bears_meaning` says whether it makes a quote `altered`; `warns` marks a note that deserves a warning.
    `span` is the source's side in the stored text, None where the source has no words there.
    """

    kind: FindingKind
    claimed: str
    source: str
    bears_meaning: bool = False
    warns: bool = False
    span: Span | None = None
