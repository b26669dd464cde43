"""The rules: from typed findings to a verdict.

A similarity score cannot see a misquote, so what decides is the kind of every difference between the claimed words
and the source's (`differences`), who said them, and when.
"""

from collections.abc import Iterable
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


WORST_FIRST = (
    Verdict.ALTERED,
    Verdict.SPLICED,
    Verdict.MISATTRIBUTED,
    Verdict.NOT_FOUND,
    Verdict.RELATED,
    Verdict.CLOSE,
    Verdict.VERBATIM,
)
"""The order in which several answers are told, those that call for attention first."""


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
    `span` is the source's side in the stored text, empty where the source has no words there, which is then behind
    the word that the claim's follow; None where the difference is in no place (a speaker, a date beside the quote).
    """

    kind: FindingKind
    claimed: str
    source: str
    bears_meaning: bool = False
    warns: bool = False
    span: Span | None = None


def judge(findings: Iterable[Finding]) -> Verdict:
    """The verdict that some findings come to: the first that applies of altered, spliced, misattributed, close."""
    found = list(findings)
    kinds = {finding.kind for finding in found}
    if any(finding.bears_meaning for finding in found):
        return Verdict.ALTERED
    if kinds & {FindingKind.SPLICE, FindingKind.REORDERED}:
        return Verdict.SPLICED
    if FindingKind.SPEAKER in kinds:
        return Verdict.MISATTRIBUTED
    return Verdict.CLOSE if kinds - _NOTES else Verdict.VERBATIM


_NOTES = frozenset({FindingKind.ELISION, FindingKind.CUT_SHORT, FindingKind.DATE})
"""Shown, and no change of verdict."""
