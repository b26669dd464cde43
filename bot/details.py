"""What *Details* shows: `FactCheck` → Discord message with everything that a card has no room for.

The sentences around the passage, every difference, the other articles by date, and how the match was decided.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.cards import LOOKS, Card, note_of, outlet, passage_pieces, shown_of
from bot.catalogue import plural, quoted, say
from bot.escaping import Piece, clean, fitted, labelled, lines_within, plain, shortened
from bot.layout import asked_by, claim_items, link_buttons, open_link
from bot.timeline import Timeline
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

TIMELINE_FILE = "timeline.png"


def details_layout(
    fact_check: FactCheck, card: Card, *buttons: "discord.ui.Item[Any]", timeline: Timeline | None = None
) -> "discord.ui.LayoutView":
    """The details of a fact check as a Discord message, its buttons in a row; `card` is its card.

    Any text fits, as in a card, and the claim is kept as in a card. With a time line its picture is shown too, which
    is then attached as `TIMELINE_FILE`.
    """
    import discord

    ui = discord.ui
    shown = shown_of(fact_check)
    title = f"### {card.symbol} {fitted(plain(card.title), _TITLE_SHARE)}"
    items: list[discord.ui.Item[Any]] = [ui.TextDisplay(title), *claim_items(asked_by(card))]
    items += [ui.TextDisplay(block) for block in _blocks(fact_check, shown)]
    if timeline is not None:
        picture = discord.MediaGalleryItem(f"attachment://{TIMELINE_FILE}", description=timeline.words)
        items.append(ui.MediaGallery(picture))
    links = link_buttons(say("Open the source"), card.link, card.url)
    items += [ui.ActionRow(*row) for row in (links, buttons) if row]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*items, accent_colour=card.colour))


def _blocks(fact_check: FactCheck, shown: FactCheck) -> Iterator[str]:
    best = shown.evidence[0] if shown.evidence else None
    if best and passage_pieces(best):
        yield f"**{say('In the article, with what stands around it')}**\n> {fitted(_context(best), _CONTEXT_SHARE)}"
    if shown.findings:
        notes = [note_of(finding) for finding in shown.findings]
        lines = [labelled(f"{'⚠ ' if note.warns else ''}{note.label}", note.text) for note in notes]
        yield f"**{say('Every difference')}**\n{lines_within(lines, _NOTES_SHARE)}"
    others = [*_by_date(shown.evidence[1:])] if best else []
    if others:
        is_related = shown.verdict is Verdict.RELATED
        label = say("Other passages") if is_related else say("Other articles, by date")
        yield f"**{label}**\n{_listed(others)}"
    how = [plain(line) for line in _how(fact_check, shown)]
    yield f"**{say('How it was decided')}**\n{lines_within(how, _HOW_SHARE)}"


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
            str(article.published_on or say("no date")),
            outlet(article),
            say(LOOKS[one.verdict].label),
            clean(article.title),
        )
        line = fitted(plain(", ".join(filter(None, words))), _OTHERS_SHARE // 4)
        line = f"{line} {open_link(_LONGEST_LINK, one.link, article.url)}".rstrip()
        if sum(map(len, lines)) + len(line) > _OTHERS_SHARE - 20:
            return "\n".join([*lines, f"-# {say('and {n} more', n=len(others) - len(lines))}"])
        lines.append(line)
    return "\n".join(lines)


def _how(fact_check: FactCheck, shown: FactCheck) -> Iterator[str]:
    """What was read in the claim, what was searched, and how sure the match is."""
    yield _reading(shown)
    if shown.claim.speaker:
        yield say("Said to be by {speaker}", speaker=clean(shown.claim.speaker))
    if shown.claim.date:
        yield say("Dated {day}", day=shown.claim.date)
    milliseconds = round(fact_check.elapsed_ms)
    yield plural(
        "{n} article searched in {milliseconds} ms",
        "{n} articles searched in {milliseconds} ms",
        fact_check.searched,
        milliseconds=milliseconds,
    )
    if not shown.evidence:
        return
    yield say("The passage is the claim’s source with a probability of {percent} %", percent=_percent(shown.score))
    if shown.verdict is Verdict.RELATED:
        yield say("That is too little for a verdict")
    else:
        yield say("The verdict follows from the differences in wording, not from how alike the texts are")


def _percent(score: float) -> str:
    return say("over 99") if score >= 99.5 else f"{score:.0f}"


def _reading(shown: FactCheck) -> str:
    """As what the claim was read."""
    quotes = shown.claim.quotes
    if not quotes:
        return say("Read as a statement: {text}", text=shortened(shown.claim.statement or shown.claim.text, 150))
    return say("Read as a quote: {text}", text=" … ".join(quoted(shortened(quote, 150)) for quote in quotes[:2]))
