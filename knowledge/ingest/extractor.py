"""Reads pages in a process of its own that is ended where a page takes too long or too much memory.

The process reads many pages, for it takes a second to start; a page that ends it costs only itself.
"""

import json
import logging
import math
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from knowledge.errors import NoArticleText, PageProblem
from knowledge.ingest.page import MARKUP_LIMIT, Page

PAGE_SECONDS = 10.0
"""The slowest of 88 saved news pages takes 0.3 seconds, and the first one in which a date is looked for 1.6."""

PAGE_MEMORY = 768 * 1024**2
"""Bytes on top of what the process has when it starts. The greediest of 88 saved news pages takes 60 MB."""

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_OUT_OF_MEMORY = 3
"""What the process exits with where its memory does not do."""
_PAGES_A_PROCESS = 1_000
"""The libraries underneath keep some of what they saw; a new process does not."""
_ANSWER_LIMIT = 64 * 1024**2


class Extractor:
    """`pages.read_page` with limits of time, memory and size. Any thread may call it; they take turns.

    The process starts with the first page and is started anew where one has ended it.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS, memory: int = PAGE_MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._turn = Lock()
        self._worker: _Worker | None = None

    def read(self, markup: str, url: str = "") -> Page:
        """Read a whole page, as `read_page` does. Raises `NoArticleText`."""
        if len(markup) > MARKUP_LIMIT:
            raise NoArticleText(url, PageProblem.TOO_LARGE)
        with self._turn:
            worker = self._ready_worker()
            try:
                answer = worker.ask(markup, url, self._seconds)
            except BaseException:  # an interrupt as well: its answer would be taken for that of the next page
                self._end()
                raise
        if isinstance(answer, PageProblem):
            raise NoArticleText(url, answer)
        return answer

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready_worker(self) -> "_Worker":
        if self._worker is not None and self._worker.pages >= _PAGES_A_PROCESS:
            self._end()
        if self._worker is None:
            self._worker = _Worker(self._seconds, self._memory)
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, seconds: float, memory: int) -> None:
        context = get_context("spawn")  # a fork would take along the threads and sockets of a bot
        self.pages = 0
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(theirs, seconds, memory), daemon=True)
        self._process.start()
        theirs.close()
        self._is_ready = False

    def ask(self, markup: str, url: str, seconds: float) -> Page | PageProblem:
        """The page, or what is wrong with it. Raises `NoArticleText` where the process had to be ended."""
        self.pages += 1
        try:
            if not self._is_ready and not self._heard(_START_SECONDS):
                raise NoArticleText(url, PageProblem.UNREADABLE)
            self._is_ready = True
            self._pipe.send_bytes(json.dumps([markup, url]).encode())
            answer = self._heard(seconds)
        except (EOFError, OSError) as error:
            self._process.join(_END_SECONDS)
            out_of_memory = self._process.exitcode == _OUT_OF_MEMORY
            problem = PageProblem.TOO_MUCH_MEMORY if out_of_memory else PageProblem.UNREADABLE
            raise NoArticleText(url, problem) from error
        if not answer:
            raise NoArticleText(url, PageProblem.TOO_SLOW)
        fields = json.loads(answer)
        return Page(**fields) if isinstance(fields, dict) else PageProblem(fields)

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()

    def _heard(self, seconds: float) -> bytes:
        """What the process says within some seconds, nothing where it says nothing."""
        return self._pipe.recv_bytes(_ANSWER_LIMIT) if self._pipe.poll(seconds) else b""


# --- in the process ---


def _serve(pipe: Connection, seconds: float, memory: int) -> None:
    """Read pages for as long as somebody asks. Answers are JSON, for what hostile markup may shape is not unpickled."""
    from knowledge.ingest.pages import read_page  # 11 MB and 0.1 s that the asking process does without

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the asking process ends it
    logging.disable()  # what the libraries have to say about somebody's markup
    _limit_memory(memory)
    pipe.send_bytes(b"ready")
    try:
        while True:
            markup, url = json.loads(pipe.recv_bytes())
            signal.alarm(math.ceil(seconds) + 5)  # ends the process: nobody else does where the asker is gone
            answer = json.dumps(_answer(read_page, markup, url)).encode()
            signal.alarm(0)
            pipe.send_bytes(answer)
    except (EOFError, BrokenPipeError):
        return
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _answer(read: Callable[[str, str], Page], markup: str, url: str) -> dict[str, str] | str:
    try:
        return asdict(read(markup, url))
    except NoArticleText as error:
        if isinstance(error.__cause__, MemoryError):
            return PageProblem.TOO_MUCH_MEMORY
        return error.problem


def _limit_memory(memory: int) -> None:
    """Let the process have some memory on top of what it has; where that cannot be said, the limit of time remains."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        present = int(statistics.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (present + memory, present + memory))
