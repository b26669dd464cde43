"""Reads pages and feeds in a process of its own that is ended where one takes too long or too much memory.

The process reads many of them, for it takes a second to start; one that ends it costs only itself.
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
from typing import Any, Self

from knowledge.errors import NoArticleText, NoFeed, PageProblem
from knowledge.ingest.feed import Feed
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
    """`pages.read_page` and `feeds.read_feed` with limits of time, memory and size.

    Any thread may call it; they take turns. The process starts with the first page and is started anew where one has
    ended it.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS, memory: int = PAGE_MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._turn = Lock()
        self._worker: _Worker | None = None

    def read(self, markup: str, url: str = "") -> Page:
        """Read a whole page, as `read_page` does. Raises `NoArticleText`."""
        answer = self._ask(_PAGE, markup, url)
        if isinstance(answer, PageProblem):
            raise NoArticleText(url, answer)
        return Page(**answer)

    def read_feed(self, markup: str, url: str) -> Feed:
        """Read a whole feed, as `feeds.read_feed` does. Raises `NoFeed`."""
        answer = self._ask(_FEED, markup, url)
        if isinstance(answer, PageProblem):
            raise NoFeed(url, answer)
        return Feed.of(answer)

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

    def _ask(self, kind: str, markup: str, url: str) -> "_Fields | PageProblem":
        """What the process says of some markup."""
        if len(markup) > MARKUP_LIMIT:
            return PageProblem.TOO_LARGE
        with self._turn:
            worker = self._ready_worker()
            try:
                return worker.ask(kind, markup, url, self._seconds)
            except _Ended as ended:
                self._end()
                return ended.problem
            except BaseException:  # an interrupt as well: its answer would be taken for that of the next page
                self._end()
                raise

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


_PAGE, _FEED = "page", "feed"
_Fields = dict[str, Any]
"""The fields of a `Page` or of a `Feed`."""


class _Ended(Exception):
    """The process has ended, or has to."""

    def __init__(self, problem: PageProblem) -> None:
        super().__init__(problem)
        self.problem = problem


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

    def ask(self, kind: str, markup: str, url: str, seconds: float) -> _Fields | PageProblem:
        """What there is in some markup, or what is wrong with it. Raises `_Ended` where the process has to be."""
        self.pages += 1
        try:
            if not self._is_ready and not self._heard(_START_SECONDS):
                raise _Ended(PageProblem.UNREADABLE)
            self._is_ready = True
            self._pipe.send_bytes(json.dumps([kind, markup, url]).encode())
            answer = self._heard(seconds)
        except (EOFError, OSError) as error:
            self._process.join(_END_SECONDS)
            out_of_memory = self._process.exitcode == _OUT_OF_MEMORY
            problem = PageProblem.TOO_MUCH_MEMORY if out_of_memory else PageProblem.UNREADABLE
            raise _Ended(problem) from error
        if not answer:
            raise _Ended(PageProblem.TOO_SLOW)
        fields = json.loads(answer)
        return fields if isinstance(fields, dict) else PageProblem(fields)

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
    """Read for as long as somebody asks. Answers are JSON, for what hostile markup may shape is not unpickled."""
    from knowledge.ingest.feeds import read_feed
    from knowledge.ingest.pages import read_page  # 11 MB and 0.1 s that the asking process does without

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the asking process ends it
    logging.disable()  # what the libraries have to say about somebody's markup
    _limit_memory(memory)
    pipe.send_bytes(b"ready")
    try:
        while True:
            kind, markup, url = json.loads(pipe.recv_bytes())
            signal.alarm(math.ceil(seconds) + 5)  # ends the process: nobody else does where the asker is gone
            answer = json.dumps(_answer(read_feed if kind == _FEED else read_page, markup, url)).encode()
            signal.alarm(0)
            pipe.send_bytes(answer)
    except (EOFError, BrokenPipeError):
        return
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _answer(read: Callable[[str, str], Page | Feed], markup: str, url: str) -> _Fields | str:
    try:
        found = read(markup, url)
        return found.as_json() if isinstance(found, Feed) else asdict(found)
    except (NoArticleText, NoFeed) as error:
        if isinstance(error.__cause__, MemoryError):
            return PageProblem.TOO_MUCH_MEMORY
        return error.problem


def _limit_memory(memory: int) -> None:
    """Let the process have some memory on top of what it has; where that cannot be said, the limit of time remains."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        present = int(statistics.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (present + memory, present + memory))
