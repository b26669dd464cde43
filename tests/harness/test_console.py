"""What somebody types at the console, read; what the bot answers, drawn."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.harness import CannotDoError, File, LoopbackDiscord
from bot.harness.console import Chat
from bot.harness.drawing import actions_of, draw
from bot.harness.lines import read_options
from bot.harness.markup import rendered
from bot.harness.member import Place
from bot.harness.prompt import CommandCompleter
from bot.harness.world import Message

CHECK = {
    "claim": {"name": "claim", "type": 3, "required": True},
    "speaker": {"name": "speaker", "type": 3},
    "private": {"name": "private", "type": 5},
}


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("just a claim", {"claim": "just a claim"}),
        ("claim: a claim", {"claim": "a claim"}),
        ("claim:a claim private:true", {"claim": "a claim", "private": True}),
        ("a claim private: no", {"claim": "a claim", "private": False}),
        ("claim: he said: no speaker: Ada Quill", {"claim": "he said: no", "speaker": "Ada Quill"}),
        ("claim: see https://example.org", {"claim": "see https://example.org"}),
    ],
)
def test_options_are_read_as_discord_shows_them(text: str, options: dict[str, object]) -> None:
    assert read_options(text, CHECK) == options


def test_numbers_choices_and_files_are_read_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes(b"url,text\n")
    described = {
        "count": {"name": "count", "type": 4},
        "label": {"name": "label", "type": 3, "choices": [{"name": "Satire", "value": "satire"}]},
        "file": {"name": "file", "type": 11},
    }

    options = read_options(f"count: 12 label: Satire file: {path}", described)

    assert options == {"count": 12, "label": "satire", "file": File("articles.csv", b"url,text\n")}


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("private: perhaps", {"private": {"name": "private", "type": 5}}),
        ("count: many", {"count": {"name": "count", "type": 4}}),
        ("file: /nowhere/at/all", {"file": {"name": "file", "type": 11}}),
        ("anything", {}),
    ],
)
def test_what_an_option_cannot_be_is_refused(text: str, option: dict[str, dict[str, object]]) -> None:
    with pytest.raises(CannotDoError):
        read_options(text, option)


def test_markup_is_shown_and_not_spelled() -> None:
    (heading, small, quote, plain) = rendered(
        "### Altered\n-# Claim: x\n> a **bold** word\nnot \\*this\\*, [there](https://example.org)"
    )

    assert heading.plain == "Altered"
    assert small.plain == "Claim: x"
    assert quote.plain == "│ a bold word"
    assert plain.plain == "not *this*, there (https://example.org)"


@given(st.text(max_size=200))
def test_no_text_commands_the_terminal(text: str) -> None:
    for line in rendered(text):
        assert all(character.isprintable() or character in "\u200c\u200d" for character in line.plain)


@pytest.fixture
def everything(empty_discord: LoopbackDiscord) -> Message:
    """A message with a container, a menu, buttons of every kind, and a picture."""
    buttons = [
        {"type": 2, "style": 1, "label": "Add", "custom_id": "a"},
        {"type": 2, "style": 2, "label": "Never", "custom_id": "b", "disabled": True},
        {"type": 2, "style": 5, "label": "Open", "url": "https://example.org/" + "long/" * 40},
    ]
    menu = {"type": 3, "custom_id": "c", "placeholder": "Which?", "options": [{"label": "One", "value": "1"}]}
    components = [
        {
            "type": 17,
            "accent_color": 0x00FF00,
            "components": [
                {"type": 10, "content": "### Title\ntext"},
                {"type": 14},
                {"type": 1, "components": buttons},
                {"type": 1, "components": [menu]},
                {"type": 12, "items": [{"media": {"url": "https://example.org/a.png"}, "description": "A time line"}]},
            ],
        }
    ]
    data = {"components": components, "flags": 1 << 15}
    return empty_discord.world.post(empty_discord.guilds[0].general, empty_discord.world.bot, data)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_everything_on_a_message_is_drawn(everything: Message, is_terminal: bool) -> None:
    out = Console(file=io.StringIO(), force_terminal=is_terminal, color_system=None, width=60)
    out.soft_wrap = not is_terminal

    draw(out, everything)

    assert isinstance(out.file, io.StringIO)
    drawn = out.file.getvalue()
    for part in ("Receipts", "Title", "[1] Add", "Never (off)", "[2] Which? ▾ One", "A time line"):
        assert part in drawn
    assert "https://example.org/" + "long/" * 40 in drawn.replace("\n", "")
    assert [action.label for action in actions_of(everything)] == ["Add", "Which?"]


async def test_commands_complete_from_what_is_registered(discord: LoopbackDiscord) -> None:
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    completer = CommandCompleter(Chat(discord, Console(file=io.StringIO()), Place.DIRECT))

    async def completions(text: str) -> list[str]:
        return [c.text async for c in completer.get_completions_async(Document(text), CompleteEvent())]

    assert await completions("/") == ["check ", "search ", "receipts ", "privacy "]
    assert await completions("/check ") == ["claim: ", "speaker: ", "private: "]
    assert await completions("/check claim: a claim pr") == ["private: "]
    assert await completions("/check private: t") == ["true"]
    assert await completions("/nonsense ") == []
    assert ":as moderator" in await completions(":as")
    assert await completions("a claim") == []
