"""`python -m tests.benchmarks.crowd`: many members who check at once, against `receipts run` on real articles.

With `--importing N` the same crowd goes on while a moderator imports N other articles through Discord. Says how long
acknowledgements and answers took, how many were lost, and how the bot's memory went. Exits 1 where an acknowledgement
took longer than Discord's 3 seconds, an answer was lost, the memory grew by a tenth, or an import tripled the p95.
"""

import argparse
import asyncio
import gzip
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.harness import BotSilentError, File, LoopbackDiscord, Member
from bot.harness.session import BotProcess, bot_process
from knowledge.library import Library
from knowledge.models import NewArticle
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
        indexed = {document.url for document in material.documents}
        _import(url, f"discord:{guild.id}", stored, indexed)
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
            if options.importing:
                others = [one.article for one in stored if one.article.url not in indexed][: options.importing]
                is_good &= await _while_importing(discord, bot, claims, options, others, outcome)
    return 0 if is_good else 1


async def _while_importing(
    discord: LoopbackDiscord,
    bot: BotProcess,
    claims: Sequence[str],
    options: argparse.Namespace,
    others: Sequence[NewArticle],
    idle: Outcome,
) -> bool:
    """The same crowd while a moderator imports; whether its p95 stays within three times the idle one."""
    moderator = Member(discord, "Moderator", roles=["Moderator"])
    rows = b"".join(_row(article) for article in others)
    _say(f"the same while {len(others):,} articles ({len(rows) / 1e6:.1f} MB) are imported")
    file = File("articles.jsonl.gz", gzip.compress(rows))
    begun = time.monotonic()
    crowd = asyncio.create_task(_crowd(discord, bot, claims, options))
    await moderator.slash("source import", file=file)
    report = [reply for reply in moderator.sees() if "**New:**" in reply.text][-1]
    while "Imported:" not in report.text:
        await report.changed()
    took = time.monotonic() - begun
    busy = await crowd
    during = sorted(busy.answers[: round(len(busy.answers) * min(1.0, took / options.seconds))])
    p95 = [_at(0.95, sorted(idle.answers)), _at(0.95, during)]
    _print(f"import of {len(others):,} articles: {took:.1f} s; {len(during):,} checks meanwhile, lost {busy.lost}")
    p50 = [_at(0.5, sorted(idle.answers)), _at(0.5, during)]
    for name, (before, meanwhile) in (("p50", p50), ("p95", p95)):
        ratio = meanwhile / before
        _print(f"{name} of answers: {before:.1f} ms idle, {meanwhile:.1f} ms while importing ({ratio:.1f} times)")
    return not busy.lost and p95[1] <= 3 * p95[0]


def _row(article: NewArticle) -> bytes:
    date = article.published_on.isoformat() if article.published_on else None
    row = {"url": article.url, "date": date, "title": article.title, "outlet": article.publisher, "text": article.text}
    return json.dumps(row).encode() + b"\n"


def _at(share: float, values: Sequence[float]) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


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
        shares = ", ".join(f"p{100 * share:.0f} {_at(share, values):.1f} ms" for share in (0.5, 0.95, 0.99))
        _print(f"{name}: {len(values):,}, {shares}, longest {values[-1]:.1f} ms")
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
    parser.add_argument("--importing", type=int, default=0, help="how many articles are imported meanwhile (none)")
    return parser


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
