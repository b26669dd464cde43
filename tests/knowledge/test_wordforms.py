"""What two words are to each other."""

import pytest

from knowledge.languages import ENGLISH
from knowledge.wordforms import (
    are_opposites,
    are_spellings,
    is_inflection,
    is_plural_of_name,
    is_slip,
    is_slip_of_name,
    means_the_same,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [("colour", "color"), ("travelled", "traveled"), ("organisation", "organization"), ("centre", "center"),
     ("programme", "program"), ("defence", "defense"), ("fulfil", "fulfill"), ("grey", "gray"), ("café", "cafe"),
     ("adviser", "advisor"), ("sen", "senator"), ("f**k", "fork"), ("p****", "party")],
)  # fmt: skip
def test_spellings_of_one_word(one: str, other: str) -> None:
    assert are_spellings(one, other, ENGLISH)
    assert are_spellings(other, one, ENGLISH)


@pytest.mark.parametrize(("one", "other"), [("still", "stil"), ("shoe", "she"), ("our", "or"), ("f**k", "house")])
def test_what_only_looks_like_another_spelling(one: str, other: str) -> None:
    assert not are_spellings(one, other, ENGLISH)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stop", "stopped"),
        ("hope", "hoping"),
        ("country", "countries"),
        ("take", "took"),
        ("tax", "taxes"),
        ("is", "was"),
    ],
)
def test_forms_of_one_word(one: str, other: str) -> None:
    assert is_inflection(one, other, ENGLISH)
    assert is_inflection(other, one, ENGLISH)


@pytest.mark.parametrize(
    ("one", "other"), [("plan", "plane"), ("report", "reporter"), ("hard", "hardly"), ("car", "care")]
)
def test_words_that_only_begin_alike_are_no_forms(one: str, other: str) -> None:
    assert not is_inflection(one, other, ENGLISH)


@pytest.mark.parametrize(
    ("one", "other"),
    [("rise", "fall"), ("rising", "falls"), ("opened", "closing"), ("safe", "unsafe"), ("agree", "disagree"),
     ("guilty", "innocent"), ("always", "never"), ("shrank", "expanded")],
)  # fmt: skip
def test_opposites_in_any_form(one: str, other: str) -> None:
    assert are_opposites(one, other, ENGLISH)
    assert are_opposites(other, one, ENGLISH)


def test_words_on_one_matter_are_no_opposites() -> None:
    assert not are_opposites("rise", "grow", ENGLISH)
    assert not are_opposites("train", "ferry", ENGLISH)


@pytest.mark.parametrize(("claimed", "sourced"), [("peir", "pier"), ("goverrnment", "government"), ("nto", "not")])
def test_a_slip_of_the_keyboard(claimed: str, sourced: str) -> None:
    assert is_slip(claimed, sourced)


def test_another_known_word_is_no_slip() -> None:
    assert not is_slip("ferry", "berry")


@pytest.mark.parametrize(("claimed", "sourced", "slip"), [
    ("tubervile", "tuberville", True), ("sesions", "sessions", True), ("tuebrville", "tuberville", True),
    ("hanson", "hansen", False), ("clarke", "clark", False), ("robert", "roberts", False), ("ida", "ada", False),
])  # fmt: skip
def test_a_slip_in_a_name_is_told_from_another_name(claimed: str, sourced: str, *, slip: bool) -> None:
    assert is_slip_of_name(claimed, sourced) is slip


def test_peoples_and_parties_have_plurals_and_persons_have_none() -> None:
    assert is_plural_of_name("republican", "republicans", ENGLISH)
    assert is_plural_of_name("mondays", "monday", ENGLISH)
    assert not is_plural_of_name("roberts", "robert", ENGLISH)


def test_contractions_mean_the_same() -> None:
    assert means_the_same("'s", "is", ENGLISH)
    assert means_the_same("would", "'d", ENGLISH)
    assert not means_the_same("'s", "was", ENGLISH)
