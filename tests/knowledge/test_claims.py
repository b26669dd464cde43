"""What a person typed: quotes, elisions, the speaker they name, the chatter around."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.claims import MOST_CHARACTERS, read_claim, read_quote
from knowledge.errors import ClaimError, ClaimProblem


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('he said "we will win it all"', ("we will win it all",)),
        ("“we will win it all” he said", ("we will win it all",)),
        ("„wir werden alles gewinnen“, sagte er", ("wir werden alles gewinnen",)),
        ("« nous allons tout gagner »", ("nous allons tout gagner",)),
        ("他说「人民幸福安康是目的」", ("人民幸福安康是目的",)),
        ("> we will win it all\nlol no", ("we will win it all",)),
        ("> we will\n> win it all", ("we will\nwin it all",)),
        ('"we will win it all', ("we will win it all",)),
        ('"one two three" and then "four five six"', ("one two three", "four five six")),
        ("no marks here at all", ()),
        ("don't touch the people's things", ()),
        ('a so-called "expert" spoke', ()),
    ],
)
def test_the_words_between_marks_are_the_quotes(text: str, quotes: tuple[str, ...]) -> None:
    assert read_claim(text).quotes == quotes


def test_a_reporters_tag_does_not_split_a_quote() -> None:
    claim = read_claim('"We will win," she said, "and win again."')
    assert len(claim.quotes) == 1
    assert read_quote(claim.quotes[0]).words == ("we", "will", "win", "and", "win", "again")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('did Trump say "we will win it all"?', "Trump"),
        ('"we will win it all" — Donald Trump', "Donald Trump"),
        ('"we will win it all" - @realDonaldTrump', "@realDonaldTrump"),
        ('Jeff Sessions: "we will win it all"', "Jeff Sessions"),
        ('"we will win it all," said Maria de la Cruz.', "Maria de la Cruz"),
        ('According to Ann Lee, "we will win it all"', "Ann Lee"),
        ("Did Trump really say we will win it all?", "Trump"),
        ("we will win it all - Donald Trump", "Donald Trump"),
        ('"we will win it all"', None),
        ('I said "we will win it all"', None),
    ],
)
def test_the_speaker_is_who_the_text_names(text: str, speaker: str | None) -> None:
    assert read_claim(text).speaker == speaker


def test_a_speaker_given_beside_the_text_wins() -> None:
    assert read_claim('Trump: "we will win it all"', speaker="Ann Lee").speaker == "Ann Lee"


@pytest.mark.parametrize(
    ("text", "statement", "speaker"),
    [
        ("Stimmt es, dass das Bad im Mai öffnet?", "das Bad im Mai öffnet?", None),
        ("¿Es verdad que la piscina abre en mayo?", "la piscina abre en mayo?", None),
        ("Est-ce vrai que la piscine ouvre en mai ?", "la piscine ouvre en mai ?", None),
        ("É verdade que a piscina abre em maio?", "a piscina abre em maio?", None),
        ("Hanna Beck sagte, dass das Bad im Mai öffnet", "das Bad im Mai öffnet", "Hanna Beck"),
        ("Hanna Beck dijo que la piscina abre en mayo", "la piscina abre en mayo", "Hanna Beck"),
    ],
)
def test_people_ask_and_report_in_other_languages_too(text: str, statement: str, speaker: str | None) -> None:
    claim = read_claim(text)

    assert (claim.statement, claim.speaker) == (statement, speaker)


@pytest.mark.parametrize(
    ("text", "speaker", "quotes"),
    [
        ("„Das Bad ist alt“, sagte Hanna Beck, „aber die Kinder lieben es.“", "Hanna Beck", 1),
        ("« La piscine est vieille », a déclaré la maire Hanna Beck", "Hanna Beck", 1),
        ("«La piscina es muy vieja», dijo Hanna Beck", "Hanna Beck", 1),
        ("“A piscina é muito velha”, disse Hanna Beck", "Hanna Beck", 1),
    ],
)
def test_a_quote_has_its_speaker_in_other_languages(text: str, speaker: str, quotes: int) -> None:
    claim = read_claim(text)

    assert (claim.speaker, len(claim.quotes)) == (speaker, quotes)


def test_a_lead_in_is_no_part_of_the_statement() -> None:
    assert read_claim("Is it true that 57% of voters favor him?").statement == "57% of voters favor him?"
    assert read_claim("Did Trump say we will win it all").statement == "we will win it all"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ClaimProblem.EMPTY),
        ("   \n", ClaimProblem.EMPTY),
        ("😀🎉 !!!", ClaimProblem.EMPTY),
        ("water", ClaimProblem.TOO_SHORT),
        ("人民", ClaimProblem.TOO_SHORT),
        ("word " * 20_000, ClaimProblem.TOO_LONG),
    ],
)
def test_what_cannot_be_checked_is_refused(text: str, problem: ClaimProblem) -> None:
    with pytest.raises(ClaimError) as refused:
        read_claim(text)
    assert refused.value.problem is problem


def test_elisions_split_a_quote_and_brackets_are_the_quoters_own() -> None:
    quote = read_quote("We will … win [the war] again... and again.")
    assert quote.words == ("we", "will", "win", "again", "and", "again")
    assert quote.pieces == ((0, 2), (2, 3), (3, 4), (4, 6))


def test_an_ellipsis_at_either_end_leaves_nothing_out() -> None:
    assert read_quote("… we will win …").pieces == ((0, 3),)


@given(st.text(max_size=300) | st.text(alphabet="“”\"'>«»…[](). \nAbsaid:—", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        claim = read_claim(text)
    except ClaimError:
        return
    for part in (*claim.quotes, claim.statement):
        pieces = read_quote(part).pieces
        assert all(a[1] == b[0] for a, b in pairwise(pieces))


def test_a_text_as_long_as_allowed_is_read_quickly() -> None:
    for filler in ("a ", '"a ', "A. ", "Said A ", "> a\n", "— A B (", "A said "):
        text = (filler * MOST_CHARACTERS)[:MOST_CHARACTERS]
        assert read_claim(text).text == text


@pytest.mark.parametrize("unit", [" \t ", ".   ", ",  ", "\n ", "— "])
def test_a_claim_of_white_space_and_marks_is_read_without_going_over_it_again_and_again(unit: str) -> None:
    around = (unit * 900)[:2_900]
    assert read_claim(f"{around} “one two three four five” {around}").quotes == ("one two three four five",)
