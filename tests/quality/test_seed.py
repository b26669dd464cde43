"""The article that the project began with: every sentence and post of it, plain and changed in every way."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import FactCheck, FactChecker, FindingKind, Library, NewArticle, Verdict
from knowledge.dates import PartialDate
from knowledge.ingest import read_articles
from knowledge.text import sentences

SEED = Path(__file__).parents[2].parent / "shared" / "seed"
pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason=f"the first article is not here: {SEED}")

TRUMP = "Jeff Sessions is a disaster who has let us all down"
SESSIONS = "My honor and integrity are far more important than these juvenile insults"
MAY = "Look, I know your anger, but recusal was required by law. I did my duty & you’re damn fortunate I did."


def article() -> NewArticle:
    (found,) = [one for one in read_articles([SEED]) if isinstance(one, NewArticle)]
    return found


def statements() -> list[str]:
    """Its sentences with four words or more, without the addresses and signatures of posts."""
    if not SEED.is_dir():
        return []
    text = article().text
    whole = [text[span.start : span.end] for span in sentences(text)]
    return list(dict.fromkeys(one for one in whole if len(one.split()) > 3 and not one.startswith(("http", "—"))))


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., FactCheck]:
    library = Library.open(f"sqlite:///{tmp_path_factory.mktemp('seed') / 'library.db'}")
    library.add("shared", article(), actor="test")
    return FactChecker(library).check


def kinds(result: FactCheck) -> set[FindingKind]:
    return {finding.kind for finding in result.findings}


def numbered(some: list[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Runs a test with each of some sentences, which its name does not repeat."""
    return pytest.mark.parametrize("sentence", some, ids=[str(number) for number, _ in enumerate(some)])


@numbered(statements())
def test_every_sentence_is_verbatim(check: Callable[..., FactCheck], sentence: str) -> None:
    result = check(sentence)
    assert result.verdict is Verdict.VERBATIM, result.findings
    assert "#:~:text=" in result.evidence[0].link


@numbered([one for one in statements() if re.search(r"\d\d?%| 6 points|Twenty-two", one)])
def test_every_changed_number_is_altered(check: Callable[..., FactCheck], sentence: str) -> None:
    for number in re.findall(r"\d\d?(?=%| points)|Twenty-two", sentence):
        result = check(sentence.replace(number, "58", 1))
        assert result.verdict is Verdict.ALTERED, (number, result.findings)
        assert FindingKind.NUMBER in kinds(result)


@numbered([one for one in statements() if re.search(r"\b(?:don[’']t|does|has|is|did)\b", one)])
def test_every_flipped_negation_is_altered(check: Callable[..., FactCheck], sentence: str) -> None:
    flipped = re.sub(r"don[’']t|does not", "do", sentence, count=1)
    if flipped == sentence:
        flipped = re.sub(r"\b(has|is|did)\b", r"\1 not", sentence, count=1)
    result = check(flipped)
    assert result.verdict is Verdict.ALTERED, (flipped, result.findings)
    assert FindingKind.NEGATION in kinds(result)


@pytest.mark.parametrize(("words", "speaker"), [(TRUMP, "Jeff Sessions"), (SESSIONS, "Trump"), (MAY, "Donald Trump")])
def test_words_in_the_other_mouth_are_misattributed(check: Callable[..., FactCheck], words: str, speaker: str) -> None:
    for claim in (
        f"“{words}” — {speaker}",
        f"{speaker}: “{words}”",
        f"{speaker} said “{words}”",
        f"“{words}” said {speaker}",
    ):
        result = check(claim)
        assert result.verdict is Verdict.MISATTRIBUTED, (claim, result.findings)
    assert check(words, speaker=speaker).verdict is Verdict.MISATTRIBUTED


@pytest.mark.parametrize(
    ("words", "speaker"),
    [(TRUMP, "President Trump"), (TRUMP, "Trump"), (SESSIONS, "Sessions"), (SESSIONS, "@jeffsessions"),
     (MAY, "former Attorney General Sessions"), (MAY, "Jeff Sessions")],
)  # fmt: skip
def test_words_in_the_right_mouth_are_not(check: Callable[..., FactCheck], words: str, speaker: str) -> None:
    assert check(f"“{words}” — {speaker}").verdict is Verdict.VERBATIM


@pytest.mark.parametrize("claim", [f"“{TRUMP}. {SESSIONS}.”", f"“{SESSIONS}. {TRUMP}.”", f"“{TRUMP} … {SESSIONS}”"])
def test_a_quote_put_together_from_both_is_spliced_and_shows_both_places(
    check: Callable[..., FactCheck], claim: str
) -> None:
    result = check(claim)
    assert result.verdict is Verdict.SPLICED, result.findings
    assert len(result.evidence) == 2
    assert {one.speaker.split()[-1] for one in result.evidence if one.speaker} == {"Trump", "Sessions"}


def test_a_marked_elision_is_verbatim_and_told(check: Callable[..., FactCheck]) -> None:
    result = check("“I’ve taken the road less travelled … these juvenile insults”")
    assert result.verdict is Verdict.VERBATIM, result.findings
    assert any(finding.kind is FindingKind.ELISION and finding.warns for finding in result.findings)


@pytest.mark.parametrize(("words", "day"), [(SESSIONS, PartialDate(2020, 7, 11)), (MAY, PartialDate(2020, 5, 23))])
def test_both_posts_carry_their_own_dates(check: Callable[..., FactCheck], words: str, day: PartialDate) -> None:
    best = check(words).evidence[0]
    assert best.said_on == day
    assert best.speaker == "Jeff Sessions"
    other = [one for one in check(f"“{words}” — Jeff Sessions, March 3, 2019").findings if one.kind is FindingKind.DATE]
    assert [(one.claimed, one.source) for one in other] == [("2019-03-03", str(day))]
