"""The quality gate: `python -m tests.quality.gate [--work DIR] [--small] [--only NAME …] [--raise] [--lower]`.

Measures the checker on real articles and on cases of our own and compares every share with its floor in floors.json.
Exits 0 where all hold, 1 where one is broken, 2 where the data is absent. Floors change only with `--raise` (never
down) and `--lower` (only those that are broken).
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge import FactChecker, Library
from tests.quality import floors
from tests.quality.cases import add_cases, cases
from tests.quality.changes import NAMES, changes, lines_of
from tests.quality.checkthat import TASKS, Task, add_claims, tweets
from tests.quality.corpus import DATA, Half, Size, data_stamp, held, open_library
from tests.quality.measures import (
    Figures,
    asked,
    changed_words,
    false_matches,
    labelled_cases,
    labelled_misquotes,
    mean,
    named_for_nobody,
    named_speakers,
    natural_misquotes,
    noisy_quotes,
    ranked_claims,
    stability,
)
from tests.quality.misquotes import KINDS, add_labelled, add_misquotes, labelled, misquotes
from tests.quality.noise import LEVELS
from tests.quality.samples import Sample, chinese, languages, negatives, plain, positives
from tests.quality.small import small_gate
from tests.quality.speakers import FORMS

FEWEST_ARTICLES = 20
"""Of a language, for its sentences to be measured."""
EVERY_LEVEL = "mean"


@dataclass(frozen=True, slots=True)
class Draw:
    """How many samples are drawn: of a level, size, kind, language and task each."""

    quotes: int
    negatives: int
    stable: int
    misquotes: int
    sentences: int
    tweets: int
    changes: int


FULL = Draw(quotes=300, negatives=6_000, stable=40, misquotes=400, sentences=300, tweets=200, changes=600)
SMALL = Draw(quotes=30, negatives=1_000, stable=8, misquotes=60, sentences=60, tweets=60, changes=60)


@dataclass(frozen=True, slots=True)
class Job:
    """A part of a measure that one process works on; `name` is the measure's, as `--only` knows it."""

    name: str
    measure: Callable[[Library], list[Figures]]
    needs_data: bool = True


def main() -> int:
    """Measure, print, compare, and write new floors if asked to."""
    options = _options()
    section = "small" if options.small else "full"
    chosen = [job for job in jobs(options.work, SMALL if options.small else FULL) if _is_chosen(job, options.only)]
    needs_data = any(job.needs_data for job in chosen)
    if needs_data and not (DATA / "articles.jsonl.xz").exists():
        sys.stderr.write(f"There are no real articles in {DATA}: name their folder in RECEIPTS_DATA.\n")
        return 2
    try:
        figures = _measured(chosen, options.work, needs_data=needs_data)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; no floor was changed.\n")
        return 130
    return _settled(figures, section, data_stamp() if needs_data else "", options)


def _settled(figures: Sequence[Figures], section: str, stamp: str, options: argparse.Namespace) -> int:
    """Tell the figures, compare them with their floors and change those as asked; the exit status."""
    old = floors.read(section)
    broken = floors.broken(old, figures)
    sys.stdout.write("\n".join([*table(figures, old), "", *_verdict(broken, old, figures)]) + "\n")
    if stamp and floors.read_data() not in ("", stamp):
        sys.stdout.write("The floors were set on other data than this.\n")
    new = floors.lowered(old, figures) if options.lower else old
    new = floors.raised(new, figures) if options.raises else new
    if new != old:
        floors.write(section, new, stamp)
        sys.stdout.write(f"Wrote the floors of {section}.\n")
    return 1 if broken and not options.lower else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.gate", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/quality"), help="where the libraries are kept")
    parser.add_argument("--small", action="store_true", help="draw fewer quotes: a few minutes instead of a dozen")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=MEASURES, help=f"of {', '.join(MEASURES)}")
    parser.add_argument(
        "--raise", dest="raises", action="store_true", help="raise floors to what was measured, less a margin"
    )
    parser.add_argument("--lower", action="store_true", help="set broken floors anew")
    return parser.parse_args()


