"""The outcomes as a table for people, as JSON for programs, and as a picture."""

import json
import math
import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.engines import WANTED, Engine, Receipts, ReceiptsCandidates, Tantivy, TantivyPruned
from tests.benchmarks.figures import Figures, Outcome
from tests.benchmarks.material import HALF, KEPT_BACK
from tests.quality.samples import SEED

NOTES = f"""\
- Every engine has the same passages (titles and sentences of real articles) and the same words: the terms that our own
  index keeps. Only the whole check and our own import begin with the text as it was printed.
- Queries are noisy quotes of what is indexed, as many at every level of noise, and as many of articles that are not
  indexed (seed {SEED[HALF]}). Times are of all of them; recall is of the former: the right passage or a near-duplicate
  is first (R@1) or among {WANTED} (R@{WANTED}). A whole check shows five articles at most.
- One engine works at a time, each in a process of its own; every query goes to all of them in turn, in an order drawn
  anew, with a pause between. Times are taken inside the process, around the query alone.
- Build and add: Receipts also cuts the articles into passages and words and stores them; the others are handed the
  words. Of bm25s, numba's compiling is part of build and start.
- Disk: Receipts holds the articles too, pg_trgm and rapidfuzz the words, the rest the index alone.
- RAM: resident beyond a Python process that does nothing, after the queries, mapped files included. Of pg_trgm it is
  the client's alone, for the server's is shared.
- Add: one article, until a search sees it, the median of {KEPT_BACK}; bm25s has to build anew.
- Start: from starting a process to its first answer, less what a process takes that does nothing; files are cached.
- rapidfuzz: its partial ratio is 100 for a passage of one word that the query has, and those come first.
- pg_trgm: GIN index, passages with a word similarity of at least 0.5, never a scan of the whole table.
- An engine is asked no more when its queries took the allowance in all; its row says on how many its figures rest.
"""


