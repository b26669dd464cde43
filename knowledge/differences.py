"""The typed word diff: every difference between a quote and its place in a source, by its kind, in both wordings.

Comes after the alignment, which says which words stand for each other, and before the verdict, which follows from the
kinds. The rules know words by name in the language that the texts were read by (`languages`); of languages without a
file every word counts as content.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, groupby, pairwise, repeat

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from knowledge.alignment import NEAR, Alignment, Step
from knowledge.claims import Quote
from knowledge.languages import ENGLISH, Language, Words
from knowledge.lexicon import CHATTER, CHATTER_GLUE, SLANG
from knowledge.quantities import is_number, is_unit
from knowledge.text import NormalText, Span, sentences, sentences_around
from knowledge.verdicts import Finding, FindingKind
from knowledge.wordforms import (
    are_opposites,
    are_spellings,
    is_inflection,
    is_plural_of_name,
    is_slip,
    is_slip_of_name,
    means_the_same,
    spelling,
)


def differences(
    quote: Quote, source: NormalText, alignment: Alignment, aside: Sequence[range], *, marked: bool
) -> tuple[Finding, ...]:
    """Every difference between a quote and its place in a source, in the order of the quote; notes come last.

    `aside` are stretches of the source that a quote may leave out as a whole. `marked` says that the quote stood
    between quote marks: then every word of it counts, where otherwise chatter around what was found is passed over.
    """
    sides = _Sides(_Side(quote.text), _Side(source))
    head, tail = _edges(sides, quote, alignment, marked=marked)
    gaps = chain(head, _gaps(sides, quote, alignment, aside), tail)
    typed = chain(_lost_negation(sides, alignment), chain.from_iterable(map(_differences_of, gaps)))
    found = _with_moved_words(sides, list(typed))
    return (
        *(_finding(sides, one, _behind(source, alignment, one)) for one in found),
        *_other_insertions(sides.source, quote, alignment, aside),
        *_rest_of_sentence(quote, source, *alignment.source),
    )


# --- the two texts ---


class _Side:
    """One of the two texts, and which of its words are written as names."""

    def __init__(self, text: NormalText) -> None:
        self.text = text
        self.words = text.words
        self._grammar = text.language.grammar

    @cached_property
    def _is_headline(self) -> bool:
        """Whether nearly every word has a capital, so that capitals tell nothing."""
        long = [place for place, word in enumerate(self.words) if len(word) >= _LONG_WORD and not self.is_number(place)]
        capitals = sum(self._is_capital(place) for place in long)
        return len(long) >= _FEWEST_LONG and capitals >= _HEADLINE * len(long)

    def has_name(self, place: int) -> bool:
        """Whether a word is written as a name: with a capital that neither a sentence nor a headline gives it."""
        dates = self.text.language.dates
        if dates.written_small and self.words[place] in dates.names:
            return len(self.words[place]) > _SHORT_NAME or self._has_number_beside(place)
        if not self._is_capital(place) or self.words[place] in self._grammar.without_content:
            return False
        if self.text.language.forms.nouns_have_capitals:
            return self._is_no_noun(place)
        if self._is_headline:
            return False
        return not self._begins_sentence(place) or self._has_capital_elsewhere(place) or self.goes_on(place)

    def is_number(self, place: int) -> bool:
        """Whether a word is a number."""
        return is_number(self.words[place], self.text.language)

    def negates(self, place: int) -> bool:
        """Whether a word turns the statement round."""
        if self.words[place] in self._grammar.weak:
            return self._grammar.negations.isdisjoint(self.words[place + 1 : place + 1 + _NE_REACHES])
        return self.words[place] in self._grammar.negations

    def names(self, places: Iterable[int]) -> list[int]:
        """Those of some places that have names."""
        return [place for place in places if self.has_name(place)]

    def _has_number_beside(self, place: int) -> bool:
        return any(0 <= at < len(self.words) and self.is_number(at) for at in (place - 1, place + 1))

    def _is_capital(self, place: int) -> bool:
        return self.text.original[self.text.starts[place]].isupper()

    def _begins_sentence(self, place: int) -> bool:
        start = self.text.starts[place]
        return _SENTENCE_START.search(self.text.original, max(0, start - 6), start) is not None

    def _has_capital_elsewhere(self, place: int) -> bool:
        word = self.words[place]
        return any(
            other == word and at != place and self._is_capital(at) and not self._begins_sentence(at)
            for at, other in enumerate(self.words)
        )

    def goes_on(self, place: int) -> bool:
        """Whether a second capital follows at once, as in a full name."""
        following = place + 1
        return (
            following < len(self.words)
            and self._is_capital(following)
            and self.words[following] not in self._grammar.without_content
            and self.text.original[self.text.ends[place] : self.text.starts[following]] == " "
        )

    def _is_no_noun(self, place: int) -> bool:
        """Whether a capital is a name's where nouns have one too: beside another, or a verb of saying, or of a date."""
        language = self.text.language
        beside = {*self.words[max(0, place - 1) : place], *self.words[place + 1 : place + 2]}
        if self.words[place] in language.dates.names:
            return True
        if not language.speech.verbs.isdisjoint(beside) or self.goes_on(place):
            return True
        return place > 0 and self._is_capital(place - 1) and self.goes_on(place - 1)


