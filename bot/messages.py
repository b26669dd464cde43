"""Discord markup → plain text on one line: the words that a reader sees, before `knowledge` reads the claim in them."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from bot.escaping import clean
from knowledge.claims import read_claim
from knowledge.errors import ClaimError


def one_line(text: str) -> str:
    """A text as one clean line that says the same: blocks of lines that begin with ">" stand in quotation marks.

    `read_claim` reads the line as it reads the lines, but for a block that has quotations of its own, which stay the
    quotes, and for one that ends in a signature, which then names the speaker. Marks that are left open, single marks
    on two lines, and "she said" between two blocks are read as the one line has them.
    """
    runs = groupby(text.split("\n"), key=lambda line: line.lstrip(" \t").startswith(">"))
    return clean(" ".join(_block(lines) if is_block else " ".join(lines) for is_block, lines in runs))


def in_marks(words: str) -> str:
    """Words as a quotation, unless they have quotations in them; in such marks as do not occur in them."""
    if has_quotations(words):
        return words
    marks = next((pair for pair in _MARKS if not any(mark in words for mark in pair)), ("", ""))
    return f"{marks[0]}{words}{marks[1]}"


_MARKS = ("“”", '""', "«»", "「」", "『』")


def has_quotations(words: str) -> bool:
    """Whether words quote somebody, between marks of any kind."""
    try:
        return bool(read_claim(words).quotes)
    except ClaimError:
        return False


def _block(lines: Iterable[str]) -> str:
    """The lines of a quoted block; a signature below them, as that of a tweet, is none of the quoted words."""
    words = [bare for line in lines if (bare := _LINE_MARKS.sub("", line).strip())]
    is_signed = len(words) > 1 and _SIGNATURE.fullmatch(words[-1]) and not _SIGNATURE.fullmatch(words[-2])
    signature = words.pop() if is_signed else ""
    return " ".join(filter(None, (in_marks(clean(" ".join(words))) if words else "", signature)))


_LINE_MARKS = re.compile(r"(?:[ \t]*>)+")
_SIGNATURE = re.compile(r"(?:[—–―]|--? )\s?\S.{0,120}")
"""A dash and a name; in "- a point" of a list the line above it begins with a dash too."""


def without_addresses(text: str) -> str:
    """A line without the web addresses in it, which are no words of a claim."""
    return clean(_ADDRESS.sub("", text))


def addresses(text: str) -> list[str]:
    """The web addresses in a line, in order."""
    return _ADDRESS.findall(text)


_ADDRESS = re.compile(r"https?://(?:\([^\s<>()]*\)|[^\s<>()])+(?<![.,;:!?\"'”’»])", re.IGNORECASE)


def unmarked(markup: str, names: dict[str, str] | None = None) -> str:
    """A text without Discord's markup. `names` says what mentions show, such as {"@123": "@Ada"}.

    A quoted line keeps its leading ">"; so does every line below ">>>", which quotes all that follows.
    """
    text = _with_literals_put_aside(markup)
    text = _QUOTE_OF_ALL_THAT_FOLLOWS.sub(_quote_every_line, text)
    for pattern, shown in _REFERENCES:
        text = pattern.sub(shown, text)
    text = _MENTION.sub(lambda mention: _mention_shown(mention, names or {}), text)
    text = _LINE_STYLE.sub(r"\1", text)
    for pattern in _PAIRED:
        text = pattern.sub(r"\1", text)
    return text.translate(_AS_TYPED).strip()


# Characters that are meant literally wait out the removal of markup as private ones.
_LITERALLY = {ord(mark): 0xF0000 + ord(mark) for mark in "\\*_~|`<>[]()#-:@"}
_AS_TYPED = {private: mark for mark, private in _LITERALLY.items()}

_LITERALLY_IN_ADDRESSES = {ord(mark): _LITERALLY[ord(mark)] for mark in "*_~|"}
_LITERAL = re.compile(
    r"""
      ```(?:[\w+.-]*\n)?(?P<block>.+?)```   # a block, perhaps with the name of its language
    | (?P<ticks>``?)(?P<code>.+?)(?P=ticks)
    | \\(?P<escaped>[^a-zA-Z0-9\s])
  | (?P<address>https?://[^\s<>]+)
    """,
    re.VERBOSE | re.DOTALL,
)


def _with_literals_put_aside(markup: str) -> str:
    def literal(match: re.Match[str]) -> str:
        if match["address"]:
            return match["address"].translate(_LITERALLY_IN_ADDRESSES)
        return (match["block"] or match["code"] or match["escaped"]).translate(_LITERALLY)

    return _LITERAL.sub(literal, markup)


_QUOTE_OF_ALL_THAT_FOLLOWS = re.compile(r"^\s*>>> (.*)", re.MULTILINE | re.DOTALL)


def _quote_every_line(match: re.Match[str]) -> str:
    return "\n".join(f"> {line}" for line in match[1].splitlines())


def _day(match: re.Match[str]) -> str:
    try:
        return datetime.fromtimestamp(int(match[1]), UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


_MENTION = re.compile(r"<(?P<kind>@[!&]?|#)(?P<id>\d{15,20})>")
_UNKNOWN = {"@": "@someone", "@!": "@someone", "@&": "@role", "#": "#channel"}


def _mention_shown(mention: re.Match[str], names: dict[str, str]) -> str:
    kind = mention["kind"]
    return names.get(f"{kind.rstrip('!')}{mention['id']}", _UNKNOWN[kind])


_MASKED_LINK = re.compile(
    r"""
    \[ ([^\[\]]+) \]
    \( (?: <https?://[^\s>]+> | https?://(?:[^\s()]|\([^\s()]*\))+ )
        (?: \s+ ["'(][^)\n]* )?               # a title
    \)
    """,
    re.VERBOSE,
)
_REFERENCES: Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = (
    (_MASKED_LINK, r"\1"),
    (re.compile(r"<(https?://[^\s>]+)>"), r"\1"),
    (re.compile(r"<a?:\w+:\d+>"), ""),  # a custom emoji
    (re.compile(r"<t:(-?\d{1,13})(?::[tTdDfFRsS])?>"), _day),
    (re.compile(r"<(/[\w -]+):\d+>"), r"\1"),  # a command
    (re.compile(r"<id:\w+>"), ""),
)
_LINE_STYLE = re.compile(r"^((?:> ?)?)(?:#{1,3}|-#) +", re.MULTILINE)
_PAIRED = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"\|\|(.+?)\|\|",
        r"~~(.+?)~~",
        r"\*\*(.+?)\*\*(?!\*)",
        r"__(.+?)__(?!_)",
        r"\*(?=\S)([^*]+)(?<=\S)\*",
        r"(?<!\w)_((?:[^_]|(?<=\w)_(?=\w))+)_(?!\w)",
    )
)
