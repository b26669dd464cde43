"""The typed word diff, by quote and source alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.alignment import Source, align
from knowledge.attribution import asides
from knowledge.claims import read_quote
from knowledge.differences import differences
from knowledge.text import normalise
from knowledge.verdicts import Finding, FindingKind, Verdict, judge


def found(claim: str, source: str, *, marked: bool = True) -> tuple[Finding, ...]:
    quote, text = read_quote(claim), normalise(source)
    aside = asides(text)
    return differences(quote, text, align(quote, Source(text.words, aside)), aside, marked=marked)


def told(claim: str, source: str) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.claimed, one.source) for one in found(claim, source) if one.kind != "cut_short"]


SOURCE = (
    "The old harbour at Quillham never paid for itself, Mayor Fenwick said, "
    "and 47 percent of its 1,200 boats were sold in May."
)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("47 percent", "57 percent", ("number", "57 percent", "47 percent")),
        ("47 percent", "47 dollars", ("number", "47 dollars", "47 percent")),
        ("1,200", "twelve thousand", ("number", "twelve thousand", "1,200")),
        ("never paid", "paid", ("negation", "Quillham", "Quillham never")),
        ("were sold", "were not sold", ("negation", "were not", "were")),
        ("sold", "bought", ("antonym", "bought", "sold")),
        ("Quillham", "Tinford", ("name", "Tinford", "Quillham")),
        ("in May", "in June", ("name", "June", "May")),
        ("old harbour", "harbour", ("omitted", "", "old")),
        ("boats", "blue boats", ("added", "blue", "")),
        ("boats", "houses", ("wording", "houses", "boats")),
    ],
)
def test_every_change_of_meaning_has_its_kind(old: str, new: str, finding: tuple[str, str, str]) -> None:
    claim = SOURCE.replace(old, new, 1)
    assert told(claim, SOURCE) == [finding]
    assert judge(found(claim, SOURCE)) is Verdict.ALTERED


@pytest.mark.parametrize(
    ("old", "new", "before"),
    [("boats were", "boats were not", "boats were"), ("The old", "Sadly the old", ""), ("in May", "in May now", "May")],
)
def test_words_that_the_source_lacks_are_placed_where_they_would_stand(old: str, new: str, before: str) -> None:
    (one,) = (one for one in found(SOURCE.replace(old, new, 1), SOURCE) if one.kind != "cut_short")

    assert one.span is not None
    assert one.source or one.span.start == one.span.end
    assert SOURCE[: one.span.start + len(one.source)].endswith(before)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("harbour", "harbor", "spelling"),
        ("Mayor", "mayor", None),
        ("47 percent", "forty-seven per cent", None),
        ("1,200", "1200", None),
        ("boats were", "boats was", "wording"),
        ("The old", "That old", "wording"),
        ("Quillham", "Quilham", "typo"),
        ("itself", "itslef", "typo"),
    ],
)
def test_what_changes_no_meaning_is_at_most_close(old: str, new: str, kind: str | None) -> None:
    assert [one for one, _, _ in told(SOURCE.replace(old, new, 1), SOURCE)] == ([kind] if kind else [])
    assert judge(found(SOURCE.replace(old, new, 1), SOURCE)) in (Verdict.VERBATIM, Verdict.CLOSE)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("We will not leave the United States", "We won't leave the U.S."),
        ("It leaves at 10:52 pm", "It leaves at 10.52 pm"),
        ("It was April Fools’ Day when he came", "It was April Fool's Day when he came"),
        ("They met on 14 September in Wren", "They met on September 14th in Wren"),
        ("Jones is here and stays", "Jones (D-AL) is here and stays"),
        ("We did it well, and we would do it again", "“We did it well,” she said, “and we would do it again.”"),
        ("These are the words that she says", "“[T]hese are the words that she say[s].”"),
    ],
)
def test_the_same_words_in_another_guise_are_no_difference(claim: str, source: str) -> None:
    assert told(claim, source) == []


def test_a_stutter_is_no_change_of_meaning() -> None:
    assert judge(found("It will probably, probably rain on Monday", "It will probably rain on Monday")) is Verdict.CLOSE


def test_a_quote_that_stops_before_the_not_is_a_negation() -> None:
    (finding,) = found("Most of the states did", "Most of the states did not.")
    assert (finding.kind, finding.source) == (FindingKind.NEGATION, "did not")
    assert finding.bears_meaning


def test_words_in_the_other_order_are_reordered() -> None:
    source = "She brought bread and cheese and a very old map to the table."
    claim = "She brought a very old map and bread and cheese to the table."
    assert FindingKind.REORDERED in {one.kind for one in found(claim, source)}
    assert judge(found(claim, source)) is Verdict.SPLICED


def test_a_whole_sentence_between_is_a_splice_and_a_changed_number_beside_it_is_still_told() -> None:
    source = "The bridge was built in 1931 by hand. Nobody counted the stones. It was paid for with 40 cows."
    claim = "The bridge was built in 1931 by hand. It was paid for with 400 cows."
    assert {one.kind for one in found(claim, source)} == {FindingKind.SPLICE, FindingKind.NUMBER}
    assert judge(found(claim, source)) is Verdict.ALTERED


def test_an_elision_is_told_and_warns_where_it_hides_a_turn() -> None:
    (plain,) = found("The bridge … holds", "The bridge over the river holds.")
    assert (plain.kind, plain.source, plain.warns) == (FindingKind.ELISION, "over the river", False)
    (turned,) = found("The bridge … holds", "The bridge, but not the road, holds.")
    assert turned.warns


def test_brackets_are_the_quoters_own_but_another_name_in_them_is_told() -> None:
    source = "“No country has as much influence on [North Korea] than China has.”"
    assert (
        told("No country has as much influence on [the country] than China has", source)
        == [("elision", "", "[North Korea]")]
        or told("No country has as much influence on [the country] than China has", source) == []
    )
    assert ("name", "Yamada", "Korea") in told(
        "No country has as much influence on [North Yamada] than China has", source
    )


def test_a_clause_dropped_near_the_beginning_is_omitted_not_reworded() -> None:
    source = "According to a new estimate from Wren, players spent over $100 million on cases in March 2031."
    claim = "According to a new over $100 million on cases in March 2031."
    assert [kind for kind, _, _ in told(claim, source)] == ["omitted"]


@given(st.lists(st.sampled_from("the old ferry left Wren at 5 and never came back".split()), min_size=3, max_size=14))
def test_a_text_has_no_difference_from_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert judge(found(text, text)) is Verdict.VERBATIM


@given(
    st.lists(st.sampled_from("ash birch cedar elm fir 5 not Oak".split()), min_size=1, max_size=10),
    st.lists(st.sampled_from("ash birch cedar elm fir 6 not Oak . ” “".split()), min_size=1, max_size=14),
)
def test_any_two_texts_can_be_compared_and_findings_quote_them(mine: list[str], theirs: list[str]) -> None:
    claim, source = " ".join(mine), " ".join(theirs)
    quote, text = read_quote(claim), normalise(source)
    if not text.words or not (alignment := align(quote, Source(text.words))).steps:
        return
    for one in differences(quote, text, alignment, (), marked=True):
        assert one.claimed in claim
        assert one.source in source
        assert one.span is None or source[one.span.start : one.span.end] == one.source


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (
            "And with a word to anybody he sold the old harbour of Wren",
            "And without a word to anybody he sold the old harbour of Wren",
        ),
        ("Everybody saw the harbour of Wren in the fog that day", "No one saw the harbour of Wren in the fog that day"),
    ],
)
def test_a_negation_at_the_edge_of_a_quote_is_one(claim: str, source: str) -> None:
    assert FindingKind.NEGATION in {one.kind for one in found(claim, source)}
    assert judge(found(claim, source)) is Verdict.ALTERED


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Bannon at a meeting in Wren, February 2017", "Bannon (at left) at a meeting in Wren, February 2017"),
        ("We look for skill. He has none of it", "“We look for skill,” he told Tin News. “He has none of it.”"),
        ("I trust Chris. He is a good man", "“I trust Chris,” Reed told the Press last week. “He is a good man.”"),
    ],
)  # fmt: skip
def test_what_stands_aside_stays_aside_though_its_first_word_follows_it(claim: str, source: str) -> None:
    assert told(claim, source) == []