def _is_chosen(job: Job, only: Sequence[str] | None) -> bool:
    return only is None or job.name in only


# --- what is measured ---

MEASURES = (
    "quotes", "negatives", "stability", "misquotes", "languages", "tweets", "changes", "labelled", "speakers", "cases",
    "invented",
)  # fmt: skip


def jobs(work: Path, draw: Draw) -> list[Job]:
    """Everything there is to do, in the order of the table."""
    measures: list[tuple[str, list[Callable[[Library], list[Figures]]]]] = [
        ("quotes", [partial(_quotes, size, level, draw.quotes) for size in Size for level in LEVELS]),
        ("negatives", [partial(_negatives, work, size, draw.negatives) for size in Size]),
        ("stability", [partial(_stability, size, draw.stable) for size in (Size.THOUSANDS, Size.ALL)]),
        ("misquotes", [partial(_misquotes, kind, draw.misquotes) for kind in KINDS]),
        ("languages", [partial(_chinese, draw.sentences), partial(_languages, draw.sentences)]),
        ("tweets", [partial(_tweets, task, draw.tweets) for task in TASKS]),
        ("changes", [partial(_changes, name, draw.changes) for name in NAMES]),
        ("labelled", [_labelled]),
        ("speakers", [_speakers]),
    ]
    own = [Job("cases", _cases, needs_data=False), Job("invented", small_gate, needs_data=False)]
    return [*(Job(name, measure) for name, some in measures for measure in some), *own]


def _quotes(size: Size, level: str, count: int, library: Library) -> list[Figures]:
    samples = [sample for sample in _noisy(size, count) if sample.level == level]
    return [noisy_quotes(FactChecker(library), f"quotes in {size}: {level}", asked(samples, size))]


@cache
def _noisy(size: Size, count: int) -> list[Sample]:
    """Every level in one draw, so that no two quote the same sentences."""
    return list(positives(held(size), Half.TEST, count))


@cache
def _strangers(work: Path, count: int) -> list[Sample]:
    return negatives(work, Half.TEST, count)


def _negatives(work: Path, size: Size, count: int, library: Library) -> list[Figures]:
    samples = asked(_strangers(work, count), size)
    return [false_matches(FactChecker(library), f"no source in {size}", samples)]


def _stability(size: Size, count: int, library: Library) -> list[Figures]:
    return [stability(FactChecker(library), _noisy(Size.HUNDRED, count), Size.HUNDRED, size)]


def _misquotes(kind: str, count: int, library: Library) -> list[Figures]:
    some = [pair for pair in misquotes() if pair.kind == kind]
    return [natural_misquotes(FactChecker(library), kind, some[:count])]


def _chinese(count: int, library: Library) -> list[Figures]:
    samples = list(chinese(held(Size.ALL), count))
    by_level = [(level, [sample for sample in samples if sample.level == level]) for level in ("clean", "edit20")]
    return [noisy_quotes(FactChecker(library), f"in zh: {level}", asked(some, Size.ALL)) for level, some in by_level]


def _languages(count: int, library: Library) -> list[Figures]:
    pool = held(Size.ALL)
    return [
        noisy_quotes(FactChecker(library), f"in {name}: clean", asked(list(plain(pool, name, count)), Size.ALL))
        for name in languages(pool, FEWEST_ARTICLES)
    ]


def _tweets(task: Task, count: int, library: Library) -> list[Figures]:
    return [ranked_claims(FactChecker(library), task.collection, tweets(task)[:count])]


def _changes(name: str, count: int, library: Library) -> list[Figures]:
    return [changed_words(FactChecker(library), name, changes(lines_of(Half.TEST), name, count))]


def _labelled(library: Library) -> list[Figures]:
    return [labelled_misquotes(FactChecker(library), labelled())]


