"""`python -m tests.benchmarks.crowd`: many members who check at once, against `receipts run` on real articles.

Says how long the acknowledgements and the answers took, how many were lost, and how the bot's memory went. Exits 1
where an acknowledgement took longer than Discord's 3 seconds, an answer was lost, or the memory grew by a tenth.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.harness import BotSilentError, LoopbackDiscord, Member
from bot.harness.session import BotProcess, bot_process
from knowledge.library import Library
from tests.benchmarks.material import Shelf
from tests.quality.corpus import DATA, Stored, articles

ARTICLES = DATA / "articles.jsonl.xz"
GROWTH_ALLOWED = 1.1
ACKNOWLEDGED_WITHIN = 3000.0


@dataclass(slots=True)
class Outcome:
    """What a run showed, in milliseconds and MiB."""

    answers: list[float] = field(default_factory=list)
    lost: int = 0
    memory: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def growth(self) -> float:
        """The memory of the last quarter of the run over that of its second quarter; the first one fills caches."""
        quarter = max(1, len(self.memory) // 4)
        return statistics.median(self.memory[-quarter:]) / statistics.median(self.memory[quarter : 2 * quarter])


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the library, run the crowd, print what came of it; the exit status."""
    options = _parser().parse_args(arguments)
    if not ARTICLES.exists():
        _say(f"there are no articles at {ARTICLES}; RECEIPTS_DATA may name the folder that has {ARTICLES.name}")
        return 2
    with TemporaryDirectory(prefix="receipts-crowd-") as folder:
        return asyncio.run(_measure(options, Path(folder)))


async def _measure(options: argparse.Namespace, folder: Path) -> int:
    _say("reading the articles")
    stored = articles()
    material = Shelf(stored).material(options.passages, 1000)
    claims = [question.query.original for question in material.questions]
    url = f"sqlite:///{folder / 'crowd.db'}"
    async with LoopbackDiscord() as discord:
        guild = discord.guilds[0]
        _say(f"importing {len(material.documents):,} articles")
        _import(url, f"discord:{guild.id}", stored, {document.url for document in material.documents})
        async with bot_process(folder, {**discord.environment, "RECEIPTS_DATABASE_URL": url}) as bot:
            await discord.gateway.until_ready()
            _say(f"{options.members} members check every {options.every:g} s for {options.seconds:g} s")
            outcome = await _crowd(discord, bot, claims, options)
        _report(outcome, sorted(discord.acknowledgements), discord.violations)
        is_good = (
            not outcome.lost
            and not discord.violations
            and max(discord.acknowledgements) <= ACKNOWLEDGED_WITHIN
            and outcome.growth <= GROWTH_ALLOWED
        )
    return 0 if is_good else 1


def _import(url: str, collection: str, stored: Sequence[Stored], urls: set[str]) -> None:
    with Library.open(url) as library:
        chosen = (one.article for one in stored if one.article.url in urls)
        for _ in library.add_all(collection, chosen, actor="benchmark"):
            pass


async def _crowd(
    discord: LoopbackDiscord, bot: BotProcess, claims: Sequence[str], options: argparse.Namespace
) -> Outcome:
    outcome = Outcome()
    begun = time.monotonic()
    end = begun + options.seconds

    async def member(number: int) -> None:
        person = Member(discord, f"Person {number}")
        turn = 0
        while (moment := begun + options.every * (number / options.members + turn)) < end:
            await asyncio.sleep(moment - time.monotonic())
            asked = time.monotonic()
            try:
                await person.check(claims[(number + turn * options.members) % len(claims)])
            except BotSilentError:
                outcome.lost += 1
            outcome.answers.append(1000 * (time.monotonic() - asked))
            turn += 1

    watching = asyncio.create_task(_watch(bot, outcome))
    # What the bot logs is read, or it would stop when the pipe is full.
    reading = asyncio.create_task(bot.read_on())
    await asyncio.gather(*map(member, range(options.members)))
    watching.cancel()
    reading.cancel()
    outcome.cpu_seconds = _cpu_seconds(bot.process.pid)
    return outcome


async def _watch(bot: BotProcess, outcome: Outcome) -> None:
    while True:
        outcome.memory.append(_resident(bot.process.pid))
        await asyncio.sleep(1)


def _resident(pid: int) -> float:
    """The memory of a process in MiB; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _report(outcome: Outcome, acknowledgements: Sequence[float], violations: Sequence[str]) -> None:
    answers = sorted(outcome.answers)
    for name, values in (("acknowledged", acknowledgements), ("answered", answers)):
        at = {share: values[min(len(values) - 1, int(share * len(values)))] for share in (0.5, 0.95, 0.99)}
        _print(
            f"{name}: {len(values):,}, p50 {at[0.5]:.1f} ms, p95 {at[0.95]:.1f} ms, p99 {at[0.99]:.1f} ms, "
            f"longest {values[-1]:.1f} ms"
        )
    _print(f"lost: {outcome.lost}; refused or broken: {len(violations)}")
    _print(
        f"memory of the bot: {outcome.memory[0]:.0f} MiB at the start, {outcome.memory[-1]:.0f} at the end, "
        f"{100 * (outcome.growth - 1):+.1f} % from the second quarter to the last; CPU {outcome.cpu_seconds:.1f} s"
    )
    for violation in violations[:10]:
        _print(violation)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.crowd", description=__doc__)
    parser.add_argument("--members", type=int, default=200, help="how many people (200)")
    parser.add_argument("--every", type=float, default=5.0, help="seconds from one check of a person to the next (5)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--passages", type=int, default=100_000, help="how many passages the library has (100,000)")
    return parser


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