_LONG_WORD = 4
_FEWEST_LONG = 4
_HEADLINE = 0.8
"""Share of the longer words with a capital from which on capitals tell nothing."""
_SHORT_NAME = 3
"""Letters up to which a month may as well be another word: "mar" is the sea."""
_NE_REACHES = 6
"""Words behind "ne" among which its "pas" stands; "ne seront très probablement jamais" needs four."""
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]|[“\"‘])\s*[“\"‘(\[]*$")


@dataclass(frozen=True, slots=True)
class _Sides:
    """The claimed words and the source's."""

    quote: _Side
    source: _Side


@dataclass(frozen=True, slots=True)
class _Gap:
    """A stretch where the texts differ: indices of the quote's words and of the source's, and the pairs among them.

    `elided` are the source's words that the quote says it leaves out; `before` is the matched pair in front. At an
    edge the source's words only stand beside the quote's: those that are not in the way of any are no difference.
    """

    sides: _Sides
    claimed: Sequence[int]
    sourced: Sequence[int]
    pairs: Sequence[tuple[int, int]] = ()
    elided: Sequence[int] = ()
    before: tuple[int, int] | None = None
    is_edge: bool = False

    @property
    def mine(self) -> list[str]:
        """The quote's words."""
        return [self.sides.quote.words[i] for i in self.claimed]

    @property
    def theirs(self) -> list[str]:
        """The source's words."""
        return [self.sides.source.words[i] for i in self.sourced]

    def without(self, claimed: Iterable[int], sourced: Iterable[int]) -> "_Gap":
        """The gap without some of its words."""
        gone_mine, gone_theirs = set(claimed), set(sourced)
        return replace(
            self,
            claimed=[i for i in self.claimed if i not in gone_mine],
            sourced=[i for i in self.sourced if i not in gone_theirs],
        )


@dataclass(frozen=True, slots=True)
class _Difference:
    """One typed difference, as the places of its words in either text."""

    kind: FindingKind
    claimed: Sequence[int] = ()
    sourced: Sequence[int] = ()
    bears_meaning: bool = False
    warns: bool = False


def _finding(sides: _Sides, one: _Difference, place: int) -> Finding:
    """A difference in its original wordings; `place` is where the source's words would stand that it does not have."""
    quote, source = sides.quote.text, sides.source.text
    return Finding(
        one.kind,
        quote.surface(one.claimed[0], one.claimed[-1] + 1) if one.claimed else "",
        source.surface(one.sourced[0], one.sourced[-1] + 1) if one.sourced else "",
        one.bears_meaning,
        one.warns,
        source.span(one.sourced[0], one.sourced[-1] + 1) if one.sourced else Span(place, place),
    )