def _speakers(_: Library) -> list[Figures]:
    return [*(named_speakers(form, "test") for form in FORMS), named_for_nobody("test")]


def _cases(library: Library) -> list[Figures]:
    add_cases(library, cases())
    return [labelled_cases(FactChecker(library), cases())]


# --- measuring ---


def _measured(chosen: Sequence[Job], work: Path, *, needs_data: bool) -> list[Figures]:
    """The figures of some jobs, in their order, by as many processes as there are cores."""
    if needs_data:
        _build(work)
    done: dict[int, list[Figures]] = {}
    ignore_interrupts = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)  # the parent ends them
    with get_context("spawn").Pool(os.cpu_count(), ignore_interrupts) as pool:
        for number, figures in pool.imap_unordered(partial(_run, work), enumerate(chosen)):
            done[number] = figures
            _tell(f"{len(done)} of {len(chosen)} measured: {figures[-1].measure}")
    _tell("")
    return list(_with_means([one for number in sorted(done) for one in done[number]]))


def _build(work: Path) -> None:
    """Every collection that is not there yet."""
    with open_library(work) as library:
        add_misquotes(library)
        add_labelled(library)
        for task in TASKS:
            add_claims(library, task)


def _run(work: Path, numbered: tuple[int, Job]) -> tuple[int, list[Figures]]:
    """In a worker: one job, on the real libraries or in an empty one."""
    number, job = numbered
    with TemporaryDirectory(prefix="receipts-") as empty:
        path = work if job.needs_data else Path(empty)
        with Library.open(f"sqlite:///{path / 'quality.db'}") as library:
            return number, job.measure(library)


def _with_means(figures: Sequence[Figures]) -> Iterator[Figures]:
    """After the levels of noise of one size, the kinds of changes and those of no changes their mean."""
    for name, some in groupby(figures, key=lambda one: one.measure.partition(":")[0]):
        levels = list(some)
        yield from levels
        if name.startswith(("quotes in ", "changed", "not changed")) and len(levels) > 1:
            yield mean(f"{name}: {EVERY_LEVEL}", levels)


# --- telling ---


def _tell(progress: str) -> None:
    """Show progress on standard error: one line that changes on a terminal, a line each in a log."""
    sys.stderr.write(f"\r{progress:<79}\r" if sys.stderr.isatty() else f"{progress}\n" if progress else "")
    sys.stderr.flush()


def table(figures: Sequence[Figures], limits: floors.Floors) -> list[str]:
    """The lines of the table: measure, samples, shares in percent, their floors, and a remark."""
    rows = [("measure", "n", "value", "floor", "")]
    for one in figures:
        kept = limits.get(one.measure, {})
        values = "  ".join(f"{name} {_percent(name, value)}" for name, value in one.shares.items())
        floor = " ".join(_percent(name, kept[name]) if name in kept else "–" for name in one.shares)
        rows.append((one.measure, f"{one.count:,}", values, floor, one.remark))
    measure, count, value, floor_width = (max(len(row[column]) for row in rows) for column in range(4))
    return [
        f"{row[0]:{measure}}  {row[1]:>{count}}  {row[2]:{value}}  {row[3]:{floor_width}}  {row[4]}".rstrip()
        for row in rows
    ]


def _percent(name: str, share: float) -> str:
    return f"{100 * share:.2f}" if name in floors.CEILINGS else f"{100 * share:.1f}"


def _verdict(broken: Sequence[str], limits: floors.Floors, figures: Sequence[Figures]) -> Iterator[str]:
    """What is broken, and what has no floor yet."""
    yield from (f"BROKEN  {line}" for line in broken)
    if not broken:
        yield "Every floor holds."
    without = sum(one.measure not in limits for one in figures)
    if without:
        yield f"{without} measures have no floor yet; --raise sets one."


if __name__ == "__main__":
    sys.exit(main())
