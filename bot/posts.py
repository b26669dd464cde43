"""A Discord message → the words in it that can be checked: what people write, forward, link to and embed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.errors import Media
from bot.escaping import clean
from bot.messages import addresses, has_quotations, in_marks, one_line, unmarked, without_addresses
from knowledge.claims import QUOTE_WORDS
from knowledge.languages import ENGLISH
from knowledge.lexicon import CHATTER, CHATTER_GLUE
from knowledge.text import normal_words


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody typed or posted. `words` are on one clean line.

    `address` is the web address that all the post is about: one with nothing around it, or with talk that asserts
    nothing ("is this true?"); `words` are then those of its preview, if it has one.
    """

    words: str = ""
    address: str | None = None
    media: Media | None = None


def read_typed(text: str) -> Post:
    """What somebody typed after `/check`."""
    return _post(one_line(unmarked(text)), "", None)


def asked_about(message: discord.Message) -> discord.Message:
    """The message itself; where it says no more than "is this true?", the one that it replies to."""
    replied_to = message.reference.resolved if message.reference else None
    if not isinstance(replied_to, discord.Message):
        return message
    post = read_post(message)
    says_nothing = post.address is None and post.media is None and not _asserts(post.words)
    return replied_to if says_nothing else message


def read_post(message: discord.Message) -> Post:
    """What a message says, with what it forwards; the words of embeds and components where it has few of its own."""
    names = {
        **{f"@{user.id}": f"@{user.display_name}" for user in message.mentions},
        **{f"@&{role.id}": f"@{role.name}" for role in message.role_mentions},
        **{f"#{channel.id}": f"#{channel.name}" for channel in message.channel_mentions},
    }
    layers: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    written = " ".join(filter(None, (one_line(unmarked(layer.content, names)) for layer in layers)))
    embeds = [embed for layer in layers for embed in layer.embeds if not _is_picture(embed)]
    media = _media(layers)
    if any(_is_picture(embed) for layer in layers for embed in layer.embeds):
        written = without_addresses(written)  # an address that is shown as a picture leads to no article
    shown = " ".join(filter(None, map(_embedded_post, embeds)))
    if not shown and not _asserts(without_addresses(written)):
        displays = (text for layer in layers for text in _displayed(layer.components))
        shown = _together(_previews(embeds)) or " ".join(one_line(unmarked(text)) for text in displays)
    return _post(written, shown, media)


def _post(written: str, shown: str, media: Media | None) -> Post:
    """What was written, with what embeds and components show; talk beside a picture is about the picture."""
    words, links = without_addresses(written), addresses(written)
    together = clean(f"{words} {shown}")
    if links and not _asserts(words):
        preview = together if len(normal_words(shown)) >= QUOTE_WORDS else ""
        return Post(preview, address=links[0], media=media)
    return Post("" if media and not _asserts(together) else together, media=media)


def _asserts(words: str) -> bool:
    """Whether words say more than "is this true?"; whatever is quoted does."""
    return has_quotations(words) or not _TALK.issuperset(normal_words(words))


_TALK = ENGLISH.grammar.without_content | CHATTER | CHATTER_GLUE


# --- embeds and components ---


def _embedded_post(embed: discord.Embed) -> str:
    """The words of an embedded tweet or the like, signed by its author where they are the author's own."""
    name = _author(embed)
    words = one_line(unmarked(embed.description or ""))
    if not name or not normal_words(words):
        return ""
    quoted = in_marks(words)
    return quoted if quoted == words else f"{quoted} — {clean(name)}"


def _author(embed: discord.Embed) -> str:
    """Who wrote an embedded post; empty for what is none. Some sites put "Name (@handle)" where a title would be."""
    author, title = embed.author.name or "", embed.title or ""
    if author and (not title or "(@" in author):
        return author
    return title if "(@" in title else ""


def _previews(embeds: Iterable[discord.Embed]) -> Iterator[str]:
    """The headline and the summary of each embed, or its fields where it has neither."""
    for embed in embeds:
        if embed.type == "poll_result":
            continue
        heads = [embed.title or "", embed.description or ""]
        texts = heads if any(heads) else ["\n".join(field.value or "" for field in embed.fields)]
        yield from (one_line(unmarked(text)) for text in texts)


def _together(texts: Iterable[str]) -> str:
    """Texts that stand for themselves, each as a quotation where they are several; mere names are left out."""
    found = list(dict.fromkeys(filter(None, texts)))
    telling = [text for text in found if len(normal_words(text)) >= QUOTE_WORDS] or found
    return telling[0] if len(telling) == 1 else " ".join(map(in_marks, telling))


def _displayed(components: Iterable[discord.Component]) -> list[str]:
    """The text displays of a message that is made of components, in order."""
    texts: list[str] = []
    for component in components:
        if isinstance(component, discord.TextDisplay):
            texts.append(component.content)
        elif isinstance(component, discord.Container | discord.SectionComponent):
            texts += _displayed(component.children)
    return texts


_PICTURE_FILES = ("image/", "video/")


def _media(layers: Sequence[discord.Message | discord.MessageSnapshot]) -> Media | None:
    """Whether there are pictures, or files of other kinds."""
    files = [file for layer in layers for file in layer.attachments]
    if not all((file.content_type or "").startswith(_PICTURE_FILES) for file in files):
        return Media.FILES
    has_pictures = files or any(layer.stickers or any(map(_is_picture, layer.embeds)) for layer in layers)
    return Media.PICTURES if has_pictures else None


def _is_picture(embed: discord.Embed) -> bool:
    """Whether an embed is the picture, moving or not, that an address leads to."""
    return embed.type in ("image", "gifv") or (embed.type == "video" and not embed.title)
