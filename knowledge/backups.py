"""A library in a file of its own, and back: made while others write, looked through before it is put in place.

SQLite alone: for other databases there are better tools.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from knowledge.errors import BackupError, SchemaError
from knowledge.library import SHARED, Library
from knowledge.models import now

logger = logging.getLogger(__name__)

_IN_USE = "another process is using the database; stop the bot first"
_SIDES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup held, and where the former database is now; None where there was none."""

    collections: int
    articles: int
    kept: Path | None


def back_up(library: Library, target: Path) -> int:
    """Copy a library as it is at one moment into a new file, while others go on; returns its bytes.

    The file appears only when it is whole. Raises `BackupError` where there is one already, or it cannot be written.
    """
    return _write(target, library.copy_to)


def keep_older(library: Library, found: str) -> None:
    """Copy a library that is about to be upgraded into a file beside it, which the older program can be given back.

    To be given to `Library.open`. Raises `BackupError`, with which the upgrade does not come to pass. Other databases
    than SQLite's are left to their own tools.
    """
    try:
        database = database_file(library.url)
    except BackupError:
        return
    kept = _beside(database, f"schema-{found}", now())
    _write(kept, partial(_copy, database))
    logger.warning("the library is upgraded; as it was before it is kept in %s", kept)


def restore(
    database_url: str,
    source: Path,
    *,
    replace: bool,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Restored:
    """Put a backup in the place of a library, of one that is there only with `replace`; that is kept beside it.

    The backup is read through before anything is touched, and itself left alone. Raises `BackupError`, and what
    `Library.open` raises for it. `progress` is told (articles looked through, articles in all).
    """
    database = database_file(database_url)
    if not source.is_file():
        raise BackupError(source, "is not there")
    if database.exists() and not replace:
        raise BackupError(database, "exists already")
    with _unfinished(database) as unfinished:
        _copy(source, unfinished)
        collections, articles = _verified(source, unfinished, progress)
        _settle(unfinished)
        moment = now()
        kept = _kept(database, moment) if database.exists() else None
        _set_aside(database, _beside(database, "before", moment))
        unfinished.replace(database)
        _sync(database.parent)
    return Restored(collections, articles, kept)


def database_file(database_url: str) -> Path:
    """The file of a SQLite address. Raises `BackupError` for any other."""
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise BackupError(Path("?"), "is not an address of a database") from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise BackupError(Path("?"), "is not a SQLite file; use the tools of that database")
    return Path(url.database).absolute()


def _write(target: Path, copy: Callable[[Path], None]) -> int:
    if target.exists():
        raise BackupError(target, "exists already, and is not overwritten")
    with _unfinished(target) as unfinished:
        copy(unfinished)
        _settle(unfinished)
        size = unfinished.stat().st_size
        try:
            _give_name(unfinished, target)
        except FileExistsError as error:
            raise BackupError(target, "exists already, and is not overwritten") from error
        _sync(target.parent)
    return size


def _verified(source: Path, copy: Path, progress: Callable[[int, int], None]) -> tuple[int, int]:
    """How many collections and articles a copy holds, once all of it is found to be in order."""
    try:
        opened = Library.open(f"sqlite:///{copy}")  # an older one is brought up to date here, in the copy
    except SchemaError as error:
        raise BackupError(source, f"was written by another version of Receipts (schema {error.found})") from error
    with opened as library:
        collections = library.collections()
        held = {SHARED: 0} | {one.name: one.articles for one in collections}
        before, total = 0, sum(held.values())
        for name, articles in held.items():

            def report(done: int, _: int, before: int = before) -> None:
                progress(before + done, total)

            for problem in library.verify(name, report):
                raise BackupError(source, f"is damaged ({problem})")
            before += articles
    return len(collections), total


def _kept(database: Path, moment: datetime) -> Path:
    """Keep the present database under another name too, all of it in one file; it stays where it is until replaced."""
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            # Leaving WAL needs the database for oneself, and writes everything into the one file.
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            if mode == "wal":
                raise BackupError(database, _IN_USE)
    except sqlite3.OperationalError as error:
        raise BackupError(database, _IN_USE) from error
    except sqlite3.DatabaseError:
        pass  # it is none that could be in use; it is kept all the same
    kept = _beside(database, "before", moment)
    try:
        _give_name(database, kept)
    except OSError as error:
        raise BackupError(kept, f"cannot be written ({error.strerror or error})") from error
    return kept


def _set_aside(database: Path, kept: Path) -> None:
    """Rename what a broken or lost database left beside it; SQLite would take it for the new one's and play it back."""
    for side in _SIDES:
        with suppress(FileNotFoundError):
            Path(f"{database}{side}").rename(f"{kept}{side}")


def _beside(database: Path, what: str, moment: datetime) -> Path:
    return database.with_name(f"{database.name}.{what}-{moment:%Y%m%dT%H%M%S%f}")


def _give_name(path: Path, name: Path) -> None:
    """Give a file another name too. Raises `FileExistsError`, which a renaming would not."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:  # some file systems know no second names
        with path.open("rb") as old, name.open("xb") as new:
            shutil.copyfileobj(old, new)
            new.flush()
            os.fsync(new.fileno())


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A name beside a target for what is not whole yet; nothing of it is left behind."""
    path = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        yield path
    except (OSError, sqlite3.Error) as error:
        raise BackupError(target, f"cannot be written ({getattr(error, 'strerror', None) or error})") from error
    finally:
        for side in ("", *_SIDES):
            Path(f"{path}{side}").unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a database, with what may still be beside it. Raises `BackupError` where it is none."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    except sqlite3.DatabaseError as error:
        raise BackupError(source, f"is no backup that can be read ({error})") from error


def _settle(path: Path) -> None:
    """Have a database be one file, all of it on the disk."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
