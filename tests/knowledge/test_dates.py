"""Dates where a text states them, and all that only looks like one."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dates import PartialDate, Precision, stated_dates


def read(text: str) -> list[str]:
    return [str(stated.when) for stated in stated_dates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "July 11, 2020", "11 July 2020", "July 11th, 2020", "the 11th of July, 2020", "Jul. 11 2020", "JULY 11, 2020",
        "Sat, July 11, 2020", "July the 11th, 2020", "July.11, 2020", "11-Jul-2020", "july 11 2020", "July 11,\n2020",
        "2020-07-11", "2020-07-11T10:00Z", "2020/07/11", "2020/7/11", "2020.07.11",
        "11.07.2020", "11.7.2020", "11.07.2020г.",
        "11. Juli 2020", "11.Juli 2020", "le 11 juillet 2020", "11 de julio de 2020", "11 de julio del 2020",
        "julio 11, 2020", "11 de julho de 2020", "11 luglio 2020", "11º luglio 2020", "11 juli 2020",
        "den 11. juli 2020",
        "11:e juli 2020", "11 lipca 2020 r.", "11 июля 2020 года", "11-го июля 2020", "11 Temmuz 2020'de",
        "2020年7月11日", "2020 年 7 月 11 日", "2020年7月11号", "2020년 7월 11일",
    ],
)  # fmt: skip
def test_a_day_is_read_in_many_shapes_and_languages(text: str) -> None:
    assert read(text) == ["2020-07-11"]
    assert read(f"Something was on {text}, they say.") == ["2020-07-11"]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("July 2020", "2020-07"), ("July, 2020", "2020-07"), ("July of 2020", "2020-07"), ("mid-July 2020", "2020-07"),
        ("Sept. 2020", "2020-09"), ("May 2020", "2020-05"), ("March 2020", "2020-03"), ("mars 2020", "2020-03"),
        ("d’août 2020", "2020-08"), ("im März 2020", "2020-03"), ("enero de 2020", "2020-01"),
        ("março de 2020", "2020-03"), ("in oktober 2020", "2020-10"), ("w październiku 2020", "2020-10"),
        ("в июле 2020 г.", "2020-07"), ("Kasım 2020", "2020-11"), ("i desember 2020", "2020-12"),
        ("2020年7月", "2020-07"),
    ],
)  # fmt: skip
def test_a_month_is_read_in_many_languages(text: str, month: str) -> None:
    assert read(text) == [month]


@pytest.mark.parametrize(
    "text",
    [
        "in 2020", "back in 2020", "since 2020", "(2020)", "early 2020", "mid-2020", "the summer of 2020",
        "in 2020, he",
        "In 2020 he won", "in 2020 Trump won", "by 2020.", "as of 2020", "the year 2020", "in 2020's best film",
        "im Jahr 2020", "seit 2020", "en 2020", "l’année 2020", "em 2020", "nel 2020", "sinds 2020", "år 2020",
        "w 2020 roku", "в 2020 году", "2020'de", "2020年",
    ],
)  # fmt: skip
def test_a_bare_year_is_read_where_its_neighbours_say_so(text: str) -> None:
    assert read(text) == ["2020"]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("from 1998 to 2004", ["1998", "2004"]),
        ("between 2016 and 2018, she", ["2016", "2018"]),
        ("in 2016 and 2020.", ["2016", "2020"]),
        ("von 2010 bis 2012", ["2010", "2012"]),
        ("from 2000 to 3000 people", []),
        ("rose from 1850 to 1910 cases", ["1850"]),
    ],
)
def test_the_second_year_of_two_follows_the_first(text: str, years: list[str]) -> None:
    assert read(text) == years


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("11 août 2020", "11 AOUT 2020"), ("1 février 2020", "1 fevrier 2020"), ("11. März 2020", "11. Maerz 2020"),
        ("5 Kasım 2020", "5 Kasim 2020"), ("5 Mayıs 2020", "5 MAYIS 2020"), ("5 Aralık 2020", "5 aralik 2020"),
        ("5 lutego 2020", "5 LUTEGO 2020"), ("5 września 2020", "5 wrzesnia 2020"), ("5 июля 2020", "5 ИЮЛЯ 2020"),
        ("5 de março de 2020", "5 de marco de 2020"), ("5 février 2020", "5 fe\u0301vrier 2020"),
    ],
)  # fmt: skip
def test_case_and_accents_do_not_matter(one: str, other: str) -> None:
    assert read(one) == read(other) != []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("13/07/2020", "2020-07-13"), ("7/13/2020", "2020-07-13"), ("7/7/2020", "2020-07-07"),
        ("13-07-2020", "2020-07-13"),
        ("11/07/2020", "2020"), ("7/11/2020", "2020"), ("11-07-2020", "2020"),
    ],
)  # fmt: skip
def test_a_day_whose_order_nobody_knows_is_its_year(text: str, date: str) -> None:
    assert read(text) == [date]


@pytest.mark.parametrize("text", ["July 11-13, 2020", "11–13 July 2020", "11. - 13. Juli 2020", "2020年7月11日至13日"])
def test_a_range_of_days_is_its_month(text: str) -> None:
    assert read(text) == ["2020-07"]


@pytest.mark.parametrize(
    "text",
    ["February 31, 2020", "31 February 2020", "45 July 2020", "31/02/2020", "2/29/2021", "13/13/2020", "0/5/2020",
     "31.02.2020", "2020-02-31", "2020-13-01", "2020年2月31日", "2020年13月"],
)  # fmt: skip
def test_an_impossible_day_is_nothing_at_all(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "47% of 1", "in 2000 homes", "in 2020 homes", "of 2,020 people", "in 2020,5", "in 2020% of cases", "$2020",
        "in 2020 dollars", "de 2016 euros", "en 2016 casos", "a total of 2000.", "one in 2000.", "in 2000 of the cases",
        "in 2000 American homes", "each year 2000 people", "fall 2000 feet", "by 1845 GMT", "in 1274 BC", "in 2525",
        "2020-07", "2020-21 season", "2019-2020", "in 2019-2020", "in 2020/21", "pp. 1998–2004", "(1999–2003)",
        "the winter of 2012-13", "2019-2020年", "the 1970s", "in the 2020s",
        "2020年代", "近2000年", "2000年前", "2000年的历史",
        "1.1.2020.5", "10.11.2020.5", "192.168.1.2020", "version 2020.7.1", "v2020.07.11", "call 555-11-2020",
        "11.07.20201", "3/4/2020/5", "2020-07-11-12", "mark(1000)", "https://a.example/2020/07/11/story",
        "12020", "2020",
        "you may 2020", "march 2020", "Mars 2020", "set 2020", "set 11, 2020", "two years ago 2020",
        "July 11", "11/07/20",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read(text) == []


def test_the_span_is_the_date_without_what_leads_to_it() -> None:
    text = "Back in 2019, and on Sat, the 11th of July, 2020 again; 2020年7月11日."
    places = [text[stated.span.start : stated.span.end] for stated in stated_dates(text)]
    assert places == ["2019", "11th of July, 2020", "2020年7月11日"]


def test_of_a_part_only_dates_inside_it_are_read_and_by_their_neighbours_outside_it() -> None:
    text = "in 2019, July 11, 2020"
    assert [str(stated.when) for stated in stated_dates(text, 3)] == ["2019", "2020-07-11"]
    assert [str(stated.when) for stated in stated_dates(text, 3, 20)] == ["2019"]
    assert stated_dates(text, 12) == ()


@pytest.mark.parametrize(
    ("date", "printed", "precision"),
    [
        (PartialDate(2020, 7, 11), "2020-07-11", Precision.DAY),
        (PartialDate(2020, 7), "2020-07", Precision.MONTH),
        (PartialDate(987), "0987", Precision.YEAR),
    ],
)
def test_a_date_is_printed_as_far_as_it_is_known(date: PartialDate, printed: str, precision: Precision) -> None:
    assert str(date) == printed
    assert date.precision is precision


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (PartialDate(2020), PartialDate(2020, 7, 11), True),
        (PartialDate(2020, 7), PartialDate(2020, 7, 11), True),
        (PartialDate(2020, 6), PartialDate(2020, 7, 11), False),
        (PartialDate(2020, 7, 12), PartialDate(2020, 7, 11), False),
        (PartialDate(2019), PartialDate(2020), False),
        (PartialDate(2020, 7), dt.date(2020, 7, 11), True),
        (PartialDate(2020, 7, 12), dt.date(2020, 7, 11), False),
    ],
)
def test_dates_agree_where_no_part_that_both_state_differs(
    one: PartialDate, other: PartialDate | dt.date, *, agree: bool
) -> None:
    assert one.agrees_with(other) is agree


@pytest.mark.parametrize("parts", [(2021, 2, 29), (2020, 13), (2020, 0), (2020, 1, 0), (2020, None, 5)])
def test_a_date_that_no_calendar_has_cannot_be_made(parts: tuple[int, int | None, int]) -> None:
    with pytest.raises(ValueError, match=r"day|month"):
        PartialDate(*parts)


DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2100, 12, 31))
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()


@given(DAYS)
def test_a_day_is_read_back_as_it_is_printed(day: dt.date) -> None:
    printed = (
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%b}. {day.day} {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day.day}. {GERMAN[day.month - 1]} {day.year}",
        f"{day.day} {RUSSIAN[day.month - 1]} {day.year} года",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d.%m}.{day.year}",
        f"{day.year}/{day:%m/%d}",
        day.isoformat(),
    )
    for text in printed:
        (stated,) = stated_dates(f"It rained on {text} in Vienna.")
        assert stated.when == PartialDate.of(day)


@given(DAYS)
def test_a_month_and_a_year_are_read_back_as_they_are_printed(day: dt.date) -> None:
    for text in (f"{day:%B} {day.year}", f"{GERMAN[day.month - 1]} {day.year}", f"{day.year}年{day.month}月"):
        assert read(f"It rained in {text}, twice.") == [str(PartialDate(day.year, day.month))]
    for text in (f"the year {day.year}", f"since {day.year}", f"({day.year})"):
        assert read(f"It rained {text}.") == [str(PartialDate(day.year))]


PIECES = st.lists(
    st.sampled_from(
        [
            *"2020 1998 11 7 31 0 - – / . , ; ( ) in of to and the from th de $ % 年 月 日".split(),
            *"July May Juli июля mars Kasim ı İ ſ".split(),
            *(" ", " ", "\n", "'", "\u0301"),
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(PIECES, st.text(max_size=80)), st.integers(0, 60), st.integers(0, 60))
def test_dates_lie_in_the_part_in_order_and_apart(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    spans = [stated.span for stated in stated_dates(text, start, end)]
    assert all(start <= span.start < span.end <= end for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(PIECES)
def test_a_date_has_its_year_in_its_span(text: str) -> None:
    for stated in stated_dates(text):
        assert str(stated.when.year) in text[stated.span.start : stated.span.end]


@given(st.text("0123456789", max_size=60))
def test_digits_alone_are_no_date(text: str) -> None:
    assert read(text) == []
    assert read(f"There were {text} of them.") == []


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "2020 ", "20-", "1/", "11.11.2020.", "July ", "in 2020 ", "2020 and ", "2020年", "in ", " ", "a"],
)
def test_a_megabyte_of_anything_is_read_in_one_pass(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert all(stated.span.end <= len(text) for stated in stated_dates(text))
