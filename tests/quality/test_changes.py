"""The changes and variants that quality is measured on are what they say, on sentences of our own."""

import random
from itertools import pairwise

import pytest

from tests.quality.changes import CHANGES, VARIANTS, interrupted

SENTENCES = (
    "On Monday the mayor of Quillham said that 47 percent of the three hundred boats were not safe, and Dr. Varga "
    "agreed.",
    "It is expected that the harbour will open again in May, because the government increased its support by $4.2 "
    "million.",
    "She doesn't believe that the old program of the council will win without the help of Senator Whitlock in Tinford.",
)


@pytest.mark.parametrize("name", [*CHANGES, *(name for name in VARIANTS if name != "clean")])
def test_some_sentence_is_changed_and_only_a_little(name: str) -> None:
    maker = CHANGES[name][0] if name in CHANGES else VARIANTS[name]
    made = [(maker(sentence, random.Random(seed)), sentence) for sentence in SENTENCES for seed in range(20)]
    changed = [(claim, sentence) for claim, sentence in made if claim and claim != sentence]
    assert changed
    if name not in ("case", "punctuation"):
        for claim, sentence in changed:
            kept = set(claim.split()) & set(sentence.split())
            assert len(kept) >= len(set(sentence.split())) - 8, claim


def test_a_changed_number_is_another_number() -> None:
    make = CHANGES["number"][0]
    claims = {make("It cost 47 dollars and three cents.", random.Random(seed)) for seed in range(30)}
    assert "It cost 47 dollars and three cents." not in claims
    assert len(claims) > 3


def test_a_seed_gives_the_same_change_again() -> None:
    make = CHANGES["dropped clause"][0]
    claims = [make(SENTENCES[0], random.Random(7)) for _ in range(3)]
    assert all(one == other for one, other in pairwise(claims))


def test_an_interrupted_quote_is_joined_as_one() -> None:
    text = "“We did it well and on time in every street,” said Ada Brook. “We would do it all again, and gladly.”"
    ((joined, printed),) = interrupted(text)
    assert joined == "We did it well and on time in every street, We would do it all again, and gladly"
    assert printed == text
