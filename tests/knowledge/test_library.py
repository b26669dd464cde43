"""The store: what is added is kept, indexed and audited in one transaction, whoever else is writing."""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import SQLModel

from knowledge import index, schema
from knowledge.errors import ArticleNotFound, LibraryError, SchemaError
from knowledge.library import BUSY_SECONDS, Library, LibrarySize
from knowledge.models import NewArticle
from knowledge.text import terms
from knowledge.writer import Addition
from tests.conftest import make_article

URL = "https://example.org/article"


def words_found(library: Library, *words: str) -> list[str]:
    """The passages that a search for some words returns, best first."""
    with library.snapshot("shared") as snapshot:
        found = snapshot.search(terms(words), 10)
        texts = snapshot.texts(found)
        return [texts[c.origin].of(c.field)[c.span.start : c.span.end] for c in found]


def test_an_added_article_is_found_and_counted(library: Library) -> None:
    assert library.add("shared", make_article("The kettle sings. The lantern glows."), actor="me") is Addition.ADDED
    assert words_found(library, "lantern") == ["The lantern glows."]
    with library.snapshot("shared") as snapshot:
        assert snapshot.searched == 1


def test_the_title_is_a_passage_too(library: Library) -> None:
    library.add("shared", make_article("A body.", title="Kettle sings at dawn"), actor="me")
    assert words_found(library, "kettle") == ["Kettle sings at dawn"]


def test_the_same_text_again_changes_nothing(library: Library) -> None:
    library.add("shared", make_article("The kettle sings."), actor="me")
    before = library.stats("shared")
    assert library.add("shared", make_article("The kettle sings."), actor="me") is Addition.UNCHANGED
    assert library.stats("shared") == before


def test_another_text_under_a_known_url_is_a_new_version(library: Library) -> None:
    library.add("shared", make_article("The kettle sings.", title="A title"), actor="me")
    assert library.add("shared", make_article("The lantern glows."), actor="me") is Addition.NEW_VERSION
    article = library.article("shared", URL)
    assert [version.text for version in library.versions(article)] == ["The kettle sings.", "The lantern glows."]
    assert words_found(library, "kettle") == ["The kettle sings."]
    assert words_found(library, "lantern") == ["The lantern glows."]
    assert article.title == "A title"
    assert list(library.verify("shared")) == []


def test_a_removed_article_is_found_no_more(library: Library) -> None:
    library.add("shared", make_article("The kettle sings."), actor="me")
    library.remove("shared", URL, actor="me")
    assert words_found(library, "kettle") == []
    with pytest.raises(ArticleNotFound):
        library.article("shared", URL)
    assert list(library.verify("shared")) == []


def test_removed_passages_make_room_for_others(library: Library) -> None:
    for number in range(30):
        library.add("shared", make_article("The kettle sings.", url=f"{URL}/{number}"), actor="me")
    for number in range(25):
        library.remove("shared", f"{URL}/{number}", actor="me")
    with library.snapshot("shared") as snapshot:
        assert len(snapshot.search(terms(["kettle"]), 5)) == 5


def test_every_change_leaves_an_audit_entry(library: Library) -> None:
    library.add("shared", make_article("One."), actor="discord:1")
    library.add("shared", make_article("Two."), actor="discord:2")
    library.remove("shared", URL, actor="discord:3")
    entries = list(library.audit("shared"))
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("discord:1", "add"),
        ("discord:2", "update"),
        ("discord:3", "remove"),
    ]
    assert entries[0].before is None
    assert entries[1].before == entries[0].after
    assert entries[2].after is None
    assert all(entry.at.tzinfo is UTC and entry.at <= datetime.now(UTC) for entry in entries)


def test_collections_do_not_see_each_other(library: Library) -> None:
    library.add("discord:1", make_article("The kettle sings."), actor="me")
    assert words_found(library, "kettle") == []
    with pytest.raises(ArticleNotFound):
        library.article("shared", URL)
    article = library.article("discord:1", URL)
    with pytest.raises(ArticleNotFound):
        library.remove("shared", str(article.id), actor="me")


def test_the_same_url_twice_in_one_import_is_two_versions(library: Library) -> None:
    batch = [make_article("First text."), make_article("Second text."), make_article("Second text.")]
    (counts,) = library.add_all("shared", batch, actor="me")
    assert counts == {Addition.ADDED: 1, Addition.NEW_VERSION: 1, Addition.UNCHANGED: 1}
    assert set(words_found(library, "text")) == {"First text.", "Second text."}
    assert list(library.verify("shared")) == []


