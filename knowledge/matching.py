"""How a quote stands at a place that retrieval proposes: aligned, weighed, its rest looked for in a second place."""

from dataclasses import dataclass, replace

from knowledge.acceptance import is_found, is_related, probability, shares_matter, stands_but_for_a_word, stands_exactly
from knowledge.alignment import MOST_PAIRS, Alignment, Source, align
from knowledge.attribution import asides, parentheses, tags
from knowledge.background import weight, weights
from knowledge.claims import Quote, read_quote
from knowledge.languages import ENGLISH, common_language
from knowledge.retrieval import Place
from knowledge.text import NormalText, Span, normalise


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """Where the rest of a quote stands that its first place does not have. `quote` is that rest.

    `comes_first` says whether it is the quote's beginning, `is_in_order` whether the two places follow each other as
    their words do in the quote, `is_marked` whether the quote says that it leaves something out between them.
    """

    quote: Quote
    span: Span
    score: float
    comes_first: bool
    is_in_order: bool
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Match:
    """How a quote stands at a place. `aside` is what it may leave out, and `tags` are the reporter's tags in that.

    `second` is where the rest of it stands, and `quote` then the first part only.
    """

    place: Place
    quote: Quote
    source: NormalText
    aside: tuple[range, ...]
    tags: tuple[range, ...]
    alignment: Alignment
    score: float
    second: SecondPlace | None
    found: bool

    @property
    def fit(self) -> float:
        """How much of the quote is there and of the place in the quote, in tenths, so that copies of a report tie."""
        return round(self.alignment.coverage * self.alignment.density, 1)


def examine(place: Place, quote: Quote) -> Match | None:
    """How a quote stands at a place, by the rules of their language; None where the two are not even related."""
    window = place.window
    language = common_language(place.text[window.start : window.end], place.text, quote.text.original)
    if language is not ENGLISH:
        quote = read_quote(quote.text.original, language)
    source = normalise(place.text, window.start, window.end, language)
    between = tags(source)
    aside = (*between, *parentheses(source))
    alignment = align(quote, Source(source.words, aside))
    if not alignment.steps:
        return None
    score = probability(quote, alignment, aside)
    whole = Match(place, quote, source, aside, between, alignment, score, None, found=False)
    match = _in_two_places(whole) or whole
    stands = stands_exactly(match.quote, match.alignment) or stands_but_for_a_word(
        match.quote, match.alignment, match.score
    )
    if stands or is_found(match.score):
        return replace(match, found=True)
    return match if is_related(match.score) or shares_matter(quote, place.coverage) else None


# --- a quote put together from two places ---

_SHORTEST_REST = 3
"""Words. A shorter rest stands by chance in most articles."""
_LIGHTEST_REST = 12.0
_REST_PRESENT = 0.5
_REST_COVERED = 0.8


def _in_two_places(whole: Match) -> Match | None:
    """The match of a quote that its place has one part of and the rest of the article another; None elsewhere."""
    rest = _rest(whole.quote, whole.alignment)
    if rest is None or not _may_stand(rest, whole.place.text):
        return None
    main = whole.quote.part(*whole.alignment.claimed)
    alignment = align(main, Source(whole.source.words, whole.aside))
    score = probability(main, alignment, whole.aside)
    if not is_found(score):
        return None
    second = _second_place(rest, whole)
    if second is None:
        return None
    return replace(whole, quote=main, alignment=alignment, score=min(score, second.score), second=second)


def _rest(quote: Quote, alignment: Alignment) -> Quote | None:
    """The longer end of a quote that its place leaves out, where it is enough to stand somewhere; None elsewhere."""
    first, last = alignment.claimed
    start, end = (0, first) if first > len(quote.words) - last else (last, len(quote.words))
    if end - start < _SHORTEST_REST or sum(weights(quote.words[start:end])) < _LIGHTEST_REST:
        return None
    return quote.part(start, end)


def _may_stand(quote: Quote, text: str) -> bool:
    """Whether enough of a quote's words are anywhere in a text: this rough look spares most texts the closer one."""
    folded = text.casefold()
    present = sum(weight(word) for word in quote.words if word in folded)
    return present >= _REST_PRESENT * sum(weights(quote.words))


def _second_place(rest: Quote, whole: Match) -> SecondPlace | None:
    """Where in the article the rest of a quote stands; None where nowhere, or where looking would take too much."""
    source = normalise(whole.place.text, language=rest.text.language)
    if len(rest.words) * len(source.words) > MOST_PAIRS:
        return None
    aside = asides(source)
    found = align(rest, Source(source.words, aside))
    if found.coverage < _REST_COVERED or not is_found(score := probability(rest, found, aside)):
        return None
    span = source.span(*found.source)
    first, last = whole.alignment.claimed
    is_before = rest.text.starts[0] < whole.quote.text.starts[first]
    return SecondPlace(
        rest,
        span,
        score,
        comes_first=is_before,
        is_in_order=is_before == (span.start < whole.source.starts[whole.alignment.source[0]]),
        is_marked=any(end == (first if is_before else last) for _, end in whole.quote.pieces),
    )
