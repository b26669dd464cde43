"""How common words are in news at large: the weights of every score, whatever the size of the library.

A collection's own counts choose the terms of a search (`index`); they never decide what is accepted, so that adding
an unrelated article changes no verdict.
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources

from knowledge.text import Memo, is_spaceless, without_accents

MOST = 9.0
"""The weight of a word in fewer than about 1 of 8,000 sentences: rarer ones tell no more. (notes: idf capped at 9)"""
UNKNOWN = 7.0
"""The weight of a word that the table does not have: rare, or misspelt and then worth little."""
CHARACTER = 2.5
"""The weight of one character of a script without spaces; two or three of them make a word."""


def weight(word: str) -> float:
    """ln(1 + 1/p) of the share p of sentences that have the word, between 0 and `MOST`; for words in normal form."""
    return _WEIGHTS[word]


def weights(words: Iterable[str]) -> list[float]:
    """The weight of each word, in order; 0 for an empty one."""
    return list(map(_WEIGHTS.__getitem__, words))


def is_known(word: str) -> bool:
    """Whether a word is one that news uses, so that it is no slip of the keyboard."""
    return without_accents(word) in _table()


@cache
def _table() -> dict[str, float]:
    """The table: lines of a weight and the words that have it. Made by tests/quality/fit_background.py."""
    table: dict[str, float] = {}
    for line in resources.files("knowledge").joinpath("background.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            value, *words = line.split(" ")
            table.update(dict.fromkeys(words, float(value)))
    return table


def _look_up(word: str) -> float:
    if not word:
        return 0.0
    if word[0] == "'":
        return _PARTICLE
    if is_spaceless(word):
        return CHARACTER
    return _table().get(without_accents(word), UNKNOWN)


_WEIGHTS = Memo(_look_up)
_PARTICLE = 0.1
"""The weight of what is left of a contraction or a possessive."""
