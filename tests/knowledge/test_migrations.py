"""Libraries of earlier versions become today's with all that is in them, and can go back."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text

from knowledge import schema
from knowledge.backups import keep_older
from knowledge.checker import FactChecker
from knowledge.desk import Desk, ServerSettings
from knowledge.errors import BackupError
from knowledge.feedback import Answer, Feedback
from knowledge.library import Library
from knowledge.lookout import Lookout
from knowledge.members import MemberKey
from knowledge.models import FeedsGoTo, Label, Opinion, now
from knowledge.servers import Servers
from knowledge.statistics import Tally, status_of
from knowledge.verdicts import Verdict
from knowledge.watches import Watches
from tests.conftest import make_article

URL = "https://example.org/article"
ROWS = """
INSERT INTO collection VALUES (3, 'shared', '2031-01-01 00:00:00', 2, 1, 1, 1);
INSERT INTO collection VALUES (5, 'discord:1', '2031-01-01 00:00:00', 1, 1, 1, 1);
INSERT INTO article VALUES
  (7, 3, 'https://example.org/1', 'Der GROSSE Kessel', 'Courier', '2031-05-04', 'de',
  '2031-05-05 00:00:00', 2, 0, 0);
INSERT INTO article VALUES
  (8, 3, 'https://example.org/2', '', '', NULL, '', '2031-05-05 00:00:00', 1, 0, 0);
INSERT INTO article VALUES
  (9, 5, 'https://example.org/1', 'Lantern', 'Herald', NULL, '', '2031-05-05 00:00:00', 1, 0, 0);
INSERT INTO articleversion VALUES (7, 1, 'Kessel', 'Old text.', x'', '2031-05-05 00:00:00');
INSERT INTO articleversion VALUES
  (7, 2, 'Der GROSSE Kessel', 'The old kettle sings a song every single morning.',
  x'', '2031-05-06 00:00:00');
INSERT INTO articleversion VALUES (8, 1, '', 'A second text.', x'', '2031-05-05 00:00:00');
INSERT INTO articleversion VALUES
  (9, 1, 'Lantern', 'The lantern glows.', x'', '2031-05-05 00:00:00');
INSERT INTO auditentry VALUES
  (1, 3, '2031-05-05 00:00:00', 'discord:1', 'add',
  'https://example.org/1', 'null', '{"title": "Kessel"}');
"""


def migrate(url: str, change: Callable[[Config], None]) -> None:
    """Run one Alembic command on a database."""
    engine = create_engine(url)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON").close())
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        change(config)
    engine.dispose()


FIRST_ROWS = """
INSERT INTO collection VALUES (3, 'shared', '2031-01-01 00:00:00', 1, 1, 1, 1);
INSERT INTO article VALUES
  (7, 3, 'https://example.org/1', 'Kettle', 'Courier', '2031-05-04', 'en', '2031-05-05 00:00:00', 1, 0, 0);
INSERT INTO articleversion VALUES
  (7, 1, 'Kettle', 'The old kettle sings a song every single morning.',
  x'93d9a7c985a1a333fe057c3d4cb0d326d6c16efa8dfe1820960b140be58df05b', '2031-05-06 00:00:00');
"""


@pytest.fixture
def first(tmp_path: Path) -> str:
    """A library as the first version left it."""
    url = f"sqlite:///{tmp_path / 'first.db'}"
    migrate(url, lambda config: command.upgrade(config, "0001"))
    with sqlite3.connect(tmp_path / "first.db") as connection:
        connection.executescript(FIRST_ROWS)
    connection.close()
    return url


def content(path: Path) -> list[str]:
    """Schema and rows of a database as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_the_first_versions_library_is_kept_as_it_was_when_it_is_upgraded(first: str, tmp_path: Path) -> None:
    before = content(tmp_path / "first.db")
    with Library.open(first, keep_older) as library:
        assert FactChecker(library).check("“The old kettle sings a song every single morning.”").evidence
    with Library.open(first, keep_older):
        pass

    (kept,) = tmp_path.glob("first.db.schema-0001-*")
    assert content(kept) == before