def test_a_failed_batch_leaves_nothing(library: Library) -> None:
    def articles() -> Iterator[NewArticle]:
        yield make_article("Some text here.")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(library.add_all("shared", articles(), actor="me"))
    assert library.stats("shared").articles == 0


def many(count: int, sentences: int = 40, seed: int = 1) -> Iterator[NewArticle]:
    """Articles of invented words."""
    rng = random.Random(seed)
    vocabulary = [f"{a}{b}" for a in ("ka", "lo", "mi", "ru", "te", "zu") for b in ("ban", "dor", "fel", "gim", "pol")]
    for number in range(count):
        text = " ".join(f"{' '.join(rng.choices(vocabulary, k=9)).capitalize()}." for _ in range(sentences))
        yield make_article(text, url=f"{URL}/{seed}/{number}")


def test_a_long_tail_becomes_segments_that_merge(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 40)
    monkeypatch.setattr(index, "ROWS_A_STEP", 7)
    for round_ in range(10):
        list(library.add_all("shared", many(2, seed=round_), actor="me"))
    stats = library.stats("shared")
    assert len(stats.segments) == 3
    assert sum(stats.segments) + stats.tail == stats.passages == 800
    assert list(library.verify("shared")) == []


def test_a_crash_between_steps_leaves_a_library_that_mends_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 40)
    monkeypatch.setattr(index, "ROWS_A_STEP", 5)
    insert_postings = index._insert_postings
    calls = iter(range(1000))

    def failing(*args: object) -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt
        insert_postings(*args)  # type: ignore[arg-type]  # whatever it was given

    monkeypatch.setattr(index, "_insert_postings", failing)
    with pytest.raises(KeyboardInterrupt):
        list(library.add_all("shared", many(3), actor="me"))
    assert list(library.verify("shared")) == []
    assert library.stats("shared").articles == 3
    assert library.stats("shared").postings > 0
    with library.writing() as connection:
        connection.execute(text("DELETE FROM lease"))  # as if the time of the crashed one had run out
    list(library.add_all("shared", many(1, seed=2), actor="me"))
    stats = library.stats("shared")
    assert stats.tail == 0
    assert len(stats.segments) == 1
    assert list(library.verify("shared")) == []


def test_a_library_is_opened_and_read_while_another_process_writes(library: Library, library_url: str) -> None:
    library.add("shared", next(many(1)), actor="me")
    began = time.monotonic()
    with library.writing(), Library.open(library_url) as other:
        other.probe()
        assert other.size() == LibrarySize(articles=1, passages=40)
    assert time.monotonic() - began < BUSY_SECONDS / 2


def test_a_rebuilt_index_is_the_same_index(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 60)
    list(library.add_all("shared", many(5), actor="me"))
    before = words_found(library, "kaban", "zupol", "rufel")
    progress = list(library.rebuild("shared"))
    assert progress[-1] == (5, 5)
    assert words_found(library, "kaban", "zupol", "rufel") == before
    assert list(library.verify("shared")) == []
    assert library.stats("shared").passages == 200


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM passage WHERE number = 3",
        "UPDATE passage SET start = start + 1 WHERE number = 3",
        "DELETE FROM posting WHERE term = 'kaban'",
        "UPDATE posting SET gaps = zeroblob(0) WHERE term = 'kaban'",
        "UPDATE articleversion SET text = text || ' More.'",
        "UPDATE collection SET articles = 7",
        "DELETE FROM segment",
    ],
)
def test_verify_sees_every_kind_of_damage(library: Library, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 40)
    list(library.add_all("shared", many(2), actor="me"))
    assert list(library.verify("shared")) == []
    with library.writing() as connection:
        assert connection.execute(text(damage)).rowcount > 0
    assert list(library.verify("shared"))


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["add", "change", "remove", "maintain", "rebuild"]), st.integers(0, 4)), max_size=14
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_the_index_is_right_after_any_sequence_of_changes(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "library.db"
    with Library.open(f"sqlite:///{path}") as library, pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "TAIL_LENGTH", 12)
        patch.setattr(index, "FANOUT", 2)
        texts: dict[str, str] = {}
        for step, (action, number) in enumerate(actions):
            url = f"{URL}/{number}"
            if action in ("add", "change"):
                (article,) = many(1, sentences=6, seed=number if action == "add" else 100 + step)
                library.add("shared", make_article(article.text, url=url), actor="me")
                texts[url] = article.text
            elif action == "remove" and url in texts:
                library.remove("shared", url, actor="me")
                del texts[url]
            elif action == "maintain":
                list(library.add_all("shared", (), actor="me"))
            elif action == "rebuild":
                list(library.rebuild("shared"))
        library.close()
        with Library.open(f"sqlite:///{path}") as again:
            assert list(again.verify("shared")) == []
            assert {article.url for article in again.articles("shared")} == set(texts)


