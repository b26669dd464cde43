"""Real sentences with one word or clause changed, and the same sentences written otherwise, seeded.

`python -m tests.quality.changes [--work DIR] [--each N] [--kind KIND …] [--half HALF] [--misses]` prints how they are
judged: a change must be `altered` and of its kind, another way of writing must not be.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from knowledge import ClaimError, FactCheck, FactChecker, FindingKind, Library, Verdict
from tests.quality import alterations, variants
from tests.quality.alterations import Edit, Way
from tests.quality.corpus import Half, Size, held
from tests.quality.lines import SEED, Line, Lines
from tests.quality.samples import Sample

_K = FindingKind
EXPECTED: Mapping[str, FindingKind] = {
    "number": _K.NUMBER,
    "negation": _K.NEGATION,
    "name": _K.NAME,
    "antonym": _K.ANTONYM,
    "dropped clause": _K.OMITTED,
    "added": _K.ADDED,
    "swapped": _K.WORDING,
    "antonym kept apart": _K.ANTONYM,
}
"""The finding that each kind of change must be told as."""
VARIANTS: Mapping[str, Mapping[str, Way]] = {
    "clean": variants.CLEAN,
    "case": variants.CASE,
    "punctuation": variants.PUNCTUATION,
    "apostrophes": variants.APOSTROPHES,
    "contraction": variants.CONTRACTION,
    "percent": variants.PERCENT,
    "spelled numbers": variants.SPELLED_NUMBERS,
    "ampersand": variants.AMPERSAND,
    "parentheses": variants.PARENTHESES,
    "british spelling": variants.BRITISH_SPELLING,
    "titles": variants.TITLE,
    "interrupted": variants.INTERRUPTED_QUOTE,
    "tag put in": variants.TAGGED_QUOTE,
    "scale letters": variants.SCALE_LETTERS,
}
"""What no check may take for a change."""
NAMES = (*EXPECTED, *VARIANTS)
BEYOND = frozenset({"antonym kept apart", "scale letters"})
"""Kinds that no rule promises: told beside the others, and in no mean."""
_MARKS = (("", ""), ("", ""), ('"', '"'), ("“", "”"))


@dataclass(frozen=True, slots=True)
class Change:
    """A claim made of some words of an article, and what was changed; `kinds` are none where nothing was."""

    name: str
    way: str
    claim: str
    original: str
    url: str
    edit: Edit
    kinds: frozenset[FindingKind]

    @property
    def sample(self) -> Sample:
        """The same as a sample, for finding its passage again."""
        return Sample(self.name, self.claim, self.url, self.original)

    def is_told(self, claimed: str, source: str) -> bool:
        """Whether a finding's two wordings have a word that was changed; a contraction may be told as its "not"."""
        changed = _words(self.edit.claimed) ^ _words(self.edit.source)
        if re.search(r"n['’]t\b|cannot|can not", f"{self.edit.claimed} {self.edit.source}"):
            changed |= {"not"}
        return not changed.isdisjoint(_words(claimed) ^ _words(source))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\d+|[^\W\d_]+", text.casefold().replace(",", "")))


# --- drawing ---


@cache
def lines_of(half: Half) -> Lines:
    """The lines of the articles of one half that the library of thousands holds."""
    return Lines.of(held(Size.THOUSANDS), half)


def ways(name: str, lines: Lines) -> Mapping[str, Way]:
    """The ways to make one kind of change."""
    altering = {
        "number": alterations.NUMBER,
        "negation": alterations.NEGATION,
        "antonym": alterations.ANTONYM,
        "antonym kept apart": alterations.KEPT_APART,
        "dropped clause": alterations.OMITTED,
        "added": alterations.ADDED,
        "swapped": alterations.WORDING,
    }
    return alterations.naming(lines) if name == "name" else {**altering, **VARIANTS}[name]


def changes(lines: Lines, name: str, each: int) -> list[Change]:
    """`each` changes of one kind, of every way by turns; fewer where there are not so many."""
    streams = [_made(lines, name, way, make) for way, make in ways(name, lines).items()]
    return list(islice(_by_turns(streams), each))


def _by_turns(streams: list[Iterator[Change]]) -> Iterator[Change]:
    while streams:
        for stream in list(streams):
            change = next(stream, None)
            if change is None:
                streams.remove(stream)
            else:
                yield change


