"""Markdown → what a reader sees: front matter, title and plain paragraphs."""

import html
import re
from dataclasses import dataclass

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"(\w+)[ \t]*:[ \t]*(.*?)[ \t]*")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:[-=] *){3,}|(?:\* *){3,}|(?:_ *){3,}|```.*|~~~.*)")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S.*")
_LINE_MARKS = re.compile(r"[ \t]*(?:(?:>[ \t]?)|(?:[-*+][ \t]+)|(?:\d{1,3}[.)][ \t]+))*")

# Each pattern reaches no further than a line's bounded stretch, so that hostile input stays linear.
_INLINE = (
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\s]{0,2048}[^()\n]{0,200}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\s]{0,2048}[^()\n]{0,200}\)"), r"\1"),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,200}\]"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,2048})>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,500}>"), ""),
    (re.compile(r"(?<![\\*\w])\*{1,3}(?=\S)([^*\n]{1,2000}?)(?<=\S)\*{1,3}(?!\*)"), r"\1"),
    (re.compile(r"(?<![\\_\w])_{1,3}(?=\S)([^_\n]{1,2000}?)(?<=\S)_{1,3}(?![_\w])"), r"\1"),
    (re.compile(r"`{1,2}([^`\n]{1,2000})`{1,2}"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


_MARKS = re.compile(r"[!<>\[*_`\\&]")


@dataclass(frozen=True, slots=True)
class MarkdownDocument:
    """A Markdown file read: its front matter by lower-case name, the first `#` heading, the rest as text."""

    fields: dict[str, str]
    title: str
    text: str


def read_markdown(source: str) -> MarkdownDocument:
    """Take markup away and keep the words; paragraphs are parted by a blank line, wrapped lines joined."""
    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(source):
        for line in (front[1] or "").splitlines():
            if field := _FIELD.fullmatch(line):
                fields[field[1].lower()] = _unquoted(field[2])
        source = source[front.end() :]
    source = _without_comments(source)
    title = ""
    paragraphs: list[list[str]] = [[]]
    for line in source.splitlines():
        if heading := _HEADING.fullmatch(line):
            words = _plain(heading[2])
            if len(heading[1]) == 1 and not title:
                title = words
            else:
                paragraphs += [[words], []]
        elif not line.strip() or _RULE.fullmatch(line) or _DEFINITION.fullmatch(line):
            paragraphs.append([])
        else:
            marks = _LINE_MARKS.match(line)
            start = marks.end() if marks else 0
            if start and line[:start].strip(" \t>"):  # a list item begins
                paragraphs.append([])
            paragraphs[-1].append(line[start:].rstrip())
    joined = (_plain(" ".join(lines)).strip() for lines in paragraphs)
    return MarkdownDocument(fields, title, "\n\n".join(text for text in joined if text))


def _plain(words: str) -> str:
    if not _MARKS.search(words):
        return words
    for pattern, replacement in _INLINE:
        words = pattern.sub(replacement, words)
    return html.unescape(words)


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _without_comments(markup: str) -> str:
    """The markup outside `<!-- … -->`; a comment that never ends takes the rest with it."""
    head, *rest = markup.split("<!--")
    return head + "".join(part.partition("-->")[2] for part in rest)
