"""What a reader sees: `FactCheck` → `Card` → a Discord message; errors → words.

A `Card` holds plain text, cleaned of control and direction characters, so that any front end can show it; `layout`
escapes it for Discord and keeps it within Discord's limits. Nothing here ever says that a claim is true or false.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from bot.escaping import (
    BUTTON_URL_LIMIT,
    Piece,
    clean,
    fitted,
    labelled,
    lines_within,
    plain,
    safe,
    shortened,
    web_address,
)
from bot.refusals import is_expected, words_for
from knowledge.checker import FactCheck
from knowledge.errors import ClaimError
from knowledge.evidence import Evidence
from knowledge.models import Article, Label, Review
from knowledge.verdicts import WORST_FIRST, Finding, FindingKind, Verdict

if TYPE_CHECKING:
    import discord


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

    `verdict` is None where the claim could not be checked. `passages` holds one passage, or one per place of a
    splice. `link` leads to the passage and `url` to its article; both are web addresses or None.
    """

    verdict: Verdict | None
    symbol: str
    label: str
    colour: int
    headline: str
    claim: str = ""
    remarks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    passage_label: str = ""
    passages: tuple[tuple[Piece, ...], ...] = ()
    notes: tuple[Note, ...] = ()
    facts: tuple[Fact, ...] = ()
    link: str | None = None
    url: str | None = None

    @property
    def title(self) -> str:
        """The verdict and its sentence: "Altered: the source says 47%, not 57%"."""
        return f"{self.label}: {self.headline}"


class _Look(NamedTuple):
    label: str
    symbol: str
    colour: int


# Okabe and Ito's palette, which colour-blind readers can tell apart. No tick and no cross: they would read as
# "true" and "false".
_LOOKS = {
    Verdict.VERBATIM: _Look("Verbatim", "≡", 0x009E73),
    Verdict.CLOSE: _Look("Close", "≈", 0x56B4E9),
    Verdict.ALTERED: _Look("Altered", "≠", 0xD55E00),
    Verdict.SPLICED: _Look("Spliced", "⋈", 0xE69F00),
    Verdict.MISATTRIBUTED: _Look("Misattributed", "⇄", 0xCC79A7),
    Verdict.RELATED: _Look("Related", "∼", 0x0072B2),
    Verdict.NOT_FOUND: _Look("Not found", "∅", 0x999999),
}
_NO_ANSWER = _Look("Not checked", "–", 0x999999)


def look_of(verdict: Verdict) -> _Look:
    """The word, symbol and colour of a verdict, wherever it is told."""
    return _LOOKS[verdict]


def card_of(fact_check: FactCheck) -> Card:
    """The card that answers a claim."""
    parts = sorted(fact_check.parts, key=lambda part: WORST_FIRST.index(part.verdict))
    shown = fact_check if fact_check.evidence or not parts else parts[0]
    best = shown.evidence[0] if shown.evidence else None
    places = _places(shown)
    look = _LOOKS[fact_check.verdict]
    link = web_address(best.link) if best else None
    url = web_address(best.article.url) if best else None
    return Card(
        verdict=fact_check.verdict,
        symbol=look.symbol,
        label=look.label,
        colour=look.colour,
        headline=_headline(fact_check),
        claim=clean(fact_check.claim.text),
        remarks=_remarks(fact_check),
        parts=tuple(_part_line(part) for part in parts),
        passage_label=_passage_label(fact_check),
        passages=tuple(_pieces(evidence) for evidence in places),
        notes=tuple(_note(finding) for finding in shown.findings),
        facts=_facts(shown, best) if best else (),
        link=link or url,
        url=url,
    )


def error_card(error: BaseException, reference: str) -> Card:
    """The words for a check that failed. `reference` is what the log calls the failure."""
    label = _NO_ANSWER.label if isinstance(error, ClaimError) or not is_expected(error) else "Not done"
    return _plain_card(label, *words_for(error, reference))


def busy_card() -> Card:
    """The answer while the bot is on its way out."""
    return _plain_card("Not checked", "the bot is restarting", "Please ask again in a minute.")


def stale_card() -> Card:
    """The answer to a button or form that this bot no longer knows."""
    return _plain_card("Out of date", "this button or form is from an older version", "Please ask again with /check.")


