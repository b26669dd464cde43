"""The rules: from an alignment to typed findings, and from findings to a verdict.

A similarity score cannot see a misquote, so what decides is the kind of every difference between the claimed words
and the source's. The rules know English words by name (`lexicon`); of other languages every word counts as content.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, groupby, pairwise, takewhile

from rapidfuzz.distance import OSA

from knowledge.alignment import Alignment, Step
from knowledge.background import is_known, weight, weights
from knowledge.claims import DISTINCTIVE, Quote
from knowledge.lexicon import ANTONYMS, CHATTER, CHATTER_GLUE, FUNCTION_WORDS, NEGATIONS, SPEECH_VERB, TITLES
from knowledge.text import NormalText, Span, sentences, sentences_around, without_accents


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
    `span` is the source's side in the stored text, None where the source has no words there.
    """

    kind: FindingKind
    claimed: str
    source: str
    bears_meaning: bool = False
    warns: bool = False
    span: Span | None = None


def verdict_of(findings: Iterable[Finding]) -> Verdict:
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


# --- acceptance ---

_COEFFICIENTS = {
    "constant": -19.958,
    "adjacent": 8.914,
    "coverage": 9.120,
    "skipped": -3.090,
    "missing": 0.816,
    "missing_squared": -0.455,
}
"""Logistic regression by tests/quality/fit_acceptance.py on 2026-11-25 over 26,536 indexed articles: 3,750 noisy quotes
and 10,000 quotes from articles kept out, the two weighing the same."""
_FOUND = 0.9
"""11 of those negatives reach it (0.11 %). Chosen over 0.93 after a look at the other half of the articles too."""
_RELATED = 0.009
"""5 % of the negatives reach it; 99.5 % of the noisy quotes are found or shown as related."""
_FEWEST_EXACT = 3


def features(quote: Quote, alignment: Alignment, aside: Sequence[range]) -> dict[str, float]:
    """What acceptance weighs; every value is independent of the library's size. `aside` as for `judge`.

    Chosen by forward selection among forty: that words stand side by side in both texts tells a source from a passage
    on the same matter better than any sum of weights does.
    """
    left_out = set(chain.from_iterable(aside))
    steps = [step for step in alignment.steps if step.claimed is not None or step.source not in left_out]
    matched = sum(weight(quote.words[step.claimed]) for step in steps if step.is_match and step.claimed is not None)
    missing = math.log1p(max(0.0, sum(weights(quote.words)) - matched))
    return {
        "constant": 1.0,
        "adjacent": math.log1p(sum(one.is_match and other.is_match for one, other in pairwise(steps))),
        "coverage": alignment.coverage,
        "skipped": _skipped(quote, steps) / len(quote.words),
        "missing": missing,
        "missing_squared": missing**2,
    }


def _skipped(quote: Quote, steps: Iterable[Step]) -> int:
    """How many of the source's words the quote passes over without saying so."""
    piece_ends = {end - 1 for _, end in quote.pieces[:-1]}
    skipped, latest = 0, -1
    for step in steps:
        if step.claimed is not None:
            latest = step.claimed
        elif latest not in piece_ends:
            skipped += 1
    return skipped


def probability(quote: Quote, alignment: Alignment, aside: Sequence[range]) -> float:
    """The calibrated probability that the place is the quote's source, between 0 and 1."""
    logit = sum(_COEFFICIENTS[name] * value for name, value in features(quote, alignment, aside).items())
    return 1 / (1 + math.exp(-logit))


def is_found(score: float) -> bool:
    """Whether a place is the quote's source by its probability."""
    return score >= _FOUND


def stands_exactly(quote: Quote, alignment: Alignment) -> bool:
    """Whether a place has the whole quote, of three words or more, word by word: then no probability is asked for."""
    whole = alignment.is_exact and alignment.claimed == (0, len(quote.words))
    return whole and len(quote.words) >= _FEWEST_EXACT


def is_related(score: float) -> bool:
    """Whether the place is at least on the same matter."""
    return score >= _RELATED


def shares_matter(quote: Quote, coverage: float) -> bool:
    """Whether a passage has so much of a claim's weight, in any order, that it is on the same matter."""
    return coverage >= _SAME_MATTER and coverage * sum(weights(quote.words)) >= DISTINCTIVE


_SAME_MATTER = 0.6
"""Share of a claim's weight. Set by eye on a few claims; to be fitted with the score."""


# --- the rules ---


