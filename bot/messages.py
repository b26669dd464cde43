"""Discord markup → plain text: the words that a reader sees, before `knowledge` reads the claim in them."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import discord


def plain_text(message: discord.Message) -> str:
    """The words of a message; of what it forwards, or of its embeds and components, where it has none itself."""
    names = {
        **{f"@{user.id}": f"@{user.display_name}" for user in message.mentions},
        **{f"@&{role.id}": f"@{role.name}" for role in message.role_mentions},
        **{f"#{channel.id}": f"#{channel.name}" for channel in message.channel_mentions},
    }
    snapshots = message.message_snapshots
    candidates = (
        [message.content],
        [snapshot.content for snapshot in snapshots],
        _embedded(message.embeds),
        [text for snapshot in snapshots for text in _embedded(snapshot.embeds)],
        _displayed(message.components),
        [text for snapshot in snapshots for text in _displayed(snapshot.components)],
    )
    texts = ("\n\n".join(filter(None, (unmarked(text, names) for text in candidate))) for candidate in candidates)
    return next(filter(None, texts), "")


def _embedded(embeds: Iterable[discord.Embed]) -> list[str]:
    """The main text of each embed: an embedded post has it as its description."""
    return [
        embed.description or embed.title or "\n".join(field.value or "" for field in embed.fields) for embed in embeds
    ]


def _displayed(components: Iterable[discord.Component]) -> list[str]:
    """The text displays of a message that is made of components, in order."""
    texts: list[str] = []
    for component in components:
        if isinstance(component, discord.TextDisplay):
            texts.append(component.content)
        elif isinstance(component, discord.Container | discord.SectionComponent):
            texts += _displayed(component.children)
    return texts


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
