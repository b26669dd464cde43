"""Moderators who act at the same moment, in threads and in processes, and processes that are killed amid it."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from knowledge.desk import Desk
from knowledge.errors import AlreadyDecided, ArticleNotFound, KnowledgeError, RemovalGone
from knowledge.library import Library
from knowledge.writer import Addition
from tests.conftest import make_article

ROOT = Path(__file__).parent.parent.parent
URL = "https://example.org/article"
SERVER = "discord:1"

WORKER = """
import json, sys
from knowledge.desk import Desk
from knowledge.errors import KnowledgeError
from knowledge.library import Library
from tests.knowledge.test_desk_together import deeds

url, actor, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Library.open(url) as library:
    print("ready", flush=True)
    sys.stdin.readline()
    for line in deeds(Desk(library, "discord:1", actor), seed):
        print(json.dumps(line), flush=True)
"""


def deeds(desk: Desk, seed: int) -> Iterator[tuple[str, str, int]]:
    """What a busy moderator does; each deed is told once it is confirmed: what, its URL or kind, its number."""
    rng = random.Random(seed)
    for step in range(1_000):
        url = f"{URL}/{seed}/{step}"
        yield (
            "add",
            url,
            desk.add(make_article(f"Kettle number{step} sings.", url=url, title=f"T {seed} {step}")).article.id or 0,
        )
        is_there = True
        if rng.random() < 0.3:
            removal = desk.remove(url)
            is_there = False
            yield "remove", url, removal.id
            if rng.random() < 0.5:
                desk.undo(removal.id)
                is_there = True
                yield "undo", url, removal.id
        if rng.random() < 0.3:
            draft = desk.draft(make_article(f"Lantern number{step} glows.", url=f"{url}/draft"))
            yield "draft", f"{url}/draft", draft
            desk.publish(draft)
            yield "publish", f"{url}/draft", draft
        if rng.random() < 0.2:
            desk.edit(url, publisher=f"P {step}") if step % 2 and is_there else desk.block(f"b{step}.example")
            yield "change", url, 0


def at_once(*works: Callable[[], object]) -> list[object]:
    """What some works return or raise that begin at the same moment in threads."""
    start = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = work()
        except KnowledgeError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def two(library: Library, library_url: str) -> Iterator[tuple[Desk, Desk]]:
    """Two moderators, each with a library of their own on the same file, as in two processes."""
    with Library.open(library_url) as other:
        yield Desk(library, SERVER, "discord:1"), Desk(other, SERVER, "discord:2")


def test_two_who_publish_a_draft_at_once_publish_it_once(two: tuple[Desk, Desk]) -> None:
    for number in range(15):
        draft = two[0].draft(make_article(f"Text {number}.", url=f"{URL}/{number}"))
        results = at_once(lambda d=draft: two[0].publish(d), lambda d=draft: two[1].publish(d))  # type: ignore[misc]
        (lost,) = [one for one in results if isinstance(one, AlreadyDecided)]
        assert lost.actor == f"discord:{2 - results.index(lost)}"
    entries = two[0].log(limit=999).items
    assert Counter(entry.action for entry in entries) == {"draft": 15, "publish": 15, "add": 15}


def test_two_who_undo_at_once_restore_once(two: tuple[Desk, Desk], library: Library) -> None:
    for number in range(10):
        two[0].add(make_article(f"Text {number}.", url=f"{URL}/{number}"))
        removal = two[0].remove(f"{URL}/{number}").id
        results = at_once(lambda r=removal: two[0].undo(r), lambda r=removal: two[1].undo(r))  # type: ignore[misc]
        assert sum(isinstance(one, AlreadyDecided) for one in results) == 1
    assert two[0].browse().total == library.stats(SERVER).articles == 10
    assert list(library.verify(SERVER)) == []


def test_two_who_remove_at_once_remove_once(two: tuple[Desk, Desk], library: Library) -> None:
    for number in range(10):
        two[0].add(make_article(f"Text {number}.", url=f"{URL}/{number}"))
        results = at_once(lambda: two[0].remove(f"{URL}/{number}"), lambda: two[1].remove(f"{URL}/{number}"))  # noqa: B023
        assert sum(isinstance(one, ArticleNotFound) for one in results) == 1
    assert library.stats(SERVER).articles == 0


def test_two_who_decide_a_suggestion_at_once_decide_it_once(two: tuple[Desk, Desk]) -> None:
    for number in range(10):
        one = two[0].suggest(f"{URL}/{number}").id
        results = at_once(lambda s=one: two[0].decide(s, approve=True), lambda s=one: two[1].decide(s, approve=False))  # type: ignore[misc]
        assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    assert two[0].queue().total == 0


def test_two_who_suggest_at_once_are_in_the_queue_once(two: tuple[Desk, Desk]) -> None:
    for number in range(10):
        at_once(lambda: two[0].suggest(f"{URL}/{number}"), lambda: two[1].suggest(f"{URL}/{number}"))  # noqa: B023
    assert len({one.url for one in two[0].queue(limit=99).items}) == two[0].queue().total
    assert two[0].queue().total <= 10


def test_two_who_add_at_once_do_not_pass_the_quota(two: tuple[Desk, Desk], library: Library) -> None:
    two[0].change_settings(quota=5)
    at_once(
        lambda: [two[0].add(make_article("Text.", url=f"{URL}/a/{n}")) for n in range(5)],
        lambda: [two[1].add(make_article("Text.", url=f"{URL}/b/{n}")) for n in range(5)],
    )
    assert two[0].browse().total == library.stats(SERVER).articles == 5


def test_two_who_change_settings_at_once_keep_both_changes(two: tuple[Desk, Desk]) -> None:
    for number in range(10):
        at_once(lambda: two[0].change_settings(quota=number), lambda: two[1].change_settings(log_channel=str(number)))  # noqa: B023
        assert (two[0].settings().quota, two[0].settings().log_channel) == (number, str(number))


def test_a_purge_and_an_undoing_at_once_lose_no_article_that_came_back(
    two: tuple[Desk, Desk], library: Library
) -> None:
    from knowledge.models import now

    for number in range(10):
        two[0].add(make_article(f"Text {number}.", url=f"{URL}/{number}"))
        removal = two[0].remove(f"{URL}/{number}").id
        tomorrow = now().replace(year=now().year + 1)
        undone, _ = at_once(lambda r=removal: two[0].undo(r), lambda t=tomorrow: two[1].purge(t))  # type: ignore[misc]
        assert two[0].browse(words=f"article/{number}").total == (0 if isinstance(undone, RemovalGone) else 1)
    assert list(library.verify(SERVER)) == []


@contextmanager
def moderator(library_url: str, seed: int) -> Iterator[subprocess.Popen[str]]:
    """A moderator in a process of their own, who waits for a line before they begin."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, library_url, f"discord:{seed}", str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