def judge(
    quote: Quote, source: NormalText, alignment: Alignment, aside: Sequence[range], *, marked: bool
) -> tuple[Finding, ...]:
    """Every difference between a quote and its place in a source, in the order of the quote.

    `aside` are stretches of the source that a quote may leave out as a whole. `marked` says that the quote stood
    between quote marks: then every word of it counts, where otherwise chatter around what was found is passed over.
    """
    findings: list[Finding] = []
    for gap in _gaps(quote, source, alignment, aside):
        findings.extend(_findings_of(gap))
    head, tail = (_edge(quote, place, marked=marked) for place in _outside(quote, alignment))
    start, end = alignment.source
    findings[:0] = _edge_findings(quote.text, head, source, range(max(0, start - len(head)), start))
    findings += _edge_findings(quote.text, tail, source, range(end, min(len(source.words), end + len(tail))))
    findings += _cut_short(source, end)
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Gap:
    """A stretch where the texts differ: indices of the quote's words and of the source's, and the pairs among them.

    `elided` are the source's words that the quote says it leaves out; `before` is the matched pair in front.
    """

    quote: NormalText
    source: NormalText
    claimed: Sequence[int]
    sourced: Sequence[int]
    pairs: Sequence[tuple[int, int]] = ()
    elided: Sequence[int] = ()
    before: tuple[int, int] | None = None


# --- where the texts differ ---


def _gaps(quote: Quote, source: NormalText, alignment: Alignment, aside: Sequence[range]) -> Iterator[_Gap]:
    """The stretches between matched words."""
    piece_ends = {end - 1 for _, end in quote.pieces[:-1]}
    matched = {there for _, there in alignment.pairs}
    left_out = {place for stretch in aside if matched.isdisjoint(stretch) for place in stretch}
    before: tuple[int, int] | None = None
    for is_match, run in groupby(alignment.steps, key=lambda step: step.is_match):
        steps = list(run)
        if is_match:
            before = _pair(steps[-1])
            continue
        claimed = [step.claimed for step in steps if step.claimed is not None]
        pairs = [pair for pair in map(_pair, steps) if pair is not None]
        elided: list[int] = []
        sourced: list[int] = []
        latest = before[0] if before else -1
        for step in steps:
            if step.claimed is not None:
                latest = step.claimed
            if step.source is not None and step.source not in left_out:
                (elided if step.claimed is None and latest in piece_ends else sourced).append(step.source)
        yield _Gap(quote.text, source, claimed, sourced, pairs, elided, before)


def _pair(step: Step) -> tuple[int, int] | None:
    return None if step.claimed is None or step.source is None else (step.claimed, step.source)


def _outside(quote: Quote, alignment: Alignment) -> tuple[range, range]:
    """The quote's words before and after those that were found."""
    first, last = alignment.claimed
    return range(first), range(last, len(quote.words))


def _edge(quote: Quote, place: range, *, marked: bool) -> Sequence[int]:
    """The words of an end of the quote that count: all of a marked quote, none that only talk about it."""
    if marked or not place:
        return place
    text = quote.text
    whole = [span for span in sentences(text.original) if _covers(text, place, span) and _is_talk(text, span)]
    kept = [i for i in place if not any(span.start <= text.starts[i] < span.end for span in whole)]
    words = {text.words[i] for i in kept}
    return () if words <= CHATTER | CHATTER_GLUE and words & CHATTER else kept


def _is_talk(text: NormalText, span: Span) -> bool:
    """Whether a sentence beside what was found only talks about it: a question, or nothing but chatter."""
    words = {text.words[i] for i, start in enumerate(text.starts) if span.start <= start < span.end}
    return text.original[span.start : span.end].rstrip("\"'”’)").endswith("?") or words <= _TALK


_TALK = CHATTER | CHATTER_GLUE | FUNCTION_WORDS


def _covers(text: NormalText, place: range, span: Span) -> bool:
    """Whether a sentence lies inside a range of words."""
    following = place[-1] + 1
    begins = text.starts[place[0]] <= span.start and span.end >= text.ends[place[0]]
    return begins and (following >= len(text.words) or span.end <= text.starts[following])


def _edge_findings(
    quote: NormalText, claimed: Sequence[int], source: NormalText, beside: Sequence[int]
) -> Iterator[Finding]:
    """What the quote has beyond the words that were found: another number or name than stands there, or more."""
    if not claimed:
        return
    gap = _Gap(quote, source, claimed, beside)
    if number := _number_finding(gap):
        yield number
        return
    mine = [i for i in claimed if _is_name(quote, i)]
    theirs = [i for i in beside if _is_name(source, i)]
    if mine and theirs:
        yield _finding(FindingKind.NAME, quote, claimed, source, theirs, bears_meaning=True)
        return
    bears = any(quote.words[i] not in FUNCTION_WORDS for i in claimed)
    kind = FindingKind.NEGATION if any(quote.words[i] in NEGATIONS for i in claimed) else FindingKind.ADDED
    yield _finding(kind, quote, claimed, source, (), bears_meaning=bears)