def test_a_library_that_a_program_has_written_is_kept_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'third.db'}"
    with Library.open(url) as library:
        library.add("shared", make_article("The kettle sings."), actor="me")
    migrate(url, lambda config: command.downgrade(config, "0003"))

    with Library.open(url, keep_older) as library:
        assert library.stats("shared").articles == 1

    (kept,) = tmp_path.glob("third.db.schema-0003-*")
    assert "INSERT INTO \"alembic_version\" VALUES('0003');" in content(kept)


def test_a_library_that_cannot_be_kept_is_not_upgraded(first: str, tmp_path: Path) -> None:
    before = content(tmp_path / "first.db")

    def fail(library: Library, found: str) -> None:
        raise BackupError(tmp_path / f"first.db.schema-{found}", "cannot be written (no space left)")

    with pytest.raises(BackupError):
        Library.open(first, fail)

    assert content(tmp_path / "first.db") == before


@pytest.fixture
def second(tmp_path: Path) -> str:
    """A library as the second version left it."""
    url = f"sqlite:///{tmp_path / 'second.db'}"
    migrate(url, lambda config: command.upgrade(config, "0002"))
    with sqlite3.connect(tmp_path / "second.db") as connection:
        connection.executescript(ROWS)
        connection.execute(
            "UPDATE articleversion SET sha256 = ? WHERE article_id = 7 AND number = 2",
            (bytes.fromhex(_sha256("The old kettle sings a song every single morning.")),),
        )
    connection.close()
    return url


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def test_the_second_versions_library_has_a_desk_now(second: str) -> None:
    with Library.open(second) as library:
        shared, server = Desk(library, "shared", "me"), Desk(library, "discord:1", "me")
        assert [(one.name, one.articles) for one in library.collections()] == [("discord:1", 1), ("shared", 2)]
        assert shared.settings() == ServerSettings()
        article = shared.find("der große kessel")
        assert (article.id, article.version, article.publisher, article.language) == (7, 2, "Courier", "de")
        assert (article.label, article.review) == (Label.NONE, None)
        assert [found.id for found in shared.complete_articles("KESSEL")] == [7]
        assert [entry.actor for entry in shared.log().items] == ["discord:1"]
        check = FactChecker(library).check("“The old kettle sings a song every single morning.”")
        assert check.evidence[0].article.id == 7
        added = server.add(make_article("A third text.", url=f"{URL}/new")).article
        assert added.id == 10
        assert Desk(library, "discord:2", "me").add(make_article("Text.")).article.collection_id == 6
        removal = shared.remove("7")
        assert shared.undo(removal.id).articles == 1


def test_the_third_versions_library_follows_feeds_now_and_can_go_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'third.db'}"
    migrate(url, lambda config: command.upgrade(config, "0003"))
    with sqlite3.connect(tmp_path / "third.db") as connection:
        connection.execute(
            "INSERT INTO collection (id, name, created_at, articles, next_passage, indexed_to, next_segment, quota)"
            " VALUES (3, 'shared', '2031-01-01 00:00:00', 0, 1, 1, 1, 7)"
        )
    connection.close()
    with Library.open(url) as library:
        desk = Desk(library, "shared", "me")
        assert desk.settings() == ServerSettings(quota=7, feeds_go_to=FeedsGoTo.ARTICLES)
        desk.add_feed("https://example.org/feed")
        desk.change_settings(feeds_go_to=FeedsGoTo.QUEUE)
        desk.add(make_article("A text that came from a feed."))
    migrate(url, lambda config: command.downgrade(config, "0003"))
    with Library.open(url) as library:
        desk = Desk(library, "shared", "me")
        assert desk.feeds() == ()
        assert desk.settings() == ServerSettings(quota=7)
        assert library.stats("shared").articles == 1