def refusal_card(reason: str) -> Card:
    """The answer to somebody who may not do that."""
    return _plain_card("Not done", reason)


def _plain_card(label: str, headline: str, *remarks: str) -> Card:
    look = _NO_ANSWER
    return Card(
        verdict=None, symbol=look.symbol, label=label, colour=look.colour, headline=headline, remarks=tuple(remarks)
    )


# How many characters of a differing word a headline holds; the notes below it have more.
_HEADLINE_WORDS = 80


def _headline(fact_check: FactCheck) -> str:
    match fact_check.verdict:
        case Verdict.VERBATIM:
            return "the source has these words in this order"
        case Verdict.CLOSE:
            return "the wording differs a little, nothing that bears meaning does"
        case Verdict.ALTERED:
            return _altered_headline(fact_check.findings)
        case Verdict.SPLICED:
            return "the claim joins words that stand apart in the source"
        case Verdict.MISATTRIBUTED:
            return _speaker_words(
                next((f for f in fact_check.findings if f.kind is FindingKind.SPEAKER), None), _HEADLINE_WORDS
            )
        case Verdict.RELATED:
            number = next((f for f in fact_check.findings if f.kind is FindingKind.NUMBER and f.source), None)
            if number is not None:
                return f"the closest passage gives {shortened(number.source, _HEADLINE_WORDS)}, in other words"
            return "the closest passage has other words"
        case Verdict.NOT_FOUND if fact_check.searched:
            return f"nothing like it in the {_count(fact_check.searched, 'article')} searched"
        case Verdict.NOT_FOUND:
            return "there are no articles to search here yet"


def _altered_headline(findings: Sequence[Finding]) -> str:
    bearing = [finding for finding in findings if finding.bears_meaning] or findings
    if not bearing:
        return "the wording differs in something that bears meaning"
    finding = bearing[0]
    source, claimed = (shortened(words, _HEADLINE_WORDS) for words in (finding.source, finding.claimed))
    if finding.kind is not FindingKind.NUMBER:
        source, claimed = f"“{source}”" if source else "", f"“{claimed}”" if claimed else ""
    if source and claimed:
        return f"the source says {source}, not {claimed}"
    if source:
        return f"the claim leaves out {source}"
    return f"the claim adds {claimed}" if claimed else "the wording differs in something that bears meaning"


def _speaker_words(finding: Finding | None, width: int) -> str:
    if finding is None or not finding.source:
        return "the source gives these words to somebody else"
    source, claimed = shortened(finding.source, width), shortened(finding.claimed, width)
    return f"the source gives these words to {source}" + (f", not to {claimed}" if claimed else "")


def _remarks(fact_check: FactCheck) -> tuple[str, ...]:
    match fact_check.verdict:
        case Verdict.NOT_FOUND:
            return ("This does not make it false: it says only what these articles hold.",)
        case Verdict.RELATED:
            return ("It is on the same matter and does not settle the claim either way.",)
        case _:
            return ()


def _passage_label(fact_check: FactCheck) -> str:
    label = "Closest passage" if fact_check.verdict is Verdict.RELATED else "In the source"
    return f"{label}, for the first of these quotes" if fact_check.parts else label


def _part_line(part: FactCheck) -> str:
    look = _LOOKS[part.verdict]
    words = (" … ".join(part.claim.quotes) or part.claim.text).strip('"“”„«» ')
    return f"{look.symbol} {look.label}: “{shortened(words, 120)}”: {_headline(part)}"


def _places(fact_check: FactCheck) -> tuple[Evidence, ...]:
    """The evidence whose passages are shown: the best, or every place of a splice."""
    if fact_check.verdict is Verdict.SPLICED:
        return tuple(e for e in fact_check.evidence if e.verdict is Verdict.SPLICED) or fact_check.evidence[:1]
    return fact_check.evidence[:1]


def _pieces(evidence: Evidence) -> tuple[Piece, ...]:
    """The passage in stretches, the quoted words marked; a related passage has none."""
    passage, offset = evidence.passage, evidence.passage_span.start
    is_quoted = bytearray(len(passage))
    for span in evidence.spans if evidence.verdict is not Verdict.RELATED else ():
        start, end = (min(max(place - offset, 0), len(passage)) for place in (span.start, span.end))
        is_quoted[start:end] = b"\1" * (end - start)
    pieces: list[Piece] = []
    position = 0
    for marked, run in groupby(is_quoted):
        end = position + sum(1 for _ in run)
        text = safe(passage[position:end])
        if text:
            pieces.append(Piece(text, bool(marked)))
        position = end
    return tuple(pieces) if any(piece.text.strip() for piece in pieces) else ()