def _behind(source: NormalText, alignment: Alignment, one: _Difference) -> int:
    """The end of the last matched word that the quote has before a difference; the place's start before any."""
    before = [there for mine, there in alignment.pairs if one.claimed and mine < one.claimed[0]]
    return source.ends[before[-1]] if before else source.starts[alignment.source[0]]


# --- where the texts differ ---


def _gaps(sides: _Sides, quote: Quote, alignment: Alignment, aside: Sequence[range]) -> Iterator[_Gap]:
    """The stretches between matched words."""
    piece_ends = {end - 1 for _, end in quote.pieces[:-1]}
    matched = {there for mine, there in alignment.pairs if _are_alike(quote.words[mine], sides.source.words[there])}
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
        yield _Gap(sides, claimed, sourced, pairs, elided, before)


def _are_alike(one: str, other: str) -> bool:
    """Whether the alignment holds two words for one, as they are or misspelt."""
    return one == other or fuzz.ratio(one, other) >= NEAR


def _pair(step: Step) -> tuple[int, int] | None:
    return None if step.claimed is None or step.source is None else (step.claimed, step.source)


def _edges(sides: _Sides, quote: Quote, alignment: Alignment, *, marked: bool) -> tuple[list[_Gap], list[_Gap]]:
    """The quote's words before and after those that were found, each beside the source's; none where there are none."""
    (first, last), (start, end) = alignment.claimed, alignment.source
    rests = range(first), range(last, len(quote.words))
    inner = _same_stretch(sides.source.text, start, end) if any(rests) else range(start, end)
    head = _that_count(quote.text, rests[0], first, marked=marked, ends=inner.start == start)
    tail = _that_count(quote.text, rests[1], last, marked=marked, ends=inner.stop == end)
    before = range(max(inner.start, start - _LONGEST_EDGE), start)
    after = range(end, min(inner.stop, end + _LONGEST_EDGE))
    last_pair = next((pair for pair in map(_pair, reversed(alignment.steps)) if pair is not None), None)
    return (
        [_edge(sides, head[::-1], before[::-1], None)] if head else [],
        [_edge(sides, tail, after, last_pair)] if tail else [],
    )


_LONGEST_EDGE = 60
"""Words beside the place in which the rest of the quote is looked for."""
_FARTHEST = 20
"""Words that may lie between."""
_GOES_ON = 0.5
"""Share of the words of an edge that must stand beside the place, in their order, for it to go on there."""


def _edge(sides: _Sides, claimed: Sequence[int], sourced: Sequence[int], before: tuple[int, int] | None) -> _Gap:
    """The words at an end of the quote and the source's beside them, both from the place outwards, as a gap.

    Where most of the words are there, past others that made the alignment stop, what lies between differs in full.
    """
    mine, theirs = _unlike(sides, claimed, sourced)
    same = [place for place in sourced if place not in theirs]
    reach = sourced[: sourced.index(same[-1]) + 1] if same else sourced[:0]
    passed = len(reach) - len(same)
    there = [sides.source.words[place] for place in same]
    if len(same) > _GOES_ON * min(len(claimed), len(sourced)) and passed <= (
        _FARTHEST if _content(there, sides.source.text.language) or not mine else 0
    ):
        return _Gap(sides, sorted(mine), sorted(set(reach) - set(same)), before=before)
    count = len(claimed)
    if any(sides.source.words[place] in _cutting(sides.source) for place in sourced[count : count + 1]):
        count += 1  # "no one" for "everybody"
    beside = sourced[:count]
    return _Gap(sides, sorted(claimed), sorted(beside), sorted(zip(claimed, beside, strict=False)), (), before, True)


