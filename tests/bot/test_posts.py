"""What people post → the words in it that are checked."""

from collections.abc import Iterator
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.client import ReceiptsBot
from bot.errors import Media
from bot.escaping import clean
from bot.harness import File, LoopbackDiscord
from bot.harness.fixtures import People
from bot.messages import one_line
from bot.posts import Post, asked_about, read_post, read_typed
from knowledge.checker import FactChecker
from knowledge.library import Library
from knowledge.members import MemberKey

CLAIM = "47% of Republican voters favor Tuberville"
URL = "https://example.org/elsewhere"


# --- what is typed ---


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Ada said so.\n> We will not raise taxes\nReally?", "Ada said so. “We will not raise taxes” Really?"),
        (">>> We will not\nraise taxes", "“We will not raise taxes”"),
        ("> We will “never” raise taxes", '"We will “never” raise taxes"'),
        ('> "We will not raise taxes on anybody"', '"We will not raise taxes on anybody"'),
        (
            "> We will not raise taxes\n> — Ada Quill, July 11, 2020",
            "“We will not raise taxes” — Ada Quill, July 11, 2020",
        ),
        ("> one\nand\n> two", "“one” and “two”"),
        ("> - a point\n> - another point", "“- a point - another point”"),
        (">\n> ", ""),
        ("5 > 3 and **bold**", "5 > 3 and bold"),
    ],
)
def test_quoted_blocks_become_quotations_on_one_line(typed: str, words: str) -> None:
    assert read_typed(typed) == Post(words)


@pytest.mark.parametrize(
    ("typed", "post"),
    [
        (URL, Post(address=URL)),
        (f"<{URL}>", Post(address=URL)),
        (f"Is this true? {URL}", Post(address=URL)),
        (f"{URL} and {URL}/2", Post(address=URL)),
        (f"Taxes were raised by 57% says {URL}", Post("Taxes were raised by 57% says")),
        (f"“Somebody has to say so” {URL}", Post("“Somebody has to say so”")),
        (f"[the paper]({URL}) says that taxes rose", Post("the paper says that taxes rose")),
    ],
)
def test_a_bare_address_is_asked_about_and_one_beside_a_claim_is_no_word_of_it(typed: str, post: Post) -> None:
    assert read_typed(typed) == post


@settings(deadline=None)
@given(st.text(max_size=300) | st.text(st.sampled_from("ab “\"'»>|*_`\n-—:/.\u200b\u202e"), max_size=80))
def test_whatever_is_typed_is_read_as_one_clean_line(typed: str) -> None:
    for line in (read_typed(typed).words, one_line(typed)):
        assert clean(line) == line


# --- what is posted ---


def tweet(text: str, **fields: Any) -> dict[str, Any]:
    """The embed that Discord makes of a post elsewhere."""
    return {"type": "rich", "author": {"name": "Jo Field (@jofield)"}, "description": text, **fields}


def forwarded(**fields: Any) -> dict[str, Any]:
    """A message as another forwards it."""
    kept = {"type": 0, "content": "", "embeds": [], "attachments": [], "flags": 0, "components": []}
    times = {"timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None}
    return {"message_snapshots": [{"message": {**kept, **times, **fields}}]}


def payload(fields: dict[str, Any]) -> Any:
    """A message as Discord sends it."""
    author = {"id": "2", "username": "jo", "global_name": "Jo", "discriminator": "0", "avatar": None}
    kept = {"id": "1", "channel_id": "3", "author": author, "content": "", "type": 0, "flags": 0, "tts": False}
    empty = dict.fromkeys(("attachments", "embeds", "mentions", "mention_roles", "components"), ())
    times = {"timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None}
    return {**kept, **empty, **times, "mention_everyone": False, "pinned": False, **fields}


def reply(said: str, **fields: Any) -> dict[str, Any]:
    """A message that replies to another, which has those fields."""
    reference = {"type": 0, "message_id": "4", "channel_id": "3"}
    replied_to = payload({"id": "4", **fields})
    return {"type": 19, "content": said, "message_reference": reference, "referenced_message": replied_to}


PREVIEW = {"type": "article", "title": "Runoff nears in the county", "description": f"A poll shows that {CLAIM}."}
PICTURE = {"type": "image", "url": "https://example.org/picture.png"}

POSTED: dict[str, tuple[dict[str, Any], Post]] = {
    "words": ({"content": CLAIM}, Post(CLAIM)),
    "words and an embed of the same": ({"content": CLAIM, "embeds": [PREVIEW]}, Post(CLAIM)),
    "a tweet": (
        {"content": "https://example.org/status/1", "embeds": [tweet("We will not raise taxes")]},
        Post("“We will not raise taxes” — Jo Field (@jofield)", address="https://example.org/status/1"),
    ),
    "a tweet below a claim": (
        {"content": f"{CLAIM}, look:", "embeds": [tweet("We will not raise taxes")]},
        Post(f"{CLAIM}, look: “We will not raise taxes” — Jo Field (@jofield)"),
    ),
    "an article": (
        {"content": URL, "embeds": [PREVIEW]},
        Post(f"“Runoff nears in the county” “A poll shows that {CLAIM}.”", address=URL),
    ),
    "a preview that tells nothing": (
        {"content": URL, "embeds": [{"type": "link", "title": "Home"}]},
        Post(address=URL),
    ),
    "a forwarded message": (forwarded(content=f"> {CLAIM}"), Post(f"“{CLAIM}”")),
    "a forwarded article": (
        forwarded(content=URL, embeds=[PREVIEW]),
        Post(f"“Runoff nears in the county” “A poll shows that {CLAIM}.”", address=URL),
    ),
    "a forwarded claim with a comment": (
        {"content": "is this true?", **forwarded(content=CLAIM)},
        Post(f"is this true? {CLAIM}"),
    ),
    "a picture by its address": ({"content": PICTURE["url"], "embeds": [PICTURE]}, Post(media=Media.PICTURES)),
    "a question in reply to a claim": (reply("is this true?", content=f"> {CLAIM}"), Post(f"“{CLAIM}”")),
    "a question in reply to an article": (reply("source?", content=URL), Post(address=URL)),
    "an answer to a claim": (reply("No, it was 57% of them", content=CLAIM), Post("No, it was 57% of them")),
    "nothing": ({"content": ""}, Post()),
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiptsBot]:
    """A bot that is connected to nothing; messages belong to one."""
    with Library.open(f"sqlite:///{tmp_path_factory.mktemp('posts') / 'library.db'}") as library:
        yield ReceiptsBot(FactChecker(library), MemberKey(b"of a test"))


def message(bot: ReceiptsBot, fields: dict[str, Any]) -> discord.Message:
    """A message of somebody, in a channel that the bot does not know."""
    return discord.Message(state=bot._connection, channel=bot.get_partial_messageable(3), data=payload(fields))


@pytest.mark.parametrize("what", POSTED)
def test_what_people_really_post_is_read(bot: ReceiptsBot, what: str) -> None:
    fields, post = POSTED[what]

    assert read_post(asked_about(message(bot, fields))) == post


HOSTILE = st.text(max_size=60) | st.text(st.sampled_from("ab “\"'»>|*_`@\n-—:/.()\u200b\u202e"), max_size=40)
EMBEDS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["rich", "link", "article", "image", "video"])},
        optional={
            "title": HOSTILE,
            "description": HOSTILE,
            "url": st.just(URL),
            "author": st.fixed_dictionaries({"name": HOSTILE}),
            "fields": st.lists(st.fixed_dictionaries({"name": HOSTILE, "value": HOSTILE}), max_size=2),
        },
    ),
    max_size=3,
)