_FINDING_LABELS = {
    FindingKind.NUMBER: "Number",
    FindingKind.NEGATION: "Negation",
    FindingKind.NAME: "Name",
    FindingKind.ANTONYM: "Opposite word",
    FindingKind.WORDING: "Wording",
    FindingKind.OMITTED: "Left out",
    FindingKind.ADDED: "Added",
    FindingKind.TYPO: "Typo",
    FindingKind.SPELLING: "Spelling",
    FindingKind.SPEAKER: "Speaker",
    FindingKind.DATE: "Date",
    FindingKind.ELISION: "Marked gap",
    FindingKind.CUT_SHORT: "Cut short",
    FindingKind.SPLICE: "Joined pieces",
    FindingKind.REORDERED: "Order",
}


def _note(finding: Finding) -> Note:
    return Note(_FINDING_LABELS[finding.kind], _note_words(finding), finding.warns)


def _note_words(finding: Finding) -> str:
    source, claimed = f"“{clean(finding.source)}”", f"“{clean(finding.claimed)}”"
    match finding.kind:
        case FindingKind.SPEAKER:
            return _speaker_words(finding, 200)
        case FindingKind.ELISION:
            return (
                f"the claim leaves out {_count(len(finding.source.split()), 'word')} there: {source}"
                if finding.source
                else "the claim marks a gap"
            )
        case FindingKind.CUT_SHORT:
            return f"the source’s sentence goes on: {source}" if finding.source else "the source’s sentence goes on"
        case FindingKind.SPLICE:
            if finding.claimed:
                return f"{claimed} stands elsewhere in the source, apart from the rest"
            between = f"; {source} lies between them" if finding.source else ""
            return f"the pieces stand apart in the source{between}"
    if finding.source and finding.claimed:
        return f"the source has {source}, the claim has {claimed}"
    if finding.source:
        return f"the source has {source}, the claim leaves it out"
    return f"the claim adds {claimed}" if finding.claimed else "the wordings differ"


_UNKNOWN_SPEAKER = "not clear from this passage"


def _facts(fact_check: FactCheck, best: Evidence) -> tuple[Fact, ...]:
    article = best.article
    facts = (
        _speaker_fact(fact_check, best),
        Fact("Said", str(best.said_on) if best.said_on else ""),
        Fact("Published", article.published_on.isoformat() if article.published_on else ""),
        Fact("Publisher", clean(article.publisher)),
        Fact("Article", clean(article.title)),
        Fact("Label", _LABELS.get(article.label, "")),
        *_review_facts(article),
        Fact("Reported by", _reported(fact_check)),
        Fact("Also in", _others(best, fact_check.evidence)),
    )
    return tuple(fact for fact in facts if fact.value)


# What a label means, in the moderators' name and not in ours.
_LABELS = {
    Label.SATIRE: "satire, say this server’s moderators",
    Label.OPINION: "opinion, say this server’s moderators",
    Label.RETRACTED: "retracted by its publisher, say this server’s moderators",
    Label.CORRECTED: "corrected since, say this server’s moderators",
}


def _review_facts(article: Article) -> tuple[Fact, ...]:
    """What a fact checker said of the claim, as theirs."""
    if not article.review:
        return ()
    review = Review.of(article.review)
    reviewer = clean(review.reviewer or article.publisher or "the reviewer")
    claimed = ", ".join(filter(None, (clean(review.claimant), str(review.claimed_on or ""))))
    return (Fact("Claimed by", claimed), Fact(f"{reviewer} rates this claim", clean(review.rating)))


def _speaker_fact(fact_check: FactCheck, best: Evidence) -> Fact:
    """Who said it; of a splice, who said each piece."""
    speakers = dict.fromkeys(clean(place.speaker or _UNKNOWN_SPEAKER) for place in _places(fact_check))
    if len(speakers) > 1:
        return Fact("Speakers", "; ".join(speakers))
    return Fact("Speaker", clean(best.speaker or "") or (_UNKNOWN_SPEAKER if fact_check.claim.speaker else ""))