def _same_stretch(source: NormalText, start: int, end: int) -> range:
    """The words around [`start`, `end`) that are in the same sentences and on the same side of every quote mark."""
    original = source.original
    first, last = source.starts[start], source.ends[end - 1]
    touched = [s for s in sentences_around(original, first, last) if s.start < last and first < s.end]
    opening = max(touched[0].start, *(original.rfind(mark, touched[0].start, first) + 1 for mark in _MARKS))
    closing = _CLOSING_QUOTE.search(original, last, touched[-1].end)
    limit = closing.start() if closing else touched[-1].end
    while start > 0 and source.starts[start - 1] >= opening:
        start -= 1
    while end < len(source.words) and source.ends[end] <= limit:
        end += 1
    return range(start, end)


_MARKS = '“"”«»„'
_CLOSING_QUOTE = re.compile(r"(?<=[\w.,;:!?…—-])[\"”»«“’](?!\w)|(?<=[\w.,;:!?…—-][ \u00a0\u202f])»")


def _that_count(text: NormalText, place: range, border: int, *, marked: bool, ends: bool) -> Sequence[int]:
    """The words of an end of the quote that count: all of a marked quote, none that only talk about it.

    `border` is the first word on its other side, and `ends` says whether the source's sentence has no more words
    there. Where it has, words that follow without a mark ("go right" for "go wrong") stand for them.
    """
    if marked or not place:
        return place
    whole = [span for span in sentences(text.original) if _covers(text, place, span) and _is_talk(text, span)]
    kept = [i for i in place if not any(span.start <= text.starts[i] < span.end for span in whole)]
    words = {text.words[i] for i in kept}
    if not (words <= CHATTER | CHATTER_GLUE and words & CHATTER):
        return kept
    apart = text.original[text.ends[border - 1] : text.starts[border]].strip(" \"'“”‘’") if border else ""
    return () if ends or apart or words & SLANG or len(kept) > 1 else kept


def _is_talk(text: NormalText, span: Span) -> bool:
    """Whether a sentence beside what was found only talks about it: a question, or nothing but chatter."""
    words = {text.words[i] for i, start in enumerate(text.starts) if span.start <= start < span.end}
    return text.original[span.start : span.end].rstrip("\"'”’)").endswith("?") or words <= _TALK


_TALK = CHATTER | CHATTER_GLUE | ENGLISH.grammar.without_content


def _covers(text: NormalText, place: range, span: Span) -> bool:
    """Whether a sentence lies inside a range of words."""
    following = place[-1] + 1
    begins = text.starts[place[0]] <= span.start and span.end >= text.ends[place[0]]
    return begins and (following >= len(text.words) or span.end <= text.starts[following])


# --- what the differences of a gap are ---


def _differences_of(gap: _Gap) -> Iterator[_Difference]:
    """The typed differences of one gap. Words that are the same in another guise fall out first."""
    if gap.elided:
        yield _Difference(FindingKind.ELISION, (), gap.elided, warns=_turns(gap.sides.source, gap.elided))
    gap = _without_equivalents(gap)
    if skipped := _skipped_sentences(gap):
        yield _Difference(FindingKind.SPLICE, (), skipped)
        gap = gap.without((), skipped)
    for rule in (_near_differences, _number_differences, _antonym_differences, _negation_differences):
        for difference in rule(gap):
            yield difference
            gap = gap.without(difference.claimed, difference.sourced)
    if gap.mine != gap.theirs and (gap.claimed or not gap.is_edge):
        yield _remaining_difference(gap)


def _turns(side: _Side, places: Iterable[int]) -> bool:
    """Whether words that are left out may have turned the meaning: a negation, a "but", a number."""
    turns = side.text.language.grammar.may_turn
    return any(side.words[i] in turns or side.is_number(i) for i in places)


def _cutting(side: _Side) -> Words:
    return side.text.language.grammar.cutting


def _without_equivalents(gap: _Gap) -> _Gap:
    """A gap without the words that say the same on both sides: contracted, abbreviated, written apart, possessive."""
    claimed, sourced = _canonical(gap.sides.quote, gap.claimed), _canonical(gap.sides.source, gap.sourced)
    if claimed == sourced or (gap.is_edge and claimed and claimed == sourced[: len(claimed)]):
        return replace(gap, claimed=(), sourced=(), pairs=())
    same = [pair for pair in gap.pairs if _is_same(gap.sides, pair)]
    mine = [i for i in gap.claimed if gap.sides.quote.words[i] == "'s"]
    theirs = [i for i in gap.sourced if gap.sides.source.words[i] == "'s"]
    return gap.without((*mine, *(one for one, _ in same)), (*theirs, *(other for _, other in same)))