def _cut_short(source: NormalText, end: int) -> Iterator[Finding]:
    """A note with the rest of the source's sentence, where that is more than its attribution."""
    stop = source.ends[end - 1]
    whole = source.original
    inside = next((span for span in sentences_around(whole, stop - 1, stop) if span.start < stop <= span.end), None)
    if inside is None:
        return
    closing = _CLOSING_QUOTE.search(whole, stop, inside.end)
    until = closing.start() if closing else inside.end
    rest = [i for i in range(end, len(source.words)) if source.starts[i] < until]
    if any(source.words[i] not in FUNCTION_WORDS for i in rest) and not _ATTRIBUTION.match(whole, stop):
        yield Finding(FindingKind.CUT_SHORT, "", source.surface(rest[0], rest[-1] + 1), span=_span(source, rest))


_CLOSING_QUOTE = re.compile(r"(?<=[\w.,;:!?…—-])[\"”»’](?!\w)")
_ATTRIBUTION = re.compile(rf"[\"”’]?\s*[,—–-]*\s*[\"”’]?\s*(?:\w+\s+){{0,3}}(?:{SPEECH_VERB})\b", re.IGNORECASE)
"""What may follow quoted words without being part of them: ", said Trump", ", the senator told reporters"."""


# --- what a difference is ---


def _findings_of(gap: _Gap) -> Iterator[Finding]:
    """The typed differences of one gap. Words that are the same in another guise fall out first."""
    if gap.elided:
        hidden = {gap.source.words[i] for i in gap.elided}
        warns = bool(hidden & _TURNS) or any(_is_number(word) for word in hidden)
        yield _finding(FindingKind.ELISION, gap.quote, (), gap.source, gap.elided, warns=warns)
    gap = _without_equivalents(gap)
    if not gap.claimed and not gap.sourced:
        return
    if _skips_sentence(gap):
        yield _finding(FindingKind.SPLICE, gap.quote, gap.claimed, gap.source, gap.sourced)
        return
    if number := _number_finding(gap):
        yield number
        gap = _keeping(gap, lambda word: not _is_number(word))
    if negation := _negation_finding(gap):
        yield negation
        gap = _keeping(gap, lambda word: word not in NEGATIONS)
    for mine, theirs in gap.pairs:
        if mine in gap.claimed and theirs in gap.sourced and (near := _near_finding(gap, mine, theirs)):
            yield near
            gap = replace(
                gap,
                claimed=[i for i in gap.claimed if i != mine],
                sourced=[i for i in gap.sourced if i != theirs],
            )
    yield from _pooled_findings(gap)


_TURNS = NEGATIONS | {"but", "however", "although", "though", "unless", "except", "if"}


def _without_equivalents(gap: _Gap) -> _Gap:
    """A gap without the words that say the same on both sides: contracted, abbreviated, written apart, possessive."""
    mine = [gap.quote.words[i] for i in gap.claimed]
    theirs = [gap.source.words[i] for i in gap.sourced]
    if _canonical(mine) == _canonical(theirs):
        return replace(gap, claimed=(), sourced=(), pairs=())
    pairs = [p for p in gap.pairs if _means_the_same(gap.quote.words[p[0]], gap.source.words[p[1]])]
    gone_mine, gone_theirs = {mine for mine, _ in pairs}, {theirs for _, theirs in pairs}
    return replace(
        gap,
        claimed=[i for i in gap.claimed if i not in gone_mine and gap.quote.words[i] != "'s"],
        sourced=[i for i in gap.sourced if i not in gone_theirs and gap.source.words[i] != "'s"],
    )


def _canonical(words: Sequence[str]) -> list[str]:
    """Words as compared where the wording as such does not count."""
    return [TITLES.get(word, word) for word in words if word != "'s"]


_CONTRACTIONS = {"'s": {"is", "has", "us"}, "'d": {"would", "had"}}


def _means_the_same(one: str, other: str) -> bool:
    return (
        TITLES.get(one, one) == TITLES.get(other, other)
        or other in _CONTRACTIONS.get(one, ())
        or one in _CONTRACTIONS.get(other, ())
    )


