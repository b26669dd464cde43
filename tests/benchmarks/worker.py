"""The process around an engine, from both sides: `Worker` here asks, `serve` over there answers.

A process is started anew rather than forked or spawned, for both would bring along what the parent has imported.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from tests.benchmarks.engines import Document, Engine, Hit, Pruning, Text

ROOT = Path(__file__).parents[2]


class DidNotFinish(Exception):
    """An engine took longer than the `limit` it was given, in seconds; its process has been killed."""

    def __init__(self, limit: float) -> None:
        super().__init__(f"did not finish in {limit:.0f} s")


class EngineFailed(Exception):
    """An engine raised an error, or its process ended."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"failed: {reason}")


@dataclass(frozen=True, slots=True)
class _Start:
    engine: type[Engine]
    folder: Path
    pruning: Pruning


@dataclass(frozen=True, slots=True)
class _Build:
    documents: Sequence[Document]


@dataclass(frozen=True, slots=True)
class _Open:
    pass


@dataclass(frozen=True, slots=True)
class _Search:
    query: Text


@dataclass(frozen=True, slots=True)
class _Add:
    document: Document


_Job = _Build | _Open | _Search | _Add


@dataclass(frozen=True, slots=True)
class Reply:
    """What a job came to, and how long the engine itself was at it."""

    seconds: float
    resident: int
    """Bytes of memory that the process holds after it; 0 where the system does not tell."""
    hits: Sequence[Hit] = ()
    size: int = 0
    """Bytes on disk, after a build."""


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str


class Worker:
    """An engine in a process of its own. One job at a time; every method waits until it is done."""

    def __init__(self, engine: type[Engine], folder: Path, pruning: Pruning) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"from tests.benchmarks.worker import serve; serve({theirs.fileno()})"],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # what packages print must not get into the table
                start_new_session=True,  # Ctrl-C is for the parent, which then ends its workers
            )
        self._connection.send(_Start(engine, folder, pruning))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; killing loses nothing, for nothing of a benchmark is worth keeping."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def build(self, documents: Sequence[Document]) -> Reply:
        """Index documents. Raises `EngineFailed`, like every job."""
        return self._done(_Build(documents), None)

    def open(self) -> Reply:
        """Open what was built."""
        return self._done(_Open(), None)

    def search(self, query: Text, limit: float) -> Reply:
        """Search for at most `limit` seconds. Raises `DidNotFinish`."""
        return self._done(_Search(query), limit)

    def add(self, document: Document, limit: float) -> Reply:
        """Add one document within `limit` seconds. Raises `DidNotFinish`."""
        return self._done(_Add(document), limit)

    def _done(self, job: _Job, limit: float | None) -> Reply:
        try:
            self._connection.send(job)
            if limit is not None and not self._connection.poll(limit):
                self.close()
                raise DidNotFinish(limit)
            reply = self._connection.recv()
        except (EOFError, OSError) as error:
            raise EngineFailed("its process ended") from error
        if isinstance(reply, Reply):
            return reply
        raise EngineFailed(reply.reason)


def serve(descriptor: int) -> None:
    """In the process: do what comes over a pipe until its other end is closed."""
    with Connection(descriptor) as parent:
        start: _Start = parent.recv()
        try:
            engine = start.engine(start.folder, start.pruning)
            while True:
                parent.send(_answer(engine, parent.recv()))
        except (EOFError, BrokenPipeError):
            return
        except Exception as error:  # whatever an engine raises belongs into the table, not on the screen
            parent.send(_Failure(" ".join(f"{type(error).__name__}: {error}".split())))


def _answer(engine: Engine, job: _Job) -> Reply:
    hits: Sequence[Hit] = ()
    began = perf_counter()
    match job:
        case _Build(documents):
            engine.build(documents)
        case _Open():
            engine.open()
        case _Search(query):
            hits = engine.search(query)
        case _Add(document):
            engine.add(document)
    seconds = perf_counter() - began
    return Reply(seconds, _resident(), hits, engine.size() if isinstance(job, _Build) else 0)


def _resident() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    (line,) = (line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
