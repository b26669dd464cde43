"""What claims must come to, and that the tools that measure it measure rightly. Only the last tests need real data."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from knowledge import FactChecker, Library
from tests.quality import floors
from tests.quality.cases import Case, add, add_cases, article_called, cases, complaints, invented
from tests.quality.corpus import DATA, HELD_OUT, Half, Known, Size, Stored, held
from tests.quality.measures import Asked, Figures, noisy_quotes, wilson
from tests.quality.misquotes import KINDS, OF_A_KIND, misquotes
from tests.quality.noise import LEVELS
from tests.quality.samples import Sample, positives
from tests.quality.small import small_gate

ROOT = Path(__file__).parents[2]

# --- the labelled cases ---


def as_parameter(case: Case) -> object:
    known = [pytest.mark.xfail(reason=case.reason, strict=True)] if case.known_miss else []
    return pytest.param(case, id=case.name, marks=known)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactChecker]:
    """Checks in the collections of the cases."""
    with Library.open(f"sqlite:///{tmp_path_factory.mktemp('cases') / 'library.db'}") as library:
        add_cases(library, cases())
        yield FactChecker(library)


@pytest.mark.parametrize("case", [as_parameter(case) for case in cases()])
def test_a_claim_is_answered_as_labelled(checker: FactChecker, case: Case) -> None:
    assert complaints(checker, case) == [], case.why


def test_the_cases_are_well_formed() -> None:
    names = [case.name for case in cases()]
    assert len(set(names)) == len(names)
    for case in cases():
        assert case.why, case.name
        assert case.known_miss == bool(case.reason), case.name
        assert case.article is None or article_called(case.article).url, case.name


def test_the_articles_are_nobodys() -> None:
    for key, article in invented().items():
        assert article.url.split("/")[2].endswith("example.org"), key


# --- the small gate ---


def test_the_small_gate_holds(library: Library) -> None:
    figures = small_gate(library)
    pinned = floors.read("small")
    assert {one.measure for one in figures} <= pinned.keys()
    assert floors.broken(pinned, figures) == []


# --- the generator ---


@pytest.fixture
def pool() -> Sequence[Stored]:
    """The invented articles as if they were real ones of both halves, by turns."""
    return [Stored(article, HELD_OUT * number + 1) for number, article in enumerate(invented().values())]


def test_the_same_quotes_are_drawn_every_time(pool: Sequence[Stored]) -> None:
    first, second = (list(positives(pool, Half.TEST, 3)) for _ in range(2))
    assert first == second
    assert [sample.level for sample in first] == [level for level in LEVELS for _ in range(3)]


def test_the_halves_share_no_article(pool: Sequence[Stored]) -> None:
    fitted, tested = ({sample.url for sample in positives(pool, half, 20)} for half in (Half.FIT, Half.TEST))
    assert fitted
    assert tested
    assert not fitted & tested


def test_five_words_in_a_row_are_recognised_and_four_are_not(tmp_path: Path, pool: Sequence[Stored]) -> None:
    known = Known(tmp_path, pool)
    assert known.shares("somebody wrote that A CRANE that does not lift, apparently")
    assert not known.shares("somebody wrote that a crane that does lift, apparently")


def test_a_near_duplicate_counts_as_the_source() -> None:
    sample = Sample("clean", "", "", "The coin shows a ship with three masts.")
    assert sample.is_in("The coin (it weighs 26 grams) shows a ship with three masts. It is silver.") is False
    assert sample.is_in("The coin shows a ship with three masts, he said.")
    assert not sample.is_in("The cow licked it and it shone.")


# --- floors ---


def measured(value: float, share: str = "found", count: int = 1_000) -> list[Figures]:
    return [Figures("quotes", count, {share: value})]


def test_a_value_under_its_floor_is_told() -> None:
    pinned = {"quotes": {"found": 0.95}}
    assert floors.broken(pinned, measured(0.95)) == []
    assert floors.broken(pinned, measured(0.9499)) == ["quotes: found is 94.99, under 95.00"]


def test_a_share_over_its_ceiling_is_told() -> None:
    pinned = {"quotes": {"false": 0.001}}
    assert floors.broken(pinned, measured(0.001, "false")) == []
    assert floors.broken(pinned, measured(0.0012, "false")) == ["quotes: false is 0.12, over 0.10"]


def test_a_measure_without_a_floor_holds_and_can_be_given_one() -> None:
    assert floors.broken({}, measured(0.1)) == []
    assert floors.raised({}, measured(1.0)) == {"quotes": {"found": 0.999}}
    assert floors.lowered({}, measured(1.0)) == {}


def test_raising_keeps_a_margin_and_never_lowers() -> None:
    assert floors.raised({"quotes": {"found": 0.8}}, measured(0.9)) == {"quotes": {"found": 0.8905}}
    assert floors.raised({"quotes": {"found": 0.8}}, measured(0.7)) == {"quotes": {"found": 0.8}}
    assert floors.raised({"quotes": {"false": 0.01}}, measured(0.0, "false")) == {"quotes": {"false": 0.001}}
    assert floors.raised({"quotes": {"false": 0.01}}, measured(0.05, "false")) == {"quotes": {"false": 0.01}}


def test_lowering_sets_only_what_is_broken() -> None:
    pinned = {"quotes": {"found": 0.8, "right": 0.5}, "tweets": {"MAP@5": 0.9}}
    lower = floors.lowered(pinned, [Figures("quotes", 1_000, {"found": 0.7, "right": 0.9})])
    assert lower == {"quotes": {"found": 0.6855, "right": 0.5}, "tweets": {"MAP@5": 0.9}}


def test_sections_of_floors_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    floors.write("full", {"quotes": {"found": 0.9}}, "abc", path)
    floors.write("small", {"quotes": {"found": 0.8}}, "", path)
    assert floors.read("full", path) == {"quotes": {"found": 0.9}}
    assert floors.read("small", path) == {"quotes": {"found": 0.8}}
    assert floors.read("other", path) == {}
    assert floors.read_data(path) == "abc"


def test_the_interval_is_wilsons() -> None:
    assert wilson(5, 100) == pytest.approx((0.0215, 0.1118), abs=0.0001)
    assert wilson(0, 6_000) == pytest.approx((0.0, 0.00064), abs=0.00001)


# --- the full gate ---


def test_the_gate_says_so_where_the_data_is_absent(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.quality.gate", "--work", tmp_path],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "RECEIPTS_DATA": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"There are no real articles in {tmp_path}: name their folder in RECEIPTS_DATA."
    ]


needs_data = pytest.mark.skipif(
    not (DATA / "articles.jsonl.xz").exists(), reason=f"needs the real articles, which are not in {DATA}"
)


@needs_data
def test_a_piece_of_the_full_gate_holds(library: Library) -> None:
    few = held(Size.HUNDRED)[:40]
    add(library, "few", [one.article for one in few])
    questions = [Asked(sample, "few") for sample in positives(few, Half.TEST, 4)]
    figures = noisy_quotes(FactChecker(library), "quotes of few", questions)
    assert figures.count == 4 * len(LEVELS)
    assert figures.shares["shown"] >= 0.9


@needs_data
def test_no_natural_misquote_is_looked_for_where_it_is_from() -> None:
    asked, answering = ({pair.query_from for pair in misquotes()}, {pair.url for pair in misquotes()})
    assert not asked & answering
    assert [sum(pair.kind == kind for pair in misquotes()) for kind in KINDS] == [OF_A_KIND] * len(KINDS)
