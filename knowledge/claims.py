"""Reads what a person typed or posted into a `Claim`: what is quoted, whose words it is said to be."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from knowledge import tongues
from knowledge.attribution import TAGS_AFTER, TAGS_BEFORE, tags
from knowledge.background import weights
from knowledge.dates import PartialDate, StatedDate, stated_dates
from knowledge.errors import ClaimError, ClaimProblem
from knowledge.languages import ENGLISH, Language, language_of
from knowledge.lexicon import CHATTER, CHATTER_GLUE
from knowledge.names import NAME, NAMED, first_name, plain_name
from knowledge.text import NormalText, Span, is_spaceless, normal_words, normalise

MOST_CHARACTERS = 6_000
"""The longest text that Discord lets anybody send in one option."""
FEWEST_WORDS = 2
"""Below it there is nothing to compare; of a script without spaces, twice as many characters."""
QUOTE_WORDS = 3
"""From so many words on a marked stretch is a quote; fewer are a title, or words held at arm's length."""

DISTINCTIVE = 20.0
"""Weight. Under it lie "at the end of the day" (14.8) and "we will see what happens" (19.7), over it most quotes."""
SENTENCE_WORDS = 3
"""Words of content beside its quotes from which on a text is a sentence that holds quotations."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person asserts.

    `quotes` are the words between marks, in order; empty without marks. `statement` is the text without the lead-in
    ("is it true that") and the speaker, for checking where there are no quotes.
    """

    text: str
    quotes: tuple[str, ...] = ()
    statement: str = ""
    speaker: str | None = None
    date: PartialDate | None = None

    @property
    def is_sentence(self) -> bool:
        """Whether the claim asserts something beside its quotes, or has none."""
        return not self.quotes or self._beside_quotes() >= SENTENCE_WORDS

    @property
    def comes_first(self) -> bool:
        """Whether the statement is looked for before the quotes: where it asserts something, or they tell nothing."""
        return self.is_sentence or (self.has_more and not any(map(_tells, self.quotes)))

    @property
    def has_more(self) -> bool:
        """Whether there is any word of content beside the quotes and the speaker's name."""
        return self._beside_quotes() > 0

    @property
    def telling_quotes(self) -> tuple[str, ...]:
        """The quotes to look for: in a sentence those alone that tell where they are from; others it only borrows."""
        return tuple(filter(_tells, self.quotes)) if self.is_sentence else self.quotes

    def _beside_quotes(self) -> int:
        """How many words of content the statement has that are in none of the quotes nor the speaker's name."""
        outside = self.statement
        for quote in self.quotes:
            outside = outside.replace(quote, " ")
        named = normal_words(self.speaker or "")
        around = _around_a_quote(language_of(self.text) or ENGLISH)
        return sum(word not in around and word not in named for word in normal_words(outside))


