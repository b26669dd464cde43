"""An import's process: it reads a file, stores its articles, and tells over a pipe how far it is.

A process of its own at a low priority, because members check meanwhile: in a thread of the bot an import made the p95
of checks 19 times what it was (`tests.benchmarks.crowd --importing 1500`).
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bot.logs import LogStyle, set_up
from knowledge.desk import Desk
from knowledge.errors import KnowledgeError
from knowledge.ingest import Refusal, read_articles
from knowledge.library import Library, follow_parent
from knowledge.models import NewArticle
from knowledge.writer import Addition

log = logging.getLogger(__name__)

_LOW_PRIORITY = 15


@dataclass(frozen=True, slots=True)
class Task:
    """What to import into which collection, in whose name; and how the log looks."""

    database: str
    collection: str
    actor: str
    path: str
    log_style: LogStyle


@dataclass(frozen=True, slots=True)
class Progress:
    """What came since the last of these, and how much of the file is read; `error` is why it ended early."""

    done: int
    total: int
    counts: dict[Addition, int]
    refusals: tuple[str, ...]
    error: str = ""


def work(task: Task, pipe: "Connection[object, Progress]") -> None:
    """Import, and end the process; anything that comes over the pipe is the wish to stop, heard between two commits."""
    follow_parent()
    set_up(task.log_style)
    if hasattr(os, "nice"):
        os.nice(_LOW_PRIORITY)
    try:
        _import(task, pipe)
    except BaseException:
        log.exception("an import ended in a way that nobody thought of")
        os._exit(1)
    # An orderly end would wait for the processes that prepared articles, after a stop now and then for ever.
    os._exit(0)


def _import(task: Task, pipe: "Connection[object, Progress]") -> None:
    reader = read_articles([Path(task.path)])
    refusals: list[str] = []

    def articles() -> Iterator[NewArticle]:
        for item in reader:
            if isinstance(item, Refusal):
                refusals.append(str(item))
            else:
                yield item

    def tell(counts: dict[Addition, int], error: str = "") -> None:
        pipe.send(Progress(reader.bytes_read, reader.total_bytes, counts, tuple(refusals), error))
        refusals.clear()

    try:
        with Library.open(task.database) as library:
            desk = Desk(library, task.collection, task.actor)
            stored = desk.add_all(articles(), lambda article, why: refusals.append(f"{article.url}: {why}"))
            for counts in stored:
                tell(dict(counts))
                if pipe.poll():
                    return
        tell({})
    except KnowledgeError as error:
        tell({}, str(error))
    finally:
        pipe.close()
