"""What a reader sees of a message is what is checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import unmarked


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("let **our** country *down*", "let our country down"),
        ("__under__ ~~struck~~ ***both*** _slanted_", "under struck both slanted"),
        ("||a spoiler of 47%||", "a spoiler of 47%"),
        ("**bold with *slanted* inside**", "bold with slanted inside"),
        ("`code` and ``more `code` ``", "code and more `code`"),
        ("```py\nprint(*args)\n```", "print(*args)"),
        ("```one line```", "one line"),
        ("snake_case_name and 5 * 3 * 2", "snake_case_name and 5 * 3 * 2"),
        (r"\*not slanted\* and \_this\_", "*not slanted* and _this_"),
        ("# A heading\n-# small", "A heading\nsmall"),
        ("[the poll](https://example.org/poll) says so", "the poll says so"),
        ('[the poll](<https://example.org/a_(b)> "title") says so', "the poll says so"),
        ("see <https://example.org/a_b_c>", "see https://example.org/a_b_c"),
        ("hello <:wave:123456789012345678> there <a:x:123456789012345678>", "hello  there"),
        ("on <t:1594468800:D> and <t:1594468800>", "on 2020-07-11 and 2020-07-11"),
        ("<t:9999999999999:D>", ""),
        ("use </check:123456789012345678> in <id:browse>", "use /check in"),
        ("<@123456789012345678> in <#123456789012345678>, <@&123456789012345678>", "@someone in #channel, @role"),
        ("> the quoted line\nmy own words", "> the quoted line\nmy own words"),
        ("> # quoted heading", "> quoted heading"),
        ("look:\n>>> first\nsecond", "look:\n> first\n> second"),
        ("a > b and 3 <4", "a > b and 3 <4"),
        ("**unclosed and ~~this", "**unclosed and ~~this"),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(markup: str, plain: str) -> None:
    assert unmarked(markup) == plain


def test_mentions_show_the_names_they_stand_for() -> None:
    names = {"@123456789012345678": "@Ada", "@&123456789012345679": "@Editors", "#123456789012345680": "#news"}

    text = "<@123456789012345678> and <@!123456789012345678> told <@&123456789012345679> in <#123456789012345680>"

    assert unmarked(text, names) == "@Ada and @Ada told @Editors in #news"


@given(st.text(st.sampled_from("ab 1.\n>*_~|`\\<@#:/[]()-"), max_size=200))
def test_no_letter_or_digit_is_lost_or_invented(markup: str) -> None:
    """Addresses of masked links are the one thing that goes, and this alphabet has too few letters to spell one."""
    letters = [character for character in markup if character.isalnum()]

    kept = [character for character in unmarked(markup) if character.isalnum()]

    assert sorted(kept) == sorted(letters) or "```" in markup or "<" in markup or "](" in markup


@given(st.text(max_size=500))
def test_any_text_can_be_read(markup: str) -> None:
    assert unmarked(markup) == unmarked(markup).strip()
