"""One size: every engine is built, started, asked and added to; only one of them works at any time."""

import os
import random
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from types import TracebackType
from typing import Self

from tests.benchmarks.engines import LIMIT, WANTED, Document, Engine, Hit, Nothing, Text, what_is_missing
from tests.benchmarks.figures import Figures, Outcome
from tests.benchmarks.material import PRUNING, Material, Question, passages_of
from tests.benchmarks.worker import DidNotFinish, EngineFailed, Worker

ALLOWANCE = 60.0
"""Seconds that the queries of one engine may take in all at one size, unless the command line says otherwise."""
PAUSE = 0.01
"""Seconds between two queries, unless the command line says otherwise: nobody asks without a break."""
STARTS, STARTS_LIMIT = 3, 10.0
"""Cold starts of which the median counts; no more of them after so many seconds."""
FEWEST_WORDS = 4
"""A passage with fewer is never the right one: rapidfuzz finds "More" and "But…" in most quotes."""
SOUGHT_WORDS = 12
"""Length of the passage that is searched for after adding, as near as the article has one: long ones are slow."""


class Trial:
    """Measures engines on the same material. `outcome` is what is known at any moment, so that it can be cut short."""

    def __init__(
        self,
        engines: Sequence[type[Engine]],
        material: Material,
        folder: Path,
        *,
        allowance: float = ALLOWANCE,
        pause: float = PAUSE,
    ) -> None:
        self._pause = pause
        self._load: float | None = None
        self._material = material
        self._folder = folder
        self._passages = list(passages_of(material.documents))
        self._runners = [_Runner(engine, folder, len(self._passages), allowance) for engine in engines]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for runner in self._runners:
            runner.stop()

    @property
    def outcome(self) -> Outcome:
        """What was measured so far, in the order of the engines."""
        quotes = sum(question.has_answer for question in self._material.questions)
        return Outcome(
            passages=len(self._passages),
            articles=len(self._material.documents),
            quotes=quotes,
            others=len(self._material.questions) - quotes,
            figures=tuple(runner.figures for runner in self._runners),
            load=self._load,
        )

    def run(self) -> None:
        """Build, start, ask and add, each for every engine before the next."""
        self._build()
        self._start()
        self._ask()
        self._add()

    def _build(self) -> None:
        """Build each index once, by the first engine that uses it."""
        builders: dict[str, _Runner] = {}
        for runner in self._running():
            builder = builders.setdefault(runner.engine.index, runner)
            if builder is runner:
                self._say(f"building {runner.engine.index}")
                runner.build(self._material.documents)
            else:
                runner.take_over(builder.figures)

    def _start(self) -> None:
        query = self._material.questions[0].query
        bare = _started(Nothing, self._folder, query)
        bare.worker.close()
        for runner in self._running():
            self._say(f"starting {runner.engine.name}")
            runner.start(query, bare)

    def _ask(self) -> None:
        """Every question in turn through every engine, in an order drawn anew for each."""
        order = random.Random(len(self._passages))
        for done, question in enumerate(self._material.questions):
            if done % 100 == 0:
                self._say(f"{done} of {len(self._material.questions)} queries")
            turns = [runner for runner in self._running() if runner.is_asked]
            for runner in order.sample(turns, len(turns)):
                runner.ask(question, self._passages)
                sleep(self._pause)
        if hasattr(os, "getloadavg"):
            self._load = os.getloadavg()[0]

    def _add(self) -> None:
        """Add what was kept back, once for each index."""
        adders: dict[str, _Runner] = {}
        for runner in self._running():
            adder = adders.setdefault(runner.engine.index, runner)
            if adder is runner:
                self._say(f"adding to {runner.engine.index}")
                runner.add(self._material.kept_back, self._passages)
            runner.figures.add_ms = adder.figures.add_ms

    def _running(self) -> list["_Runner"]:
        return [runner for runner in self._runners if not runner.figures.status]

    def _say(self, progress: str) -> None:
        say(f"{len(self._passages):,} passages: {progress}")


