"""Backups are whole however much is written meanwhile; restoring looks first and destroys nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from knowledge import schema
from knowledge.backups import back_up, restore
from knowledge.errors import BackupError, KnowledgeError, SchemaError
from knowledge.library import Library
from tests.conftest import make_article

ROOT = Path(__file__).parent.parent.parent
URL = "https://example.org/article"


def fill(url: str, count: int = 3, word: str = "kettle") -> None:
    with Library.open(url) as library:
        list(
            library.add_all(
                "shared", (make_article(f"The {word} sings {n}.", url=f"{URL}/{n}") for n in range(count)), actor="me"
            )
        )


def articles(path: Path) -> int:
    with Library.open(f"sqlite:///{path}") as library:
        assert list(library.verify("shared")) == []
        return library.stats("shared").articles


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_a_library_in_one_file(library: Library, tmp_path: Path) -> None:
    library.add("shared", make_article("The kettle sings."), actor="me")
    target = tmp_path / "copies" / "backup.db"
    target.parent.mkdir()
    assert back_up(library, target) == target.stat().st_size
    assert left(target.parent) == {"backup.db"}
    assert articles(target) == 1


def test_a_backup_overwrites_nothing(library: Library, tmp_path: Path) -> None:
    target = tmp_path / "precious.txt"
    target.write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        back_up(library, target)
    assert target.read_text() == "precious"
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(library, tmp_path / "none" / "backup.db")


def test_a_backup_amid_writing_holds_one_moment(library: Library, tmp_path: Path) -> None:
    stop = threading.Event()
    written = [0]

    def write() -> None:
        while not stop.is_set():
            library.add("shared", make_article("The kettle sings.", url=f"{URL}/{written[0]}"), actor="me")
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = written[0]
            back_up(library, tmp_path / f"{number}.db")
            assert before <= articles(tmp_path / f"{number}.db") <= written[0] + 1
    finally:
        stop.set()
        writer.join()
    assert written[0] > 5


def test_what_is_restored_is_what_was_backed_up_and_the_former_library_is_kept(tmp_path: Path) -> None:
    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    fill(f"sqlite:///{database}")
    with Library.open(f"sqlite:///{database}") as library:
        back_up(library, copy)
    before = copy.read_bytes()
    fill(f"sqlite:///{database}", 5)
    restored = restore(f"sqlite:///{database}", copy, replace=True)
    assert (restored.collections, restored.articles) == (1, 3)
    assert restored.kept is not None
    assert restored.kept.parent == tmp_path
    assert (articles(database), articles(restored.kept)) == (3, 5)
    assert copy.read_bytes() == before
    assert {name for name in left(tmp_path) if name.startswith(".")} == set()


def test_a_backup_is_restored_where_there_was_no_library(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'backup.db'}")
    restored = restore(f"sqlite:///{tmp_path / 'receipts.db'}", tmp_path / "backup.db", replace=False)
    assert restored.kept is None
    assert articles(tmp_path / "receipts.db") == 3


def test_a_library_is_not_replaced_unasked(tmp_path: Path) -> None:
    for name in ("receipts.db", "backup.db"):
        fill(f"sqlite:///{tmp_path / name}", 3 if name == "backup.db" else 2)
    with pytest.raises(BackupError, match="exists already"):
        restore(f"sqlite:///{tmp_path / 'receipts.db'}", tmp_path / "backup.db", replace=False)
    assert articles(tmp_path / "receipts.db") == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"no database at all" * 500),
        lambda path: path.write_bytes(path.read_bytes()[:40_000]),
        lambda path: _execute(path, "UPDATE articleversion SET text = 'Another.'"),
        lambda path: _execute(path, "UPDATE collection SET articles = 7"),
        lambda path: _execute(path, "UPDATE alembic_version SET version_num = '9999'"),
        lambda path: _execute(path, "DROP TABLE alembic_version"),
    ],
    ids=["missing", "no-database", "cut-off", "other-text", "miscounted", "newer", "not-ours"],
)
def test_a_bad_backup_is_refused_before_anything_is_touched(tmp_path: Path, damage: object) -> None:
    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    fill(f"sqlite:///{copy}")
    fill(f"sqlite:///{database}", 2)
    assert callable(damage)
    damage(copy)
    before, names = database.read_bytes(), left(tmp_path)
    with pytest.raises((BackupError, SchemaError, KnowledgeError)):
        restore(f"sqlite:///{database}", copy, replace=True)
    assert database.read_bytes() == before
    assert {name for name in left(tmp_path) - names if not name.startswith("backup.db-")} == set()


def _execute(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


def test_a_library_in_use_is_not_replaced(tmp_path: Path) -> None:
    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    fill(f"sqlite:///{copy}")
    fill(f"sqlite:///{database}", 2)
    with Library.open(f"sqlite:///{database}") as bot:
        assert bot.stats("shared").articles == 2
        with pytest.raises(BackupError, match="stop the bot first"):
            restore(f"sqlite:///{database}", copy, replace=True)
        bot.add("shared", make_article("Written on.", url=f"{URL}/later"), actor="me")
    assert articles(database) == 3


def test_a_broken_library_is_replaced_and_kept(tmp_path: Path) -> None:
    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    fill(f"sqlite:///{copy}")
    database.write_bytes(b"broken" * 1000)
    (tmp_path / "receipts.db-wal").write_bytes(b"broken too")
    restored = restore(f"sqlite:///{database}", copy, replace=True)
    assert articles(database) == 3
    assert restored.kept is not None
    assert restored.kept.read_bytes() == b"broken" * 1000


def test_what_a_lost_library_left_beside_it_is_not_played_into_the_restored_one(tmp_path: Path) -> None:
    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    with Library.open(f"sqlite:///{database}") as lost:
        back_up(lost, copy)
        lost.add("shared", make_article("The kettle sings."), actor="me")
        database.unlink()
    assert (tmp_path / "receipts.db-wal").stat().st_size > 0
    restore(f"sqlite:///{database}", copy, replace=False)
    assert articles(database) == 0


def test_only_sqlite_files_are_restored(tmp_path: Path) -> None:
    for url in ("postgresql://x/y", "sqlite://", "nonsense"):
        with pytest.raises(BackupError):
            restore(url, tmp_path / "backup.db", replace=True)


@pytest.mark.parametrize("moment", ["_copy", "_verified", "_kept", "_sync"])
def test_a_restoring_that_is_killed_leaves_a_whole_library(tmp_path: Path, moment: str) -> None:
    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    fill(f"sqlite:///{copy}")
    fill(f"sqlite:///{database}", 2)
    script = f"""
import os, signal, sys
from pathlib import Path
from knowledge import backups
real = backups.{moment}
def then_die(*arguments):
    real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
backups.{moment} = then_die
backups.restore(sys.argv[1], Path(sys.argv[2]), replace=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{database}", str(copy)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert articles(database) == 2
    assert restore(f"sqlite:///{database}", copy, replace=True).articles == 3
    assert articles(database) == 3


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    database, copy = tmp_path / "receipts.db", tmp_path / "backup.db"
    fill(f"sqlite:///{copy}")
    with Library.open(f"sqlite:///{copy}") as library, library.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    assert restore(f"sqlite:///{database}", copy, replace=False).articles == 3
    with sqlite3.connect(copy) as connection_:
        assert connection_.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
    connection_.close()