def test_two_threads_lose_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 50)
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            for article in many(12, sentences=10, seed=seed):
                library.add("shared", article, actor=str(seed))
            for number in range(0, 12, 3):
                library.remove("shared", f"{URL}/{seed}/{number}", actor=str(seed))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert library.stats("shared").articles == 16
    assert len(list(library.audit("shared"))) == 32
    assert list(library.verify("shared")) == []


def test_many_articles_are_prepared_by_other_processes_with_the_same_result(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.library._PARALLEL_FROM", 2)
    monkeypatch.setattr("knowledge.library._PARALLEL_CHUNK", 3)
    list(library.add_all("shared", many(12, sentences=5), actor="me"))
    assert library.stats("shared").articles == 12
    assert list(library.verify("shared")) == []


def test_the_schema_is_what_the_models_say(library: Library) -> None:
    with library.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    scripts = ScriptDirectory(str(Path(schema.__file__).with_name("migrations")))
    assert scripts.get_current_head() == schema.REVISION


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    Library.open(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError) as refused:
        Library.open(f"sqlite:///{path}")
    assert refused.value.found == "9999"


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says" * 40])
def test_what_is_no_database_of_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(LibraryError):
        Library.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(SchemaError):
        Library.open(f"sqlite:///{path}")


def test_a_missing_folder_and_a_bad_address_are_refused(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none/library.db", "no-such-thing://x", "nonsense"):
        with pytest.raises(LibraryError):
            Library.open(url)


def test_hostile_words_are_indexed_like_any_other(library: Library) -> None:
    hostile = "a" * 100_000 + " \u202e \ud800 '; DROP TABLE passage; -- kettle"
    library.add("shared", make_article(hostile.encode("utf-8", "ignore").decode()), actor="me")
    assert words_found(library, "kettle")
    assert list(library.verify("shared")) == []


def test_the_best_passages_are_those_with_the_largest_sums() -> None:
    rng = np.random.default_rng(7)
    size = 4_000
    lists = [
        (np.sort(rng.choice(size, length, replace=False)), float(rng.uniform(1, 9))) for length in (5, 40, 300, 2_000)
    ]
    sums = np.zeros(size)
    for ids, weight in lists:
        sums[ids] += weight
    for wanted in (1, 10, 50):
        ranked = index._best(lists, size, wanted)
        expected = sorted(sums.tolist(), reverse=True)[:wanted]
        assert np.allclose([score for _, score in ranked], expected)
        assert np.allclose([sums[number] for number, _ in ranked], expected)


def test_a_misspelt_word_finds_what_was_meant(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 1)
    list(library.add_all("shared", [make_article("The harbour committee adjourned.")], actor="me"))
    assert library.stats("shared").tail == 0
    with library.snapshot("shared") as snapshot:
        assert snapshot.search(["comittee"], 5) == []
        assert len(snapshot.search(["committe"], 5, doubtful={"committe"})) == 1
        assert snapshot.search(["compile"], 5, doubtful={"compile"}) == []


def test_a_large_import_leaves_one_segment_and_no_room_unused(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "TAIL_LENGTH", 40)
    monkeypatch.setattr("knowledge.library.BULK_TAIL", 100)
    list(library.add_all("shared", many(200), actor="me"))

    assert len(library.stats("shared").segments) == 1
    assert list(library.verify("shared")) == []
    with sqlite3.connect(tmp_path / "library.db") as database:
        (free,), (pages,) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_count"))
    assert free <= 0.05 * pages


def test_an_older_library_is_indexed_anew_when_it_is_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'older.db'}"
    with Library.open(url) as library:
        library.add("shared", make_article("The kettles sing.", title="Kettles"), actor="me")
        with library.writing() as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")

    with Library.open(url) as library:
        assert words_found(library, "kettle") == ["Kettles", "The kettles sing."]
        assert list(library.verify("shared")) == []
        assert [entry.action for entry in library.audit("shared")] == ["add"]


def test_a_new_connection_does_not_wait_for_one_that_writes(library: Library) -> None:
    with library.writing(), Library.open(library.url) as other:
        assert other.stats("shared").articles == 0