def _skips_sentence(gap: _Gap) -> bool:
    """Whether the quote passes over a whole sentence without saying so."""
    if len(gap.sourced) < _SHORTEST_SENTENCE:
        return False
    span = _span(gap.source, gap.sourced)
    return any(
        span.start <= sentence.start and sentence.end <= span.end + _CLOSERS
        for sentence in sentences_around(gap.source.original, span.start, span.end)
    )


_SHORTEST_SENTENCE = 3
_CLOSERS = 3
"""Code points that may close a sentence after its last word."""


def _number_finding(gap: _Gap) -> Finding | None:
    """Other numbers than the source's, each with its unit."""
    mine = [i for i in gap.claimed if _is_number(gap.quote.words[i])]
    theirs = [i for i in gap.sourced if _is_number(gap.source.words[i])]
    numbers = {gap.quote.words[i] for i in mine} | {gap.source.words[i] for i in theirs}
    if not numbers or (numbers == {"1"} and not (mine and theirs)):
        return None
    if sorted(gap.quote.words[i] for i in mine) == sorted(gap.source.words[i] for i in theirs):
        return None
    return _finding(
        FindingKind.NUMBER, gap.quote, _with_units(gap.quote, mine), gap.source, _with_units(gap.source, theirs),
        bears_meaning=True,
    )  # fmt: skip


def _with_units(text: NormalText, places: Sequence[int]) -> list[int]:
    """Numbers with the percent sign or currency that belongs to them."""
    units = [i + 1 for i in places if i + 1 < len(text.words) and text.words[i + 1] in _UNITS]
    return sorted({*places, *units})


_UNITS = frozenset({"percent", "permille", "dollar", "euro", "pound", "yen", "rupee"})


def _is_number(word: str) -> bool:
    return word[0].isdecimal()


def _negation_finding(gap: _Gap) -> Finding | None:
    """A negation that only one side has; the finding shows the word before it too, so that both sides have words."""
    mine = [i for i in gap.claimed if gap.quote.words[i] in NEGATIONS]
    theirs = [i for i in gap.sourced if gap.source.words[i] in NEGATIONS]
    if len(mine) == len(theirs):
        return None
    if gap.before is not None:
        mine = [gap.before[0], *mine] if (mine and mine[0] == gap.before[0] + 1) or not mine else mine
        theirs = [gap.before[1], *theirs] if (theirs and theirs[0] == gap.before[1] + 1) or not theirs else theirs
    return _finding(FindingKind.NEGATION, gap.quote, mine, gap.source, theirs, bears_meaning=True)


def _near_finding(gap: _Gap, mine: int, theirs: int) -> Finding | None:
    """A slip, another spelling or another form of one word; None where they are two words."""
    claimed, sourced = gap.quote.words[mine], gap.source.words[theirs]
    if frozenset((claimed, sourced)) in ANTONYMS or _is_number(claimed) or _is_number(sourced):
        return None
    if _spelling(claimed) == _spelling(sourced):
        kind = FindingKind.SPELLING
    elif _is_inflection(claimed, sourced):
        kind = FindingKind.WORDING
    elif _is_slip(claimed, sourced, is_name=_is_name(gap.source, theirs)):
        kind = FindingKind.TYPO
    else:
        return None
    return _finding(kind, gap.quote, (mine,), gap.source, (theirs,))


def _pooled_findings(gap: _Gap) -> Iterator[Finding]:
    """What is left of a gap, as one finding."""
    mine, theirs = gap.claimed, gap.sourced
    if not mine and not theirs:
        return
    claimed = [gap.quote.words[i] for i in mine]
    sourced = [gap.source.words[i] for i in theirs]
    if "".join(claimed) == "".join(sourced):
        yield _finding(FindingKind.SPELLING, gap.quote, mine, gap.source, theirs)
        return
    content = [word for word in (*claimed, *sourced) if word not in FUNCTION_WORDS]
    opposites = [(a, b) for a in claimed for b in sourced if frozenset((a, b)) in ANTONYMS]
    kind = FindingKind.WORDING
    if opposites:
        kind = FindingKind.ANTONYM
    elif not claimed:
        kind = FindingKind.OMITTED
    elif not sourced:
        kind = FindingKind.ADDED
    elif content and (any(_is_name(gap.source, i) for i in theirs) or any(_is_name(gap.quote, i) for i in mine)):
        kind = FindingKind.NAME
    bears = bool(opposites or content) and not _is_plain_slip(claimed, sourced)
    yield _finding(kind, gap.quote, mine, gap.source, theirs, bears_meaning=bears)