def _canonical(side: _Side, places: Sequence[int]) -> list[str]:
    """Words as compared where the wording as such does not count."""
    words: list[str] = []
    short_forms = side.text.language.grammar.abbreviations
    for place in places:
        word = side.words[place]
        if word == "'s":
            if words and words[-1][-1:] != "s":
                words[-1] += "s"  # fool's and fools'
            continue
        if words and _is_time(side.text, place):
            words[-1] = f"{words[-1]}.{word}".rstrip("0").rstrip(".")
            continue
        words.append(word)
        for length in (2, 3):
            if short := short_forms.get(" ".join(words[-length:])):
                words[-length:] = [short]
    return words


def _is_time(text: NormalText, place: int) -> bool:
    """Whether a number is the minutes of an hour: 10:52, which others print as 10.52."""
    between = text.original[text.ends[place - 1] : text.starts[place]] if place else ""
    return between == ":" and text.words[place].isdecimal() and text.words[place - 1].isdecimal()


def _is_same(sides: _Sides, pair: tuple[int, int]) -> bool:
    mine, theirs = pair
    claimed, sourced = sides.quote.words[mine], sides.source.words[theirs]
    if means_the_same(claimed, sourced, sides.source.text.language):
        return True
    in_a_date = _is_beside_month(sides.quote, mine) or _is_beside_month(sides.source, theirs)
    return in_a_date and _ORDINAL.sub(r"\1", claimed) == _ORDINAL.sub(r"\1", sourced)


_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")


def _is_beside_month(side: _Side, place: int) -> bool:
    months = side.text.language.dates.in_months
    near = (place - 2, place - 1, place + 1, place + 2)
    return any(0 <= at < len(side.words) and side.words[at] in months for at in near)


def _skipped_sentences(gap: _Gap) -> list[int]:
    """The source's words in sentences that the quote passes over as a whole without saying so."""
    if len(gap.sourced) < _SHORTEST_SENTENCE or gap.is_edge:
        return []
    source = gap.sides.source.text
    first, last = source.starts[gap.sourced[0]], source.starts[gap.sourced[-1]]
    before = source.starts[gap.sourced[0] - 1] if gap.sourced[0] else -1
    after = source.starts[gap.sourced[-1] + 1] if gap.sourced[-1] + 1 < len(source.words) else len(source.original)
    whole = [
        sentence
        for sentence in sentences_around(source.original, first, last)
        if before < sentence.start and sentence.end <= after and sentence.start <= last
    ]
    skipped = [i for i in gap.sourced if any(s.start <= source.starts[i] < s.end for s in whole)]
    return skipped if len(gap.claimed) * 2 < len(skipped) else []  # else it is there, in other words


_SHORTEST_SENTENCE = 3


def _near_differences(gap: _Gap) -> Iterator[_Difference]:
    """Slips, other spellings and other forms of one word, where two of a pair are one word."""
    for mine, theirs in gap.pairs:
        if mine in gap.claimed and theirs in gap.sourced and (kind := _near_kind(gap.sides, mine, theirs)):
            yield _Difference(kind, (mine,), (theirs,))


def _near_kind(sides: _Sides, mine: int, theirs: int) -> FindingKind | None:
    """What one word is to the other in whose place it stands; None where they are two words."""
    claimed, sourced = sides.quote.words[mine], sides.source.words[theirs]
    language = sides.source.text.language
    if sides.quote.is_number(mine) or sides.source.is_number(theirs) or are_opposites(claimed, sourced, language):
        return None
    if claimed[0] != sourced[0] and sides.quote.negates(mine) != sides.source.negates(theirs):
        return None  # "eine" is no slip of "keine"
    if are_spellings(claimed, sourced, language):
        return FindingKind.SPELLING
    if sides.source.has_name(theirs) or sides.quote.has_name(mine):
        if is_plural_of_name(claimed, sourced, language):
            return FindingKind.WORDING
        return FindingKind.TYPO if is_slip_of_name(claimed, sourced) else None
    if _are_forms(claimed, sourced, language):
        return FindingKind.WORDING
    return FindingKind.TYPO if is_slip(claimed, sourced) else None


