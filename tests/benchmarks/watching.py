"""`python -m tests.benchmarks.watching`: what members who wait for claims cost an import of real articles.

A process of its own imports the articles twice, alone and while this one looks for what so many members wait for, in
the bot's rhythm. Says how long both took, how much the looking worked, and how soon it was done. Exits 1 where the
second import took a fifth longer.
"""

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert
from sqlmodel import SQLModel

from bot.endurance import Delays
from bot.tellings import REST
from knowledge.checker import FactChecker
from knowledge.library import SHARED, Library
from knowledge.lookout import Lookout
from knowledge.models import now
from tests.quality.corpus import DATA, Half, articles
from tests.quality.noise import LEVELS
from tests.quality.samples import positives

ARTICLES = DATA / "articles.jsonl.xz"
MOST = 1.2
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Looking:
    """What the looking came to, in seconds of the clock and of the processor."""

    looks: int = 0
    took: float = 0.0
    worked: float = 0.0
    turned_up: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Import alone, then beside the looking; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.watching", description=__doc__)
    parser.add_argument("--articles", type=int, default=27_000, help="how many are imported")
    parser.add_argument("--watches", type=int, default=10_000, help="how many claims are waited for")
    options = parser.parse_args(arguments)
    if not ARTICLES.exists():
        _say(f"there are no articles at {ARTICLES}; RECEIPTS_DATA may name the folder that has {ARTICLES.name}")
        return 2
    with TemporaryDirectory(prefix="receipts-watching-") as folder:
        alone = _wait(_importing(f"sqlite:///{folder}/alone.db", options.articles))
        alone_worked = _children_worked()
        _say(f"import alone: {alone:.1f} s, {alone_worked:.1f} s of the processor")
        with Library.open(f"sqlite:///{folder}/watched.db") as library:
            _watch(library, options.watches)
            beside = _beside(library, options.articles)
    worked = _children_worked() - alone_worked
    _say(f"import beside {options.watches:,} watches: {beside:.1f} s, {worked:.1f} s of the processor")
    _say(f"{beside / alone:.2f} times as long")
    return 0 if beside <= MOST * alone else 1


def _beside(library: Library, amount: int) -> float:
    """Import while looking; seconds of the import."""
    lookout, looking = Lookout(FactChecker(library)), Looking()
    process = _importing(library.url, amount)
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_rest(_look(lookout, looking)))
    seconds = _wait(process)
    _say(f"meanwhile {_told(looking)}")
    begun = time.perf_counter()
    while lookout.has_new():
        _look(lookout, looking)
    _say(f"the rest took {time.perf_counter() - begun:.1f} s; {_told(looking)}")
    return seconds


def _look(lookout: Lookout, looking: Looking) -> float:
    """Look at what is new; seconds that it took."""
    begun, worked = time.perf_counter(), time.process_time()
    lease = lookout.library.leased("watches", timedelta(minutes=2))
    lease.acquire()
    looking.turned_up += lookout.look(lease)
    lease.release()
    took = time.perf_counter() - begun
    looking.looks += 1
    looking.took += took
    looking.worked += time.process_time() - worked
    return took


def _rest(took: float) -> float:
    return max(Delays().watch, REST * took)


def _told(looking: Looking) -> str:
    return (
        f"{looking.looks} looks took {looking.took:.1f} s, {looking.worked:.1f} s of the processor; "
        f"{looking.turned_up:,} claims turned up"
    )


def _watch(library: Library, amount: int) -> None:
    """Let members wait for quotes of articles that are not imported; some of these stand in others too."""
    out = [one for one in articles() if not one.is_indexed]
    claims = [sample.text for sample in positives(out, Half.TEST, amount // len(LEVELS) + 1)]
    random.Random(1).shuffle(claims)
    kept = {"place": "", "locale": "en-US", "at": now(), "is_called": False}
    with library.changing(SHARED, "benchmark") as writer:
        rows = [
            {"collection_id": writer.collection_id, "member": f"discord:{number}", "text": claim, **kept}
            for number, claim in enumerate(claims[:amount])
        ]
        writer.connection.execute(insert(SQLModel.metadata.tables["watch"]), rows)


def _importing(url: str, amount: int) -> "subprocess.Popen[str]":
    """A process that imports so many articles and prints how many seconds that took."""
    command = [sys.executable, "-m", "tests.benchmarks.watching_import", url, str(amount)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _wait(process: "subprocess.Popen[str]") -> float:
    output, _ = process.communicate()
    return float(output)


def _children_worked() -> float:
    """Seconds of the processor that all importing processes had so far, and those that they began."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