def _is_plain_slip(claimed: Sequence[str], sourced: Sequence[str]) -> bool:
    """Whether words of a gap differ only in grammar: the same content words, in the same order."""
    mine = [word for word in claimed if word not in FUNCTION_WORDS]
    theirs = [word for word in sourced if word not in FUNCTION_WORDS]
    return mine == theirs


# --- words ---

_BRITISH = tuple(
    pair.split("/")
    for pair in "our/or ise/ize isi/izi isa/iza yse/yze ogue/og tre/ter ence/ense ll/l ae/e oe/e gramme/gram "
    "cheque/check grey/gray".split()
)


def _spelling(word: str) -> str:
    """A word as its British and American, accented and plain spellings have it in common."""
    plain = without_accents(word)
    for british, american in _BRITISH:
        plain = plain.replace(british, american)
    return plain


_ENDINGS = ("'s", "ing", "ed", "es", "s", "er", "ers", "ly", "e", "d", "y", "ies", "ied", "")


def _is_inflection(one: str, other: str) -> bool:
    """Whether two words are forms of one: a shared stem of three letters or more, and endings of grammar."""
    if frozenset((one, other)) in _FORMS:
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    if shared < 3:
        return False
    ends = one[shared:], other[shared:]
    last = one[shared - 1]
    doubled = [end[1:] if end[:1] == last and end[1:] in _ENDINGS else end for end in ends]
    return all(end in _ENDINGS for end in doubled)


_FORMS = frozenset(
    frozenset((one, other))
    for forms in (
        "be am is are was were been", "have has had", "do does did done", "go goes went gone", "say says said",
        "get gets got gotten", "make makes made", "know knows knew known", "take takes took taken",
        "see sees saw seen", "come comes came", "think thinks thought", "give gives gave given", "tell tells told",
        "find finds found", "become becomes became", "leave leaves left", "keep keeps kept", "begin begins began begun",
        "bring brings brought", "write writes wrote written", "stand stands stood", "hold holds held", "run runs ran",
        "speak speaks spoke spoken", "mean means meant", "meet meets met", "pay pays paid", "send sends sent",
        "build builds built", "fall falls fell fallen", "feel feels felt", "lose loses lost", "win wins won",
        "grow grows grew grown", "draw draws drew drawn", "show shows showed shown", "buy buys bought",
        "spend spends spent", "fight fights fought", "teach teaches taught", "break breaks broke broken",
        "choose chooses chose chosen", "rise rises rose risen", "drive drives drove driven", "eat eats ate eaten",
        "man men", "woman women", "child children", "person people",
    )
    for one in forms.split()
    for other in forms.split()
    if one != other
)  # fmt: skip


def _is_slip(claimed: str, sourced: str, *, is_name: bool) -> bool:
    """Whether one word is the other with a slip of the keyboard: a letter or two, and not another known word."""
    if is_known(claimed) and is_known(sourced):
        return False
    shorter = min(len(claimed), len(sourced))
    if shorter < 4 and (is_name or shorter < 3 or is_known(claimed) or claimed[0] != sourced[0]):
        return False
    allowed = 1 if shorter < 8 or is_name else 2
    return OSA.distance(claimed, sourced, score_cutoff=allowed) <= allowed


def _is_name(text: NormalText, place: int) -> bool:
    """Whether a word is written as a name: with a capital that no sentence gives it."""
    start = text.starts[place]
    if not text.original[start].isupper() or text.words[place] in FUNCTION_WORDS:
        return False
    return not _SENTENCE_START.search(text.original, max(0, start - 6), start)


_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]|[“\"‘])\s*[“\"‘(\[]*$")


# --- making findings ---


def _keeping(gap: _Gap, keep: Callable[[str], bool]) -> _Gap:
    return replace(
        gap,
        claimed=[i for i in gap.claimed if keep(gap.quote.words[i])],
        sourced=[i for i in gap.sourced if keep(gap.source.words[i])],
    )


def _finding(
    kind: FindingKind,
    quote: NormalText,
    claimed: Sequence[int],
    source: NormalText,
    sourced: Sequence[int],
    *,
    bears_meaning: bool = False,
    warns: bool = False,
) -> Finding:
    """A finding over some words of both sides, in their original wording."""
    return Finding(
        kind,
        quote.surface(claimed[0], claimed[-1] + 1) if claimed else "",
        source.surface(sourced[0], sourced[-1] + 1) if sourced else "",
        bears_meaning,
        warns,
        _span(source, sourced) if sourced else None,
    )


def _span(source: NormalText, places: Sequence[int]) -> Span:
    return source.span(places[0], places[-1] + 1)
