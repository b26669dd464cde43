"""Text for Discord: cleaned of what hides or commands, escaped, and cut to a share of a message's room.

Whatever front end shows a card takes `clean` text; only Discord needs the escapes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from bot.catalogue import say


class Edit(Enum):
    """What a stretch of a passage is in the comparison of two wordings."""

    NONE = ""
    CLAIMED = "~~"
    """Words of the claim that the source does not have: struck out."""
    SOURCE = "__"
    """The source's words in their place, or that the claim leaves out: underlined."""


class Piece(NamedTuple):
    """A stretch of a passage; `marked` where the source has the quoted words, or the claim others.

    `is_markup` says that it is Discord's own markup for one thing, such as a moment, and is sent as it is.
    """

    text: str
    marked: bool
    edit: Edit = Edit.NONE
    is_markup: bool = False


def clean(text: str) -> str:
    """A text on one line, without characters that hide, reorder or command."""
    return safe(text).strip()


def shortened(text: str, width: int) -> str:
    """A clean text of at most `width` characters."""
    text = clean(text)
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def safe(text: str) -> str:
    """A text without characters that hide, reorder or command; blanks at its ends stay."""
    return re.sub(r"\s+", " ", "".join(filter(_is_safe, text)))


# ZWNJ and ZWJ, which Persian, Indic scripts and emoji are spelled with; variation selectors are not of class Cf.
_SPELLING_JOINERS = "\u200c\u200d"


def _is_safe(character: str) -> bool:
    """Whether a character may be shown: no controls, no direction marks, no invisible ones, no lone surrogates."""
    if character.isspace() or character in _SPELLING_JOINERS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}


BUTTON_URL_LIMIT = 512
"""Characters of the URL of a link button."""

_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z0-9-]+(?::\d{1,5})?", re.IGNORECASE)


def web_address(url: str) -> str | None:
    """The URL in ASCII where it is an http(s) address on a plain host name; None otherwise."""
    try:
        address = urlsplit(url)
        host = address.netloc if address.netloc.isascii() else address.netloc.encode("idna").decode("ascii")
        rest = quote(address._replace(scheme="", netloc="").geturl(), safe="%/:=&?~#+!$,;'@()*[]")
    except ValueError:
        return None
    if address.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return f"{address.scheme}://{host}{rest}"


def plain(text: str) -> list[Piece]:
    """A text as one unmarked piece."""
    return [Piece(text, marked=False)]


def labelled(label: str, text: str) -> list[Piece]:
    """A text after its label, which is marked."""
    return [Piece(f"{label}:", marked=True), Piece(f" {text}", marked=False)]


def moment(at: datetime) -> Piece:
    """A moment, which Discord shows in the reader's own time and language; one without a zone is UTC."""
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return Piece(f"<t:{int(seconds)}:f>", marked=False, is_markup=True)


_LAST_LINE = 24
"""Room for the line that says how many are left out."""


def lines_within(lines: Sequence[Sequence[Piece]], share: int) -> str:
    """As many of the lines as fit, each of several cut to half of the share, and how many are left out."""
    shown: list[str] = []
    longest = share // min(2, len(lines) or 1) - _LAST_LINE
    left = share - _LAST_LINE
    for line in lines:
        text = fitted(line, longest)
        left -= width(text) + 1
        if left < 0:
            shown.append(f"-# {say('and {n} more', n=len(lines) - len(shown))}")
            break
        shown.append(text)
    return "\n".join(shown)


class _Word(NamedTuple):
    escaped: str
    marked: bool
    edit: Edit


def fitted(pieces: Sequence[Piece], limit: int) -> str:
    """The pieces escaped, the marked ones bold; what is farthest from them gives way to "…" where space is short."""
    words = _escaped_words(pieces)
    distances = _distances([word.marked for word in words])
    nearest_first = sorted(range(len(words)), key=distances.__getitem__)
    room = limit
    while True:
        kept = _within(words, nearest_first, room)
        rendered = _rendered(words, kept)
        if (overflow := width(rendered) - limit) <= 0:
            return rendered
        room -= overflow


