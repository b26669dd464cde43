"""Who said it and when: read off the words around a quotation, or unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.attribution import Attribution, asides, attribute
from knowledge.dates import PartialDate
from knowledge.text import Span, normalise


def said(text: str, words: str) -> Attribution:
    start = text.index(words)
    return attribute(text, Span(start, start + len(words)))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We did it well,” said Ada Brook.", "Ada Brook"),
        ('"We did it well," said Ada Brook.', "Ada Brook"),
        ("“We did it well,” Ada Brook told reporters.", "Ada Brook"),
        ("“We did it well,” said county engineer Ada Brook.", "Ada Brook"),
        ("“We did it well,” Brook, the mayor of Wren, said on Monday.", "Brook"),
        ("Ada Brook said: “We did it well.”", "Ada Brook"),
        ("According to Ada Brook, “We did it well.”", "Ada Brook"),
        ("“Nothing clever,” said warden Ada Brook. “We did it well.”", "Ada Brook"),
        ("“First. We did it well,” said Brook.", "Brook"),
        ("“One paragraph goes on.\n\n“We did it well,” said Brook.", "Brook"),
    ],
)
def test_the_tag_of_a_quotation_names_its_speaker(text: str, speaker: str) -> None:
    assert said(text, "We did it well").speaker == speaker


def test_a_tag_inside_the_words_names_their_speaker() -> None:
    text = "“We did it well,” said Mayor Odile Fenwick. “And we would again.”"
    assert said(text, text[1:-2]).speaker == "Mayor Odile Fenwick"


@pytest.mark.parametrize(
    "text",
    [
        "We did it well, and Ada Brook was there.",
        "“We did it well,” she said.",
        "“We did it well,” said a spokesman for Ada Brook.",
        "“We did it well,” the mayor said.",
        "Ada Brook left early. “We did it well.”",
        "“We did it well,” said a senior Brook aide.",
    ],
)
def test_where_the_source_does_not_say_the_speaker_is_unknown(text: str) -> None:
    assert said(text, "We did it well").speaker is None


@pytest.mark.parametrize(
    "text",
    [
        "Officials in Wren said that we did it well.",
        "Critics of Ada Brook said “we did it well.”",
        "A lawyer for Ada Brook said: “we did it well.”",
        "The mayor of Wren said: “we did it well.”",
        "Brook’s office said we did it well.",
        "Her allies, when asked by Ada Brook, said we did it well.",
        "Ada Brook was late, but officials said we did it well.",
        "He told Ada Brook: “we did it well.”",
        "Then, later that month on Wren Radio: “we did it well.”",
        "“we did it well.” Tom Reed said it was late.",
        "Ada Brook accused Tom Reed of saying “we did it well.”",
        "Tom Reed and Ada Brook said that we did it well.",
        "According to Brook’s diary, we did it well.",
    ],
)
def test_a_name_beside_the_one_who_speaks_is_not_the_speaker(text: str) -> None:
    assert said(text, "we did it well").speaker is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ada Brook said: “We did it well.” Tom Reed said it was late.", "Ada Brook"),
        ("Ada Brook wrote to Reed, “We did it well?” Tom Reed replied, “No.”", "Ada Brook"),
        ("Ada Brook says Tom Reed told her “We did it well.”", "Tom Reed"),
        ("Her rival, Ada Brook, said: “We did it well.”", "Ada Brook"),
        ("Ada Brook took the stage, saying, “We did it well.”", "Ada Brook"),
        ("Brook later Thursday told Wren Radio: “We did it well.”", "Brook"),
        ("As Ada Brook put it, “We did it well.”", "Ada Brook"),
        ("In the words of Ada Brook, “We did it well.”", "Ada Brook"),
        ("Rep. Ada Brook (R-Wren): “We did it well.”", "Rep. Ada Brook"),
        ("“It was late,” said Tom Reed of Ada Brook. “We did it well.”", "Tom Reed"),
        ("“We did it well,” said Ada Brook Monday.", "Ada Brook"),
    ],
)
def test_of_several_names_the_one_whose_verb_is_nearest_speaks(text: str, speaker: str) -> None:
    assert said(text, "We did it well").speaker == speaker


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("„Es hält“, sagte Ada Brook.", "Es hält", "Ada Brook"),
        ("Ada Brook sagte am Montag: „Es hält.“", "Es hält", "Ada Brook"),
        ("„Es hält“, sagte ein Sprecher von Ada Brook.", "Es hält", None),
        ("Tom Reed kam. „Es hält.“ Dann sagte Ada Brook nichts.", "Es hält", None),
        ("« Cela tient », a déclaré la maire Ada Brook.", "Cela tient", "Ada Brook"),
        ("«Aguanta», dijo Ada Brook.", "Aguanta", "Ada Brook"),
        ("«Aguanta», dijo un portavoz de Ada Brook.", "Aguanta", None),
        ("“Aguenta”, disse Ada Brook.", "Aguenta", "Ada Brook"),
        ("«Он держится», — сказала водитель Анна Орлова.", "Он держится", "Анна Орлова"),
        ("Анна Орлова заявила: «Он держится».", "Он держится", "Анна Орлова"),
        ("«Он держится», — сказал адвокат Анны Орловой.", "Он держится", None),
        ("外交部发言人王小桥表示：“桥很安全”。", "桥很安全", "王小桥"),
        ("“桥很安全。”王小桥说。", "桥很安全", "王小桥"),
        ("专家表示：“桥很安全”。", "桥很安全", None),
        ("»Es hält«, sagte die Ministerin Ada Brook.", "Es hält", "Ada Brook"),
        ("„Es hält“, so Bürgermeister Karl Ott.", "Es hält", "Karl Ott"),
        ("»Es hält«, sagte Ada Brook. Dann ging sie nach Hause.", "ging sie nach Hause", None),
        ("Die Brücke hält, sagte Bürgermeisterin Ada Brook.", "Die Brücke hält", "Ada Brook"),
        ("Laut Verkehrsminister Karl Ott hält die Brücke.", "hält die Brücke", "Karl Ott"),
        ("Selon Ada Brook, le pont tient.", "le pont tient", "Ada Brook"),
        ("Ada Brook dijo que el puente aguanta.", "el puente aguanta", "Ada Brook"),
        ("“Aguenta”, disse o prefeito Karl Ott.", "Aguenta", "Karl Ott"),
    ],
)
def test_other_languages_name_a_speaker_where_it_is_sure(text: str, words: str, speaker: str | None) -> None:
    assert said(text, words).speaker == speaker


def test_a_signed_post_gives_name_and_day() -> None:
    text = "We did it well. https://t.example/1 — Ada Brook (@adabrook) March 3, 2031\n\nNext day Tom Reed said no."
    assert said(text, "We did it well") == Attribution("Ada Brook", PartialDate(2031, 3, 3))
    assert said(text, "Next day") == Attribution()


def test_an_impossible_day_is_no_day() -> None:
    assert said("We did it. — Ada (@ada) February 31, 2031", "We did it") == Attribution("Ada")


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("Ada Brook said on Monday that the pier was never safe.", "the pier was never safe", "Ada Brook"),
        ("The pier was never safe, Ada Brook said.", "The pier was never safe", "Ada Brook"),
        ("According to Ada Brook, the pier was never safe.", "the pier was never safe", "Ada Brook"),
        ("Tom Reed, a carpenter, called the pier “a heap of old wood”.", "a heap of old wood", "Tom Reed"),
        ("Tom Reed laughed. “It holds,” veteran carpenter Ada Brook said.", "It holds", "Ada Brook"),
        (
            "“It holds,” said Fire Department Chief Ada Brook, who built it.",
            "It holds",
            "Fire Department Chief Ada Brook",
        ),
        ("“It holds,” Ada Brook said on Monday. “And it will stand.”", "And it will stand", "Ada Brook"),
    ],
)
def test_roles_indirect_speech_and_earlier_tags_name_the_speaker(text: str, words: str, speaker: str) -> None:
    assert said(text, words).speaker == speaker


def test_he_and_she_are_who_was_named_last() -> None:
    text = "Ada Brook said it was safe.\n\n“It holds,” she said."
    assert said(text, "It holds").speaker == "Ada Brook"


@pytest.mark.parametrize(
    "text",
    [
        "Ada Brook said it was safe.\n\nTom Reed came later. “It holds,” she said.",
        "Mr. Brook was there. Brook said it was safe. “It holds,” she said.",
        "It was safe. “It holds,” she said.",
        "Ada Brook said it was safe.\n\nAfter the flood Tom Reed heard what he called “It holds”.",
    ],
)
def test_a_pronoun_that_could_be_somebody_else_is_nobody(text: str) -> None:
    assert said(text, "It holds").speaker is None


def test_a_tag_may_say_when() -> None:
    found = said("“It holds,” Ada Brook said on March 3, 2031. Nobody laughed in 2032.", "It holds")
    assert found == Attribution("Ada Brook", PartialDate(2031, 3, 3))


def test_parentheses_and_tags_stand_aside() -> None:
    text = normalise("“Sen. Jones (D-AL) is here,” she said, “and he stays.”")
    aside = {text.words[place] for stretch in asides(text) for place in stretch}
    assert aside == {"d", "al", "she", "said"}


@given(st.text(alphabet='“”„«»"—(@) ABab,.:\nsaid 12', max_size=200), st.integers(0, 199), st.integers(1, 50))
def test_any_text_has_an_attribution_or_none(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    if start < end:
        assert isinstance(attribute(text, Span(start, end)), Attribution)


@pytest.mark.parametrize(
    "unit",
    [
        "Ada Brook ",
        "Ada  \t ",
        " ",
        "“Ada said” he said. ",
        "Ada, a b c, ",
        "A of of ",
        "Ada\n",
        "„",
        "A said ",
        "王说",
    ],
)
def test_text_without_end_is_read_without_going_over_it_again_and_again(unit: str) -> None:
    text = unit * 5_000 + "“It holds,” she said" + " " * 2_000 + "Ada Brook."
    assert isinstance(said(text, "It holds"), Attribution)
    assert isinstance(attribute(text, Span(9_000, 9_050)), Attribution)