def _number_differences(gap: _Gap) -> Iterator[_Difference]:
    """Other numbers than the source's, or the same in another unit, each with its unit."""
    quote, source = gap.sides.quote, gap.sides.source
    mine = [i for i in gap.claimed if quote.is_number(i)]
    theirs = [i for i in gap.sourced if source.is_number(i)]
    if not mine and not theirs:
        mine = [i for i in gap.claimed if _is_unit_of_number(quote, i)]
        theirs = [i for i in gap.sourced if _is_unit_of_number(source, i)]
        if mine or theirs:
            yield _Difference(
                FindingKind.NUMBER, _with_number(mine, gap.before, 0), _with_number(theirs, gap.before, 1), True
            )
        return
    claimed, sourced = [quote.words[i] for i in mine], [source.words[i] for i in theirs]
    if gap.is_edge and not claimed:
        return
    is_pronoun = {*claimed, *sourced} == {"1"} and not (claimed and sourced)
    if claimed != sourced and not is_pronoun:
        yield _Difference(FindingKind.NUMBER, _with_units(quote, mine), _with_units(source, theirs), True)


def _is_unit_of_number(side: _Side, place: int) -> bool:
    return place > 0 and is_unit(side.words[place], side.text.language) and side.is_number(place - 1)


def _with_number(units: Sequence[int], before: tuple[int, int] | None, side: int) -> list[int]:
    """Units with the number that is before them; the number alone where there is no unit."""
    number = [before[side]] if before else []
    return [*number, *units]


def _with_units(side: _Side, places: Sequence[int]) -> list[int]:
    """Numbers with the units that belong to them."""
    units = [i + 1 for i in places if i + 1 < len(side.words) and _is_unit_of_number(side, i + 1)]
    return sorted({*places, *units})


def _negation_differences(gap: _Gap) -> Iterator[_Difference]:
    """A negation that only one side has; shown with the word before it, so that both sides have words."""
    mine = [i for i in gap.claimed if gap.sides.quote.negates(i)]
    theirs = [i for i in gap.sourced if gap.sides.source.negates(i)]
    if len(mine) == len(theirs) or (gap.is_edge and not gap.claimed):
        return
    if gap.before is not None:
        mine = [gap.before[0], *mine] if (mine and mine[0] == gap.before[0] + 1) or not mine else mine
        theirs = [gap.before[1], *theirs] if (theirs and theirs[0] == gap.before[1] + 1) or not theirs else theirs
    yield _Difference(FindingKind.NEGATION, mine, theirs, bears_meaning=True)


def _antonym_differences(gap: _Gap) -> Iterator[_Difference]:
    """Words that say the opposite of each other; what only negates is left to the rule of negations."""
    left = list(gap.sourced)
    source = gap.sides.source
    for mine in gap.claimed:
        claimed = gap.sides.quote.words[mine]
        theirs = next((i for i in left if are_opposites(claimed, source.words[i], source.text.language)), None)
        if theirs is not None and _cutting(source).isdisjoint((claimed, source.words[theirs])):
            left.remove(theirs)
            yield _Difference(FindingKind.ANTONYM, (mine,), (theirs,), bears_meaning=True)


