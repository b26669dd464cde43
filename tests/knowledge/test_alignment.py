"""The best place of a quote in a source, held against a slow table on small words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.alignment import CLAIM_GAP, SOURCE_GAP, Alignment, Source, align, gains
from knowledge.background import weight
from knowledge.claims import Quote, read_quote
from knowledge.text import normal_words, normalise

WORDS = st.lists(st.sampled_from("apple river seven kettle lantern marble window harbor".split()), max_size=8)
SOME_WORDS = st.lists(
    st.sampled_from("apple river kettle lantern marble window harbor".split()), min_size=3, max_size=8
)


def place(quote: str, source: str) -> Alignment:
    return align(read_quote(quote), Source(normal_words(source)))


def oracle(quote: list[str], source: list[str]) -> float:
    """Smith and Waterman cell by cell."""
    best = [[0.0] * (len(source) + 1) for _ in range(len(quote) + 1)]
    for i, mine in enumerate(quote, 1):
        for j, theirs in enumerate(source, 1):
            gap, skip = CLAIM_GAP * weight(mine), SOURCE_GAP * weight(theirs)
            pair = weight(mine) if mine == theirs else -gap - skip + 1e-3
            best[i][j] = max(0.0, best[i - 1][j - 1] + pair, best[i - 1][j] - gap, best[i][j - 1] - skip)
    return max(map(max, best))


@given(WORDS, SOME_WORDS, WORDS)
def test_a_quote_inside_a_text_is_found_exactly(before: list[str], quote: list[str], after: list[str]) -> None:
    found = place(" ".join(quote), " ".join([*before, *quote, *after]))
    first, last = found.source
    assert [*before, *quote, *after][first:last] == quote
    assert found.is_exact
    assert found.coverage == pytest.approx(1.0)
    assert found.claimed == (0, len(quote))


@given(SOME_WORDS, SOME_WORDS)
def test_the_gain_is_that_of_the_slow_table(quote: list[str], source: list[str]) -> None:
    known = set(source)
    quote = [word for word in quote if word in known] or source  # spellings have their own test
    assert abs(place(" ".join(quote), " ".join(source)).gain - oracle(quote, source)) < 1e-6


@given(SOME_WORDS, st.lists(SOME_WORDS, min_size=1, max_size=4))
def test_many_sources_at_once_score_as_each_alone(quote: list[str], sources: list[list[str]]) -> None:
    one = read_quote(" ".join(quote))
    alone = [align(one, Source(source)).gain for source in sources]
    together = gains(one, [Source(source) for source in sources])
    present = {word for source in sources for word in source}
    if set(quote) <= present:
        pairs = zip(alone, together, strict=True)
        assert all(abs(a - b) < 1e-6 for a, b in pairs)


@given(SOME_WORDS, SOME_WORDS)
def test_steps_read_in_order_on_both_sides(quote: list[str], source: list[str]) -> None:
    found = place(" ".join(quote), " ".join(source))
    for side in ([s.claimed for s in found.steps], [s.source for s in found.steps]):
        places = [place for place in side if place is not None]
        assert all(b == a + 1 for a, b in pairwise(places))


def test_nothing_in_common_is_no_place() -> None:
    found = place("apple river", "marble window")
    assert found.steps == ()
    assert found.gain == found.coverage == 0.0


def test_a_misspelt_word_still_holds_its_place() -> None:
    found = place("the juvenlie insults of the candidate", "a word on juvenile insults of the candidate")
    assert found.claimed[0] <= 1
    assert found.coverage > 0.8


def test_another_number_holds_its_place_at_the_edge() -> None:
    found = place("57% of voters", "some say 47% of voters")
    assert found.claimed == (0, 4)


def test_a_marked_elision_costs_next_to_nothing() -> None:
    source = "vote for the man from the harbor he is a winner who never let anybody down we do not want him back here"
    marked = place("vote for the man … we do not want him back", source)
    unmarked = place("vote for the man we do not want him back", source)
    assert marked.gain > unmarked.gain
    assert marked.claimed == (0, 10)


def test_what_stands_aside_in_the_source_costs_nothing() -> None:
    words = normalise("Sen. Doug Jones (D-AL) is beaten").words
    quote = read_quote("Sen. Doug Jones is beaten")
    assert align(quote, Source(words, (range(3, 5),))).gain > align(quote, Source(words)).gain


def test_characters_are_aligned_where_there_are_no_spaces() -> None:
    found = place("人民幸福安康", "他说人民幸福安康是目的")
    assert found.source == (2, 8)
    assert found.is_exact


def test_a_quote_may_have_no_pieces_but_one() -> None:
    assert read_quote("one two three").pieces == ((0, 3),)
    assert isinstance(read_quote("one … two"), Quote)
