"""Measures of how right the checker is: samples in, named shares out. They draw nothing and print nothing."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge import ClaimError, Evidence, FactCheck, FactChecker, Verdict
from knowledge.attribution import attribute
from tests.quality.cases import Case, complaints
from tests.quality.changes import BEYOND, Change, check_change, is_altered, is_false_alarm, is_flagged
from tests.quality.checkthat import Tweet
from tests.quality.corpus import Size, collections
from tests.quality.misquotes import COLLECTION, Labelled, Misquote
from tests.quality.samples import SAME_SENTENCE, Sample
from tests.quality.speakers import NOBODY, labelled, score, unnamed

RANKED = 5
"""How many results of a search count (MAP@5)."""
_BETTER_FIRST = (
    Verdict.VERBATIM,
    Verdict.CLOSE,
    Verdict.MISATTRIBUTED,
    Verdict.SPLICED,
    Verdict.ALTERED,
    Verdict.RELATED,
    Verdict.NOT_FOUND,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a measure came to: shares of `count` samples, by name, and what else is worth a word."""

    measure: str
    count: int
    shares: Mapping[str, float]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A sample and the collection that it is checked in."""

    sample: Sample
    collection: str


def asked(samples: Sequence[Sample], size: Size) -> list[Asked]:
    """Samples in a library of a size.

    Of the libraries of one article each is asked in its own; what is of no article is asked in all of them in turn.
    """
    if size is not Size.SINGLE:
        return [Asked(sample, size.value) for sample in samples]
    homes = {member.article.url: name for name, (member,) in collections(size)}
    names = list(homes.values())
    return [Asked(sample, homes.get(sample.url, names[at % len(names)])) for at, sample in enumerate(samples)]


def noisy_quotes(checker: FactChecker, measure: str, questions: Iterable[Asked]) -> Figures:
    """How many quotes get the right passage first, are found there, and are at least shown there."""
    answers = []
    for one in questions:
        check = _check(checker, one.sample.text, one.collection)
        answers.append((check, any(one.sample.is_in(first.passage) for first in _first(check))))
    return _figures(measure, answers)


def mean(measure: str, levels: Sequence[Figures]) -> Figures:
    """The means of the shares of several levels, which weigh the same."""
    names = levels[0].shares
    shares = {name: sum(level.shares[name] for level in levels) / len(levels) for name in names}
    return Figures(measure, sum(level.count for level in levels), shares)


def false_matches(checker: FactChecker, measure: str, questions: Iterable[Asked]) -> Figures:
    """How many quotes of no article are found all the same. Those that are refused are not, and are told."""
    checks = [_check(checker, one.sample.text, one.collection) for one in questions]
    found = sum(map(_is_found, checks))
    refused = sum(check is None for check in checks)
    low, high = wilson(found, len(checks))
    remark = f"{found} found, 95 % interval {100 * low:.2f}-{100 * high:.2f}"
    return Figures(
        measure, len(checks), {"false": found / len(checks)}, f"{remark}, {refused} refused" if refused else remark
    )


def stability(checker: FactChecker, samples: Sequence[Sample], small: Size, large: Size) -> Figures:
    """How many quotes get the same verdict and passage in a larger library, or there a better verdict."""
    same = [_is_as_good(_check(checker, sample.text, small), _check(checker, sample.text, large)) for sample in samples]
    return Figures(f"as in {small}: {large}", len(same), {"same": _share(same)})


def natural_misquotes(checker: FactChecker, kind: str, pairs: Iterable[Misquote]) -> Figures:
    """How many get the right article first, are found there, and are at least shown there."""
    answers = []
    for pair in pairs:
        check = _check(checker, pair.query, COLLECTION)
        answers.append((check, any(map(pair.is_answered_by, _first(check)))))
    return _figures(f"natural misquotes: {kind}", answers)


def labelled_misquotes(checker: FactChecker, pairs: Sequence[Labelled]) -> Figures:
    """How many get the verdict that people gave them: the first of two, and either."""
    verdicts = [checker.check(f"“{one.misquote.query}”", collection=one.collection).verdict.value for one in pairs]
    agreeing = [len(set(one.labels)) == 1 for one in pairs if len(one.labels) > 1]
    shares = {
        "first": _share(verdict == one.labels[0] for verdict, one in zip(verdicts, pairs, strict=True)),
        "either": _share(verdict in one.labels for verdict, one in zip(verdicts, pairs, strict=True)),
    }
    remark = f"{sum(agreeing)} of {len(agreeing)} that two people labelled have one label"
    return Figures("misquotes labelled by hand", len(pairs), shares, remark)


def changed_words(checker: FactChecker, name: str, some: Sequence[Change]) -> Figures:
    """How many changes are called so and told as what they are; of other ways of writing, how many are called so."""
    answers = [check_change(checker, change) for change in some]
    if some[0].kinds:
        pairs = list(zip(some, answers, strict=True))
        altered, told = (_share(test(*pair) for pair in pairs) for test in (is_altered, is_flagged))
        return Figures(_titled("changed", name), len(some), {"altered": altered, "told": told})
    verbatim = _share(answer is not None and answer.verdict is Verdict.VERBATIM for answer in answers)
    alarms = {"false": _share(map(is_false_alarm, answers))}
    return Figures(_titled("not changed", name), len(some), alarms, f"verbatim {100 * verbatim:.1f}")


def _titled(group: str, name: str) -> str:
    return f"{group}, beyond the rules: {name}" if name in BEYOND else f"{group}: {name}"


def named_speakers(form: str, half: str) -> Figures:
    """How often a speaker is given where people named one, and how often it is the right one."""
    some = labelled(form, half)
    result = score((attribute(one.text, one.span).speaker, one.speaker) for one in some)
    return Figures(
        f"speakers: {form}", result.count, {"given": result.given / result.count, "right": result.right / result.given}
    )


def named_for_nobody(half: str) -> Figures:
    """How often a speaker is given where people labelled somebody without a name."""
    some = unnamed(half)
    return Figures(
        f"speakers: {NOBODY}", len(some), {"false": _share(attribute(s.text, s.span).speaker is not None for s in some)}
    )


def ranked_claims(checker: FactChecker, collection: str, tweets: Iterable[Tweet]) -> Figures:
    """The mean average precision of the first five results of a search."""
    precisions = []
    for tweet in tweets:
        results = checker.search(tweet.text, collection=collection, limit=RANKED).results
        precisions.append(_average_precision([result.article.url in tweet.answers for result in results], tweet))
    return Figures(f"fact-checks for tweets: {collection}", len(precisions), {"MAP@5": _share(precisions)})


def labelled_cases(checker: FactChecker, cases: Sequence[Case]) -> Figures:
    """How many cases of our own are answered as labelled; the remark tells how that differs from what is marked."""
    wrong = {case.name for case in cases if complaints(checker, case)}
    known = {case.name for case in cases if case.known_miss}
    news = [f"{len(some)} {what}" for what, some in (("new", wrong - known), ("mended", known - wrong)) if some]
    remark = f"{len(wrong)} misses" + "".join(f", {one}" for one in news)
    return Figures("labelled cases", len(cases), {"right": 1 - len(wrong) / len(cases)}, remark)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share. (Wilson 1927)"""
    z = 1.96
    share = hits / count
    centre = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def _figures(measure: str, answers: Sequence[tuple[FactCheck | None, bool]]) -> Figures:
    """The figures of some fact checks that each begin with the right passage or do not."""
    shares = {
        "right": _share(right for _, right in answers),
        "found": _share(right and _is_found(check) for check, right in answers),
        "shown": _share(right and _is_shown(check) for check, right in answers),
    }
    return Figures(measure, len(answers), shares)


