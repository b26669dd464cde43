"""The benchmark itself, small: real engines in their own processes over the bundled articles. Nothing is timed."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from knowledge.ingest import Refusal, read_articles
from tests.benchmarks import report
from tests.benchmarks.engines import Document, Engine, Fts5, Hit, Rapidfuzz, Receipts, ReceiptsCandidates, Text
from tests.benchmarks.figures import Figures, Outcome
from tests.benchmarks.material import PRUNING, Material, cut, passages_of, question, text_of
from tests.benchmarks.trial import Trial
from tests.benchmarks.worker import DidNotFinish, EngineFailed, Worker
from tests.quality.samples import Sample

ROOT = Path(__file__).parents[2]
SAID = "A town that locks its reading room has given up on its children."
ASKED = "a town that locks the reading room has given up on its children"
ALWAYS_HERE: tuple[type[Engine], ...] = (Receipts, ReceiptsCandidates, Fts5, Rapidfuzz)


class Absent(Rapidfuzz):
    """An engine whose package nobody has."""

    name = "absent"
    needs: ClassVar[tuple[str, ...]] = ("a_package_that_nobody_has",)


class Broken(Rapidfuzz):
    """An engine that cannot build."""

    name = index = "broken"

    def build(self, documents: Sequence[Document]) -> None:
        raise OSError("no room")


class Endless(Rapidfuzz):
    """An engine that never answers."""

    name = "endless"

    def search(self, query: Text) -> Sequence[Hit]:
        while True:
            pass


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    articles = read_articles([ROOT / "bot" / "demo" / "articles"])
    return [cut(article) for article in articles if not isinstance(article, Refusal)]


@pytest.fixture(scope="module")
def outcome(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One trial over all but the last of the articles, which is added."""
    quote = question(Sample("clean", ASKED, documents[0].url, SAID))
    other = question(Sample("clean", "scientists found water ice under the dust of a distant moon"))
    material = Material(documents[:-1], [quote, other, quote], documents[-1:])
    with Trial((*ALWAYS_HERE, Absent, Broken), material, tmp_path_factory.mktemp("trial"), pause=0) as trial:
        trial.run()
        return trial.outcome


@pytest.mark.parametrize("engine", ALWAYS_HERE, ids=lambda engine: engine.name)
def test_each_engine_finds_its_own_sentence(engine: type[Engine], outcome: Outcome) -> None:
    (figures,) = (figures for figures in outcome.figures if figures.engine == engine.name)
    assert figures.ranks == [0, 0]
    assert figures.queries == 3
    assert not figures.remarks, "an added article is found too"
    assert None not in (figures.build_s, figures.disk_mb, figures.memory_mb, figures.add_ms, figures.cold_start_s)


def test_the_table_has_a_row_for_every_engine_and_says_why_one_is_empty(outcome: Outcome) -> None:
    lines = report.markdown([outcome]).splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len({len(row) for row in rows}) == 1, "the columns line up"
    assert [row.split(" | ")[0].strip("| ") for row in rows] == [
        "engine", *(engine.name for engine in ALWAYS_HERE), "absent", "broken",
    ]  # fmt: skip
    assert "not installed" in rows[-2]
    assert "failed" in rows[-1]
    assert "- broken: failed: OSError: no room" in lines


def test_the_json_has_the_figures(outcome: Outcome) -> None:
    (size,) = json.loads(report.as_json([outcome]))["sizes"]
    assert [engine["engine"] for engine in size["engines"]] == [figures.engine for figures in outcome.figures]
    assert size["engines"][0]["recall_at_1"] == 1.0
    assert size["engines"][-1]["p95_ms"] is None
    assert (size["passages"], size["quotes"], size["others"]) == (outcome.passages, 2, 1)


def test_the_report_is_written_even_where_little_was_measured(outcome: Outcome, tmp_path: Path) -> None:
    interrupted = Outcome(1_000, 30, 1, 1, (Figures("an engine", 1_000),))
    report.write([outcome, interrupted], tmp_path / "report")
    written = sorted(path.name for path in (tmp_path / "report").iterdir())
    assert written[:2] == ["benchmark.json", "benchmark.md"]
    assert written[2:] == (["benchmark.png"] if find_spec("matplotlib") else [])
    assert "| an engine" in (tmp_path / "report" / "benchmark.md").read_text(encoding="utf-8")


def test_the_passages_are_those_of_the_library(documents: list[Document], tmp_path: Path) -> None:
    text = replace(documents[0], passages=documents[0].passages[1:])
    with Worker(Receipts, tmp_path, PRUNING) as worker, pytest.raises(EngineFailed, match="passages where the others"):
        worker.build([text])


def test_an_engine_that_does_not_finish_is_ended(documents: list[Document], tmp_path: Path) -> None:
    with Worker(Endless, tmp_path, PRUNING) as worker:
        worker.build(documents)
        with pytest.raises(DidNotFinish):
            worker.search(text_of(ASKED), 0.2)
        with pytest.raises(EngineFailed):
            worker.search(text_of(ASKED), 0.2)


def test_an_engine_that_used_up_its_time_is_asked_no_more(documents: list[Document], tmp_path: Path) -> None:
    quote = question(Sample("clean", ASKED, documents[0].url, SAID))
    with Trial([Fts5], Material(documents, [quote] * 3, documents[:1]), tmp_path, allowance=0, pause=0) as trial:
        trial.run()
    (figures,) = trial.outcome.figures
    assert figures.queries == 1
    assert figures.remarks == ["queries answered: 1; its 0 s were used up"]


def test_pruning_keeps_the_rarest_terms_however_common(documents: list[Document]) -> None:
    common = dict.fromkeys("abcdef", 900)
    assert PRUNING.kept({**common, "rare": 3}, 1000) == ["rare", *"abcdef"], "20,000 passages are rare enough"
    assert replace(PRUNING, common_count=0).kept({**common, "rare": 3}, 1000) == ["rare", *"abc"]


def test_titles_and_sentences_are_passages(documents: list[Document]) -> None:
    title, first, *_ = passages_of(documents)
    assert title == "Council keeps the Mill Street library open, for now"
    assert first.startswith("The town council of Alder Falls voted")


def test_labels_that_would_overlap_move_apart() -> None:
    places = report.labels_apart([0.1, 0.5, 0.5, 0.51])
    assert places[0] == 0.1
    assert all(after - before > 0.05 for before, after in pairwise(places))


def test_the_lock_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "requirements-bench.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    packages = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-z0-9].*==.* \\\\?\n    --hash=sha256:", text, re.MULTILINE)) > 20
