"""Numbers with their units, and figures on the same matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.quantities import counterparts, quantities
from knowledge.text import normalise


def values(text: str) -> list[tuple[str, str]]:
    return [(one.value, one.unit) for one in quantities(normalise(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [("47%", "forty-seven percent"), ("1.2 million", "1,200,000"), ("$5bn", "five billion dollars"),
     ("22 per cent", "Twenty-two percent"), ("3 kilometres", "three kilometre")],
)  # fmt: skip
def test_a_quantity_is_one_however_it_is_written(one: str, other: str) -> None:
    assert values(one) == values(other) != []


def test_a_date_of_two_numbers_is_not_a_fraction() -> None:
    assert [value for value, _ in values("9/11")] == ["9", "11"]
    assert values("9/11") != values("nine elevenths")


def test_units_tell_quantities_apart() -> None:
    assert values("47 percent") != values("47 dollars")
    assert values("6 percentage points") != values("6 points")
    assert values("6 ships")[0][1] == ""


@pytest.mark.parametrize(
    ("claim", "passage", "beside"),
    [
        ("22% are undecided", "Twenty-two percent of voters, however, remain undecided.",
         ("22%", "Twenty-two percent of voters, however, remain undecided")),
        ("40% favour the tunnel", "In a poll 47% favor the bridge, while 31% favor the tunnel.",
         ("40%", "31% favor the tunnel")),
        ("It cost $5 million", "The bridge cost $4.2 million in all", ("$5 million", "$4.2 million in all")),
    ],
)  # fmt: skip
def test_a_figure_is_set_beside_the_one_on_the_same_matter(claim: str, passage: str, beside: tuple[str, str]) -> None:
    assert [(one.claimed, one.source) for one in counterparts(normalise(claim), normalise(passage))] == [beside]


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("22% are undecided", "Twenty-two ships remain undecided"),
        ("22% are undecided", "The ferry takes 22% fewer cars"),
        ("The ferry is late", "22% are undecided"),
    ],
)
def test_another_unit_or_another_matter_is_not(claim: str, passage: str) -> None:
    assert counterparts(normalise(claim), normalise(passage)) == ()


@given(st.text(alphabet="0123456789 %$,.;abc\nmillion", max_size=120), st.text(alphabet="0123 %,;ab", max_size=60))
def test_any_two_texts_can_be_set_side_by_side(passage: str, claim: str) -> None:
    for one in counterparts(normalise(claim), normalise(passage)):
        assert passage[one.span.start : one.span.end] == one.source