def say(progress: str) -> None:
    """Show progress on standard error."""
    sys.stderr.write(f"{progress}\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class _Started:
    """A process that has answered once: how long that took from its start on, and the bytes of memory it holds."""

    worker: Worker
    seconds: float
    resident: int


def _started(engine: type[Engine], folder: Path, query: Text) -> _Started:
    """The last of a few cold starts, with the median of their times."""
    took: list[float] = []
    while True:
        began = perf_counter()
        worker = Worker(engine, folder, PRUNING)
        try:
            worker.open()
            reply = worker.search(query, LIMIT)
        except BaseException:
            worker.close()
            raise
        took.append(perf_counter() - began)
        if len(took) == STARTS or sum(took) > STARTS_LIMIT:
            return _Started(worker, median(took), reply.resident)
        worker.close()


class _Runner:
    """One engine of a trial: its process, its figures, and whether it is still asked."""

    def __init__(self, engine: type[Engine], folder: Path, passages: int, allowance: float) -> None:
        self.engine = engine
        self.figures = Figures(engine.name, passages, status=what_is_missing(engine), rebuilds=engine.rebuilds)
        self.is_asked = False
        self._folder = folder / engine.index
        self._allowance = allowance
        self._worker: Worker | None = None
        self._bare_resident = 0

    def stop(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def build(self, documents: Sequence[Document]) -> None:
        """Build from nothing, in a process that ends with it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        try:
            with Worker(self.engine, self._folder, PRUNING) as worker:
                reply = worker.build(documents)
        except EngineFailed as error:
            self._fail(error)
        else:
            self.figures.build_s = reply.seconds
            self.figures.disk_mb = reply.size / 1e6

    def take_over(self, builder: Figures) -> None:
        """Use what another engine has built."""
        self.figures.status = builder.status
        self.figures.build_s = builder.build_s
        self.figures.disk_mb = builder.disk_mb

    def start(self, query: Text, bare: _Started) -> None:
        """Start the process; what one costs that does nothing is taken off."""
        try:
            started = _started(self.engine, self._folder, query)
        except DidNotFinish as error:
            self._give_up(f"the first {error}")
        except EngineFailed as error:
            self._fail(error)
        else:
            self._worker, self.is_asked = started.worker, True
            self._bare_resident = bare.resident
            self.figures.cold_start_s = max(0.0, started.seconds - bare.seconds)
            self._note_memory(started.resident)

    def ask(self, question: Question, passages: Sequence[str]) -> None:
        """Ask one question; keep how long it took and where the right passage came."""
        assert self._worker is not None, "asked before it was started"
        try:
            reply = self._worker.search(question.query, LIMIT)
        except (DidNotFinish, EngineFailed) as error:
            self._give_up(f"a query {error}")
            self.stop()
            return
        self._note_memory(reply.resident)
        self.figures.milliseconds.append(reply.seconds * 1000)
        if question.has_answer:
            self.figures.ranks.append(_rank(question, reply.hits, passages))
        if sum(self.figures.milliseconds) >= self._allowance * 1000:
            self._give_up(f"its {self._allowance:.0f} s were used up")

    def add(self, documents: Sequence[Document], passages: Sequence[str]) -> None:
        """Add documents one by one and see that the last can be found; the process may be a new one."""
        if self.engine.rebuilds:
            self.figures.add_ms = self.figures.build_s * 1000 if self.figures.build_s is not None else None
            return
        try:
            if self._worker is None:
                self._worker = Worker(self.engine, self._folder, PRUNING)
                self._worker.open()
            took = [self._worker.add(document, LIMIT).seconds for document in documents]
            self.figures.add_ms = median(took) * 1000
            sought = min(documents[-1].passages, key=lambda one: abs(len(one.words.split()) - SOUGHT_WORDS))
            hits = self._worker.search(sought, LIMIT).hits
        except (DidNotFinish, EngineFailed) as error:
            self.figures.remarks.append(f"adding, or the search after it, {error}")
            self.stop()
            return
        now = [*passages, *passages_of(documents)]
        if not any(sought.original in _text(hit, now) for hit in hits):
            self.figures.remarks.append("an added article was not found")

    def _fail(self, error: EngineFailed) -> None:
        """Leave it out of everything that follows."""
        self.figures.status = "failed"
        self.figures.remarks.append(str(error))

    def _give_up(self, why: str) -> None:
        """Ask no more."""
        self.is_asked = False
        self.figures.remarks.append(f"queries answered: {self.figures.queries}; {why}")

    def _note_memory(self, resident: int) -> None:
        if resident:
            self.figures.memory_mb = max(0, resident - self._bare_resident) / 1e6


def _rank(question: Question, hits: Sequence[Hit], passages: Sequence[str]) -> int | None:
    """The place of the right passage, or of a near-duplicate."""
    texts = (_text(hit, passages) for hit in hits[:WANTED])
    return next((place for place, text in enumerate(texts) if _is_right(question, text)), None)


def _is_right(question: Question, text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS and question.sample.is_in(text)


def _text(hit: Hit, passages: Sequence[str]) -> str:
    return hit if isinstance(hit, str) else passages[hit]
