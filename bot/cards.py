"""What a reader sees: `FactCheck` → `Card`, in words; errors → words. Front ends (`layout`, `terminal`) draw it.

A `Card` holds plain text, cleaned of control and direction characters, so that any front end can show it. Nothing here
ever says that a claim is true or false.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.catalogue import noted, plural, quoted, say
from bot.errors import NothingToReadError, OwnAnswerError
from bot.escaping import Edit, Piece, clean, safe, shortened, web_address
from bot.refusals import is_expected, words_for
from knowledge.checker import FactCheck
from knowledge.errors import ClaimError
from knowledge.evidence import Evidence
from knowledge.links import archived_copy
from knowledge.models import Article, Label, Review
from knowledge.names import same_person
from knowledge.text import Span
from knowledge.verdicts import WORST_FIRST, Finding, FindingKind, Verdict


class Fact(NamedTuple):
    """One line about the source, such as ("Published", "2020-07-11")."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Note:
    """One difference between claim and source, in words; `warns` where it deserves attention."""

    label: str
    text: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The answer to one claim, ready to be shown. All text is plain: no markup, no line breaks.

    `verdict` is None where the claim could not be checked. `speaker` is whom the claim names where its text does not.
    `passages` holds one passage, or one per place of a splice. `notes` are the differences that the headline does not
    tell. `link` leads to the passage, `url` to its article and `archived` to a copy of that as it was when it was
    fetched; they are web addresses or None.
    """

    verdict: Verdict | None
    symbol: str
    label: str
    colour: int
    headline: str
    claim: str = ""
    speaker: str = ""
    remarks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    passage_label: str = ""
    passages: tuple[tuple[Piece, ...], ...] = ()
    notes: tuple[Note, ...] = ()
    facts: tuple[Fact, ...] = ()
    link: str | None = None
    url: str | None = None
    archived: str | None = None

    @property
    def title(self) -> str:
        """The verdict and its sentence: "Altered: the source says 47%, not 57%"."""
        return f"{self.label}: {self.headline}"


class Look(NamedTuple):
    """How a verdict looks: its word, a symbol and a colour."""

    label: str
    symbol: str
    colour: int


# Okabe and Ito's palette, which colour-blind readers can tell apart. No tick and no cross: they would read as
# "true" and "false".
LOOKS = {
    Verdict.VERBATIM: Look(noted("Verbatim"), "≡", 0x009E73),
    Verdict.CLOSE: Look(noted("Close"), "≈", 0x56B4E9),
    Verdict.ALTERED: Look(noted("Altered"), "≠", 0xD55E00),
    Verdict.SPLICED: Look(noted("Spliced"), "⋈", 0xE69F00),
    Verdict.MISATTRIBUTED: Look(noted("Misattributed"), "⇄", 0xCC79A7),
    Verdict.RELATED: Look(noted("Related"), "∼", 0x0072B2),
    Verdict.NOT_FOUND: Look(noted("Not found"), "∅", 0x999999),
}
_NO_ANSWER = Look(noted("Not checked"), "–", 0x999999)


def card_of(fact_check: FactCheck) -> Card:
    """The card that answers a claim."""
    parts = worst_first(fact_check)
    shown = shown_of(fact_check)
    best = shown.evidence[0] if shown.evidence else None
    places = _places(shown)
    look = LOOKS[fact_check.verdict]
    told = _told(fact_check)
    link = web_address(best.link) if best else None
    url = web_address(best.article.url) if best else None
    return Card(
        verdict=fact_check.verdict,
        symbol=look.symbol,
        label=say(look.label),
        colour=look.colour,
        headline=_headline(fact_check),
        claim=clean(fact_check.claim.text),
        speaker=_speaker_beside(fact_check),
        remarks=_remarks(fact_check),
        parts=tuple(_part_line(part) for part in parts),
        passage_label=_passage_label(fact_check),
        passages=tuple(passage_pieces(evidence) for evidence in places),
        notes=(*_label_note(best), *_since_note(best), *_notes(shown, told)),
        facts=_facts(shown, best) if best else (),
        link=link or url,
        url=url,
        archived=_archived(best) if best and fact_check.links_archive else None,
    )


def _archived(best: Evidence) -> str | None:
    page = web_address(best.article.url)
    return archived_copy(page, best.fetched_on or best.article.published_on) if page else None


def error_card(error: BaseException, reference: str) -> Card:
    """The words for a check that failed. `reference` is what the log calls the failure."""
    is_unchecked = isinstance(error, ClaimError | NothingToReadError | OwnAnswerError)
    label = _NO_ANSWER.label if is_unchecked or not is_expected(error) else noted("Not done")
    return _plain_card(say(label), *words_for(error, reference))


def busy_card() -> Card:
    """The answer while the bot is on its way out."""
    return _plain_card(say(_NO_ANSWER.label), say("the bot is restarting"), say("Please ask again in a minute."))


def stale_card() -> Card:
    """The answer to a button or form that this bot no longer knows."""
    headline = say("this button or form is from an older version")
    return _plain_card(say("Out of date"), headline, say("Please ask again with /check."))


def refusal_card(reason: str) -> Card:
    """The answer to somebody who may not do that."""
    return _plain_card(say("Not done"), reason)


def _plain_card(label: str, headline: str, *remarks: str) -> Card:
    look = _NO_ANSWER
    return Card(
        verdict=None, symbol=look.symbol, label=label, colour=look.colour, headline=headline, remarks=tuple(remarks)
    )


def worst_first(fact_check: FactCheck) -> list[FactCheck]:
    """The fact checks of the quotes of a claim that has several, those that call for attention first."""
    return sorted(fact_check.parts, key=lambda part: WORST_FIRST.index(part.verdict))


def shown_of(fact_check: FactCheck) -> FactCheck:
    """What the passage is shown of: of several quotes the first, the worst first, for which there is one."""
    return next((part for part in worst_first(fact_check) if part.evidence), fact_check)


_HEADLINE_WORDS = 80
"""How many characters of a differing word a headline holds."""


def _headline(fact_check: FactCheck) -> str:
    finding = _deciding(fact_check)
    match fact_check.verdict:
        case Verdict.VERBATIM:
            return say("the source has these words in this order")
        case Verdict.CLOSE:
            return say("the wording differs a little, nothing that bears meaning does")
        case Verdict.ALTERED:
            return _altered_headline(finding)
        case Verdict.SPLICED:
            return say("the claim joins words that stand apart in the source")
        case Verdict.MISATTRIBUTED:
            return _speaker_words(finding, _HEADLINE_WORDS)
        case Verdict.RELATED if finding is not None:
            number = shortened(finding.source, _HEADLINE_WORDS)
            return say("the closest passage gives {number}, in other words", number=number)
        case Verdict.RELATED:
            return say("the closest passage has other words")
        case Verdict.NOT_FOUND if fact_check.searched and (missing := _missing(fact_check)):
            return plural(
                "nothing like {missing} of the {quotes} quotes in the {n} article searched",
                "nothing like {missing} of the {quotes} quotes in the {n} articles searched",
                fact_check.searched,
                missing=missing,
                quotes=len(fact_check.parts),
            )
        case Verdict.NOT_FOUND if fact_check.searched:
            return plural(
                "nothing like it in the {n} article searched",
                "nothing like it in the {n} articles searched",
                fact_check.searched,
            )
        case Verdict.NOT_FOUND:
            return say("there are no articles to search here yet")


def _missing(fact_check: FactCheck) -> int:
    """How many of several quotes are not found, where others are; 0 otherwise."""
    missing = sum(part.verdict is Verdict.NOT_FOUND for part in fact_check.parts)
    return missing if missing < len(fact_check.parts) else 0


def _deciding(fact_check: FactCheck) -> Finding | None:
    """The finding that the headline is about."""
    findings = fact_check.findings
    match fact_check.verdict:
        case Verdict.ALTERED:
            return next((one for one in findings if one.bears_meaning), findings[0] if findings else None)
        case Verdict.MISATTRIBUTED:
            return next((one for one in findings if one.kind is FindingKind.SPEAKER), None)
        case Verdict.RELATED:
            return next((one for one in findings if one.kind is FindingKind.NUMBER and one.source), None)
        case _:
            return None


def _told(fact_check: FactCheck) -> Finding | None:
    """The finding of which the headline leaves nothing to say: in both wordings, none of them cut."""
    finding = _deciding(fact_check)
    if finding is None or fact_check.parts or fact_check.verdict is Verdict.RELATED:
        return None
    whole = all(len(clean(words)) <= _HEADLINE_WORDS for words in (finding.source, finding.claimed))
    return finding if whole else None


def _altered_headline(finding: Finding | None) -> str:
    if finding is None:
        return say("the wording differs in something that bears meaning")
    source, claimed = (shortened(words, _HEADLINE_WORDS) for words in (finding.source, finding.claimed))
    if finding.kind is not FindingKind.NUMBER:
        source, claimed = (quoted(words) if words else "" for words in (source, claimed))
    if source and claimed:
        return say("the source says {source}, not {claimed}", source=source, claimed=claimed)
    if source:
        return say("the claim leaves out {source}", source=source)
    if claimed:
        return say("the claim adds {claimed}", claimed=claimed)
    return say("the wording differs in something that bears meaning")


def _speaker_words(finding: Finding | None, width: int) -> str:
    if finding is None or not finding.source:
        return say("the source gives these words to somebody else")
    source, claimed = shortened(finding.source, width), shortened(finding.claimed, width)
    if not claimed:
        return say("the source gives these words to {source}", source=source)
    return say("the source gives these words to {source}, not to {claimed}", source=source, claimed=claimed)


def _speaker_beside(fact_check: FactCheck) -> str:
    """Whom the claim is said to be by, where its text does not say so."""
    speaker = clean(fact_check.claim.speaker or "")
    return speaker if speaker not in clean(fact_check.claim.text) else ""


def _remarks(fact_check: FactCheck) -> tuple[str, ...]:
    match fact_check.verdict:
        case Verdict.NOT_FOUND:
            return (say("This does not make it false: it says only what these articles hold."),)
        case Verdict.RELATED:
            return (say("It is on the same matter and does not settle the claim either way."),)
        case _:
            return ()


def _passage_label(fact_check: FactCheck) -> str:
    if shown_of(fact_check).verdict is Verdict.RELATED:
        return say("Closest passage, for the first quote found") if fact_check.parts else say("Closest passage")
    return say("In the source, for the first quote found") if fact_check.parts else say("In the source")


def _part_line(part: FactCheck) -> str:
    look = LOOKS[part.verdict]
    words = (" … ".join(part.claim.quotes) or part.claim.text).strip('"“”„«» ')
    return f"{look.symbol} {say(look.label)}: {quoted(shortened(words, 120))}: {_headline(part)}"


def _places(fact_check: FactCheck) -> tuple[Evidence, ...]:
    """The evidence whose passages are shown: the best, or every place of a splice."""
    if fact_check.verdict is Verdict.SPLICED:
        return tuple(e for e in fact_check.evidence if e.verdict is Verdict.SPLICED) or fact_check.evidence[:1]
    return fact_check.evidence[:1]


def passage_pieces(evidence: Evidence) -> tuple[Piece, ...]:
    """The passage in stretches: the quoted words marked, what the claim has in other words struck out before it.

    A related passage has no marks; one of nothing but unprintable characters has no pieces.
    """
    span, is_related = evidence.passage_span, evidence.verdict is Verdict.RELATED
    spans = () if is_related else evidence.spans
    edits = () if is_related else tuple(_edits(evidence))
    pieces = [*_between_edits(evidence, spans, edits)]
    shown = tuple(piece for piece in pieces if piece.text)
    return shown if any(piece.text.strip() for piece in shown) and span.end > span.start else ()


def _between_edits(evidence: Evidence, spans: Sequence[Span], edits: Sequence[Finding]) -> Iterator[Piece]:
    passage, offset = evidence.passage, evidence.passage_span.start
    position = 0
    for edit in edits:
        assert edit.span is not None
        start, end = edit.span.start - offset, edit.span.end - offset
        yield from _stretches(passage, position, start, spans, offset)
        if edit.claimed:
            claimed = shortened(edit.claimed, _HEADLINE_WORDS)
            yield from _struck_out(claimed, passage[:start], passage[start:])
        yield Piece(safe(passage[start:end]), marked=True, edit=Edit.SOURCE)
        position = end
    yield from _stretches(passage, position, len(passage), spans, offset)


def _struck_out(claimed: str, before: str, after: str) -> Iterator[Piece]:
    """The claim's words, with the blanks that set them apart from the source's on either side."""
    if before and not before[-1].isspace():
        yield Piece(" ", marked=True)
    yield Piece(claimed, marked=True, edit=Edit.CLAIMED)
    if after and not after[0].isspace():
        yield Piece(" ", marked=True)


def _stretches(passage: str, start: int, end: int, spans: Sequence[Span], offset: int) -> Iterator[Piece]:
    """The stretches of a part of the passage, marked where a span lies."""
    for span in sorted(spans, key=lambda one: one.start):
        first, last = (min(max(place - offset, start), end) for place in (span.start, span.end))
        yield Piece(safe(passage[start:first]), marked=False)
        yield Piece(safe(passage[first:last]), marked=True)
        start = last
    yield Piece(safe(passage[start:end]), marked=False)


def _edits(evidence: Evidence) -> Iterator[Finding]:
    """The differences in wording that lie in the passage, in its order, none in another."""
    within = evidence.passage_span
    position = within.start
    placed = [(one.span, one) for one in evidence.findings if one.span is not None and one.kind in _IN_PLACE]
    for span, finding in sorted(placed, key=lambda one: (one[0].start, one[0].end)):
        if position <= span.start and span.end <= within.end:
            yield finding
            position = span.end


# The kinds that are one wording for another; the others are about who, when, or where the words stand.
_IN_PLACE = frozenset(FindingKind) - {
    FindingKind.SPEAKER,
    FindingKind.ELISION,
    FindingKind.CUT_SHORT,
    FindingKind.SPLICE,
    FindingKind.REORDERED,
}


_FINDING_LABELS = {
    FindingKind.NUMBER: noted("Number"),
    FindingKind.NEGATION: noted("Negation"),
    FindingKind.NAME: noted("Name"),
    FindingKind.ANTONYM: noted("Opposite word"),
    FindingKind.WORDING: noted("Wording"),
    FindingKind.OMITTED: noted("Left out"),
    FindingKind.ADDED: noted("Added"),
    FindingKind.TYPO: noted("Typo"),
    FindingKind.SPELLING: noted("Spelling"),
    FindingKind.SPEAKER: noted("Speaker"),
    FindingKind.DATE: noted("Date"),
    FindingKind.ELISION: noted("Marked gap"),
    FindingKind.CUT_SHORT: noted("Cut short"),
    FindingKind.SPLICE: noted("Joined pieces"),
    FindingKind.REORDERED: noted("Order"),
}


def note_of(finding: Finding) -> Note:
    """A difference in words, after the name of its kind."""
    return Note(say(_FINDING_LABELS[finding.kind]), _note_words(finding), finding.warns)


def _notes(shown: FactCheck, told: Finding | None) -> Iterator[Note]:
    """The differences that the headline leaves to tell; warnings first, then what bears meaning."""
    left = [finding for finding in shown.findings if finding is not told]
    yield from map(note_of, sorted(left, key=lambda one: (not one.warns, not one.bears_meaning)))


def _note_words(finding: Finding) -> str:
    source, claimed = quoted(clean(finding.source)), quoted(clean(finding.claimed))
    match finding.kind:
        case FindingKind.SPEAKER:
            return _speaker_words(finding, 200)
        case FindingKind.ELISION if finding.source:
            words = len(finding.source.split())
            return plural(
                "{n} word left out there: {source}", "{n} words left out there: {source}", words, source=source
            )
        case FindingKind.ELISION:
            return say("the claim marks a gap")
        case FindingKind.CUT_SHORT if finding.source:
            return say("the source’s sentence goes on: {source}", source=source)
        case FindingKind.CUT_SHORT:
            return say("the source’s sentence goes on")
        case FindingKind.SPLICE if finding.claimed:
            return say("{claimed} stands elsewhere in the source, apart from the rest", claimed=claimed)
        case FindingKind.SPLICE if finding.source:
            return say("the pieces stand apart in the source; {source} lies between them", source=source)
        case FindingKind.SPLICE:
            return say("the pieces stand apart in the source")
        case FindingKind.REORDERED:
            return say("{source} has another place in the source", source=source)
    if finding.source and finding.claimed:
        return say("{claimed} for the source’s {source}", source=source, claimed=claimed)
    if finding.source:
        return say("the claim leaves out {source}", source=source)
    return say("the claim adds {claimed}", claimed=claimed) if finding.claimed else say("the wordings differ")


def _facts(fact_check: FactCheck, best: Evidence) -> tuple[Fact, ...]:
    facts = (
        _said(fact_check, best),
        published(best.article),
        *_review_facts(best.article),
        Fact(say("Also in"), _others(fact_check, best.article)),
    )
    return tuple(fact for fact in facts if fact.value)


def _said(fact_check: FactCheck, best: Evidence) -> Fact:
    """Who said it and when; of a splice, who said each piece."""
    day = str(best.said_on or "")
    unknown = say("not clear from this passage")
    speakers: list[str] = []
    for speaker in (clean(place.speaker or unknown) for place in _places(fact_check)):
        if not any(same_person(speaker, other) for other in speakers):
            speakers.append(speaker)
    if len(speakers) > 1:
        return Fact(say("Said by"), "; ".join(speakers))
    if best.speaker:
        speaker = clean(best.speaker)
        return Fact(say("Said by"), say("{speaker}, on {day}", speaker=speaker, day=day) if day else speaker)
    if fact_check.claim.speaker:
        value = say("not clear from this passage; said on {day}", day=day) if day else unknown
        return Fact(say("Speaker"), value)
    return Fact(say("Said on"), day)


def published(article: Article) -> Fact:
    """When an article was published, by which outlet, under which title."""
    title = shortened(article.title, 60)
    parts = (str(article.published_on or ""), shortened(outlet(article), 40), quoted(title) if title else "")
    return Fact(say("Published"), ", ".join(filter(None, parts)))


# What a label means, in the moderators' name and not in ours.
_LABELS = {
    Label.SATIRE: noted("satire, say this server’s moderators"),
    Label.OPINION: noted("opinion, say this server’s moderators"),
    Label.RETRACTED: noted("retracted by its publisher, say this server’s moderators"),
    Label.CORRECTED: noted("corrected since, say this server’s moderators"),
}


def label_words(article: Article) -> str:
    """What moderators say of an article; empty where they say nothing."""
    words = _LABELS.get(article.label)
    return say(words) if words else ""


def _label_note(best: Evidence | None) -> tuple[Note, ...]:
    """What moderators say of the article, where readers should know it before anything else."""
    words = label_words(best.article) if best else ""
    return (Note(say("Label"), words, warns=True),) if words else ()


def _since_note(best: Evidence | None) -> tuple[Note, ...]:
    """Where the words are only in an older version: when they were there, and when no more."""
    if best is None or best.changed_on is None:
        return ()
    words = say("removed or changed since {seen}: not there on {gone}", seen=best.fetched_on, gone=best.changed_on)
    return (Note(say("Today’s page"), words, warns=True),)


def _review_facts(article: Article) -> tuple[Fact, ...]:
    """What a fact checker said of the claim, as theirs."""
    if not article.review:
        return ()
    review = Review.of(article.review)
    reviewer = clean(review.reviewer or article.publisher) or say("the reviewer")
    claimed = ", ".join(filter(None, (clean(review.claimant), str(review.claimed_on or ""))))
    return (
        Fact(say("Claimed by"), claimed),
        Fact(say("{reviewer} rates this claim", reviewer=reviewer), clean(review.rating)),
    )


def _others(fact_check: FactCheck, article: Article) -> str:
    """How many other articles have the quote, and which was the first."""
    reports = fact_check.reports
    if reports is None or reports.articles < 2:
        return ""
    others, first = reports.articles - 1, reports.first_on
    if first is None or article.published_on is None:
        return plural("{n} other article", "{n} other articles", others)
    if first >= article.published_on:
        return plural(
            "{n} other article; this one is the earliest", "{n} other articles; this one is the earliest", others
        )
    return plural("{n} other article, first on {day}", "{n} other articles, first on {day}", others, day=first)


def outlet(article: Article) -> str:
    """The publisher, or the host name where none is known, or the address where that has none."""
    address = web_address(article.url)
    return clean(article.publisher) or (urlsplit(address).hostname if address else None) or clean(article.url)
