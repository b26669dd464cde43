"""The normal form: what counts as the same word, and where every word stood."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.text import (
    MAX_SENTENCE,
    normal_words,
    normalise,
    sentences,
    sentences_around,
    terms,
    without_accents,
)

MIXED = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("aZ é’'“”.…,!?%$&0159\n\t \u200b\u0301½²カ゛中한กा—-@:/"),
        st.sampled_from("abcdefghij kl mn"),
    ),
    max_size=120,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t", "do not"),
        ("don't", "DO NOT"),
        ("dont", "don't"),
        ("can't", "cannot"),
        ("won’t", "will not"),
        ("I've", "I have"),
        ("let's", "let us"),
        ("47%", "forty-seven percent"),
        ("47 per cent", "47%"),
        ("1.2 million", "1,200,000"),
        ("$5bn", "5 billion dollars"),
        ("$1.2m", "1.2 million dollars"),
        ("a million", "1,000,000"),
        ("two thousand and seventeen", "2017"),
        ("one hundred and five", "105"),
        ("twenty-first", "21st"),
        ("third", "3rd"),
        ("47.50", "47.5"),
        ("1.000.000", "1000000"),
        ("AT&T", "at and t"),
        ("U.S.", "US"),
        ("ﬁnance", "finance"),
        ("４７％", "47%"),
        ("٤٧", "47"),
        ("STRASSE", "straße"),
        ("cafe\u0301", "café"),
        ("wa\u200bter", "water"),
        ("wa\u00adter", "water"),
        ("Тrump", "Trump"),
        ("ﾊﾞ", "バ"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_two_ways_of_writing_are_one(one: str, other: str) -> None:
    assert normalise(one).words == normalise(other).words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("パン", "バン"),
        ("schon", "schön"),
        ("й", "и"),
        ("47%", "57%"),
        ("10²", "102"),
        ("9/11", "0.8"),
        ("1,5", "15"),
        ("can", "can't"),
        ("मैं", "में"),
    ],
)
def test_two_meanings_stay_two(one: str, other: str) -> None:
    assert normalise(one).words != normalise(other).words


def test_addresses_are_no_words() -> None:
    assert normalise("law https://t.co/QQ?x=1 and www.example.org too").words == ("law", "and", "too")


def test_a_contraction_gives_two_words_in_one_place() -> None:
    normal = normalise("we won’t go")
    assert normal.words == ("we", "will", "not", "go")
    assert normal.surface(1, 2) == normal.surface(2, 3) == "won’t"


def test_a_spelled_number_covers_all_of_its_words() -> None:
    normal = normalise("about one hundred and twenty-five people")
    assert normal.words == ("about", "125", "people")
    assert normal.surface(1, 2) == "one hundred and twenty-five"


def test_numbers_that_only_stand_side_by_side_are_not_added() -> None:
    assert normalise("five six").words == ("5", "6")
    assert normalise("between one hundred and two hundred").words[1] == "100"


def test_chinese_is_indexed_by_pairs_and_latin_without_accents() -> None:
    assert terms(normalise("习近平 in Café").words) == ["习近", "近平", "in", "cafe"]
    assert terms(normalise("a 中 b").words) == ["a", "中", "b"]


def test_marks_of_other_scripts_are_kept_in_terms() -> None:
    assert without_accents("हिन्दी") == "हिन्दी"
    assert without_accents("й") == "й"
    assert without_accents("žluťoučký") == "zlutoucky"


@given(MIXED)
@example("$5 “it’s” 47% per cent twenty-first")
def test_every_word_maps_back_to_the_original(text: str) -> None:
    normal = normalise(text)
    for place, word in enumerate(normal.words):
        surface = normal.surface(place, place + 1)
        assert surface
        assert word in normalise(surface).words


@given(MIXED)
def test_places_never_decrease_and_stay_inside(text: str) -> None:
    normal = normalise(text)
    assert list(normal.starts) == sorted(normal.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))


@given(MIXED)
def test_words_alone_are_the_same_words(text: str) -> None:
    assert tuple(normal_words(text)) == normalise(text).words


@given(st.text(alphabet="abc 1%.,’“”", max_size=40), MIXED)
def test_a_part_is_read_with_places_in_the_whole(before: str, text: str) -> None:
    whole = f"{before} {text} end"
    part = normalise(whole, len(before) + 1, len(before) + 1 + len(text))
    assert part.words == normalise(text).words
    assert all(start >= len(before) + 1 for start in part.starts)


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Sen. Doug Jones (D-AL) is here.", "He won."],
        ["The U.S. economy grew.", "It shrank in the U.S.", "The end."],
        ["“I did my duty.", "It protected the law,” he said."],
        ["“Is it true?” she asked.", "No."],
        ["It cost $1.5 million.", "That was a lot."],
        ["He left at 5 p.m. on Monday.", "She stayed."],
        ["今天天气很好。", "我们去公园！”", "他说。"],
        ["यह पहला वाक्य है।", "यह दूसरा है।"],
    ],
)
def test_sentences_end_where_people_end_them(parts: list[str]) -> None:
    joiner = "" if parts[0].endswith("。") else " "
    assert split(joiner.join(parts)) == parts


def test_blank_lines_and_headings_end_a_sentence_but_wrapping_does_not() -> None:
    wrapped = "This line was wrapped by hand after some fifty letters,\nand goes on here"
    assert split(f"A heading\nA body.\n\n{wrapped}") == ["A heading", "A body.", wrapped]


@given(st.text(alphabet=st.sampled_from("ab .\n!?。”\u2028"), max_size=80) | MIXED)
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    rest = text
    for span in reversed(spans):
        rest = rest[: span.start] + rest[span.end :]
    assert not rest.strip()


@given(st.integers(1, 4), st.sampled_from(["word ", "longword", "한", "word, "]))
def test_no_sentence_is_longer_than_the_limit(times: int, piece: str) -> None:
    text = piece * (times * MAX_SENTENCE // len(piece) + 1)
    assert all(span.end - span.start <= MAX_SENTENCE for span in sentences(text))


@given(
    st.lists(
        st.sampled_from(["One. ", "Two words", "\n", "\n\n", " \n \n", "Mr. X said", "http://a.b ", "  "]), max_size=30
    ),
    st.data(),
)
def test_the_sentences_around_a_place_are_those_of_the_whole_text(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    whole, around = sentences(text), sentences_around(text, start, end)

    touched = [i for i, span in enumerate(whole) if span.start < end and start < span.end]
    wanted = whole[max(0, touched[0] - 1) : touched[-1] + 2] if touched else ()
    assert set(wanted) <= set(around) <= set(whole)
    assert list(around) == sorted(around, key=lambda span: span.start)


def test_forms_of_an_english_word_are_one_term_and_other_scripts_stay_as_they_are() -> None:
    assert terms(["houses", "housing", "house"]) == ["hous"] * 3
    assert terms(["дома", "घरों", "中", "国", "schöne"])[:3] == ["дома", "घरों", "中国"]
