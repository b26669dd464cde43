"""Links to the very words, by the rules of the text-fragment specification."""

import re
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
    assert link(words, words).endswith(
        "#:~:text=w0%20w1%20w2%20w3%20w4%20w5%20w6%20w7%20w8%20w9,w114%20w115%20w116%20w117%20w118%20w119"
    )


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


def test_an_address_that_has_a_directive_gets_another() -> None:
    words = "one two three four five six"
    assert link(words, words, f"{URL}#part:~:text=old").startswith(f"{URL}#part:~:text=one")


@pytest.mark.parametrize(
    ("text", "words", "directive"),
    [
        ("It was unbelievably good of them", "believably good of th", "un-,believably%20good%20of%20th,-em"),
        ("It cost 3.14 marks for every one of them", "14 marks for every one", "3.-,14%20marks%20for%20every%20one"),
    ],
)
def test_the_rest_of_a_word_stands_beside_part_of_it_because_a_browser_finds_no_less(
    text: str, words: str, directive: str
) -> None:
    assert link(text, words).endswith(f":~:text={directive}")


def test_chinese_reaches_to_a_mark_because_browsers_part_its_words_by_a_dictionary() -> None:
    text = "会议指出，人民幸福安康是推动高质量发展的最终目的，各地要落实。"
    made = unquote(link(text, "民幸福安康是推动高质量发展的最终目的，各地要"))
    assert made.endswith("text=人-,民幸福安康是推动高质量发展的最终目的，各地要,-落实")


@pytest.mark.parametrize("copy", ["I don't count votes... I never did", "i DON’T count votes… I never did"])
def test_a_copy_in_other_typography_is_a_copy_because_a_browser_sees_no_difference(copy: str) -> None:
    words = "I don’t count votes… I never did"
    assert ":~:text=Varga%20wrote%3A-," in link(f"{copy}, she said.\n\nVarga wrote: {words}.", words)


def first_match(directive: str, text: str) -> tuple[int, int] | None:
    """Where a browser finds a directive: the specification's search, slowly, on a text whose blocks are its lines."""
    parts = [unquote(part) for part in directive.split(",")]
    before = parts.pop(0)[:-1] if parts[0].endswith("-") else None
    after = parts.pop()[1:] if parts[-1].startswith("-") else None
    start, end = parts[0], parts[1] if len(parts) == 2 else None

    def found(words: str, position: int) -> re.Match[str] | None:
        pattern = r"\s+".join(map(re.escape, words.split()))
        return re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE).search(text, position)

    position = 0
    while match := found(before, position) if before else found(start, position):
        position = match.start() + 1
        opened = re.compile(r"\s*").match(text, match.end()) if before else None
        begins = found(start, opened.end()) if opened else match
        if begins is None or (opened and begins.start() != opened.end()) or "\n" in begins[0]:
            continue
        ends = found(end, begins.end()) if end else begins
        if ends is None:
            return None
        behind = found(after, ends.end()) if after else None
        if after and (behind is None or text[ends.end() : behind.start()].strip()):
            continue
        return begins.start(), ends.end()
    return None


WORDS = st.lists(st.sampled_from("ash birch cedar elm fir".split()), min_size=1, max_size=12).map(" ".join)


def test_copies_that_overlap_are_told_apart() -> None:
    text = "ash ash ash ash ash ash"
    made = link_to(URL, text, Span(16, 19))
    assert first_match(made.partition(":~:text=")[2], text) == (16, 19)


@given(st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_a_browser_finds_the_very_place_or_where_nothing_else_tells_it_apart_its_lines(
    lines: list[str], data: st.DataObject
) -> None:
    text = "\n".join(lines)
    words = list(re.finditer(r"\w+", text))
    first = data.draw(st.integers(0, len(words) - 1))
    start, end = words[first].start(), words[data.draw(st.integers(first, len(words) - 1))].end()

    made = link_to(URL, text, Span(start, end))

    stop = text.find("\n", end)
    whole = text.rfind("\n", 0, start) + 1, stop if stop >= 0 else len(text)
    assert made == URL or first_match(made.partition(":~:text=")[2], text) in {(start, end), whole}
