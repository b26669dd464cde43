"""What a page gives: for those who read pages, and for those who ask for it without the libraries that this takes."""

import re
from dataclasses import dataclass

MARKUP_LIMIT = 8 * 1024**2
"""Characters of markup. The largest of 88 saved news pages has 1.2 million."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself; "" where it says nothing, or nothing usable. `text` has blank lines in it."""

    title: str
    url: str
    publisher: str
    date: str
    language: str
    text: str
    reviews: str = ""
    """The ClaimReview objects of its JSON-LD, as JSON."""


def word_count(text: str) -> int:
    """How many words a text has; two letters of a script without blanks count as one."""
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // 2


_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+")