@settings(deadline=None)
@given(HOSTILE | st.just(URL), EMBEDS, HOSTILE)
def test_whatever_is_posted_is_read_as_one_clean_line(
    bot: ReceiptsBot, content: str, embeds: list[dict[str, Any]], displayed: str
) -> None:
    display = {"type": 10, "id": 1, "content": displayed}
    words = read_post(message(bot, {"content": content, "embeds": embeds, "components": [display]})).words

    assert clean(words) == words


# --- and answered ---


@pytest.mark.parametrize(
    ("names", "content", "answer"),
    [
        (["cat.png"], "", "Not checked: there are only pictures; I read words"),
        (["cat.png", "clip.mp4"], "is this true?", "Not checked: there are only pictures; I read words"),
        (["report.pdf"], "", "Not checked: there are only files; I read words"),
        (["cat.png"], CLAIM, f"Claim: {CLAIM}"),
    ],
)
async def test_a_post_with_files_is_read_for_its_words_and_told_where_it_has_none(
    discord: LoopbackDiscord, people: People, names: list[str], content: str, answer: str
) -> None:
    post = people.dan.post(content, files=[File(name, b"bytes") for name in names])

    assert answer in (await people.dan.right_click(post, "Check this message")).text


async def test_several_quotes_get_a_line_each_the_worst_first(discord: LoopbackDiscord, people: People) -> None:
    post = people.dan.post(
        f"> {CLAIM}\nand then\n> We will not raise taxes on anybody in this state\nand\n> The runoff is on Tuesday"
    )

    text = (await people.dan.right_click(post, "Check this message")).text

    lines = [line.split(": ")[0] for line in text.splitlines() if line[:1] in "≠≡"]
    assert lines == ["≠ Altered", "≡ Verbatim", "≡ Verbatim"]


async def test_a_card_of_the_bots_own_is_checked_for_the_claim_that_it_answers(
    discord: LoopbackDiscord, people: People
) -> None:
    for claim in (CLAIM, f"{CLAIM}. {'He said so again and again. ' * 30}"):
        card = await people.dan.check(claim, speaker="Jo Field")
        again = await people.dan.right_click(card, "Check this message")

        assert again.is_private
        assert again.text == card.text
        assert again.buttons == ["Details", "Share"]


async def test_a_question_in_reply_to_a_card_is_about_its_claim(discord: LoopbackDiscord, people: People) -> None:
    card = await people.dan.check(CLAIM)
    reference = {"type": 0, "message_id": card.message.id, "channel_id": card.message.channel.id}
    question = people.dan.post("source?", message_reference=reference, referenced_message=card.payload)

    assert (await people.dan.right_click(question, "Check this message")).text == card.text


async def test_what_else_the_bot_says_holds_no_claim(discord: LoopbackDiscord, people: People) -> None:
    page = await people.dan.slash("search", words="Tuesday", private=False)

    answer = await people.dan.right_click(page, "Check this message")

    assert "Not checked: this is one of my own answers" in answer.text