def _within(words: Sequence[_Word], order: Sequence[int], room: int) -> list[int]:
    """The first words of the order that fit into the room, in reading order."""
    kept: list[int] = []
    for index in order:
        room -= width(words[index].escaped)
        if room < 0:
            break
        kept.append(index)
    return sorted(kept)


def _distances(marks: Sequence[bool]) -> list[int]:
    """How far each place is from the nearest mark; from the beginning, where there is none."""
    if not any(marks):
        return list(range(len(marks)))
    distances = [len(marks)] * len(marks)
    for places in (range(len(marks)), reversed(range(len(marks)))):
        since = len(marks)
        for place in places:
            since = 0 if marks[place] else since + 1
            distances[place] = min(distances[place], since)
    return distances


def _rendered(words: Sequence[_Word], kept: Sequence[int]) -> str:
    """The kept words joined, gaps as "…", marked words bold, the edited ones of them struck or underlined."""
    text: list[str] = []
    for marked, run in groupby(_with_gaps(words, kept), key=lambda word: word.marked):
        stretches = (
            _between(edit.value, (word.escaped for word in same))
            for edit, same in groupby(run, key=lambda word: word.edit)
        )
        text.append(_between("**" if marked else "", stretches))
    return _LINE_START.sub(_escape_line_start, re.sub(r" +", " ", "".join(text)).strip()) or "…"


def _with_gaps(words: Sequence[_Word], kept: Sequence[int]) -> Iterator[_Word]:
    """The kept words with an "…" for those left out between, before and after them."""
    position = 0
    was_marked = False
    for index in kept:
        if index > position:
            yield _Word(" … ", was_marked and words[index].marked, Edit.NONE)
        yield words[index]
        position, was_marked = index + 1, words[index].marked
    if position < len(words):
        yield _Word(" …", marked=False, edit=Edit.NONE)


def _between(mark: str, parts: Iterable[str]) -> str:
    """The parts joined and between marks, which the blanks at their ends stay out of."""
    text = "".join(parts)
    inner = text.strip(" ")
    if not inner or not mark:
        return text
    before, _, after = text.partition(inner)
    return f"{before}{mark}{inner}{mark}{after}"


# What Discord reads as markup: emphasis, code, spoilers, masked links, mentions, emoji, timestamps, and addresses
# that turn into links by themselves. A backslash makes each plain; a mention is also broken by a zero-width space,
# because the server looks for mentions without reading backslashes.
_MARKUP = re.compile(r"@(?=everyone|here|[!&]?\d)|[\\*_~`|\[\]<]|:(?=//)", re.IGNORECASE)
_LINE_START = re.compile(r"^(?:[#>+-]|\d+(?=[.)]))")
_WORD = re.compile(r" ?[^ ]{1,40}| ")


def _escaped_words(pieces: Sequence[Piece]) -> list[_Word]:
    """The words of the pieces, escaped, blanks with the word that they precede; very long words are split."""
    # Escapes are found before the text is split, so that what stands apart in two pieces makes no mention together.
    escapes = {match.start(): _escape(match) for match in _MARKUP.finditer("".join(piece.text for piece in pieces))}
    words: list[_Word] = []
    position = 0
    for piece in pieces:
        if piece.is_markup:
            words.append(_Word(piece.text, piece.marked, piece.edit))
            position += len(piece.text)
            continue
        for word in _WORD.findall(piece.text):
            escaped = "".join(escapes.get(place, character) for place, character in enumerate(word, position))
            words.append(_Word(escaped, piece.marked, piece.edit))
            position += len(word)
    return words


def _escape(match: re.Match[str]) -> str:
    return "@\u200b" if match[0] == "@" else f"\\{match[0]}"


def unescaped(text: str) -> str:
    """The clean text that was escaped, of which nothing was cut or marked."""
    return re.sub(r"\\(.)", r"\1", text).replace("@\u200b", "@")


def _escape_line_start(match: re.Match[str]) -> str:
    """A heading, list, quote or numbered list that a line would begin with, as plain characters."""
    return f"{match[0]}\\" if match[0].isdecimal() else f"\\{match[0]}"


def width(text: str) -> int:
    """UTF-16 units: what the strictest of Discord's clients may count."""
    return len(text.encode("utf-16-le")) // 2