def _remaining_difference(gap: _Gap) -> _Difference:
    """What is left of a gap, as one difference."""
    if "".join(gap.mine) == "".join(gap.theirs):
        return _Difference(FindingKind.SPELLING, gap.claimed, gap.sourced)
    if _is_stutter(gap):
        kind = FindingKind.ADDED if gap.claimed else FindingKind.OMITTED
        return _Difference(kind, gap.claimed, gap.sourced)
    language = gap.sides.source.text.language
    mine, theirs = _content(gap.mine, language), _content(gap.theirs, language)
    if mine and theirs:
        is_name = bool(gap.sides.quote.names(gap.claimed) or gap.sides.source.names(gap.sourced))
        same = len(mine) == len(theirs) and all(map(_is_one_word, mine, theirs, repeat(language)))
        kind = FindingKind.NAME if is_name and not same else FindingKind.WORDING
        return _Difference(kind, gap.claimed, gap.sourced, bears_meaning=not same)
    if not (gap.claimed and gap.sourced):
        kind = FindingKind.ADDED if gap.claimed else FindingKind.OMITTED
    else:
        kind = FindingKind.ADDED if mine else FindingKind.OMITTED if theirs else FindingKind.WORDING
    if kind is FindingKind.OMITTED and gap.is_edge and not _cuts_name(gap):
        kind, theirs = FindingKind.ADDED, []
    return _Difference(kind, gap.claimed, gap.sourced, bears_meaning=bool(mine or theirs))


def _cuts_name(gap: _Gap) -> bool:
    """Whether a quote begins with a word of grammar for the first of a name: "the bridge" for "Kettle Bridge"."""
    source = gap.sides.source
    return gap.before is None and source.has_name(gap.sourced[-1]) and source.goes_on(gap.sourced[-1])


def _is_stutter(gap: _Gap) -> bool:
    """Whether only one side has a word, and only once more than the other: "probably, probably"."""
    side, places = (gap.sides.quote, gap.claimed) if gap.claimed else (gap.sides.source, gap.sourced)
    alone = len(places) == 1 and not (gap.claimed and gap.sourced)
    around = side.words[max(0, places[0] - 1) : places[0]] + side.words[places[0] + 1 : places[0] + 2]
    return alone and side.words[places[0]] in around


def _content(words: Iterable[str], language: Language) -> list[str]:
    grammar = language.grammar
    return [
        word
        for before, word in pairwise(["", *words])
        if word not in grammar.without_content and grammar.filling_after.get(word) != before
    ]


def _is_one_word(one: str, other: str, language: Language) -> bool:
    return one == other or means_the_same(one, other, language) or _are_forms(one, other, language)


def _are_forms(one: str, other: str, language: Language) -> bool:
    return is_inflection(spelling(one, language), spelling(other, language), language)


# --- words that stand elsewhere ---


def _with_moved_words(sides: _Sides, found: list[_Difference]) -> list[_Difference]:
    """The differences with words that are missed in one place and more in another as one: they changed places.

    A day that stands on the other side of its month ("14 September") is none.
    """
    kept = list(found)
    for more in found:
        words = _told(sides.quote, more.claimed)
        if more.sourced or not words:
            continue
        less = next((one for one in kept if _is_left_out(one) and _told(sides.source, one.sourced) == words), None)
        if less is None:
            continue
        kept.remove(less)
        if len(words) == 1 and words[0].isdecimal() and _is_beside_month(sides.quote, more.claimed[0]):
            kept.remove(more)
        else:
            kept[kept.index(more)] = _Difference(FindingKind.REORDERED, more.claimed, less.sourced)
    return kept


def _told(side: _Side, places: Sequence[int]) -> list[str]:
    """What some words tell: those of content, days without the ending of an ordinal."""
    return [_ORDINAL.sub(r"\1", word) for word in _content(_canonical(side, places), side.text.language)]


def _is_left_out(one: _Difference) -> bool:
    return bool(one.sourced) and not one.claimed and one.kind not in (FindingKind.ELISION, FindingKind.SPLICE)


