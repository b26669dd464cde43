"""How a running bot stands: what it takes to be ready, and what is counted."""

import asyncio
import json
import math
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harness import LoopbackDiscord, bot_on, bot_process
from bot.harness.fixtures import People
from bot.metrics import CONTENT_TYPE, Metrics
from bot.monitoring import Monitor, PortTaken, Pulse, served
from knowledge.checker import FactCheck, FactChecker
from knowledge.claims import read_claim
from knowledge.errors import LibraryError
from knowledge.library import Library, LibrarySize
from knowledge.verdicts import Verdict
from tests.bot.checkers import BrokenChecker
from tests.bot.conftest import POLL

CLAIM = "57% of Republican voters favor Tuberville"


async def get(url: str) -> tuple[int, str, str]:
    """Status, content type and body of a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, answer.headers["Content-Type"], await answer.text()


async def health(address: str) -> tuple[int, dict[str, str]]:
    """Whether the bot is ready, by its status, and what is missing."""
    status, _, body = await get(f"{address}/healthz")
    told = json.loads(body)
    assert told["ready"] is (status == 200)
    missing: dict[str, str] = told["missing"]
    return status, missing


@asynccontextmanager
async def watched(discord: LoopbackDiscord, checker: FactChecker) -> AsyncIterator[str]:
    """The bot of this process, greeted by Discord, and the address where it tells how it stands."""
    monitor = Monitor(checker.library)
    async with served(monitor, 0) as address, bot_on(discord, checker, monitor=monitor):
        async with asyncio.timeout(20):
            while "gateway" in (await health(address))[1]:
                pass
        yield address


async def test_a_bot_that_can_answer_is_ready(empty_discord: LoopbackDiscord, checker: FactChecker) -> None:
    async with watched(empty_discord, checker) as address:
        assert await health(address) == (200, {})


async def test_a_bot_that_is_not_connected_is_not_ready(library: Library) -> None:
    async with served(Monitor(library), 0) as address:
        status, missing = await health(address)

    assert (status, sorted(missing)) == (503, ["gateway", "heartbeat"])


async def test_a_gateway_that_acknowledges_nothing_is_missed(
    empty_discord: LoopbackDiscord, checker: FactChecker
) -> None:
    empty_discord.gateway.acknowledges = False
    async with watched(empty_discord, checker) as address:
        status, missing = await health(address)

    assert (status, list(missing)) == (503, ["heartbeat"])


@pytest.mark.parametrize(
    ("pulse", "is_regular"),
    [
        (Pulse(latency=0.05, silence=41.0, interval=41.25), True),
        (Pulse(latency=0.05, silence=60.0, interval=41.25), True),
        (Pulse(latency=0.05, silence=83.0, interval=41.25), False),
        (Pulse(latency=math.inf, silence=1.0, interval=41.25), False),
    ],
)
def test_one_heartbeat_may_be_lost_and_not_two(pulse: Pulse, is_regular: bool) -> None:
    assert pulse.is_regular is is_regular


async def test_a_shard_that_is_cut_off_is_missed_until_it_is_back(
    empty_discord: LoopbackDiscord, checker: FactChecker
) -> None:
    empty_discord.gateway.shards = 2
    async with watched(empty_discord, checker) as address:
        assert await health(address) == (200, {})
        empty_discord.gateway.refusals = 1
        await empty_discord.gateway.abort(shard=1)
        async with asyncio.timeout(20):
            while (await health(address))[0] == 200:
                pass
            while (await health(address))[0] == 503:
                pass


async def test_a_library_that_is_gone_or_replaced_is_missed(
    empty_discord: LoopbackDiscord, checker: FactChecker, tmp_path: Path
) -> None:
    database, elsewhere = tmp_path / "library.db", tmp_path / "elsewhere.db"
    async with watched(empty_discord, checker) as address:
        database.rename(elsewhere)
        gone = await health(address)
        database.write_bytes(elsewhere.read_bytes())
        replaced = await health(address)
        elsewhere.replace(database)
        found = await health(address)

    assert gone == replaced == (503, {"library": "the database file is gone, or another one is in its place"})
    assert found == (200, {})


async def test_a_library_that_hangs_is_asked_once(
    library: Library, monkeypatch: pytest.MonkeyPatch, empty_discord: LoopbackDiscord
) -> None:
    asked, goes_on = [], asyncio.Event()

    async def hang(read: object) -> LibrarySize:
        asked.append(read)
        await goes_on.wait()
        return LibrarySize(0, 0)

    monkeypatch.setattr("bot.monitoring._PATIENCE", 0.01)
    monkeypatch.setattr(asyncio, "to_thread", hang)
    monitor = Monitor(library)
    standings = [await monitor.standing() for _ in range(3)]
    goes_on.set()
    after = await monitor.standing()

    assert [standing.missing["library"] for standing in standings] == ["the library does not answer"] * 3
    assert len(asked) == 1
    assert "library" not in after.missing


SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+)="([^"\\\n]*)"\})? (NaN|[+-]Inf|-?[0-9.]+(?:e[+-]?\d+)?)')


def samples(text: str) -> dict[tuple[str, str], float]:
    """The samples of an exposition by name and label value; fails on whatever the format does not allow."""
    found: dict[tuple[str, str], float] = {}
    kinds: dict[str, str] = {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            helped = line.split()[2]
            assert helped not in kinds, "a metric is told in two places"
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name == helped
            kinds[name] = kind
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            family = re.sub("_(bucket|sum|count)$", "", sample[1]) if kinds[helped] == "histogram" else sample[1]
            assert family == helped
            assert kinds[helped] != "counter" or family.endswith("_total")
            assert (sample[1], sample[3] or "") not in found, "a sample is told twice"
            found[sample[1], sample[3] or ""] = float(sample[4])
    return found


async def test_checks_are_counted_by_verdict_and_nothing_of_who_asked_is_told(
    empty_discord: LoopbackDiscord, people: People, library: Library, checker: FactChecker
) -> None:
    guild = str(empty_discord.guilds[0].id)
    library.add(f"discord:{guild}", POLL, actor="test")
    async with watched(empty_discord, checker) as address:
        for claim in (CLAIM, CLAIM, "Otters moved into the old mill beside the river"):
            await people.ada.check(claim)
        await people.dan.check("😀")
        status, kind, text = await get(f"{address}/metrics")

    told = samples(text)
    assert (status, kind) == (200, CONTENT_TYPE)
    assert told["receipts_checks_total", "altered"] == 2
    assert told["receipts_checks_total", "not_found"] == 1
    assert told["receipts_checks_total", "verbatim"] == 0
    assert told["receipts_refusals_total", "claim_empty"] == 1
    assert told["receipts_failures_total", ""] == 0
    assert told["receipts_check_duration_seconds_count", ""] == 3
    assert told["receipts_check_duration_seconds_bucket", "+Inf"] == 3
    assert 0 < told["receipts_check_duration_seconds_sum", ""] < 10
    assert told["receipts_ready", ""] == 1
    assert 0 < told["receipts_gateway_latency_seconds", ""] < 10
    assert (told["receipts_articles", ""], told["receipts_passages", ""]) == (2, 8)
    assert told["process_resident_memory_bytes", ""] > 10 * 1024**2
    assert told["process_cpu_seconds_total", ""] > 0
    assert not [piece for piece in (guild, "Ada", "Tuberville", "discord:", "😀") if piece in text]


async def test_failures_are_counted_and_a_bot_without_a_library_still_tells_the_rest(
    empty_discord: LoopbackDiscord,
    people: People,
    library: Library,
    tmp_path: Path,
    logged_errors: Callable[[], list[str]],
) -> None:
    async with watched(empty_discord, BrokenChecker(library)) as address:
        await people.ada.check(CLAIM)
        (tmp_path / "library.db").unlink()
        _, _, text = await get(f"{address}/metrics")

    told = samples(text)
    assert len(logged_errors()) == 1
    assert told["receipts_failures_total", ""] == 1
    assert told["receipts_ready", ""] == 0
    assert ("receipts_articles", "") not in told


NOTHING_FOUND = FactCheck(read_claim(CLAIM, None), Verdict.NOT_FOUND, 0.0, 0, 0.0, (), ())


@given(st.lists(st.floats(0, 30), max_size=30))
def test_the_buckets_of_the_histogram_add_up(seconds: list[float]) -> None:
    metrics = Metrics()
    for one in seconds:
        metrics.checked(NOTHING_FOUND, one)
    told = samples(metrics.exposition(None, math.nan, is_ready=False))
    buckets = {float(value): n for (name, value), n in told.items() if name.endswith("_bucket")}

    assert buckets == {bound: sum(one <= bound for one in seconds) for bound in buckets}
    assert told["receipts_check_duration_seconds_sum", ""] == pytest.approx(sum(seconds))


async def test_the_port_is_of_this_machine_alone_and_a_taken_one_is_refused(library: Library) -> None:
    async with served(Monitor(library), 0) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):  # this machine too, and what is bound to all addresses answers it
            await asyncio.open_connection("127.0.0.2", port)
        with pytest.raises(PortTaken) as refused:
            async with served(Monitor(library), port):
                pass

    assert address == f"http://127.0.0.1:{port}"
    assert refused.value.port == port


async def receipts(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of a command."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={"PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()


async def test_the_health_command_asks_a_running_bot(
    empty_discord: LoopbackDiscord, library: Library, library_url: str, tmp_path: Path
) -> None:
    environment = {**empty_discord.environment, "RECEIPTS_DATABASE_URL": library_url}
    async with bot_process(tmp_path, environment, "--metrics-port", "0") as bot:
        port = (await bot.line_with("health and metrics on")).strip().rpartition(":")[2]
        await bot.line_with("ready in")
        ready = await receipts(tmp_path, "health", port)
        (tmp_path / "library.db").unlink()
        lost = await receipts(tmp_path, "health", port)
        bot.signal(signal.SIGTERM)
        status, _ = await bot.end()
        over = await receipts(tmp_path, "health", port)

    assert ready == (0, "Ready.\n")
    assert lost == (1, "Not ready: library: the database file is gone, or another one is in its place\n")
    assert over == (2, f"Nothing on port {port} tells how it stands (ConnectionRefusedError).\n")
    assert status == 0


def test_a_probe_of_a_lost_library_makes_no_new_one(library: Library, tmp_path: Path) -> None:
    (tmp_path / "library.db").unlink()

    with pytest.raises(LibraryError, match="the database file is gone"):
        library.probe()

    assert not (tmp_path / "library.db").exists()
