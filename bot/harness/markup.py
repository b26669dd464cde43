"""Discord's markdown → styled text, as much of it as messages of a bot like ours have; nothing in it is obeyed."""

import re
from datetime import UTC, datetime

from rich.style import Style
from rich.text import Text

from bot.terminal import visible

_SPAN = re.compile(
    r"""
      \\(?P<escaped>[^a-zA-Z0-9\s])
    | `(?P<code>[^`]+)`
    | \*\*(?P<bold>(?:\\.|.)+?)\*\*(?!\*)
    | __(?P<underlined>(?:\\.|.)+?)__(?!_)
    | ~~(?P<struck>(?:\\.|.)+?)~~
    | \|\|(?P<spoiler>(?:\\.|.)+?)\|\|
    | \*(?P<italic>(?=\S)(?:\\.|[^*])+?)\*
    | (?<!\w)_(?P<oblique>(?:\\.|[^_])+?)_(?!\w)
    | <t:(?P<moment>-?\d{1,11})(?::[tTdDfFR])?>
    | \[(?P<label>[^\[\]]+)\]\((?P<url>https?://[^\s)]+)\)
    """,
    re.VERBOSE | re.DOTALL,
)
_STYLES = {
    "bold": Style(bold=True),
    "underlined": Style(underline=True),
    "struck": Style(strike=True),
    "italic": Style(italic=True),
    "oblique": Style(italic=True),
    "spoiler": Style(reverse=True),
    "code": Style(bold=True),
}
_MARKS = {"bold": "**", "underlined": "__", "struck": "~~"}
_HEADING = re.compile(r"#{1,3} (.*)")
_SMALL = re.compile(r"-# (.*)")
_QUOTE = re.compile(r"> ?(.*)")


def rendered(markup: str, *, keep_marks: bool = False) -> list[Text]:
    """The lines of a text; bold words keep their stars where nothing can be bold, and others their marks."""
    return [_line(visible(line), keep_marks=keep_marks) for line in markup.split("\n")]


def _line(line: str, *, keep_marks: bool) -> Text:
    if heading := _HEADING.fullmatch(line):
        return _spans(heading[1], Style(bold=True), keep_marks=False)
    if small := _SMALL.fullmatch(line):
        return _spans(small[1], Style(dim=True), keep_marks=False)
    if quote := _QUOTE.fullmatch(line):
        return Text.assemble(("│ ", Style(dim=True)), _spans(quote[1], Style.null(), keep_marks=keep_marks))
    return _spans(line, Style.null(), keep_marks=keep_marks)


def _spans(text: str, style: Style, *, keep_marks: bool) -> Text:
    out = Text()
    position = 0
    for match in _SPAN.finditer(text):
        out.append(text[position : match.start()], style)
        position = match.end()
        if match["escaped"]:
            out.append(match["escaped"], style)
        elif match["moment"]:
            out.append(f"{datetime.fromtimestamp(int(match['moment']), UTC):%Y-%m-%d %H:%M} UTC", style)
        elif match["label"]:
            out.append(f"{match['label']} ({match['url']})", style + Style(underline=True))
        else:
            kind = match.lastgroup or ""
            inner = _spans(match[kind], style + _STYLES[kind], keep_marks=keep_marks) if kind != "code" else None
            mark = _MARKS.get(kind, "") if keep_marks else ""
            out.append(mark, style)
            out.append_text(inner if inner is not None else Text(match["code"], style + _STYLES["code"]))
            out.append(mark, style)
    out.append(text[position:], style)
    return out