def _other_insertions(source: _Side, quote: Quote, alignment: Alignment, aside: Sequence[range]) -> Iterator[Finding]:
    """Other names, numbers or opposites in the quote's brackets than the source has in its own in the same place.

    What else differs there is each writer's own.
    """
    if not quote.insertions:
        return
    there = dict(alignment.pairs)
    for before, insertion in quote.insertions:
        after, following = there.get(before - 1, -2) + 1, there.get(before)
        stretch = next((one for one in aside if one.start == after or one.stop == following), None)
        if stretch is None or not insertion.words:
            continue
        sides = _Sides(_Side(insertion), source)
        for one in _differences_of(_Gap(sides, *_unlike(sides, range(len(insertion.words)), stretch))):
            named = bool(sides.quote.names(one.claimed) and source.names(one.sourced))
            if one.kind in _TELLING or (one.kind is FindingKind.NAME and named):
                yield _finding(sides, one, source.text.starts[stretch.start])


_TELLING = frozenset({FindingKind.NUMBER, FindingKind.NEGATION, FindingKind.ANTONYM})


def _unlike(sides: _Sides, claimed: Sequence[int], sourced: Sequence[int]) -> tuple[list[int], list[int]]:
    """The words of two stretches that are not the same, in order."""
    mine, theirs = [sides.quote.words[i] for i in claimed], [sides.source.words[i] for i in sourced]
    same = [block for block in LCSseq.opcodes(mine, theirs) if block.tag == "equal"]
    matched_mine = {i for block in same for i in claimed[block.src_start : block.src_end]}
    matched_theirs = {i for block in same for i in sourced[block.dest_start : block.dest_end]}
    return [i for i in claimed if i not in matched_mine], [i for i in sourced if i not in matched_theirs]


# --- where the quote begins and stops ---


def _lost_negation(sides: _Sides, alignment: Alignment) -> Iterator[_Difference]:
    """The negation behind which a quote begins, in a language where it stands before its verb: "no podemos"."""
    first, start = alignment.claimed[0], alignment.source[0]
    source, leading = sides.source, sides.source.text.language.grammar.leading
    if first or not start or source.words[start - 1] not in leading:
        return
    if not source.text.original[source.text.ends[start - 1] : source.text.starts[start]].strip("'’ \n"):
        yield _Difference(FindingKind.NEGATION, (0,), (start - 1, start), bears_meaning=True)


def _rest_of_sentence(quote: Quote, source: NormalText, start: int, end: int) -> Iterator[Finding]:
    """What the source's sentence goes on with, where that is more than its attribution: a note, or a lost "not"."""
    stop = source.ends[end - 1]
    whole = source.original
    around = sentences_around(whole, source.starts[start], stop)
    inside = next((span for span in around if span.start < stop <= span.end), None)
    if inside is None:
        return
    closing = _CLOSING_QUOTE.search(whole, stop, inside.end)
    until = closing.start() if closing else inside.end
    rest = [i for i in range(end, len(source.words)) if source.starts[i] < until]
    language = source.language
    grammar = language.grammar
    if all(source.words[i] in grammar.without_content for i in rest) or _attribution(language).match(whole, stop):
        return
    if source.words[end] in grammar.cutting:
        span = source.span(end - 1, end + 1)
        claimed = quote.text.surface(len(quote.words) - 1, len(quote.words))
        yield Finding(FindingKind.NEGATION, claimed, whole[span.start : span.end], bears_meaning=True, span=span)
        return
    kind = FindingKind.ELISION if _MARKED_END.search(quote.text.original) else FindingKind.CUT_SHORT
    span = source.span(rest[0], rest[-1] + 1)
    warns = kind is FindingKind.ELISION and _turns(_Side(source), rest)
    yield Finding(kind, "", whole[span.start : span.end], warns=warns, span=span)


_MARKED_END = re.compile(r"(?:…|\.\s?\.\s?\.)\s*[\])]?[\"'”’»]*\s*$")


@cache
def _attribution(language: Language) -> re.Pattern[str]:
    """What may follow quoted words without being part of them: ", said Trump", ", the senator told reporters"."""
    return re.compile(rf"[\s,—–\"”’“»-]{{0,8}}(?:\w+\s+){{0,3}}(?:{language.speech.verb})\b", re.IGNORECASE)
