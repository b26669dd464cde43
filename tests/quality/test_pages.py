"""The measure of pages measures rightly, and its floors hold where the saved pages are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quality import floors
from tests.quality.pages import PAGES, SECTION, f1, figures, read_all, tokens

ROOT = Path(__file__).parents[2]


def test_f1_is_of_runs_of_four_words() -> None:
    assert f1("One two three four five.", "one, two, three, four, five") == 1.0
    assert f1("one two three four", "one two three four five") == pytest.approx(2 / 3)
    assert f1("five four three two one", "one two three four five") == 0.0
    assert f1("", "one") == f1("one", "") == 0.0
    assert f1("two words", "Two words") == 1.0


def test_a_repeated_run_counts_as_often_as_it_occurs() -> None:
    assert f1("a b c d a b c d", "a b c d") == pytest.approx(2 * 1 / (5 + 1))


def test_a_character_is_a_word_where_words_have_no_blanks() -> None:
    assert tokens("震度５弱 of 5") == ["震", "度", "5", "弱", "of", "5"]


def test_the_measure_says_so_where_the_pages_are_absent(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.quality.pages"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "RECEIPTS_DATA": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"There are no saved pages in {tmp_path}")


@pytest.mark.skipif(not (PAGES / "gold.jsonl").exists(), reason=f"needs the saved pages, which are not in {PAGES}")
def test_the_floors_of_pages_hold() -> None:
    assert floors.broken(floors.read(SECTION), figures(read_all())) == []
