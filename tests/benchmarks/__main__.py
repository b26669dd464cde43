"""`python -m tests.benchmarks`: Receipts and other engines over the same passages, side by side in one run."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import report
from tests.benchmarks.engines import ENGINES, POSTGRES
from tests.benchmarks.figures import Outcome
from tests.benchmarks.material import Shelf, TooFewPassages
from tests.benchmarks.trial import ALLOWANCE, PAUSE, Trial, say
from tests.quality.corpus import DATA, articles

ARTICLES = DATA / "articles.jsonl.xz"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size and write the report after each. The exit status: 2 for wrong use or no data."""
    options = _parser().parse_args(arguments)
    if not ARTICLES.exists():
        say(f"there are no articles at {ARTICLES}; RECEIPTS_DATA may name the folder that has {ARTICLES.name}")
        return 2
    try:
        _measure_all(options)
    except TooFewPassages as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("interrupted; what was measured before is kept")
        return 130
    say(f"written to {options.output}")
    return 0


def _measure_all(options: argparse.Namespace) -> None:
    """Each size, the smallest first; the report is written after each, also where one is cut short."""
    say("reading and cutting the articles")
    shelf = Shelf(articles())
    materials = [shelf.material(passages, options.queries) for passages in sorted(options.passages)]
    outcomes: list[Outcome] = []
    with _work_folder(options.work) as work:
        for material in materials:
            folder = work / f"{len(material.documents)}-articles"
            try:
                _measure(Trial(ENGINES, material, folder, allowance=options.allowance, pause=options.pause), outcomes)
            finally:
                report.write(outcomes, options.output)


def _measure(trial: Trial, outcomes: list[Outcome]) -> None:
    """Run one trial; its outcome joins the others even where it is cut short."""
    try:
        with trial:
            trial.run()
    finally:
        outcomes.append(trial.outcome)
        sys.stdout.write(f"{report.section(trial.outcome)}\n")
        sys.stdout.flush()


@contextmanager
def _work_folder(chosen: Path | None) -> Iterator[Path]:
    """The folder for the indexes: one that is kept, or a temporary one."""
    if chosen is not None:
        yield chosen.resolve()
        return
    with TemporaryDirectory(prefix="receipts-benchmark-") as folder:
        yield Path(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        epilog=f"PostgreSQL takes part where {POSTGRES} holds the URL of a server; its tables stay there until the "
        "next run. A million passages need about 5 GB of disk and 8 GB of memory.",
    )
    parser.add_argument("--passages", type=_positive, nargs="+", default=[10_000], help="sizes to measure")
    parser.add_argument("--queries", type=_positive, default=300, help="noisy quotes, and as many of other articles")
    parser.add_argument("--allowance", type=float, default=ALLOWANCE, help="seconds for all queries of one engine")
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two queries")
    parser.add_argument("--work", type=Path, help="where the indexes are built and kept; else a temporary folder")
    parser.add_argument("--output", type=Path, default=Path("build/benchmark"), help="where the report goes")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be positive")
    return number


if __name__ == "__main__":
    sys.exit(main())
