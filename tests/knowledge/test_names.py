"""Names, and when two of them can be one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.names import plain_name, same_person


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sessions", "Jeff Sessions", True),
        ("former Attorney General Sessions", "Jeff Sessions", True),
        ("@jeffsessions", "Jeff Sessions", True),
        ("Sen. Doug Jones", "Senator Jones", True),
        ("President Donald Trump", "Trump", True),
        ("James A. Baker", "James Baker", True),
        ("J. Gerald Hebert", "Gerald Hebert", True),
        ("Rob Reed", "Robert Reed", True),
        ("Martin Luther King Jr.", "Martin Luther King", True),
        ("José Müller", "Jose Muller", True),
        ("county engineer Ines Varga", "Ines Varga", True),
        ("Joris Thackeray of Pump Lane", "Thackeray", True),
        ("the White House", "Tom Reed", True),
        ("Mike Reed", "Michael Reed", True),
        ("Martin Luther King Jr.", "King", True),
        ("Brook’s", "Ada Brook", True),
        ("the president", "Tom Reed", True),
        ("Tom Reed, the mayor", "Reed", True),
        ("WRTV", "Tom Reed", True),
        ("Анна Орлова", "Анны Орловой", True),
        ("Анна Орлова", "Anna Orlova", True),
        ("王小桥", "王小桥主席", True),
        ("王小桥", "李大山", False),
        ("Анна Орлова", "Вера Корнеева", False),
        ("Joan Reed", "Jill Reed", False),
        ("Ann Lee", "Ann Leeds", False),
        ("Trump", "Jeff Sessions", False),
        ("Ivanka Trump", "Donald Trump", False),
        ("Tom Reed", "Ada Brook", False),
        ("José Müller", "Tom Reed", False),
        ("Grace O’Leary", "Tom Reed", False),
        ("Joris Thackeray of Pump Lane", "Ingrid Castellane of Pump Lane", False),
    ],
)
def test_names_are_compared_as_names(one: str, other: str, *, same: bool) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Did Trump", "Trump"),
        ("Brook’s", "Brook"),
        ("On Monday", None),
        ("Ada Brook Monday", "Ada Brook"),
        ("Tom Reed of Wren", "Tom Reed"),
        ("Bank of Wren", "Bank of Wren"),
        ("Critics of Ada Brook", None),
    ],
)
def test_words_of_grammar_are_no_part_of_a_name(name: str, plain: str | None) -> None:
    assert plain_name(name) == plain


@given(st.text(min_size=1, max_size=40))
def test_everybody_is_the_same_person_as_themselves(name: str) -> None:
    assert same_person(name, name)
