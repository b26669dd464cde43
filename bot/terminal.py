"""`Card` → terminal. Coloured where a terminal shows colours, plain lines elsewhere; foreign text is never obeyed."""

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Protocol

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cards import Card, error_card
from bot.escaping import Edit, Piece
from knowledge.checker import Search
from knowledge.errors import (
    ArticleNotFound,
    BackupError,
    ClaimError,
    CollectionDisabled,
    CollectionNotFound,
    DisputeGone,
    FeedNotFound,
    KnowledgeError,
    LibraryError,
    LibraryFull,
    SchemaError,
)
from knowledge.evidence import Evidence

_SECONDS_BETWEEN_LINES = 10.0
"""How often long work says how far it is where there is no terminal to draw a bar on."""

_MARK = "**"
"""Stands around the quoted words where nothing can be bold."""

_INDENT = 2


class Report(Protocol):
    """Takes how far some work is."""

    def __call__(self, done: int, total: int, note: str) -> None:
        """`done` of `total` in any unit, and what that amounts to in words."""


def standard_output() -> Console:
    """Where answers go. Lines are wrapped on a terminal only; NO_COLOR is honoured."""
    return _console(Console(highlight=False, markup=False, emoji=False))


def standard_error() -> Console:
    """Where refusals and progress go."""
    return _console(Console(stderr=True, highlight=False, markup=False, emoji=False))


def _console(console: Console) -> Console:
    console.soft_wrap = not console.is_terminal
    return console


def visible(text: str) -> str:
    """Text on one line, with every character that could command the terminal or reorder the line made harmless."""
    return "".join(map(_visible_character, re.sub(r"\s+", " ", text)))


def _visible_character(character: str) -> str:
    if character.isprintable() or character in "\u200c\u200d":
        return character
    return "" if unicodedata.category(character) == "Cf" else "\ufffd"


def show_card(out: Console, card: Card) -> None:
    """Draw the answer to one claim."""
    colour = f"#{card.colour:06x}"
    out.print(Text.assemble((f"{card.symbol} {card.label}", f"bold {colour}"), f": {card.headline}"))
    for remark in card.remarks:
        _indented(out, Text(remark))
    if card.speaker:
        _indented(out, Text.assemble(("Said to be by: ", "dim"), card.speaker))
    for part in card.parts:
        _indented(out, Text(part))
    passages = [passage for passage in card.passages if passage]
    if passages:
        out.print()
        _indented(out, Text(f"{card.passage_label}:", style="dim"))
    for passage in passages:
        _indented(out, _passage(out, passage, colour))
    if card.notes or card.facts:
        out.print()
    for note in card.notes:
        warning = "⚠ " if note.warns else ""
        _indented(out, Text.assemble((f"{warning}{note.label}: ", "bold"), note.text))
    for fact in card.facts:
        _indented(out, Text.assemble((f"{fact.name}: ", "dim"), fact.value))
    for link in filter(None, (card.link, card.archived)):
        _link(out, link)


def show_search(out: Console, search: Search) -> None:
    """Draw ranked passages."""
    if not search.results:
        out.print(Text(f"Nothing like it in the {search.searched:,} articles searched."))
    for rank, evidence in enumerate(search.results, 1):
        article = evidence.article
        date = article.published_on.isoformat() if article.published_on else ""
        source = ", ".join(visible(part) for part in (article.publisher, date, article.title) if part)
        out.print(Text.assemble((f"{rank}. ", "bold"), (source or visible(article.url), "dim")))
        _indented(out, _passage(out, _found(evidence), "#0072b2"))
        _link(out, evidence.link)


def _found(evidence: Evidence) -> list[Piece]:
    """The passage in stretches, those that were looked for marked."""
    pieces: list[Piece] = []
    position = 0
    for span in evidence.spans:
        start, end = (
            min(max(place - evidence.passage_span.start, position), len(evidence.passage))
            for place in (span.start, span.end)
        )
        pieces.append(Piece(visible(evidence.passage[position:start]), marked=False))
        pieces.append(Piece(visible(evidence.passage[start:end]), marked=True))
        position = end
    return [*pieces, Piece(visible(evidence.passage[position:]), marked=False)]


def _passage(out: Console, passage: Iterable[Piece], colour: str) -> Text:
    text = Text()
    for marked, run in groupby(passage, key=lambda piece: piece.marked):
        mark = _MARK if marked and not out.is_terminal else ""
        stretch = Text.assemble(*(_edited(out, piece) for piece in run), style=f"bold {colour}" if marked else "")
        text.append_text(Text.assemble(mark, stretch, mark) if stretch.plain.strip() else stretch)
    return text


_EDITED = {Edit.NONE: "", Edit.CLAIMED: "strike", Edit.SOURCE: "underline"}


def _edited(out: Console, piece: Piece) -> Text:
    """The words of a piece; struck out or underlined, or between Discord's marks for that where nothing can be."""
    words = piece.text.strip()
    if out.is_terminal or not words:
        return Text(piece.text, style=_EDITED[piece.edit])
    before, _, after = piece.text.partition(words)
    return Text(f"{before}{piece.edit.value}{words}{piece.edit.value}{after}")


def _indented(out: Console, text: Text) -> None:
    out.print(Padding(text, (0, 0, 0, _INDENT)) if out.is_terminal else Text(" " * _INDENT).append_text(text))


def _link(out: Console, link: str) -> None:
    # Never wrapped, so that it can be clicked and copied.
    out.print(Text(" " * _INDENT + visible(link), style="underline"), soft_wrap=True)


@contextmanager
def progress(err: Console, doing: str) -> Iterator[Report]:
    """A progress bar on a terminal, a line every few seconds elsewhere."""
    if not err.is_terminal:
        yield _line_report(err, doing)
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(doing, total=None, note="")

        def report(done: int, total: int, note: str) -> None:
            bar.update(task, completed=done, total=total, note=note)

        yield report


def _line_report(err: Console, doing: str) -> Report:
    last = time.monotonic()

    def report(done: int, total: int, note: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            err.print(Text(f"{doing}: {100 * done // max(total, 1)} %, {note}"))

    return report


def advice(error: KnowledgeError, database: str) -> str:
    """What went wrong with a command, and what to do next, on one line and without a password."""
    return re.sub(r"(://[^:/\s]*):\S*@", r"\1:…@", visible(_advice(error, database)))


def _advice(error: KnowledgeError, database: str) -> str:
    match error:
        case ClaimError():
            card = error_card(error, "")
            return f"{card.headline}. {' '.join(card.remarks)}"
        case ArticleNotFound():
            return f"No article {error.reference} here; “receipts source list” shows what there is."
        case FeedNotFound():
            return f"No feed {error.reference} here; “receipts feed list” shows what there is."
        case DisputeGone():
            return f"No disputed answer {error.number} here; “receipts feedback list” shows what there is."
        case CollectionNotFound():
            return f"No collection {error.collection} here; “receipts collection list” shows what there is."
        case CollectionDisabled():
            return f"The collection {error.collection} is disabled; “receipts collection enable” lets it go on."
        case BackupError():
            return f"{error.path} {error.reason}."
        case SchemaError():
            return (
                f"{database} was written by another version of Receipts (schema {error.found}): update Receipts; or, "
                "to stay with this version, put a backup from before in its place with “receipts restore FILE --yes”."
            )
        case LibraryFull():
            return f"There is no space left for {database}: make some and try again; nothing stored is lost."
        case LibraryError():
            return (
                f"{database} cannot be used: {error}. "
                "See that it is a Receipts database which you may read and write, or name another with --database."
            )
        case _:
            return str(error)