def _reported(fact_check: FactCheck) -> str:
    """How many outlets have the quote and since when, where they are several."""
    reports = fact_check.reports
    if reports is None or reports.outlets < 2:
        return ""
    return f"{_count(reports.outlets, 'outlet')}" + (f", first on {reports.first_on}" if reports.first_on else "")


def _others(best: Evidence, evidence: Sequence[Evidence]) -> str:
    """The other articles that have the same words, counted and listed by date."""
    words = _quoted_words(best)
    articles = {one.article.url: one.article for one in evidence if _quoted_words(one) == words}
    articles.pop(best.article.url, None)
    by_date = sorted(articles.values(), key=lambda a: (a.published_on is None, a.published_on, a.url))
    named = [f"{_outlet(article)} {article.published_on or ''}" for article in by_date]
    return f"{_count(len(named), 'other article')} ({', '.join(map(str.strip, named))})" if named else ""


def _outlet(article: Article) -> str:
    """The publisher, or the host name where none is known, or the address where that has none."""
    address = web_address(article.url)
    return clean(article.publisher) or (urlsplit(address).hostname if address else None) or clean(article.url)


def _quoted_words(evidence: Evidence) -> str:
    """The letters and digits of the words that were found, which is how copies are told from other passages."""
    marked = "".join(piece.text for piece in _pieces(evidence) if piece.marked)
    return "".join(filter(str.isalnum, marked.casefold()))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# --- the card in Discord ---

# Discord's limits, in UTF-16 units where it counts text: 4,000 in all text displays of a message together, 512 for
# the URL of a button. The shares below add up to less than the 4,000.
_HEADLINE_SHARE = 500
_CLAIM_SHARE = 350
_PASSAGES_SHARE = 1400
_PARTS_SHARE = 650
_NOTES_SHARE = 650
_FACTS_SHARE = 420
_PASSAGES_SHOWN = 3


def layout(card: Card, *buttons: "discord.ui.Item[Any]") -> "discord.ui.LayoutView":
    """The card as a Discord message, its buttons beside the link. Any text fits; none can mention, format or link."""
    import discord  # the terminal shows cards too and need not wait for it

    ui = discord.ui
    blocks: list[discord.ui.Item[discord.ui.LayoutView]] = [ui.TextDisplay(_heading(card))]
    if card.claim:
        blocks.append(ui.TextDisplay(f"-# Claim: {fitted(plain(card.claim), _CLAIM_SHARE)}"))
    if card.parts:
        blocks.append(ui.TextDisplay(lines_within([plain(part) for part in card.parts], _PARTS_SHARE)))
    if any(card.passages):
        blocks += [ui.Separator(), ui.TextDisplay(_quoted(card))]
    if card.notes:
        notes = [labelled(f"{'⚠ ' if note.warns else ''}{note.label}", note.text) for note in card.notes]
        blocks.append(ui.TextDisplay(lines_within(notes, _NOTES_SHARE)))
    if card.facts:
        facts = [labelled(fact.name, fact.value) for fact in card.facts]
        blocks += [ui.Separator(), ui.TextDisplay(lines_within(facts, _FACTS_SHARE))]
    address = next((url for url in (card.link, card.url) if url and len(url) <= BUTTON_URL_LIMIT), None)
    links: list[discord.ui.Item[Any]] = [ui.Button(label="Open the source", url=address)] if address else []
    if links or buttons:
        blocks.append(ui.ActionRow(*links, *buttons))
    view = ui.LayoutView(timeout=None)
    return view.add_item(ui.Container(*blocks, accent_colour=card.colour))


def _heading(card: Card) -> str:
    title = f"### {card.symbol} {fitted(plain(card.title), _HEADLINE_SHARE // 2)}"
    return "\n".join([title, *(fitted(plain(remark), 120) for remark in card.remarks[:2])])


def _quoted(card: Card) -> str:
    passages = [passage for passage in card.passages if passage][:_PASSAGES_SHOWN]
    share = _PASSAGES_SHARE // len(passages) - 20
    quotes = "\n-# and\n".join(f"> {fitted(passage, share)}" for passage in passages)
    return f"**{card.passage_label}**\n{quotes}"
