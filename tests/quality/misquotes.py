"""Natural misquotes: a real quote as one outlet printed it, looked for in another. (`variant_pair`, data/README.md)"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from knowledge.evidence import Evidence
from knowledge.library import Library
from knowledge.models import NewArticle
from tests.quality.corpus import ARTICLES, Half, Size, articles, fill, held, rows
from tests.quality.samples import SEED

COLLECTION = "natural"
KINDS = ("truncated", "reworded", "partly-overlapping")
OF_A_KIND = 400
SAME_WORDS = 90.0
"""The rapidfuzz partial ratio from which on a passage has some words or a near-duplicate of them."""


@dataclass(frozen=True, slots=True)
class Misquote:
    """A quote as the article at `query_from` has it, and as the article at `url` does."""

    kind: str
    query: str
    query_from: str
    original: str
    url: str

    def is_answered_by(self, evidence: Evidence) -> bool:
        """Whether the evidence is the right article, or another that has the same words, or even the query's own."""
        passage = evidence.passage.casefold()
        return evidence.article.url == self.url or any(
            words.casefold() in passage or fuzz.partial_ratio(words.casefold(), passage) >= SAME_WORDS
            for words in (self.original, self.query)
        )


@dataclass(frozen=True, slots=True)
class Labelled:
    """A misquote with the verdicts that people gave it who read it against its article, before any program did."""

    misquote: Misquote
    labels: tuple[str, ...]

    @property
    def collection(self) -> str:
        """The collection that has its article alone."""
        return f"labelled:{_key(self.misquote)}"


def _key(pair: Misquote) -> str:
    """A name for a pair that gives nothing of it away."""
    return hashlib.sha256(f"{pair.query}\n{pair.url}".encode()).hexdigest()[:12]


@cache
def labelled() -> tuple[Labelled, ...]:
    """The pairs of misquotes.jsonl, the first label of each always and the second where there is one."""
    lines = Path(__file__).with_name("misquotes.jsonl").read_text("utf-8").splitlines()
    known = {row["key"]: row for row in map(json.loads, lines)}
    pairs = dict.fromkeys(map(_misquote, (row for row in rows("quotes.jsonl.xz") if row["kind"] == "variant_pair")))
    found = {_key(pair): pair for pair in pairs if _key(pair) in known}
    return tuple(
        Labelled(pair, tuple(known[key][one] for one in ("first", "second") if one in known[key]))
        for key, pair in found.items()
    )


def add_labelled(library: Library) -> None:
    """A collection for each of them."""
    by_url = {one.article.url: one.article for one in articles()}
    for one in labelled():
        fill(library, one.collection, [by_url[one.misquote.url]])


@cache
def misquotes() -> tuple[Misquote, ...]:
    """As many of each kind as may be, none of whose articles is the query's of one and the answer of another."""
    pairs = list(map(_misquote, (row for row in rows("quotes.jsonl.xz") if row["kind"] == "variant_pair")))
    random.Random(SEED[Half.TEST]).shuffle(pairs)
    return tuple(_apart(pairs))


def _misquote(row: dict[str, Any]) -> Misquote:
    return Misquote(row["variant_type"], row["query"], row["query_from"]["url"], row["original"], row["article"]["url"])


def _apart(pairs: Sequence[Misquote]) -> Iterator[Misquote]:
    asked: set[str] = set()
    answering: set[str] = set()
    chosen: Counter[str] = Counter()
    for pair in pairs:
        if pair.url in asked or pair.query_from in answering or pair.url == pair.query_from:
            continue
        if chosen[pair.kind] < OF_A_KIND:
            chosen[pair.kind] += 1
            asked.add(pair.query_from)
            answering.add(pair.url)
            yield pair


def add_misquotes(library: Library) -> None:
    """A collection with every answer, without the articles that the queries are from, filled up with others."""
    answering = {pair.url for pair in misquotes()}
    asked = {pair.query_from for pair in misquotes()}
    answers = [one.article for one in articles() if one.article.url in answering]
    others = [one.article for one in held(Size.THOUSANDS) if one.article.url not in answering | asked]
    members: list[NewArticle] = [*answers, *others][: ARTICLES[Size.THOUSANDS]]
    fill(library, COLLECTION, members)
