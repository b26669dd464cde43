"""What this process counts, in Prometheus' text format 0.0.4, written by hand: it is a page, and a dependency is not.

No label holds anything of a user or a server: verdicts, kinds of refusal and outcomes are all that is told apart.
"""

import math
import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from knowledge.checker import FactCheck
from knowledge.library import LibrarySize
from knowledge.polling import Polled
from knowledge.verdicts import Verdict

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24)
"""Seconds of a check, each twice the last: from under the usual 14 ms to well over Discord's 3 s."""
_PROC = Path("/proc/self")


class Metrics:
    """The counts of one process. To be used from its event loop alone."""

    def __init__(self) -> None:
        self._began = time.time()
        self._checks: Counter[Verdict] = Counter()
        self._refusals: Counter[str] = Counter()
        self._failures = 0
        self._durations = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0
        self._polls = {"ok": 0, "failed": 0}
        self._fed = 0

    def checked(self, check: FactCheck, seconds: float) -> None:
        """Count a check that was answered."""
        self._checks[check.verdict] += 1
        self._durations[bisect_left(_BUCKETS, seconds)] += 1
        self._seconds += seconds

    def refused(self, reason: str) -> None:
        """Count an answer that is no failure of ours: what was asked cannot be done."""
        self._refusals[reason] += 1

    def failed(self) -> None:
        """Count an answer that failed in a way that nobody expected."""
        self._failures += 1

    def polled(self, polled: Polled) -> None:
        """Count a poll of a feed."""
        self._polls["failed" if polled.problem else "ok"] += 1
        self._fed += polled.added + polled.queued

    def exposition(self, size: LibrarySize | None, latency: float, *, is_ready: bool) -> str:
        """All of it as text; without the library's size where it cannot be had."""
        return "".join([*self._counts(), *_state(size, latency, is_ready=is_ready), *_process(self._began)])

    def _counts(self) -> Iterator[str]:
        yield _counter("receipts_checks", "Checks answered.", "verdict", {one: self._checks[one] for one in Verdict})
        yield from self._histogram()
        yield _counter("receipts_refusals", "Questions that could not be answered as asked.", "reason", self._refusals)
        yield _counter("receipts_failures", "Answers that failed unexpectedly.", "", {"": self._failures})
        yield _counter("receipts_feed_polls", "Feeds that were asked.", "outcome", self._polls)
        yield _counter("receipts_feed_articles", "Articles and suggestions that feeds brought.", "", {"": self._fed})

    def _histogram(self) -> Iterator[str]:
        name = "receipts_check_duration_seconds"
        yield _head(name, "histogram", "How long checks took.")
        below = 0
        for bound, count in zip((*_BUCKETS, math.inf), self._durations, strict=True):
            below += count
            yield f'{name}_bucket{{le="{_number(bound)}"}} {below}\n'
        yield f"{name}_sum {_number(self._seconds)}\n{name}_count {below}\n"


def _state(size: LibrarySize | None, latency: float, *, is_ready: bool) -> Iterator[str]:
    yield _gauge("receipts_ready", "Whether the bot is connected and its library can be read.", int(is_ready))
    yield _gauge("receipts_gateway_latency_seconds", "From a heartbeat to its answer, of the slowest shard.", latency)
    if size is not None:
        yield _gauge("receipts_articles", "Articles of all collections.", size.articles)
        yield _gauge("receipts_passages", "Passages of these articles.", size.passages)
    yield _head("receipts_build_info", "gauge", "The version that runs.")
    yield f'receipts_build_info{{version="{version("receipts")}"}} 1\n'


def _process(began: float) -> Iterator[str]:
    """What every exporter tells of its process, by the names that they all use; memory and files where Linux is."""
    yield _counter("process_cpu_seconds", "CPU time used.", "", {"": time.process_time()})
    yield _gauge("process_start_time_seconds", "When the process began, in Unix time.", began)
    try:
        virtual, resident = (_PROC / "statm").read_text(encoding="ascii").split()[:2]
        files = sum(1 for _ in (_PROC / "fd").iterdir())
    except OSError:
        return
    page = os.sysconf("SC_PAGE_SIZE")
    yield _gauge("process_virtual_memory_bytes", "Virtual memory.", int(virtual) * page)
    yield _gauge("process_resident_memory_bytes", "Memory in use.", int(resident) * page)
    yield _gauge("process_open_fds", "Open files and sockets.", files)


def _counter(name: str, told: str, label: str, values: Mapping[str, float]) -> str:
    return _head(f"{name}_total", "counter", told) + "".join(_samples(f"{name}_total", label, values.items()))


def _samples(name: str, label: str, values: Iterable[tuple[str, float]]) -> Iterator[str]:
    for value, count in values:
        yield f'{name}{{{label}="{value}"}} {_number(count)}\n' if label else f"{name} {_number(count)}\n"


def _gauge(name: str, told: str, value: float) -> str:
    return f"{_head(name, 'gauge', told)}{name} {_number(value)}\n"


def _head(name: str, kind: str, told: str) -> str:
    return f"# HELP {name} {told}\n# TYPE {name} {kind}\n"


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "+Inf" if math.isinf(value) else f"{value:.15g}"