def test_the_fourth_versions_library_takes_feedback_now_and_can_go_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fourth.db'}"
    migrate(url, lambda config: command.upgrade(config, "0004"))
    with Library.open(url) as library:
        library.add("discord:1", make_article("A text."), actor="me")
        key = MemberKey.beside(url)
        Feedback(library, key).give("discord:1", "discord:5", Answer("A claim", Verdict.CLOSE), Opinion.VERDICT)
        Servers(library, "77").leave("discord:1", datetime(2031, 5, 4, tzinfo=UTC))
        assert Desk(library, "discord:1", "me").disputed().total == 1
    migrate(url, lambda config: command.downgrade(config, "0004"))
    with Library.open(url) as library:
        assert Desk(library, "discord:1", "me").disputed().total == 0
        assert Servers(library, "77").delete_left(datetime(2032, 5, 4, tzinfo=UTC)) == ()
        assert library.stats("discord:1").articles == 1


def test_the_fourth_versions_library_takes_watches_now_and_can_go_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fourth.db'}"
    migrate(url, lambda config: command.upgrade(config, "0004"))
    with sqlite3.connect(tmp_path / "fourth.db") as connection:
        connection.execute(
            "INSERT INTO collection (id, name, created_at, articles, next_passage, indexed_to, next_segment)"
            " VALUES (3, 'shared', '2031-01-01 00:00:00', 0, 7, 1, 1)"
        )
    connection.close()
    with Library.open(url) as library:
        assert not Lookout(FactChecker(library)).has_new()
        Watches(library).add("shared", "The ferry carried 412 people", member="discord:7")
        library.add("shared", make_article("The ferry carried 412 people."), actor="me")
        assert Lookout(FactChecker(library)).has_new()
    migrate(url, lambda config: command.downgrade(config, "0004"))
    with Library.open(url) as library:
        assert Watches(library).own("discord:7") == ()
        assert library.stats("shared").articles == 1


def test_going_back_keeps_the_articles_and_forgets_what_waited(second: str) -> None:
    with Library.open(second) as library:
        desk = Desk(library, "shared", "me")
        desk.remove("8")
        desk.draft(make_article("A draft."))
        desk.change_settings(quota=4)
    migrate(second, lambda config: command.downgrade(config, "0002"))
    engine = create_engine(second)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM article ORDER BY id")).scalars().all() == [7, 9]
        assert connection.execute(text("SELECT name FROM collection ORDER BY id")).scalars().all() == [
            "shared",
            "discord:1",
        ]
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
    with Library.open(second) as library:
        assert library.stats("shared").articles == 1
        assert Desk(library, "shared", "me").settings() == ServerSettings()


def test_an_upgrade_of_many_articles_fills_the_key_of_each(second: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "second.db") as connection:
        connection.executemany(
            "INSERT INTO article VALUES (?, 3, ?, ?, '', NULL, '', '2031-05-05 00:00:00', 1, 0, 0)",
            [(number, f"{URL}/{number}", f"TITLE {number}") for number in range(100, 4_600)],
        )
    connection.close()
    migrate(second, lambda config: command.upgrade(config, "head"))
    with sqlite3.connect(tmp_path / "second.db") as connection:
        filled = connection.execute("SELECT COUNT(*) FROM article WHERE lookup LIKE 'title %'").fetchone()
    connection.close()
    assert filled == (4_500,)


def test_the_fourth_versions_library_counts_checks_now_and_can_go_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fourth.db'}"
    migrate(url, lambda config: command.upgrade(config, "0004"))
    with Library.open(url) as library:
        Desk(library, "shared", "me").add(make_article("A text."))
        tally = Tally(library)
        tally.note("shared", Verdict.CLOSE, 7)
        tally.write()
        assert status_of(library, "shared", now().date()).days[-1].checks == 1
    migrate(url, lambda config: command.downgrade(config, "0004"))
    with Library.open(url) as library:
        assert status_of(library, "shared", now().date()).days[-1].checks == 0
        assert library.stats("shared").articles == 1
