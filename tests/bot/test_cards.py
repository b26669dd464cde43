"""The card says what was found in plain words, fits into Discord whatever the text, and cannot be tricked by it."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import Card, busy_card, card_of, error_card
from bot.harness import rules
from bot.harness.components import links, texts
from bot.layout import asked_by, claim_files, layout
from bot.messages import unmarked
from knowledge.checker import FactCheck, Reports
from knowledge.claims import Claim
from knowledge.dates import PartialDate
from knowledge.errors import ClaimError, ClaimProblem, LibraryFull
from knowledge.evidence import Evidence
from knowledge.models import Article, Label, PassageField, Review
from knowledge.text import Span
from knowledge.verdicts import Finding, FindingKind, Verdict

PASSAGE = "The poll shows that 47% of Republican voters favor Tuberville, a former coach."
QUOTE = "47% of Republican voters favor Tuberville"
NUMBER = Finding(FindingKind.NUMBER, "57%", "47%", bears_meaning=True, span=Span(1020, 1023))


def make_article(**overrides: Any) -> Article:
    fields = {
        "id": 1,
        "collection_id": 1,
        "url": "https://example.org/poll",
        "title": "A poll",
        "publisher": "The Example",
        "published_on": date(2020, 7, 12),
    }
    return Article(**{**fields, **overrides})


def make_evidence(passage: str = PASSAGE, quote: str = QUOTE, **overrides: Any) -> Evidence:
    start = passage.index(quote)
    evidence = Evidence(
        article=make_article(),
        verdict=Verdict.VERBATIM,
        score=99.0,
        field=PassageField.TEXT,
        passage=passage,
        passage_span=Span(1000, 1000 + len(passage)),
        context=passage,
        spans=(Span(1000 + start, 1000 + start + len(quote)),),
        speaker="Donald Trump",
        said_on=PartialDate(2020, 7, 11),
        findings=(),
        link="https://example.org/poll#:~:text=47%25",
    )
    return replace(evidence, **overrides)


def make_check(
    *evidence: Evidence,
    verdict: Verdict | None = None,
    claim: str = QUOTE,
    speaker: str | None = None,
    **overrides: Any,
) -> FactCheck:
    best = evidence[0] if evidence else None
    check = FactCheck(
        claim=Claim(claim, speaker=speaker),
        verdict=verdict or (best.verdict if best else Verdict.NOT_FOUND),
        score=99.0,
        searched=27452,
        elapsed_ms=3.0,
        findings=best.findings if best else (),
        evidence=evidence,
    )
    return replace(check, **overrides)


def components(card: Card) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = layout(card).to_components()  # type: ignore[no-untyped-call]
    return found


def problems(card: Card) -> list[str]:
    """Why Discord would refuse the card."""
    message = {"components": components(card), "flags": rules.IS_COMPONENTS_V2, "allowed_mentions": {"parse": []}}
    return rules.message_problems(message, files=[file.filename for file in claim_files(asked_by(card))]).lines


def shown(card: Card) -> str:
    return "\n".join(texts(components(card)))


def test_a_verbatim_quote_is_bold_in_its_passage_with_everything_about_its_source() -> None:
    text = shown(card_of(make_check(make_evidence())))

    assert text.startswith("### ≡ Verbatim: the source has these words in this order\n")
    assert f"> The poll shows that **{QUOTE}**, a former coach." in text
    assert "**Said by:** Donald Trump, on 2020-07-11" in text
    assert "**Published:** 2020-07-12, The Example, “A poll”" in text


def test_the_button_leads_to_the_passage() -> None:
    assert links(components(card_of(make_check(make_evidence())))) == ["https://example.org/poll#:~:text=47%25"]


def test_an_altered_number_is_named_in_the_first_line_and_struck_out_in_the_passage() -> None:
    evidence = make_evidence(verdict=Verdict.ALTERED, findings=(NUMBER,))

    text = shown(card_of(make_check(evidence)))

    assert text.startswith("### ≠ Altered: the source says 47%, not 57%\n")
    assert "> The poll shows that **~~57%~~ __47%__ of Republican voters favor Tuberville**, a former coach." in text
    assert "**Number:**" not in text


def test_what_the_claim_adds_and_leaves_out_is_marked_where_it_would_stand() -> None:
    start = 1000 + PASSAGE.index(QUOTE)
    added = Finding(FindingKind.NEGATION, "not", "", bears_meaning=True, span=Span(start + 3, start + 3))
    omitted = Finding(FindingKind.OMITTED, "", "Republican", span=Span(start + 7, start + 17))

    text = shown(card_of(make_check(make_evidence(verdict=Verdict.ALTERED, findings=(omitted, added)))))

    assert "**47% ~~not~~ of __Republican__ voters favor Tuberville**" in text
    assert "**Left out:** the claim leaves out “Republican”" in text


def test_a_difference_that_the_headline_has_no_room_for_is_among_the_differences() -> None:
    number = replace(NUMBER, source=" ".join(["47%", *["and more"] * 20]))

    text = shown(card_of(make_check(make_evidence(verdict=Verdict.ALTERED, findings=(number,)))))

    assert "**Number:** “57%” for the source’s “47% and more" in text


@pytest.mark.parametrize(
    ("finding", "headline"),
    [
        (Finding(FindingKind.NEGATION, "", "not", bears_meaning=True), "the claim leaves out “not”"),
        (Finding(FindingKind.NEGATION, "never", "", bears_meaning=True), "the claim adds “never”"),
        (Finding(FindingKind.ANTONYM, "rise", "fall", bears_meaning=True), "the source says “fall”, not “rise”"),
        (Finding(FindingKind.NAME, "Biden", "Trump", bears_meaning=True), "the source says “Trump”, not “Biden”"),
    ],
)
def test_every_alteration_is_one_plain_sentence(finding: Finding, headline: str) -> None:
    evidence = make_evidence(verdict=Verdict.ALTERED, findings=(Finding(FindingKind.TYPO, "teh", "the"), finding))

    assert card_of(make_check(evidence)).headline == headline


def test_a_misattributed_quote_names_both_speakers() -> None:
    finding = Finding(FindingKind.SPEAKER, "Joe Biden", "Donald Trump")
    evidence = make_evidence(verdict=Verdict.MISATTRIBUTED, findings=(finding,))

    assert card_of(make_check(evidence)).headline == ("the source gives these words to Donald Trump, not to Joe Biden")


def test_a_gap_that_hides_something_is_a_warning() -> None:
    finding = Finding(FindingKind.ELISION, "…", "but not now", warns=True)

    text = shown(card_of(make_check(make_evidence(findings=(finding,)))))

    assert "**⚠ Marked gap:** 3 words left out there: “but not now”" in text


def test_not_found_says_how_much_was_searched_and_that_this_does_not_make_it_false() -> None:
    text = shown(card_of(make_check(claim="Scientists found water ice on Mars")))

    assert text.startswith("### ∅ Not found: nothing like it in the 27,452 articles searched\n")
    assert "This does not make it false" in text
    assert "Scientists found water ice on Mars" in text


def test_an_empty_collection_is_not_taken_for_a_search() -> None:
    assert card_of(make_check(searched=0)).headline == "there are no articles to search here yet"


def test_a_related_passage_is_the_closest_and_settles_nothing() -> None:
    text = shown(card_of(make_check(make_evidence(verdict=Verdict.RELATED, findings=(NUMBER,)))))

    assert text.startswith("### ∼ Related: the closest passage gives 47%, in other words\n")
    assert "does not settle the claim either way" in text
    assert "**Closest passage**" in text


def test_both_places_of_a_splice_are_shown() -> None:
    first = make_evidence(verdict=Verdict.SPLICED)
    second = make_evidence("She said that the vote was close.", "the vote was close", verdict=Verdict.SPLICED)

    text = shown(card_of(make_check(first, second)))

    assert f"**{QUOTE}**" in text
    assert "**the vote was close**" in text


def test_a_related_passage_has_no_quoted_words() -> None:
    assert "**47%" not in shown(card_of(make_check(make_evidence(verdict=Verdict.RELATED))))


def test_a_claimed_speaker_whom_the_source_does_not_name_is_left_open() -> None:
    check = make_check(make_evidence(speaker=None))

    assert "**Said on:** 2020-07-11" in shown(card_of(check))
    asked_for_ada = replace(check, claim=Claim(QUOTE, speaker="Ada Quill"))
    assert "**Speaker:** not clear from this passage; said on 2020-07-11" in shown(card_of(asked_for_ada))


def test_two_ways_to_write_one_speaker_are_one_speaker() -> None:
    places = (make_evidence(verdict=Verdict.SPLICED), make_evidence(verdict=Verdict.SPLICED, speaker="Trump"))

    assert "**Said by:** Donald Trump, on 2020-07-11\n" in shown(card_of(make_check(*places)))


def test_two_speakers_of_a_splice_are_both_named() -> None:
    places = (make_evidence(verdict=Verdict.SPLICED), make_evidence(verdict=Verdict.SPLICED, speaker="Ada Quill"))

    assert "**Said by:** Donald Trump; Ada Quill\n" in shown(card_of(make_check(*places)))


def test_a_speaker_whom_the_claim_does_not_name_itself_is_shown_beside_it() -> None:
    beside = shown(card_of(make_check(make_evidence(), speaker="Ada Quill")))
    inside = shown(card_of(make_check(make_evidence(), claim=f"Ada Quill: {QUOTE}", speaker="Ada Quill")))

    assert "-# Said to be by: Ada Quill" in beside
    assert "Said to be by" not in inside


@pytest.mark.parametrize("url", ["http://[::1", "\x00\u202eevil", ""])
def test_an_address_that_is_none_does_no_harm(url: str) -> None:
    text = shown(card_of(make_check(make_evidence(article=make_article(url=url, publisher="")))))

    assert "“A poll”" in text
    assert not set(text) & set("\x00\u202e")


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        (Reports(4, 3, date(2020, 7, 1)), "**Also in:** 3 other articles, first on 2020-07-01"),
        (Reports(2, 2, date(2020, 7, 12)), "**Also in:** 1 other article; this one is the earliest"),
        (Reports(3, 3, None), "**Also in:** 2 other articles"),
    ],
)
def test_other_articles_are_counted_and_the_first_of_them_is_dated(reports: Reports, words: str) -> None:
    assert words in shown(card_of(make_check(make_evidence(), reports=reports)))


def test_an_article_that_is_alone_has_no_others() -> None:
    assert "Also in" not in shown(card_of(make_check(make_evidence(), reports=Reports(1, 1, date(2020, 7, 12)))))


def test_several_quotes_get_a_line_each_and_the_worst_comes_first() -> None:
    good = make_check(make_evidence(), claim="“quote one”")
    bad = make_check(make_evidence(verdict=Verdict.ALTERED, findings=(NUMBER,)), claim="quote two")
    none = make_check(claim="quote three")

    card = card_of(make_check(verdict=Verdict.ALTERED, parts=(good, none, bad), findings=(NUMBER,)))

    assert card.parts == (
        "≠ Altered: “quote two”: the source says 47%, not 57%",
        "∅ Not found: “quote three”: nothing like it in the 27,452 articles searched",
        "≡ Verbatim: “quote one”: the source has these words in this order",
    )
    assert "**~~57%~~ __47%__ of Republican voters favor Tuberville**" in shown(card)


def test_of_two_quotes_the_one_that_is_found_is_shown_where_the_other_is_not() -> None:
    found = make_check(make_evidence(), claim="“quote one”")
    missing = make_check(claim="“quote two”")

    card = card_of(make_check(parts=(found, missing)))

    assert card.headline == "nothing like 1 of the 2 quotes in the 27,452 articles searched"
    assert card.passage_label == "In the source, for the first quote found"
    assert "**47% of Republican voters favor Tuberville**" in shown(card)
    assert card.link is not None


def test_of_quotes_that_are_all_missing_none_is_counted() -> None:
    missing = make_check(claim="“quote two”")

    card = card_of(make_check(parts=(missing, missing)))

    assert card.headline == "nothing like it in the 27,452 articles searched"


def test_more_quotes_and_differences_than_fit_are_counted() -> None:
    findings = tuple(Finding(FindingKind.TYPO, f"wrod {n}", f"word {n}") for n in range(100))
    parts = tuple(make_check(claim=f"quote {n} {'with words ' * 20}") for n in range(100))

    text = shown(card_of(make_check(make_evidence(), findings=findings, parts=parts)))

    assert len(re.findall(r"\n-# and \d\d more", text)) == 2


def test_a_card_with_too_much_of_everything_fits() -> None:
    words = "many-_words* " * 500
    findings = (Finding(FindingKind.NUMBER, words, words, bears_meaning=True, warns=True),) * 50
    article = make_article(title=words, publisher=words)
    evidence = make_evidence(words, words, verdict=Verdict.SPLICED, findings=findings, speaker=words, article=article)
    parts = (make_check(claim=words),) * 50

    for verdict in Verdict:
        check = make_check(*[replace(evidence, verdict=verdict)] * 5, claim=words, searched=10**12, parts=parts)
        assert problems(card_of(check)) == []


def test_a_long_passage_is_cut_around_the_quoted_words() -> None:
    passage = f"{'Before that there was much else. ' * 200}{QUOTE}{' And after it even more was said.' * 200}"

    text = shown(card_of(make_check(make_evidence(passage))))

    assert re.search(r"> … .*was much else\. \*\*47% of Republican voters favor Tuberville\*\* And after .* …\n", text)


def test_quoted_words_far_apart_both_stay() -> None:
    passage = f"The first words came early. {'Filler words stand here. ' * 300}And the last words came late."
    spans = (Span(1000, 1015), Span(1000 + len(passage) - 26, 1000 + len(passage) - 1))

    text = shown(card_of(make_check(make_evidence(passage, "The first words", spans=spans))))

    assert "**The first words**" in text
    assert "**the last words came late**" in text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://",
        "https://user:password@example.org/",
        "https://exam ple.org/",
        "https://example.org\\@evil.example/",
        "http://[::1",
        "not a link",
        "",
    ],
)
def test_what_is_no_web_address_gets_no_button(url: str) -> None:
    evidence = make_evidence(link=url, article=make_article(url=url))

    assert links(components(card_of(make_check(evidence)))) == []


def test_a_link_too_long_for_a_button_gives_way_to_the_article() -> None:
    evidence = make_evidence(link=f"https://example.org/poll#:~:text={'a' * 600}")

    assert links(components(card_of(make_check(evidence)))) == ["https://example.org/poll"]


def test_an_address_in_another_script_is_written_in_ascii() -> None:
    evidence = make_evidence(link="https://münchen.example/größe?q=ä ö#:~:text=ü")

    assert links(components(card_of(make_check(evidence)))) == [
        "https://xn--mnchen-3ya.example/gr%C3%B6%C3%9Fe?q=%C3%A4%20%C3%B6#:~:text=%C3%BC"
    ]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ClaimError(ClaimProblem.EMPTY, 0), "there are no words to check"),
        (ClaimError(ClaimProblem.TOO_SHORT, 2), "that is too short to look for"),
        (ClaimError(ClaimProblem.TOO_LONG, 10_000), "that is too long to check at once"),
    ],
)
def test_a_claim_that_cannot_be_checked_is_told_why(error: ClaimError, words: str) -> None:
    text = shown(error_card(error, "0badcafe"))

    assert words in text
    assert "0badcafe" not in text


@pytest.mark.parametrize("error", [LibraryFull("disk full at /srv/x"), RuntimeError("secret inner workings")])
def test_any_other_failure_is_one_apology_with_a_reference(error: Exception) -> None:
    text = shown(error_card(error, "0badcafe"))

    assert "sorry" in text
    assert "0badcafe" in text
    assert str(error) not in text


def test_no_card_rules_that_a_claim_is_true_or_false() -> None:
    cards = [card_of(make_check(make_evidence(), verdict=verdict)) for verdict in Verdict] + [busy_card()]

    for card in cards:
        words = shown(card).replace("This does not make it false", "").lower()
        assert not re.search(r"\b(true|false|lie|fake|wrong|correct)\b", words)


HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "@everyone",
                "@here",
                "<@123456789012345678>",
                "<@&123456789012345678>",
                "<#123456789012345678>",
                "<:a:123456789012345678>",
                "<t:1594468800:R>",
                "</check:123456789012345678>",
                "[click](https://evil.example)",
                "https://evil.example/",
                "<https://evil.example/>",
                "\n# heading",
                "\n-# small",
                "\n> quote",
                "\n>>> quote",
                "\n- item",
                "\n1. item",
                "```block```",
                "||spoiler||",
                "**",
                "__",
                "~~",
                "`",
                "\\",
                "\u202e",
                "\u200b",
                "\u2066",
                "\u2028",
                "\x00\x1b[31m",
                "\ud800",
                "\U000e0041",
                "👩‍👩‍👧",
                "می‌خواهم",
                "word " * 300,
                "x" * 3000,
                "*" * 3000,
                "𝒳" * 2000,
            ]
        ),
    ),
    max_size=6,
).map("".join)


@st.composite
def fact_checks(draw: st.DrawFn, depth: int = 1) -> FactCheck:
    passage = draw(HOSTILE)
    places = st.integers(min_value=-5, max_value=len(passage) + 5)
    spans = st.tuples(places, places).map(lambda span: Span(1000 + min(span), 1000 + max(span)))
    findings = tuple(
        draw(
            st.lists(
                st.builds(
                    Finding,
                    st.sampled_from(FindingKind),
                    HOSTILE,
                    HOSTILE,
                    st.booleans(),
                    st.booleans(),
                    spans | st.none(),
                ),
                max_size=4,
            )
        )
    )
    verdict = draw(st.sampled_from(Verdict))
    evidence = st.builds(
        Evidence,
        article=st.builds(
            make_article,
            url=HOSTILE | st.just("https://example.org/"),
            title=HOSTILE,
            publisher=HOSTILE,
            published_on=st.none() | st.dates(),
        ),
        verdict=st.just(verdict),
        score=st.just(50.0),
        field=st.sampled_from(PassageField),
        passage=st.just(passage),
        passage_span=st.just(Span(1000, 1000 + len(passage))),
        context=st.just(passage),
        spans=st.lists(spans, max_size=5).map(tuple),
        speaker=st.none() | HOSTILE,
        said_on=st.none() | st.dates().map(PartialDate.of),
        findings=st.just(findings),
        link=st.just("https://example.org/#:~:text=x") | HOSTILE.map("https://example.org/{}".format),
    )
    return FactCheck(
        claim=Claim(draw(HOSTILE), tuple(draw(st.lists(HOSTILE, max_size=3)))),
        verdict=verdict,
        score=50.0,
        searched=draw(st.integers(min_value=0, max_value=10**9)),
        elapsed_ms=1.0,
        findings=findings,
        evidence=tuple(draw(st.lists(evidence, max_size=3))),
        parts=tuple(draw(st.lists(fact_checks(depth=0), max_size=3))) if depth else (),
    )


MENTION = re.compile(r"@(?:everyone|here)|<(?:@[!&]?|#|a?:\w+:|t:|/|id:)", re.IGNORECASE)


def is_well_marked(line: str) -> bool:
    """Whether a line has no markup but what the card itself sets: bold, and edits within it."""
    bare = re.sub(r"\\.", "", line)
    open_marks: list[str] = []
    for mark in re.findall(r"\*\*|~~|__", bare):
        if open_marks[-1:] == [mark]:
            open_marks.pop()
        else:
            open_marks.append(mark)
    return not open_marks and not re.search(r"[*~_\[\]<`|]|://", re.sub(r"\*\*|~~|__", "", bare))


# Hostile texts are long on purpose; how long a busy machine takes over one of them says nothing.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_checks())
def test_every_card_fits_and_cannot_mention_link_or_break_out(fact_check: FactCheck) -> None:
    card = card_of(fact_check)

    assert problems(card) == []
    for text in texts(components(card)):
        text.encode()
        assert not MENTION.search(text.replace("\\<", ""))
        assert not any(character in text for character in "\u202e\u2066\x00\x1b\u2028")
        for line in text.split("\n"):
            bare = re.sub(r"^(?:### \S |> |-# )", "", line)
            assert not re.match(r"(?:#{1,3}|-#|>|>>>|[-+*]|\d+[.)]) ", bare)
            assert is_well_marked(line)


@given(st.text(max_size=300).filter(str.strip), st.data())
def test_the_words_of_a_passage_survive_being_escaped(passage: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(min_value=0, max_value=len(passage)))
    evidence = make_evidence(passage, "", spans=(Span(1000 + start, 1000 + len(passage)),))
    card = card_of(make_check(evidence))
    if not card.passages[0]:  # nothing but controls
        return

    displayed = next(text for text in texts(components(card)) if text.startswith("**In the source**"))

    plain = "".join(piece.text for piece in card.passages[0])
    assert "".join(unmarked(displayed).removeprefix("In the source\n> ").replace("\u200b", "").split()) == "".join(
        plain.split()
    )


@given(HOSTILE)
def test_a_card_is_plain_text_on_one_line(text: str) -> None:
    card = card_of(make_check(claim=text))

    assert card.claim == card.claim.strip()
    assert card.claim.isprintable() or not set(card.claim) & set("\n\r\t\x00\x1b\u202e\u200b")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        (Label.SATIRE, "satire, say this server’s moderators"),
        (Label.RETRACTED, "retracted by its publisher, say this server’s moderators"),
        (Label.NONE, None),
    ],
)
def test_a_label_is_shown_in_the_moderators_name(label: Label, shown: str | None) -> None:
    card = card_of(make_check(make_evidence(article=make_article(label=label))))

    assert [note.text for note in card.notes if note.label == "Label" and note.warns] == ([shown] if shown else [])


def test_a_review_is_shown_as_the_reviewers() -> None:
    review = Review("Taxes rose", "Bram Tessaro", date(2031, 5, 1), "Mostly false", "The Checkers")
    card = card_of(make_check(make_evidence(article=make_article(review=review.as_json()))))

    assert dict(card.facts)["Claimed by"] == "Bram Tessaro, 2031-05-01"
    assert dict(card.facts)["The Checkers rates this claim"] == "Mostly false"
    assert dict(card.facts)["Published"] == "2020-07-12, The Example, “A poll”"
    assert "false" not in card.title.lower()


def test_words_that_the_page_has_no_longer_are_shown_with_the_days() -> None:
    gone = make_evidence(version=1, fetched_on=date(2031, 5, 9), changed_on=date(2031, 5, 10))

    card = card_of(make_check(gone))

    assert "**⚠ Today’s page:** removed or changed since 2031-05-09: not there on 2031-05-10" in shown(card)
    assert problems(card) == []


def test_an_archived_copy_is_linked_where_the_server_has_it_so() -> None:
    seen = make_evidence(article=make_article(url="https://example.org/poll?a=1#claimreview-1"))
    dated = replace(seen, fetched_on=date(2031, 5, 9))

    assert links(components(card_of(make_check(dated))))[1:] == []
    for evidence, day in ((dated, "20310509"), (seen, "20200712")):
        card = card_of(make_check(evidence, links_archive=True))
        assert links(components(card))[1:] == [f"https://web.archive.org/web/{day}/https://example.org/poll?a=1"]
        assert problems(card) == []
    pasted = make_evidence(article=make_article(url="urn:note:1"))
    assert card_of(make_check(pasted, links_archive=True)).archived is None