@dataclass(frozen=True, slots=True)
class Quote:
    """The words to look for. `pieces` are the word ranges between marked elisions; they cover every word in order.

    `insertions` are the quoter's own words in brackets, which are none of the quote's, each with the number of the
    quote's words before it.
    """

    text: NormalText
    pieces: tuple[tuple[int, int], ...]
    insertions: tuple[tuple[int, NormalText], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words in normal form."""
        return self.text.words

    @property
    def is_distinctive(self) -> bool:
        """Whether the words weigh enough to tell where they are from, as those of a stock phrase do not."""
        return sum(weights(self.words)) >= DISTINCTIVE

    def part(self, first: int, last: int) -> "Quote":
        """The words [`first`, `last`) as a quote of their own, with the elisions among them."""
        text = self.text
        cut = slice(first, last)
        words = NormalText(text.original, text.words[cut], text.starts[cut], text.ends[cut], text.language)
        cuts = [end - first for _, end in self.pieces if first < end < last]
        return Quote(words, tuple(pairwise([0, *cuts, last - first])))


def _tells(quote: str) -> bool:
    return read_quote(quote).is_distinctive


@cache
def _around_a_quote(language: Language) -> Set[str]:
    """The words of a claim in a language that assert nothing beside a quote."""
    return CHATTER | CHATTER_GLUE | {"no", "not"} | language.grammar.without_content | language.speech.words


def read_quote(text: str, language: Language = ENGLISH) -> Quote:
    """The words of a quote without a reporter's tag inside it, in pieces where it marks that words are left out.

    What stands in brackets is the quoter's own: it marks an elision and is no word of the quote, unless it has a digit.
    """
    whole = normalise(text, language=language)
    aside = {place for stretch in tags(whole) for place in stretch}
    elisions = [match.span() for match in _ELISION.finditer(text)]
    if all(any(first <= start < last for first, last in elisions) for start in whole.starts):
        elisions = []  # a text that is all in brackets has nothing beside them
    kept: list[int] = []
    cuts: list[int] = []
    inserted: dict[tuple[int, int], int] = {}
    for place, start in enumerate(whole.starts):
        if inside := next((elision for elision in elisions if elision[0] <= start < elision[1]), None):
            inserted.setdefault(inside, len(kept))
        if inside or place in aside:
            continue
        if kept and any(whole.starts[kept[-1]] < first < start for first, _ in elisions):
            cuts.append(len(kept))
        kept.append(place)
    words = tuple(whole.words[i] for i in kept)
    starts = tuple(whole.starts[i] for i in kept)
    ends = tuple(whole.ends[i] for i in kept)
    bounds = [0, *cuts, len(kept)]
    insertions = tuple((before, normalise(text, *inside, language)) for inside, before in inserted.items())
    return Quote(NormalText(text, words, starts, ends, language), tuple(pairwise(bounds)), insertions)


_ELISION = re.compile(r"(?<!\w)\[[^\[\]\n\d]{1,80}\](?!\w)|\[sic\]|\((?:\.\.\.|…)\)|\.\s?\.\s?\.+|…")


def read_claim(text: str, speaker: str | None = None) -> Claim:
    """The claim in a text; `speaker` overrides the one it names. Raises `ClaimError` where nothing is checkable."""
    _require_words(text)
    if not _has_words(text, FEWEST_WORDS):
        raise ClaimError(ClaimProblem.TOO_SHORT, FEWEST_WORDS)
    raw = list(_quoted(text))
    joined = _joined(text, raw)
    quotes = [span for span in joined if _has_words(text[span.start : span.end], QUOTE_WORDS)]
    statement, named = _statement(text)
    if quotes:
        named = _speaker_around(text, raw)
    claim = Claim(
        text=text,
        quotes=tuple(_LINE_MARK.sub("", text[span.start : span.end]).strip() for span in quotes),
        statement=statement,
        speaker=speaker or (None if text.isupper() else named),
    )
    return _with_date(claim, quotes)


def _with_date(claim: Claim, quotes: Sequence[Span]) -> Claim:
    """The claim with the one date that it gives beside its quotes, or beside its statement where it has none.

    In a sentence that asserts something a date is part of what it asserts.
    """
    text = claim.text
    at = text.find(claim.statement)
    dates = _dates_outside(text, quotes or ([Span(at, at + len(claim.statement))] if at >= 0 else []))
    days = {stated.when for stated in dates}
    if len(days) != 1:
        return claim
    dated = replace(claim, date=days.pop())
    if not quotes:
        return dated
    dated = replace(dated, statement=_statement(_without(text, dates))[0])
    return claim if dated.is_sentence else dated


def _dates_outside(text: str, inside: Sequence[Span]) -> list[StatedDate]:
    """The dates of a text that stand in none of some stretches; none where there are no stretches."""
    return [
        stated
        for stated in (stated_dates(text) if inside else ())
        if not any(span.start <= stated.span.start and stated.span.end <= span.end for span in inside)
    ]


def _without(text: str, dates: Iterable[StatedDate]) -> str:
    """A text without some dates: beside a quote they say when, and are no words of it."""
    for stated in reversed(list(dates)):
        text = _BEFORE_DATE.sub("", text[: stated.span.start]) + text[stated.span.end :].removeprefix(")")
    return text


_BEFORE_DATE = re.compile(r"(?:\b(?:back\s+)?(?:on|in)\s+|\()$", re.IGNORECASE)


def read_search(text: str) -> Quote:
    """The words to search for, one at the least. Raises `ClaimError` where there are none, or too many."""
    _require_words(text)
    return read_quote(text)


def _require_words(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise ClaimError(ClaimProblem.TOO_LONG, MOST_CHARACTERS)
    if not read_quote(text).words:
        raise ClaimError(ClaimProblem.EMPTY, FEWEST_WORDS)


def _has_words(text: str, fewest: int) -> bool:
    words = normal_words(text)
    return len(words) >= fewest * (2 if any(map(is_spaceless, words)) else 1)


# --- quotes ---

_MARKS = re.compile(
    r"""“([^”]+)(?:”|$) | „([^“”]+)[“”] | «([^»]+)» | »([^«]+)« | 「([^」]+)」 | 『([^』]+)』
    | (?<![\w"])"(?=\S)([^"]+?)(?:"(?!\w)|$) | (?<![\w'’])‘(.{8,}?)’(?!\w) | (?<![\w'])'(.{8,}?)'(?!\w)
    | (?:(?<=\n)|^)[ \t]*((?:>[^\n]*(?:\n|$))+)""",
    re.VERBOSE,
)
_LINE_MARK = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)


def _quoted(text: str) -> Iterator[Span]:
    """The stretches between quote marks of any kind, and blocks of lines that begin with ">"."""
    for match in _MARKS.finditer(text):
        group = match.lastindex or 0
        yield Span(*match.span(group))


def _joined(text: str, quotes: list[Span]) -> Iterator[Span]:
    """The quotes, those that a reporter's tag interrupts ("…," she said, "…") as one.

    The tag stays in the span; the alignment leaves it out as it does in a source.
    """
    waiting: Span | None = None
    for quote in quotes:
        if waiting is not None and _is_tag(text, waiting.end, quote.start):
            waiting = Span(waiting.start, quote.end)
            continue
        if waiting is not None:
            yield waiting
        waiting = quote
    if waiting is not None:
        yield waiting


def _is_tag(text: str, start: int, end: int) -> bool:
    """Whether nothing but a reporter's tag stands at [`start`, `end`), with the marks around it."""
    return any(pattern.fullmatch(text, start, end) for pattern in (_TAG_ONLY, tongues.tag_only()))


_SAYS = ENGLISH.speech.verb
_TAG_ONLY = re.compile(rf"[\"”]\s*[\w .,'’-]{{0,40}}\b(?:{_SAYS})\b[\w .,'’-]{{0,40}}\s*[\"“]", re.IGNORECASE)


# --- who is said to have said it ---

_BEFORE = (
    re.compile(rf"{NAMED}\s*(?i:\([^)]*\)\s*)?:\s*[\"“]?\s*$"),
    re.compile(
        rf"{NAMED}(?:\s+(?i:really|actually|ever|once|just|also|has|had|have)){{0,2}}\s+(?i:{_SAYS})\b(?:\s+that)?[^.!?\n]{{0,40}}$"
    ),
    re.compile(rf"(?i:according\s+to)\s+{NAMED}\s*,?\s*$"),
)
_AFTER = (
    re.compile(rf"^[\"”»’」]?\s*[,.]?\s*(?:[—–―-]{{1,2}}|~)\s*{NAMED}"),
    re.compile(rf"^[\"”»’」]?\s*,?\s*(?i:{_SAYS})\s+{NAMED}"),
    re.compile(rf"^[\"”»’」]?\s*,?\s*{NAMED}(?:\s+(?i:has|had))?\s+(?i:{_SAYS})\b"),
    re.compile(rf"^[\"”»’」]?\s*,?\s*(?i:according\s+to)\s+{NAMED}"),
)


def _speaker_around(text: str, quotes: list[Span]) -> str | None:
    """The speaker that the words before the first quote name, or those after the last one or between two."""
    before = text[: quotes[0].start].rstrip("\"“„«»‘'「『> ")
    after = (text[quote.end : quote.end + _LONGEST_TAG] for quote in reversed(quotes))
    found = first_name((*TAGS_BEFORE, *_BEFORE, *tongues.tags_before(None)), before[-_LONGEST_TAG:])
    behind = (*TAGS_AFTER, *_AFTER, *tongues.tags_after(None))
    return found or next(filter(None, (first_name(behind, one) for one in after)), None)


_LONGEST_TAG = 200
"""Code points."""


# --- statements ---

_LEAD_IN = re.compile(
    r"""\s*(?:(?:hey|hi|so|wow|lol|omg|wait|ok|okay|guys|um|and|but|apparently|allegedly)[\s,.:!-]+){0,3}
    (?:
      (?:(?:rt\s+@\w{1,30}|breaking(?:\s+news)?|just\s+in)\s*:\s*|\#\w{1,60}\s+){1,5}|
      (?:is\s+it\s+(?:really\s+)?(?:true|correct|a\s+fact)|is\s+this\s+true|true\s+or\s+false|fact[\s-]?check(?:\s+this)?
      |did\s+you\s+(?:know|hear|see)|can\s+(?:any|some)(?:one|body)\s+(?:please\s+)?(?:check|confirm|verify)
      |i(?:'ve|\s+have)?\s+(?:just\s+)?(?:heard|read|saw|seen)|(?:some(?:one|body)|people|they|he|she)\s+(?:says?|said|claims?|claimed)
      |apparently|allegedly|supposedly|claim)\b
      [\s,:;?-]*(?:(?:that|if|whether|this)\b[\s,:]*)?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAD_OUT = re.compile(
    r"""(?:[\s.…!?,-]{1,20}(?:lol|lmao|smh|wow|(?<=[,.…!?-]\s)(?:really|seriously|true|right)|what\s+do\s+you\s+(?:guys\s+)?think|thoughts
    |(?:is|was)\s+(?:that|this|it)\s+(?:really\s+)?(?:true|real|right|correct|legit|fake)|true\s+or\s+false
    |(?:can|could)\s+(?:any|some)(?:one|body)\s+(?:please\s+)?(?:check|confirm|verify)(?:\s+(?:this|that|it))?
    |fact[\s-]?check(?:\s+please)?|(?:any\s+)?sources?|i\s+can['’]?t\s+find\s+a\s+source))+[\s.!?…]*$""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_TALK = 300
"""Code points at the end of a claim in which people talk about it; what is hostile is longer."""
_DID_SAY = re.compile(
    rf"\s*(?i:did|has|have)\s+({NAME})\s+(?i:(?:really|actually|ever|just)\s+)*"
    r"(?i:say|said|tweet|tweeted|claim|claimed|write|written)\b[\s,:]*(?i:that\b)?[\s,:]*"
)
_SAID = re.compile(
    rf"\s*({NAME})\s+(?i:(?:once|really|actually|just|has|had)\s+)*"
    r"(?i:said|says|tweeted|claimed|claims|wrote|thinks|believes|argues|argued|insists|warned|warns)\s+(?i:that)\b[\s,:]*"
)
_CREDITED = re.compile(rf",?\s+(?i:according\s+to)\s+(?:[a-z-]+\s+){{0,3}}({NAME})[\s.!?]*$")
_SIGNED = re.compile(rf"\s+[—–―-]{{1,2}}\s*({NAME})(?:,?\s+\(?(?:[\w.,]+\s+){{0,3}}\d{{4}}\)?)?[\s.!?]*$")
_NAMED_FIRST = re.compile(rf"\s*({NAME})\s*:\s+(?=\S)")


def _statement(text: str) -> tuple[str, str | None]:
    """A text without the lead-in and the speaker that it names, and the speaker."""
    out = _LEAD_OUT.search(text, max(0, len(text) - _LONGEST_TALK))
    rest = text[: out.start()] if out and _has_words(text[: out.start()], QUOTE_WORDS) else text
    lead = _LEAD_IN.match(rest) or tongues.lead_in().match(rest)
    rest = rest[lead.end() :] if lead and _has_words(rest[lead.end() :], QUOTE_WORDS) else rest
    undated = _without_date(rest)
    for pattern in (_DID_SAY, _SAID, _NAMED_FIRST, tongues.said_that()):
        match = pattern.match(undated)
        if match is not None and (name := plain_name(match[1])) and _has_words(undated[match.end() :], QUOTE_WORDS):
            return undated[match.end() :].strip(), name
    tail = max(0, len(rest) - _LONGEST_TALK)
    signed = _SIGNED.search(rest, tail) or _CREDITED.search(rest, tail)
    if signed is not None and _has_words(rest[: signed.start()], QUOTE_WORDS):
        return rest[: signed.start()].strip(), plain_name(signed[1])
    return _HASHTAGS.sub("", rest.strip()).strip(), None


_HASHTAGS = re.compile(r"(?:\s{1,5}#\w{1,60}){1,10}$")


def _without_date(text: str) -> str:
    """A text without the date that it begins with: "On July 4, 2031, …"; only a speaker behind it makes it a tag."""
    first = next(iter(stated_dates(text[:_LONGEST_TAG])), None)
    if first is None or not _DATED.fullmatch(text, 0, first.span.start):
        return text
    return text[first.span.end :].lstrip(" ,")


_DATED = re.compile(r"\s*(?:(?:back\s+)?(?:on|in))?\s*", re.IGNORECASE)
