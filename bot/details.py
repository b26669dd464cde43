"""What *Details* shows: `FactCheck` → Discord message with everything that a card has no room for.

The sentences around the passage, every difference, the other articles by date, and how the match was decided.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.cards import LOOKS, Card, count, note_of, outlet, passage_pieces, worst_first
from bot.escaping import Piece, clean, fitted, labelled, lines_within, plain, shortened, web_address
from bot.layout import asked_by, claim_items, link_buttons
from knowledge.checker import FactCheck
from knowledge.evidence import Evidence
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    import discord

# In UTF-16 units; together below the 4,000 that the texts of a message may have.
_TITLE_SHARE = 300
_CONTEXT_SHARE = 900
_NOTES_SHARE = 700
_OTHERS_SHARE = 900
_HOW_SHARE = 500
_LONGEST_LINK = 200


def details_layout(fact_check: FactCheck, card: Card, *buttons: "discord.ui.Item[Any]") -> "discord.ui.LayoutView":
    """The details of a fact check as a Discord message, its buttons in a row; `card` is its card.

    Any text fits, as in a card, and the claim is kept as in a card.
    """
    import discord

    ui = discord.ui
    shown = worst_first(fact_check)[0] if fact_check.parts else fact_check
    title = f"### {card.symbol} {fitted(plain(card.title), _TITLE_SHARE)}"
    items: list[discord.ui.Item[Any]] = [ui.TextDisplay(title), *claim_items(asked_by(card))]
    items += [ui.TextDisplay(block) for block in _blocks(fact_check, shown)]
    links = link_buttons("Open the source", card.link, card.url)
    items += [ui.ActionRow(*row) for row in (links, buttons) if row]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*items, accent_colour=card.colour))


def _blocks(fact_check: FactCheck, shown: FactCheck) -> Iterator[str]:
    best = shown.evidence[0] if shown.evidence else None
    if best and passage_pieces(best):
        yield f"**In the article, with what stands around it**\n> {fitted(_context(best), _CONTEXT_SHARE)}"
    if shown.findings:
        notes = [note_of(finding) for finding in shown.findings]
        lines = [labelled(f"{'⚠ ' if note.warns else ''}{note.label}", note.text) for note in notes]
        yield f"**Every difference**\n{lines_within(lines, _NOTES_SHARE)}"
    others = [*_by_date(shown.evidence[1:])] if best else []
    if others:
        label = "Other passages" if shown.verdict is Verdict.RELATED else "Other articles, by date"
        yield f"**{label}**\n{_listed(others)}"
    yield f"**How it was decided**\n{lines_within([plain(line) for line in _how(fact_check, shown)], _HOW_SHARE)}"


def _context(evidence: Evidence) -> list[Piece]:
    """The passage with the sentences before and after it."""
    before, _, after = evidence.context.partition(evidence.passage)
    return [
        Piece(f"{clean(before)} ", marked=False),
        *passage_pieces(evidence),
        Piece(f" {clean(after)}", marked=False),
    ]


def _by_date(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda one: (one.article.published_on is None, one.article.published_on, one.link))


def _listed(others: Sequence[Evidence]) -> str:
    """A line for each, the verdict on it and a link behind it, as many as there is room for."""
    lines: list[str] = []
    for one in others:
        article = one.article
        words = (
            str(article.published_on or "no date"),
            outlet(article),
            LOOKS[one.verdict].label,
            clean(article.title),
        )
        line = fitted(plain(", ".join(filter(None, words))), _OTHERS_SHARE // 4)
        address = web_address(one.link) or web_address(article.url)
        if address and len(address) <= _LONGEST_LINK:
            line += f" [open](<{address.replace('@', '%40')}>)"
        if sum(map(len, lines)) + len(line) > _OTHERS_SHARE - 20:
            return "\n".join([*lines, f"-# and {len(others) - len(lines)} more"])
        lines.append(line)
    return "\n".join(lines)


def _how(fact_check: FactCheck, shown: FactCheck) -> Iterator[str]:
    """What was read in the claim, what was searched, and how sure the match is."""
    claim = shown.claim
    yield (
        f"Read as {_reading(shown)}"
        + (f", said by {clean(claim.speaker)}" if claim.speaker else "")
        + (f", dated {claim.date}" if claim.date else "")
    )
    yield f"{count(fact_check.searched, 'article')} searched in {fact_check.elapsed_ms:.0f} ms"
    if not shown.evidence:
        return
    if shown.verdict is Verdict.RELATED:
        yield f"The passage is the claim’s source with a probability of {shown.score:.0f} %: too little for a verdict"
    else:
        probability = "over 99.9" if shown.score >= 99.95 else f"{shown.score:.1f}"
        yield f"The passage is the claim’s source with a probability of {probability} %"
        yield "The verdict follows from the differences in wording, not from how alike the texts are"


def _reading(shown: FactCheck) -> str:
    quotes = shown.claim.quotes
    if not quotes:
        return f"a statement: {shortened(shown.claim.statement or shown.claim.text, 150)}"
    return "the quote " + " and ".join(f"“{shortened(quote, 150)}”" for quote in quotes[:2])
