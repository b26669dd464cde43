"""Links to the very words, by the rules of the text-fragment specification."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.links import LONGEST_LINK, link_to
from knowledge.text import Span

URL = "https://example.org/a"


def link(text: str, words: str, url: str = URL) -> str:
    start = text.index(words)
    return link_to(url, text, Span(start, start + len(words)))


def test_the_words_are_given_in_full_and_encoded() -> None:
    words = "one, two-three & four are five words"
    assert link(f"So {words} here", words) == f"{URL}#:~:text=one%2C%20two%2Dthree%20%26%20four%20are%20five%20words"


def test_long_words_are_given_by_their_ends() -> None:
    words = " ".join(f"w{number}" for number in range(120))
    assert link(words, words).endswith("#:~:text=w0%20w1%20w2%20w3%20w4,w115%20w116%20w117%20w118%20w119")


def test_words_over_a_line_break_are_given_by_their_ends() -> None:
    words = "the first paragraph ends here.\n\nand the second begins there"
    assert "\n" not in unquote(link(words, words))
    assert ",the%20second" in link(words, words) or ",and%20the%20second" in link(words, words)


def test_short_words_and_repeated_words_come_with_their_surroundings() -> None:
    assert link("He said so be it to her", "so be it").endswith("#:~:text=He%20said-,so%20be%20it,-to%20her")
    twice = "This stands here twice today. Yes. This stands here twice today. No."
    assert "-," in link_to(URL, twice, Span(35, 63))


def test_an_address_with_a_fragment_keeps_it() -> None:
    words = "one two three four five six"
    assert link(words, words, f"{URL}#part").startswith(f"{URL}#part:~:text=one")


def test_what_gets_too_long_stays_the_plain_address() -> None:
    url = f"{URL}/{'x' * 490}"
    assert link("one two three four five six", "one two three four five six", url) == url


@pytest.mark.parametrize("words", ["人民幸福安康是推动高质量发展的最终目的", "“curly” – dash, and more words"])
def test_every_script_survives_the_encoding(words: str) -> None:
    assert words in unquote(link(f"a {words} b", words))


@given(st.text(min_size=1, max_size=400), st.integers(0, 399), st.integers(1, 400))
def test_every_link_is_ascii_and_fits(text: str, start: int, length: int) -> None:
    text = text.encode("utf-8", "ignore").decode() or "x"
    start = min(start, len(text) - 1)
    made = link_to(URL, text, Span(start, min(len(text), start + length)))
    assert made.isascii()
    assert len(made) <= LONGEST_LINK
    assert made.startswith(URL)