def write(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write `benchmark.md`, `benchmark.json` and, where matplotlib is installed, `benchmark.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmark.md").write_text(markdown(outcomes), encoding="utf-8")
    (folder / "benchmark.json").write_text(as_json(outcomes), encoding="utf-8")
    if find_spec("matplotlib"):
        draw(outcomes, folder / "benchmark.png")


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Every size with its table, then how it was measured."""
    return "\n".join(["# Benchmark\n", f"{_versions()}.\n", *map(section, outcomes), "## How it was measured\n", NOTES])


def section(outcome: Outcome) -> str:
    """One size: its heading, its table, and what has to be said about single rows."""
    lines = [
        f"## {outcome.passages:,} passages of {outcome.articles:,} articles\n",
        f"{outcome.quotes} noisy quotes of them and {outcome.others} of other articles. {_load(outcome)}\n",
        *_aligned([[name for name, _ in _COLUMNS], *map(_row, outcome.figures)]),
        "",
        *(f"- {figures.engine}: {remark}" for figures in outcome.figures for remark in figures.remarks),
        *(f"- {ratio}" for ratio in _ratios(outcome)),
        "",
    ]
    return "\n".join(lines)


def as_json(outcomes: Sequence[Outcome]) -> str:
    """All figures; null where there is none."""
    return json.dumps(
        {"versions": _versions(), "seed": SEED[HALF], "sizes": [_size(outcome) for outcome in outcomes]}, indent=1
    )


# --- the table ---


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _brief(value: float | None) -> str:
    """A number with about three digits that count."""
    return _number(value, 0 if value is None or value >= 100 else 1 if value >= 10 else 2)


def _percent(value: float | None) -> str:
    return _number(None if value is None else value * 100)


_COLUMNS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("engine", lambda figures: figures.engine),
    ("R@1 %", lambda figures: _percent(figures.recall(1))),
    (f"R@{WANTED} %", lambda figures: _percent(figures.recall(WANTED))),
    ("p50 ms", lambda figures: _brief(figures.within(0.5))),
    ("p95 ms", lambda figures: _brief(figures.within(0.95))),
    ("p99 ms", lambda figures: _brief(figures.within(0.99))),
    ("build s", lambda figures: _brief(figures.build_s)),
    ("passages/s", lambda figures: _number(figures.passages_a_second, 0)),
    ("disk MB", lambda figures: _brief(figures.disk_mb)),
    ("RAM MB", lambda figures: _brief(figures.memory_mb)),
    ("add ms", lambda figures: _brief(figures.add_ms)),
    ("start s", lambda figures: _brief(figures.cold_start_s)),
)


def _row(figures: Figures) -> list[str]:
    cells = [cell(figures) for _, cell in _COLUMNS]
    return [cells[0], figures.status, *["–"] * (len(cells) - 2)] if figures.status else cells


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table whose columns line up: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = [
        "| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in rows
    ]
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:]), ""])
    return [head, rule, *body]


def _load(outcome: Outcome) -> str:
    """Whether somebody else was at work: then long queries are held up more than short ones."""
    return "" if outcome.load is None else f"The machine's load was {outcome.load:.1f}, of which 1 is the benchmark's."


def _ratios(outcome: Outcome) -> list[str]:
    """How our search for candidates compares with tantivy's, in the same run."""
    return [
        f"p95 of {ReceiptsCandidates.name}: {ratio:.2f} times that of {other.name}"
        for other in (Tantivy, TantivyPruned)
        if (ratio := _ratio(outcome, other)) is not None
    ]


def _ratio(outcome: Outcome, other: type[Engine]) -> float | None:
    p95 = {figures.engine: figures.within(0.95) for figures in outcome.figures}
    ours, theirs = p95.get(ReceiptsCandidates.name), p95.get(other.name)
    return ours / theirs if ours and theirs else None


def _versions() -> str:
    """What it ran on, without naming the machine."""
    packages = [f"{name} {version(name)}" for name in _PACKAGES if find_spec(name)]
    python = f"Python {platform.python_version()}"
    return ", ".join([f"{os.cpu_count()} cores", python, f"SQLite {sqlite3.sqlite_version}", *packages])


_PACKAGES = ("numpy", "rapidfuzz", "tantivy", "bm25s", "numba", "psycopg")


# --- JSON ---


def _size(outcome: Outcome) -> dict[str, Any]:
    return {
        "passages": outcome.passages,
        "articles": outcome.articles,
        "quotes": outcome.quotes,
        "others": outcome.others,
        "load": outcome.load,
        "candidates_p95_to_tantivy": _ratio(outcome, Tantivy),
        "candidates_p95_to_tantivy_pruned": _ratio(outcome, TantivyPruned),
        "engines": [_figures(figures) for figures in outcome.figures],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "engine": figures.engine,
        "status": figures.status or "measured",
        "remarks": figures.remarks,
        "queries": figures.queries,
        "recall_at_1": figures.recall(1),
        f"recall_at_{WANTED}": figures.recall(WANTED),
        "p50_ms": figures.within(0.5),
        "p95_ms": figures.within(0.95),
        "p99_ms": figures.within(0.99),
        "build_s": figures.build_s,
        "passages_a_second": figures.passages_a_second,
        "disk_mb": figures.disk_mb,
        "memory_mb": figures.memory_mb,
        "add_ms": figures.add_ms,
        "add_rebuilds": figures.rebuilds,
        "cold_start_s": figures.cold_start_s,
    }


# --- the picture ---

_OURS = {Receipts.name: "#b3261e", ReceiptsCandidates.name: "#e0723a"}
_OTHERS = ("#30638e", "#6a9fc7", "#4f7942", "#7d5a94", "#8a7a3a", "#6b6b6b")
_INK = "#333333"
_LABEL_GAP = 0.055
"""Height of a label, as a share of the picture's."""


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """p95 against the number of passages, both logarithmic, a line an engine with its name at the end."""
    from matplotlib.figure import Figure

    lines = _lines(outcomes)
    if not lines:
        return
    figure = Figure(figsize=(9, 5.5), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.set_yscale("log")
    others = iter(_OTHERS * 2)
    colours = {engine: _OURS.get(engine) or next(others) for engine in lines}
    for engine, points in lines.items():
        width = 2.6 if engine in _OURS else 1.4
        axes.plot(*zip(*points, strict=True), color=colours[engine], linewidth=width, marker="o", markersize=width + 2)
    _dress(axes, [outcome.passages for outcome in outcomes], [ms for points in lines.values() for _, ms in points])
    _label(axes, lines, colours)
    figure.savefig(path)


def _lines(outcomes: Sequence[Outcome]) -> dict[str, list[tuple[int, float]]]:
    """For each engine the sizes at which it was measured, with its p95."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome.passages):
        for figures in outcome.figures:
            if (p95 := figures.within(0.95)) is not None:
                lines.setdefault(figures.engine, []).append((outcome.passages, p95))
    return lines


def _dress(axes: Any, sizes: Sequence[int], milliseconds: Sequence[float]) -> None:
    """Few marks and no frame: the sizes that were measured, powers of ten, faint lines to read times by."""
    first, last = math.floor(math.log10(min(milliseconds))), math.ceil(math.log10(max(milliseconds)))
    axes.set_ylim(10**first, 10 ** max(last, first + 1))
    axes.set_xlim(min(sizes) / 1.3, max(sizes) * 1.3)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    powers = range(first, max(last, first + 1) + 1)
    axes.set_yticks([10.0**power for power in powers], [_duration(power) for power in powers])
    axes.minorticks_off()
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, colors=_INK, labelsize=10)
    axes.set_xlabel("passages", color=_INK, fontsize=10)
    axes.set_title("95 of 100 queries are answered within", loc="left", color=_INK, fontsize=12, pad=14)


def _duration(power: int) -> str:
    """Ten to a power, in milliseconds."""
    return f"{10**power // 1000:,} s" if power >= 3 else f"{10.0**power:g} ms"


def _label(axes: Any, lines: dict[str, list[tuple[int, float]]], colours: dict[str, str]) -> None:
    """Write each engine's name beside the end of its line, moved apart where they would overlap."""
    ends = sorted(lines, key=lambda engine: lines[engine][-1][1])
    shares = [axes.transAxes.inverted().transform(axes.transData.transform(lines[engine][-1]))[1] for engine in ends]
    for engine, place in zip(ends, labels_apart(shares), strict=True):
        axes.annotate(
            f"{engine}  {_brief(lines[engine][-1][1])} ms",
            xy=lines[engine][-1],
            xytext=(1.02, place),
            textcoords="axes fraction",
            color=colours[engine],
            fontsize=10,
            fontweight="bold" if engine in _OURS else "normal",
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colours[engine], "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4},
        )


def labels_apart(places: Sequence[float]) -> list[float]:
    """Increasing places moved so that neighbours are a label's height apart, as little as may be."""
    moved: list[list[float]] = []  # runs of places that touch, each kept around the mean of what it holds
    for place in places:
        moved.append([place])
        while len(moved) > 1 and _low(moved[-1]) < _high(moved[-2]) + _LABEL_GAP:
            moved[-2:] = [moved[-2] + moved[-1]]
    return [_low(run) + at * _LABEL_GAP for run in moved for at in range(len(run))]


def _low(run: Sequence[float]) -> float:
    return sum(run) / len(run) - (len(run) - 1) * _LABEL_GAP / 2


def _high(run: Sequence[float]) -> float:
    return _low(run) + (len(run) - 1) * _LABEL_GAP
