"""Cases of our own: claims against articles of our own invention, each with the verdict that it must get and why."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import FactCheck, FactChecker, Library, NewArticle
from knowledge.ingest import read_articles

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "bot" / "demo" / "articles"
EVERYTHING = "all"
"""In the place of keys: every article that there is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One claim. `verdicts` are those that are right, `kinds` findings that must be among those of the check.

    `article` is the key of the one that must come first, `speaker` who is said to have said it where the claim does not
    say so. `reason` says why the program misses a known miss. An article has its address for a key too.
    """

    name: str
    claim: str
    articles: tuple[str, ...]
    verdicts: tuple[str, ...]
    why: str
    kinds: tuple[str, ...] = ()
    article: str | None = None
    speaker: str | None = None
    known_miss: bool = False
    reason: str = ""

    @property
    def collection(self) -> str:
        """The collection that it is checked in; cases about the same articles share one."""
        return "+".join(self.articles)


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the file."""
    return tuple(map(case_of, _rows("claims.jsonl")))


def case_of(row: Mapping[str, Any]) -> Case:
    """The case of a line."""
    return Case(
        name=row["name"],
        claim=row["claim"],
        articles=tuple(row["articles"]),
        verdicts=tuple(row["verdict"].split(" or ")),
        why=row["why"],
        kinds=tuple(row.get("kinds", ())),
        article=row.get("article"),
        speaker=row.get("speaker"),
        known_miss=row.get("known_miss", False),
        reason=row.get("reason", ""),
    )


@cache
def invented() -> dict[str, NewArticle]:
    """The articles by key: ours, and those of the demo by the names of their files."""
    ours = {row["key"]: _article(row) for row in _rows("articles.jsonl")}
    demo = {path.stem: article for path in sorted(DEMO.glob("*.md")) for article in read_articles([path])}
    return ours | {key: article for key, article in demo.items() if isinstance(article, NewArticle)}


def article_called(key: str) -> NewArticle:
    """The invented article of a key, or of an address, as cases from feedback have it. Raises `KeyError`."""
    by_address = {article.url: article for article in invented().values()}
    return {**by_address, **invented()}[key]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (HERE / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _article(row: dict[str, Any]) -> NewArticle:
    return NewArticle(
        url=row["url"],
        text=row["text"],
        title=row["title"],
        publisher=row["publisher"],
        published_on=date.fromisoformat(row["date"]),
        language=row["language"],
    )


def add_cases(library: Library, some: Iterable[Case]) -> None:
    """The collections that some cases are checked in."""
    for keys in dict.fromkeys(case.articles for case in some):
        members = invented() if keys == (EVERYTHING,) else keys
        add(library, "+".join(keys), [article_called(key) for key in members])


def add(library: Library, collection: str, members: Sequence[NewArticle]) -> None:
    """Articles into a collection."""
    for _ in library.add_all(collection, members, actor="quality"):
        pass


def complaints(checker: FactChecker, case: Case) -> list[str]:
    """What is wrong with the answer to a case, nothing where all is as labelled."""
    check = checker.check(case.claim, collection=case.collection, speaker=case.speaker)
    return list(_complaints(case, check))


def _complaints(case: Case, check: FactCheck) -> Iterator[str]:
    found = [f"{finding.kind.value}: {finding.claimed!r} for {finding.source!r}" for finding in check.findings]
    if check.verdict.value not in case.verdicts:
        yield f"is {check.verdict.value} ({check.score:.0f}), not {' or '.join(case.verdicts)}; findings {found}"
    missing = set(case.kinds) - {finding.kind.value for finding in check.findings}
    if missing:
        yield f"has no finding of {', '.join(sorted(missing))}; findings {found}"
    first = check.evidence[0].article.url if check.evidence else None
    if case.article and first != article_called(case.article).url:
        yield f"comes from {first}, not {case.article}"