@pytest.mark.parametrize("seconds", [0.3, 0.9])
def test_what_two_killed_processes_have_confirmed_is_kept_and_nothing_twice(
    library: Library, library_url: str, seconds: float
) -> None:
    confirmed: list[tuple[str, str, int]] = []
    with moderator(library_url, 1) as one, moderator(library_url, 2) as two:
        for process in (one, two):
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in (one, two):  # on a busy machine one may wait for the other's lock for a while
            assert process.stdout is not None
            confirmed.append(tuple(json.loads(process.stdout.readline())))
        time.sleep(seconds)
        for process in (one, two):
            process.send_signal(signal.SIGKILL)
        for process in (one, two):
            assert process.stdout is not None
            whole = process.stdout.read().split("\n")[:-1]
            confirmed += [tuple(json.loads(line)) for line in whole]
    assert len(confirmed) > 10

    desk = Desk(library, SERVER, "me")
    present: dict[str, bool] = {}
    for what, url, _ in confirmed:
        present |= {"add": {url: True}, "undo": {url: True}, "publish": {url: True}, "remove": {url: False}}.get(
            what, {}
        )
    held = {article.url for article in desk.browse(limit=99_999).items}
    unconfirmed = {url for url in present if present[url] is not (url in held)}
    last = {[url for _, url, _ in confirmed if f"/{seed}/" in url][-1] for seed in (1, 2)}
    assert unconfirmed <= last  # a deed may have been done that its process could not tell any more
    assert list(library.verify(SERVER)) == []
    log = desk.log(limit=99_999).items
    told = Counter(entry.action for entry in log)
    done = Counter(what for what, _, _ in confirmed)
    for action in ("remove", "undo", "draft", "publish"):
        assert done[action] <= told[action] <= done[action] + 2
    assert told["add"] - done["add"] - done["publish"] in (0, 1, 2)
    assert len(held) == told["add"] - told["remove"] + told["undo"]


