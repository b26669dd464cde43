"""The chat at a terminal: the demo's tour, and the prompt that the demo and `receipts console` share."""

import sys
from contextlib import suppress

from rich.text import Text

from bot.cards import card_of, error_card
from bot.demo import COLLECTION, TOUR
from bot.terminal import show_card, standard_output
from knowledge.checker import FactChecker
from knowledge.errors import ClaimError

_PROMPT = "> "
_WORDS_TO_LEAVE = frozenset({"quit", "exit"})


def tour(checker: FactChecker) -> None:
    """Ask every claim of the tour and show what the checker answers."""
    out = standard_output()
    for number, stop in enumerate(TOUR, 1):
        out.print(Text(f"{number}. {stop.about}", style="bold"))
        out.print(Text(f"{_PROMPT}{stop.claim}"))
        show_card(out, card_of(checker.check(stop.claim, collection=COLLECTION)))
        out.print()


def chat(checker: FactChecker, collection: str) -> None:
    """Answer lines from standard input until it ends or somebody types "quit"."""
    out = standard_output()
    is_interactive = sys.stdin.isatty()
    if is_interactive:
        with suppress(ImportError):
            import readline  # noqa: F401 - gives the prompt editing and a history
        out.print(Text('Type a quote or a claim. "quit" or Ctrl-D leaves.', style="dim"))
    while True:
        try:
            line = input(_PROMPT if is_interactive else "").strip()
        except EOFError:
            return
        if line.lower() in _WORDS_TO_LEAVE:
            return
        if line:
            _reply(checker, collection, line)


def _reply(checker: FactChecker, collection: str, claim: str) -> None:
    out = standard_output()
    try:
        card = card_of(checker.check(claim, collection=collection))
    except ClaimError as error:
        card = error_card(error, "")
    show_card(out, card)
    out.print()