def _first(check: FactCheck | None) -> tuple[Evidence, ...]:
    """The first evidence, where there is any."""
    return check.evidence[:1] if check else ()


def _check(checker: FactChecker, text: str, collection: str) -> FactCheck | None:
    """The fact check, None where the claim is refused."""
    try:
        return checker.check(text, collection=collection)
    except ClaimError:
        return None


def _is_found(check: FactCheck | None) -> bool:
    return check is not None and check.verdict not in (Verdict.RELATED, Verdict.NOT_FOUND)


def _is_shown(check: FactCheck | None) -> bool:
    return check is not None and check.verdict is not Verdict.NOT_FOUND


def _is_as_good(small: FactCheck | None, large: FactCheck | None) -> bool:
    if small is None or large is None:
        return small is large
    before, after = (_BETTER_FIRST.index(check.verdict) for check in (small, large))
    return after < before or (after == before and _passages_agree(small, large))


def _passages_agree(one: FactCheck, other: FactCheck) -> bool:
    """Whether two answers begin with the same passage or with near-duplicates."""
    if not one.evidence or not other.evidence:
        return not one.evidence and not other.evidence
    return fuzz.ratio(one.evidence[0].passage, other.evidence[0].passage) >= SAME_SENTENCE


def _average_precision(hits: Sequence[bool], tweet: Tweet) -> float:
    precisions = (sum(hits[: rank + 1]) / (rank + 1) for rank, hit in enumerate(hits) if hit)
    return sum(precisions) / min(RANKED, len(tweet.answers))


def _share(values: Iterable[float]) -> float:
    some = list(values)
    return sum(some) / len(some)


def by_level(questions: Iterable[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    """Questions by the level of noise, in order."""
    levels: defaultdict[str, list[Asked]] = defaultdict(list)
    for one in questions:
        levels[one.sample.level].append(one)
    yield from levels.items()