def _made(lines: Lines, name: str, way: str, make: Way) -> Iterator[Change]:
    """The changes of one way, each of another line."""
    rng = random.Random(f"{SEED} {name} {way}")
    source = {"interrupted": lines.interrupted, "tag put in": lines.spoken}.get(name, lines.sentences)
    for line in rng.sample(source, len(source)):
        edit = make(line, rng)
        if edit is not None and _is_fair(name, lines, line, edit):
            kinds = frozenset({EXPECTED[name]}) | edit.also if name in EXPECTED else frozenset[FindingKind]()
            claim = edit.text if name in ("clean", "interrupted") else _shown(edit.text, rng)
            yield Change(name, way, claim, line.text, line.article.url, edit, kinds)


def _is_fair(name: str, lines: Lines, line: Line, edit: Edit) -> bool:
    """Whether a change is one, and what it says is not said anywhere."""
    if name in VARIANTS:
        return name == "clean" or edit.text != line.text
    return edit.claimed.casefold() != edit.source.casefold() and not lines.has(edit.text)


def _shown(claim: str, rng: random.Random) -> str:
    """A claim as it is or, where it has no marks, between some."""
    before, after = ("", "") if re.search(r"[“”\"]", claim) else rng.choice(_MARKS)
    return f"{before}{claim}{after}"


# --- judging ---


def check_change(checker: FactChecker, change: Change) -> FactCheck | None:
    """The fact check of a change in the library of thousands, None where the claim is refused."""
    try:
        return checker.check(change.claim, collection=Size.THOUSANDS.value)
    except ClaimError:
        return None


def is_altered(change: Change, answer: FactCheck | None) -> bool:
    """Whether the words that were changed are found, and said to be changed."""
    if answer is None or not any(change.sample.is_in(one.passage) for one in answer.evidence[:1]):
        return False
    return answer.verdict is Verdict.ALTERED or (
        answer.verdict is Verdict.MISATTRIBUTED and FindingKind.SPEAKER in change.kinds
    )


def is_flagged(change: Change, answer: FactCheck | None) -> bool:
    """Whether they are said to be changed by a finding of the right kind that has them."""
    if answer is None or not is_altered(change, answer):
        return False
    return any(one.kind in change.kinds and change.is_told(one.claimed, one.source) for one in answer.findings)


def is_false_alarm(answer: FactCheck | None) -> bool:
    """Whether another way of writing is taken for a change, or not found."""
    return answer is None or answer.verdict not in (Verdict.VERBATIM, Verdict.CLOSE)


# --- the command ---


def main() -> int:
    """Print the shares of each kind and way, and the misses if asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.changes", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/quality"))
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--kind", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.TEST)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    with Library.open(f"sqlite:///{options.work / 'quality.db'}") as library:
        checker = FactChecker(library)
        for name in options.kind:
            some = changes(lines_of(options.half), name, options.each)
            answers = [check_change(checker, change) for change in some]
            sys.stdout.write("".join(f"{line}\n" for line in _told(some, answers, misses=options.misses)))
    return 0


def _told(some: Sequence[Change], answers: Sequence[FactCheck | None], *, misses: bool) -> Iterator[str]:
    """A line for the kind, one for each way that was missed, and the misses."""
    if not some:
        return
    missed = [pair for pair in zip(some, answers, strict=True) if _is_missed(*pair)]
    verdicts = Counter(answer.verdict.value if answer else "refused" for answer in answers)
    shown = " ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common())
    yield f"{some[0].name:18} {len(some):5} {100 * (1 - len(missed) / len(some)):6.2f} % right   {shown}"
    made, wrong = Counter(change.way for change in some), Counter(change.way for change, _ in missed)
    yield from (f"    {way:30} {count} of {made[way]} missed" for way, count in wrong.most_common())
    if misses:
        yield from (_miss(*pair) for pair in missed)


def _is_missed(change: Change, answer: FactCheck | None) -> bool:
    return not is_flagged(change, answer) if change.kinds else is_false_alarm(answer)


def _miss(change: Change, answer: FactCheck | None) -> str:
    """A miss in some lines."""
    if answer is None:
        return f"\n{change.name}, {change.way}: refused\n  {change.claim}\n  {change.original}"
    findings = "; ".join(f"{one.kind}: {one.claimed!r} for {one.source!r}" for one in answer.findings)
    passage = answer.evidence[0].passage if answer.evidence else ""
    edit = f"{change.edit.claimed!r} for {change.edit.source!r}"
    lines = (
        f"\n{change.name}, {change.way} ({edit}): {answer.verdict} ({answer.score:.0f}) {findings}",
        f"claim:    {change.claim}",
        f"original: {change.original}",
        f"passage:  {passage if passage != change.original else 'the same'}",
    )
    return "\n  ".join(lines)


if __name__ == "__main__":
    sys.exit(main())
