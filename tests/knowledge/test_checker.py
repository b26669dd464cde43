"""From a claim to its fact check, on a real library: verdicts, findings, speakers, dates, links."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.checker import FactCheck, FactChecker, Reports
from knowledge.dates import PartialDate
from knowledge.errors import ClaimError
from knowledge.library import Library
from knowledge.text import normalise
from knowledge.verdicts import FindingKind, Verdict
from tests.conftest import make_article

ARTICLE = """Mayor Ada Brook opened the new ferry terminal on Monday.

“The old pier was never safe, and everybody knew it. We have spent $4.2 million on this terminal, and I would \
spend it again. Nobody will wait in the rain any more,” said Brook.

According to the harbor office, 47% of commuters now take the ferry, while 31% drive. Twenty-two percent of \
residents, however, remain undecided about the new timetable.

“I did not vote for it,” Councillor Tom Reed told reporters, “but the terminal (built in 2029) works.”

The ferry is not late; your clock is. https://t.example/1 — Ada Brook (@adabrook) March 3, 2031
"""
URL = "https://example.org/ferry"

Check = Callable[..., FactCheck]


@pytest.fixture
def check(library: Library) -> Check:
    """Checks a text against one article."""
    article = make_article(ARTICLE, url=URL, title="Ferry terminal opens", published_on=dt.date(2031, 3, 5))
    library.add("shared", article, actor="me")
    return FactChecker(library).check


def kinds(result: FactCheck) -> list[tuple[str, str, str]]:
    return [(finding.kind.value, finding.claimed, finding.source) for finding in result.findings]


@pytest.mark.parametrize(
    "claim",
    [
        "The old pier was never safe, and everybody knew it",
        "the OLD pier was never safe and everybody knew it!!!",
        "we've spent 4.2 million dollars on this terminal",
        "We have spent $4,200,000 on this terminal",
        "forty-seven percent of commuters now take the ferry",
        "47 per cent of commuters now take the ferry",
        "22% of residents, however, remain undecided",
        '"I didn\'t vote for it, but the terminal works"',
        '"I did not vote for it," said Reed, "but the terminal works."',
        "The ferry isn't late; your clock is",
        "did anyone see this: “Nobody will wait in the rain any more” lol",
        "Ferry terminal opens",
    ],
)
def test_the_same_words_are_verbatim(check: Check, claim: str) -> None:
    result = check(claim)
    assert result.verdict is Verdict.VERBATIM, kinds(result)
    assert result.evidence[0].article.url == URL


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("57% of commuters now take the ferry", ("number", "57%", "47%")),
        ("We have spent $42 million on this terminal", ("number", "$42 million", "$4.2 million")),
        ("The old pier was safe, and everybody knew it", ("negation", "was", "was never")),
        ("I did vote for it, but the terminal works", ("negation", "did", "did not")),
        ("The old pier was never safe, and nobody knew it", ("negation", "and nobody", "and")),
        ("According to the harbor office, 47% of commuters now take the train", ("added", "the train", "")),
        ("Mayor Tom Brook opened the new ferry terminal on Monday", ("name", "Tom", "Ada")),
        ("Mayor Ada Brook opened the new ferry terminal on Friday", ("name", "Friday", "Monday")),
        ("Mayor Ada Brook closed the new ferry terminal on Monday", ("antonym", "closed", "opened")),
        ("Mayor Ada Brook opened the ferry terminal on Monday", ("omitted", "", "new")),
        ("We have gladly spent $4.2 million on this terminal", ("added", "gladly", "")),
    ],
)
def test_a_change_that_bears_meaning_is_altered(check: Check, claim: str, finding: tuple[str, str, str]) -> None:
    result = check(claim)
    assert result.verdict is Verdict.ALTERED, kinds(result)
    if finding[0] not in ("added", "negation") or finding[1] == "gladly":
        assert finding in kinds(result)
    else:
        assert any(finding.bears_meaning for finding in result.findings)


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("The old peir was never safe, and everybody knew it", FindingKind.TYPO),
        ("According to the harbour office, 47% of commuters now take the ferry", FindingKind.SPELLING),
        ("47% of commuters now takes the ferry", FindingKind.WORDING),
        ("The old pier was never really safe, and everybody knew it", FindingKind.ADDED),
        ("everybody knew that. We have spent $4.2 million on the terminal", FindingKind.WORDING),
    ],
)
def test_a_slip_or_a_word_of_grammar_is_close(check: Check, claim: str, kind: FindingKind) -> None:
    result = check(claim)
    assert result.verdict is Verdict.CLOSE, kinds(result)
    assert kind in {finding.kind for finding in result.findings}


def test_a_marked_elision_is_a_note_and_warns_where_it_hides_a_turn(check: Check) -> None:
    result = check("“The old pier was never safe … I would spend it again”")
    assert result.verdict is Verdict.VERBATIM, kinds(result)
    (elision,) = [finding for finding in result.findings if finding.kind is FindingKind.ELISION]
    assert elision.warns  # a number is left out
    assert len(result.evidence[0].spans) == 2


def test_words_dropped_across_a_whole_sentence_are_a_splice(check: Check) -> None:
    result = check("“The old pier was never safe, and everybody knew it. Nobody will wait in the rain any more”")
    assert result.verdict is Verdict.SPLICED, kinds(result)


def test_a_quote_that_stops_early_is_told_the_rest(check: Check) -> None:
    result = check("47% of commuters now take the ferry")
    assert ("cut_short", "", "while 31% drive") in kinds(result)
    assert result.verdict is Verdict.VERBATIM


def test_the_words_of_one_given_to_another_are_misattributed(check: Check) -> None:
    result = check("“The old pier was never safe, and everybody knew it” — Tom Reed")
    assert result.verdict is Verdict.MISATTRIBUTED
    assert ("speaker", "Tom Reed", "Brook") in kinds(result)


def test_a_right_or_unknown_speaker_is_no_finding(check: Check) -> None:
    assert check("“The old pier was never safe, and everybody knew it” — Ada Brook").verdict is Verdict.VERBATIM
    assert check("47% of commuters now take the ferry", speaker="Somebody Else").verdict is Verdict.VERBATIM


def test_a_signed_post_gives_its_own_day_beside_the_articles(check: Check) -> None:
    evidence = check("The ferry is not late; your clock is").evidence[0]
    assert evidence.speaker == "Ada Brook"
    assert evidence.said_on == PartialDate(2031, 3, 3)
    assert evidence.article.published_on == dt.date(2031, 3, 5)


def test_several_quotes_are_checked_one_by_one_and_the_worst_comes_first(check: Check) -> None:
    result = check('She said "everybody knew it" and "57% of commuters now take the ferry" yesterday')
    assert [part.verdict for part in result.parts] == [Verdict.VERBATIM, Verdict.ALTERED]
    assert result.verdict is Verdict.ALTERED
    assert kinds(result)[0] == ("number", "57%", "47%")


@pytest.mark.parametrize(
    "claim",
    [
        'The harbor office counts 57 ferries and calls them "the pride of the whole town"',
        "The town (it had 57 ferries at the time) never sold one of them",
    ],
)
def test_a_wrong_number_outside_the_quote_marks_counts_too(library: Library, claim: str) -> None:
    text = (
        'The harbor office counts 47 ferries and calls them "the pride of the whole town". '
        "The town (it had 47 ferries at the time) never sold one of them."
    )
    library.add("shared", make_article(text), actor="me")
    result = FactChecker(library).check(claim)
    assert result.verdict is Verdict.ALTERED
    assert ("number", "57", "47") in kinds(result)


@pytest.mark.parametrize(
    "claim",
    [
        "Scientists found water ice on Mars",
        "The senator resigned after the scandal",
        "at the end of the day",
        "火星上发现了水冰",
    ],
)
def test_what_is_not_there_is_not_found(check: Check, claim: str) -> None:
    result = check(claim)
    assert result.verdict is Verdict.NOT_FOUND
    assert result.evidence == ()
    assert result.searched == 1


def test_an_empty_library_finds_nothing(library: Library) -> None:
    result = FactChecker(library).check("anything at all here", collection="discord:9")
    assert (result.verdict, result.searched) == (Verdict.NOT_FOUND, 0)


def test_spans_and_passages_point_into_the_stored_text(check: Check) -> None:
    for claim in ("everybody knew it. We have spent $4.2 million", "47% of commuters now take the ferry"):
        evidence = check(claim).evidence[0]
        (span,) = evidence.spans
        assert normalise(ARTICLE[span.start : span.end]).words == normalise(claim).words
        place = evidence.passage_span
        assert ARTICLE[place.start : place.end] == evidence.passage
        assert place.start <= span.start < span.end <= place.end
        assert evidence.passage in evidence.context


def test_the_link_goes_to_the_very_words(check: Check) -> None:
    link = check("47% of commuters now take the ferry").evidence[0].link
    assert link == f"{URL}#:~:text=47%25%20of%20commuters%20now%20take%20the%20ferry"


def test_the_earliest_of_several_articles_comes_first(library: Library) -> None:
    for year in (2033, 2031, 2032):
        article = make_article(
            f"In {year} they wrote: “The old pier was never safe, and everybody knew it,” said Brook.",
            url=f"https://example.org/{year}",
            published_on=dt.date(year, 1, 1),
        )
        library.add("shared", article, actor="me")
    result = FactChecker(library).check("The old pier was never safe, and everybody knew it")
    years = [evidence.article.published_on.year for evidence in result.evidence if evidence.article.published_on]
    assert years == [2031, 2032, 2033]


def test_a_stock_phrase_of_many_articles_is_nobodys_quote(library: Library) -> None:
    checker = FactChecker(library)
    sentences = (
        "The ferry was fine at the end of the day, said its captain.",
        "Some kettles boil faster, but at the end of the day nobody counts.",
        "Her garden, at the end of the day, is only a garden with a view of the harbor.",
        "What matters at the end of the day?",
    )
    for number, sentence in enumerate(sentences):
        library.add("shared", make_article(sentence, url=f"https://example.org/{number}"), actor="me")
        expected = Verdict.RELATED if number >= 2 else Verdict.VERBATIM
        assert checker.check("at the end of the day").verdict is expected


def test_copies_of_one_report_do_not_make_a_stock_phrase(library: Library) -> None:
    for number in range(5):
        article = make_article("He let our country down, said the mayor.", url=f"https://example.org/{number}")
        library.add("shared", article, actor="me")
    assert FactChecker(library).check("let our country down").verdict is Verdict.VERBATIM


def test_other_languages_are_checked_too(library: Library) -> None:
    texts = {
        "zh": "习近平总书记指出，人民幸福安康是推动高质量发展的最终目的。一大早，村民王伟正忙着搬新家。",
        "ru": "Мэр открыл новый паромный терминал в понедельник утром. Дождя не было.",
        "hi": "महापौर ने सोमवार को नया घाट खोला। बारिश नहीं हुई।",
        "ar": "افتتح رئيس البلدية محطة العبارات الجديدة يوم الاثنين. لم تمطر.",
        "ko": "시장은 월요일에 새 여객선 터미널을 열었다. 비는 오지 않았다.",
        "th": "นายกเทศมนตรีเปิดท่าเรือข้ามฟากแห่งใหม่เมื่อวันจันทร์",
        "de": "Die Bürgermeisterin eröffnete am Montag das neue Fährterminal. Es regnete nicht.",
    }
    for language, text in texts.items():
        library.add("shared", make_article(text, url=f"https://example.org/{language}"), actor="me")
    checker = FactChecker(library)
    for claim, language in (
        ("人民幸福安康是推动高质量发展的最终目的", "zh"),
        ("новый паромный терминал в понедельник", "ru"),
        ("महापौर ने सोमवार को नया घाट खोला", "hi"),
        ("محطة العبارات الجديدة يوم الاثنين", "ar"),
        ("월요일에 새 여객선 터미널을 열었다", "ko"),
        ("เปิดท่าเรือข้ามฟากแห่งใหม่", "th"),
        ("Die Bürgermeisterin eröffnete am Montag das neue Fährterminal", "de"),
    ):
        result = checker.check(claim)
        assert result.verdict is Verdict.VERBATIM, (language, kinds(result))
        assert result.evidence[0].article.url.endswith(language)


UNRELATED = st.lists(
    st.sampled_from("ferry pier terminal commuters rain safe never everybody knew spent vote works river".split()),
    min_size=3,
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(UNRELATED.map(" ".join), min_size=1, max_size=6))
def test_an_unrelated_article_changes_no_verdict(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[str]
) -> None:
    path = tmp_path_factory.mktemp("more") / "library.db"
    claims = (
        "The old pier was never safe, and everybody knew it",
        "57% of commuters now take the ferry",
        "Scientists found water ice on Mars",
    )
    with Library.open(f"sqlite:///{path}") as library:
        library.add("shared", make_article(ARTICLE, url=URL), actor="me")
        check = FactChecker(library).check
        before = [(check(claim).verdict, kinds(check(claim))) for claim in claims]
        library.add("shared", make_article(". ".join(sentences), url="https://example.org/other"), actor="me")
        assert [(check(claim).verdict, kinds(check(claim))) for claim in claims] == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | st.text(alphabet="ferry pier 47%“”…[]\"'>.\n", max_size=120))
def test_any_claim_gets_an_answer_or_a_refusal(check: Check, claim: str) -> None:
    try:
        result = check(claim)
    except ClaimError:
        return
    assert 0 <= result.score <= 100
    assert (result.verdict is Verdict.NOT_FOUND) == (not result.evidence)


def test_a_quote_in_several_outlets_tells_how_many_and_since_when(library: Library) -> None:
    words = "“Nobody will wait in the rain any more, and the boats will leave on time,” said Ada Brook."
    for number, (outlet, day) in enumerate([("One", 7), ("Two", 3), ("Two", 9)]):
        article = make_article(
            f"Report {number}. {words}", url=f"{URL}/{number}", publisher=outlet, published_on=dt.date(2031, 3, day)
        )
        library.add("shared", article, actor="me")
    result = FactChecker(library).check(words[1:70])
    assert result.reports == Reports(articles=3, outlets=2, first_on=dt.date(2031, 3, 3))
    assert [one.article.published_on.day for one in result.evidence if one.article.published_on] == [3, 7, 9]


def test_a_date_that_contradicts_the_article_and_the_post_is_told_and_changes_no_verdict(check: Check) -> None:
    result = check("“The ferry is not late; your clock is” (Ada Brook, May 2029)")
    assert ("date", "2029-05", "2031-03-03") in kinds(result)
    assert result.verdict is Verdict.VERBATIM
    assert "date" not in {kind for kind, _, _ in kinds(check("“The ferry is not late; your clock is” (March 2031)"))}


def test_a_splice_of_two_speakers_shows_both_places(check: Check) -> None:
    result = check("“Nobody will wait in the rain any more. I did not vote for it, but the terminal works.”")
    assert result.verdict is Verdict.SPLICED, kinds(result)
    assert [one.speaker for one in result.evidence] == ["Brook", "Councillor Tom Reed"]


def test_figures_are_set_beside_the_closest_passage_without_a_ruling(check: Check) -> None:
    result = check("30% of residents are undecided")
    assert result.verdict is Verdict.RELATED, kinds(result)
    (beside,) = kinds(result)
    assert beside[:2] == ("number", "30%")
    assert beside[2].startswith("Twenty-two percent of")
    assert not result.findings[0].bears_meaning


def test_another_speaker_between_the_halves_is_seen(check: Check) -> None:
    assert check("“I did not vote for it,” said Ada Brook, “but the terminal works”").verdict is Verdict.MISATTRIBUTED


def test_a_lead_in_that_the_source_negates_is_no_lead_in(library: Library) -> None:
    text = "“I have not heard that anybody in Wren was paid for the old pier,” said Ada Brook."
    library.add("shared", make_article(text, url=URL), actor="me")
    check = FactChecker(library).check
    turned = check("I have heard that anybody in Wren was paid for the old pier")
    assert turned.verdict is Verdict.ALTERED, kinds(turned)
    assert "negation" in {kind for kind, _, _ in kinds(turned)}
    assert check("Somebody said that anybody in Wren was paid for the old pier").verdict is Verdict.VERBATIM


def test_a_long_quote_without_blanks_is_found_in_a_long_article(library: Library) -> None:
    characters = (
        "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过"
    )
    text = "。".join("".join(random.Random(n).choices(characters, k=40)) for n in range(1_000))
    library.add("shared", make_article(text, url=URL), actor="me")
    assert FactChecker(library).check(text[5_005:6_800]).verdict is Verdict.VERBATIM