def test_an_import_that_is_killed_keeps_every_batch_that_it_reported(library: Library, library_url: str) -> None:
    script = """
import sys
import knowledge.library
from knowledge.desk import Desk
from knowledge.library import Library
from tests.conftest import make_article
knowledge.library.BATCH_PASSAGES = 6
with Library.open(sys.argv[1]) as library:
    articles = (make_article("Kettle sings. Lantern glows.", url=f"https://example.org/{n}") for n in range(100_000))
    for counts in Desk(library, "discord:1", "me").add_all(articles):
        print(sum(counts.values()), flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script, library_url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process, process.stdout:
        reported = sum(int(process.stdout.readline()) for _ in range(20))
        process.send_signal(signal.SIGKILL)
        reported += sum(map(int, process.stdout.read().split("\n")[:-1]))
    stored = library.stats(SERVER).articles
    assert reported <= stored <= reported + 6
    assert Desk(library, SERVER, "me").log().total == stored
    assert list(library.verify(SERVER)) == []
    counts = Desk(library, SERVER, "me").add(make_article("Kettle sings. Lantern glows.", url="https://example.org/0"))
    assert counts.addition is Addition.UNCHANGED


CHANGES = [
    "desk.add(make_article('New.', url='https://example.org/new'))",
    "desk.edit('1', title='Another title')",
    "desk.label('1', Label.SATIRE)",
    "desk.remove('1')",
    "desk.remove_publisher('Courier')",
    "desk.undo(1)",
    "desk.purge(now() + timedelta(days=2))",
    "desk.allow('example.net')",
    "desk.block('example.com')",
    "desk.unlist('bad.example')",
    "desk.draft(make_article('New.', url='https://example.org/new'))",
    "desk.change_draft(1, make_article('New.', url='https://example.org/new'))",
    "desk.publish(1)",
    "desk.discard(1)",
    "desk.suggest('https://example.org/other')",
    "desk.decide(1, approve=True)",
    "desk.change_settings(quota=7)",
    "library.switch('discord:1', disabled=True, actor='me')",
    "library.take_down('https://example.org/article/1', actor='me')",
    "library.delete_collection('discord:1')",
]


def prepared(library: Library) -> None:
    """A collection in which every one of the changes can be made."""
    desk = Desk(library, SERVER, "discord:7")
    for number in range(4):
        desk.add(make_article(f"Kettle number{number} sings.", url=f"{URL}/{number}", publisher="Courier"))
    desk.remove(f"{URL}/3")
    desk.draft(make_article("A draft.", url=f"{URL}/draft"))
    desk.suggest(f"{URL}/suggested")
    desk.block("bad.example")


def everything(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that are not derived."""
    tables = "collection article articleversion removal draft suggestion domainrule auditentry lastnumber".split()
    with library.reading() as connection:
        return {name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")] for name in tables}


KILLER = """
import json, os, signal, sys
from datetime import timedelta
from sqlalchemy import event
from knowledge.desk import Desk
from knowledge.library import Library
from knowledge.models import Label, now
from tests.conftest import make_article

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def run(url, change, when, confirm):
    library = Library.open(url)
    desk = Desk(library, "discord:1", "me")
    if when == "before":
        event.listen(library._engine, "commit", lambda c: c.get_execution_options().get("receipts_writes") and die())
    eval(change)
    os.write(confirm, b"confirmed")
    die()

for case in json.load(sys.stdin):
    told, confirm = os.pipe()
    child = os.fork()
    if not child:
        run(*case, confirm)
    os.close(confirm)
    _, status = os.waitpid(child, 0)
    print(json.dumps([os.WTERMSIG(status), os.read(told, 99).decode()]))
    os.close(told)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a prepared library, and with one for each change: killed amid it, before and after the commit."""
    folder = tmp_path_factory.mktemp("killed")
    with Library.open(f"sqlite:///{folder / 'untouched.db'}") as library:
        prepared(library)
    cases = []
    for place, change in enumerate(CHANGES):
        for when in ("before", "after"):
            path = folder / f"{place} {when}.db"
            shutil.copy(folder / "untouched.db", path)
            cases.append((f"sqlite:///{path}", change, when))
    done = subprocess.run(
        [sys.executable, "-c", KILLER],
        input=json.dumps(cases),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    ends = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [[signal.SIGKILL, ""], [signal.SIGKILL, "confirmed"]]
    assert ends == expected * len(CHANGES), done.stderr
    return folder


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_killed_before_its_commit_is_none_and_after_it_is_whole(killed: Path, change: str) -> None:
    states = []
    for name in ("untouched", *(f"{CHANGES.index(change)} {when}" for when in ("before", "after"))):
        with Library.open(f"sqlite:///{killed / name}.db") as library:
            assert list(library.verify(SERVER)) == []
            states.append(everything(library))
    untouched, before, after = states
    assert before == untouched
    assert after != untouched
    if "delete_collection" not in change:
        assert len(after["auditentry"]) > len(untouched["auditentry"])
