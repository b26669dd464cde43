"""The `receipts` command as a person or a program meets it: real processes, real files, real databases."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from knowledge.desk import Desk
from knowledge.feedback import Answer, Feedback
from knowledge.library import Library
from knowledge.members import MemberKey
from knowledge.models import Opinion
from knowledge.verdicts import Verdict

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "seed"

ARTICLE = """ date 2031-05-09 https://example.org/poll

Mayor Odile Fenwick leads her challenger three weeks before the election.

According to Wren Valley College, 47% of likely voters favor Fenwick, while 31% favor Tessaro.

“We will not close the library while I am mayor,” said Fenwick.
"""


class Receipts:
    """Runs the command on one database; the working folder and the environment are a test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'receipts.db'}"
        clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        self.environment = {**clean, "RECEIPTS_DATABASE_URL": self.database, "PYTHONPATH": str(ROOT)}

    def __call__(self, *arguments: str | Path, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
        """Run to the end; a traceback is never an answer."""
        done = subprocess.run(
            self._command(*arguments),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.environment,
            timeout=120,
            check=False,
        )
        result = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in result.stderr, result.stderr
        return result

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Begin to run, in a process group of its own."""
        return subprocess.Popen(
            self._command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
        )

    def articles(self, *arguments: str) -> int:
        """How many articles are in a collection."""
        return len(self("source", "list", *arguments).stdout.splitlines())

    @staticmethod
    def _command(*arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "bot", *map(str, arguments)]


@pytest.fixture
def receipts(tmp_path: Path) -> Receipts:
    return Receipts(tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Receipts:
    """A library of one article, which its tests only read."""
    command = Receipts(tmp_path_factory.mktemp("filled"))
    (command.folder / "poll.txt").write_text(ARTICLE, encoding="utf-8")
    assert command("import", "poll.txt").returncode == 0
    return command


def rows(count: int, first: int = 0) -> str:
    """Articles as JSONL."""
    made = (
        {"url": f"https://example.org/{number}", "text": f"Report {number}: the ferry sailed at noon. " * 10}
        for number in range(first, first + count)
    )
    return "".join(json.dumps(article) + "\n" for article in made)


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- import ---


def test_importing_twice_adds_nothing(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_text(rows(3))

    first, second = receipts("import", "a.jsonl"), receipts("import", "a.jsonl")

    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == "Read 3 articles: 3 new, 0 with a new text, 0 known already.\n"
    assert second.stdout == "Read 3 articles: 0 new, 0 with a new text, 3 known already.\n"
    assert receipts.articles() == 3


def test_a_changed_text_becomes_a_new_version(receipts: Receipts) -> None:
    path = receipts.folder / "a.txt"
    path.write_text("date 2031-05-04 https://example.org/a\nThe ferry sails at noon.")
    receipts("import", path)
    path.write_text("date 2031-05-04 https://example.org/a\nThe ferry sails at one.")

    changed = receipts("import", path)

    assert "0 new, 1 with a new text" in changed.stdout
    shown = receipts("source", "show", "https://example.org/a").stdout
    assert "Versions: 2" in shown
    assert "The ferry sails at one." in shown
    assert receipts("index", "verify").returncode == 0


def test_broken_rows_are_named_and_the_rest_goes_in(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_text(rows(1) + "{broken\n" + rows(1, first=1))

    done = receipts("import", "a.jsonl")

    assert done.returncode == 1
    assert done.stderr.startswith("a.jsonl:2: is not JSON")
    assert "Refused 1" in done.stdout
    assert receipts.articles() == 2


def test_where_nothing_is_usable_import_says_2(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_bytes(b"\0\1\2")

    done = receipts("import", "a.jsonl", "none.txt")

    assert done.returncode == 2
    assert done.stderr == "none.txt: does not exist\n" or done.stderr.splitlines() == [
        "a.jsonl: is not text",
        "none.txt: does not exist",
    ]


def test_collections_are_separate(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_text(rows(2))

    receipts("import", "a.jsonl", "--collection", "discord:1")

    assert receipts.articles("--collection", "discord:1") == 2
    assert receipts.articles() == 0


def test_what_is_exported_can_be_imported(receipts: Receipts) -> None:
    (receipts.folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    receipts("import", "a.txt")

    exported = receipts("source", "export").stdout
    (receipts.folder / "b.jsonl").write_text(exported, encoding="utf-8")
    again = receipts("import", "b.jsonl")

    assert "1 known already" in again.stdout


def test_removed_articles_are_gone(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_text(rows(2))
    receipts("import", "a.jsonl")

    removed = receipts("source", "remove", "https://example.org/0")
    missing = receipts("source", "remove", "https://example.org/0")

    assert removed.returncode == 0
    assert missing.returncode == 2
    assert missing.stderr.startswith("No article https://example.org/0 here")
    assert receipts.articles() == 1
    assert receipts("index", "verify").returncode == 0


def test_the_index_can_be_made_anew_and_measured(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_text(rows(2))
    receipts("import", "a.jsonl")

    assert receipts("index", "rebuild").stdout == "Indexed 2 of 2 articles.\n"
    assert receipts("index", "stats").stdout.startswith("articles: 2 (2 versions)\n")


@pytest.fixture
def half_way(receipts: Receipts) -> Iterator[subprocess.Popen[bytes]]:
    """An import of 3,000 articles that has committed some of them."""
    (receipts.folder / "a.jsonl").write_text(rows(3000))
    running = receipts.start("import", "a.jsonl")
    until = time.monotonic() + 60
    while _committed(receipts.folder / "receipts.db") == 0:
        assert time.monotonic() < until
        time.sleep(0.02)
    yield running
    running.kill()
    running.communicate()


def _committed(database: Path) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM article").fetchone()
    except sqlite3.OperationalError:
        return 0
    else:
        return int(count)
    finally:
        connection.close()


def test_an_import_that_is_killed_keeps_what_it_committed_and_can_be_repeated(
    receipts: Receipts, half_way: subprocess.Popen[bytes]
) -> None:
    half_way.send_signal(signal.SIGKILL)
    half_way.wait()

    kept = receipts.articles()

    assert kept > 0
    assert receipts("index", "verify").returncode == 0
    assert receipts("import", "a.jsonl").returncode == 0
    assert receipts.articles() == 3000
    assert receipts("index", "verify").returncode == 0


def test_ctrl_c_ends_an_import_with_130_and_says_what_is_kept(
    receipts: Receipts, half_way: subprocess.Popen[bytes]
) -> None:
    half_way.send_signal(signal.SIGINT)
    out, err = half_way.communicate(timeout=60)

    assert half_way.returncode == 130
    assert b"Traceback" not in err
    assert b"Interrupted." in err
    assert out.startswith(b"Read ")
    assert receipts("index", "verify").returncode == 0


# --- check and search ---


def test_a_claim_is_answered_as_one_object(filled: Receipts) -> None:
    done = filled("check", "“47% of likely voters favor Fenwick”", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    (answer,) = answers(done)
    assert list(answer) == [
        "id", "claim", "verdict", "score", "searched", "elapsed_ms", "findings", "evidence", "parts", "reports"
    ]  # fmt: skip
    assert answer["id"] is None
    assert answer["verdict"] == "verbatim"
    assert answer["searched"] == 1
    assert isinstance(answer["claim"], dict)
    assert list(answer["claim"]) == ["text", "quotes", "speaker", "date"]
    assert isinstance(answer["evidence"], list)
    evidence = answer["evidence"][0]
    assert list(evidence) == [
        "article", "verdict", "score", "passage", "context", "spans", "speaker", "said_on", "findings", "link",
        "version", "fetched_on", "changed_on",
    ]  # fmt: skip
    assert evidence["article"]["url"] == "https://example.org/poll"
    assert evidence["article"]["date"] == "2031-05-09"
    text = ARTICLE.split("\n\n", 1)[1]
    (span,) = evidence["spans"]
    assert span["field"] == "text"
    assert text[span["start"] : span["end"]] == "47% of likely voters favor Fenwick"


def test_a_changed_number_is_a_finding(filled: Receipts) -> None:
    (answer,) = answers(filled("check", "57% of likely voters favor Fenwick", "--json"))

    assert answer["verdict"] == "altered"
    assert isinstance(answer["findings"], list)
    assert {"kind": "number", "claimed": "57%", "source": "47%"} in answer["findings"]


def test_what_is_not_there_is_not_found(filled: Receipts) -> None:
    (answer,) = answers(filled("check", "Scientists found water ice on Mars", "--json"))

    assert (answer["verdict"], answer["evidence"]) == ("not_found", [])


def test_a_batch_is_answered_line_by_line_in_order(filled: Receipts) -> None:
    lines = [
        b'{"id": "a", "claim": "57% of likely voters favor Fenwick"}',
        b"not json",
        b"",
        b'{"id": 7}',
        b'{"id": "c", "claim": ""}',
        b'["no object"]',
        b'{"id": {"a": 1}, "claim": "no scalar"}',
        b'{"id": "\xff", "claim": "no text"}',
        b'{"id": "h", "claim": "' + b"x" * 1_100_000 + b'"}',
        b'{"id": "half a pair: \\ud83d", "claim": "we will not close the library \\ud83d"}',
        "\ufeff".encode() + b'{"id": null, "claim": "we will not close the library", "other": 1}\r',
    ]

    done = filled("check", "--batch", "-", "--json", stdin=b"\n".join(lines))

    assert done.returncode == 1
    given = answers(done)
    assert [answer["id"] for answer in given] == [
        "a",
        None,
        7,
        "c",
        None,
        None,
        None,
        None,
        "half a pair: \ud83d",
        None,
    ]
    assert ["error" in answer for answer in given] == [False, True, True, True, True, True, True, True, False, False]


def test_a_batch_can_be_a_file_and_all_answered_is_0(filled: Receipts, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": 1, "claim": "we will not close the library"}\n')

    done = filled("search", "--batch", batch, "--json")

    assert done.returncode == 0
    (answer,) = answers(done)
    assert list(answer) == ["id", "query", "searched", "elapsed_ms", "results"]
    assert isinstance(answer["results"], list)
    assert "verdict" not in answer["results"][0]


def test_every_line_of_a_batch_is_answered_as_it_comes(filled: Receipts) -> None:
    running = filled.start("check", "--batch", "-", "--json")
    assert running.stdin
    assert running.stdout
    for number in range(2):
        running.stdin.write(b'{"id": %d, "claim": "we will not close the library"}\n' % number)
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == number

    running.communicate()
    assert running.returncode == 0


@pytest.mark.parametrize("claim", ["", " ", "🦦🦦", "x" * 100_000, "word " * 20_000, "\x1b[2J"])
def test_a_claim_that_cannot_be_checked_is_one_clear_line(filled: Receipts, claim: str) -> None:
    plain, as_json = filled("check", claim), filled("check", claim, "--json")

    assert (plain.returncode, as_json.returncode) == (1, 1)
    assert len(plain.stderr.splitlines()) == 1
    assert list(answers(as_json)[0]) == ["id", "error"]


def test_a_card_marks_the_quoted_words_and_gives_the_link(filled: Receipts) -> None:
    done = filled("check", "57% of likely voters favor Fenwick")

    assert done.returncode == 0
    assert "Altered: the source says 47%, not 57%" in done.stdout
    assert "**" in done.stdout
    assert "2031-05-09" in done.stdout
    assert "https://example.org/poll#:~:text=" in done.stdout
    assert "\x1b" not in done.stdout


def test_what_an_article_says_cannot_command_the_terminal(receipts: Receipts) -> None:
    row = {
        "url": "https://example.org/a",
        "title": "Red\x1b[31m",
        "text": "The ferry \x1b]0;x\x07sails at noon today.\x9b2J",
    }
    (receipts.folder / "a.jsonl").write_text(json.dumps(row))
    receipts("import", "a.jsonl")

    for command in (
        ("check", "the ferry sails at noon"),
        ("search", "the ferry"),
        ("source", "list"),
        ("source", "show", "1"),
    ):
        done = receipts(*command)
        assert done.returncode == 0
        assert not {"\x1b", "\x07", "\x9b"} & set(done.stdout)


def test_a_closed_pipe_is_no_error(filled: Receipts) -> None:
    lines = b'{"id": 1, "claim": "we will not close the library"}\n' * 500
    running = filled.start("check", "--batch", "-", "--json")
    assert running.stdin
    assert running.stdout
    running.stdin.write(lines[:1000])
    running.stdin.flush()
    running.stdout.readline()
    running.stdout.close()
    with suppress(BrokenPipeError):
        running.stdin.write(lines)
        running.stdin.close()
    running.wait(timeout=60)

    assert running.stderr
    assert running.stderr.read() == b""
    running.stderr.close()


# --- wrong use, and databases that cannot be used ---


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "words", "--batch", "-"),
        ("check", "--batch", "none.jsonl"),
        ("check", "words", "--limit", "0"),
        ("check", "two", "claims"),
        ("check", "words", "--collection", ""),
        ("search",),
        ("import",),
        ("import", ""),
        ("source", "show"),
        ("frobnicate",),
        ("index", "verify", "--frobnicate"),
    ],
)
def test_wrong_use_is_2(filled: Receipts, arguments: tuple[str, ...]) -> None:
    done = filled(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""


def test_a_database_in_a_missing_folder_is_one_clear_line(receipts: Receipts) -> None:
    done = receipts("check", "some words", "--json", "--database", "sqlite:////missing/folder/a.db")

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "sqlite:////missing/folder/a.db" in done.stderr


@pytest.mark.parametrize(
    "url", ["no url", "sqlite:////", "mongodb://me:secret@example.org/x", "postgresql://me:secret@[/x"]
)
def test_a_database_address_that_cannot_be_used_is_one_clear_line_without_its_password(
    receipts: Receipts, url: str
) -> None:
    done = receipts("source", "list", "--database", url)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr


@pytest.mark.parametrize("content", [b"no database", os.urandom(9000)])
def test_a_file_that_is_no_database_is_one_clear_line(receipts: Receipts, content: bytes) -> None:
    (receipts.folder / "receipts.db").write_bytes(content)

    done = receipts("check", "some words")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_database_of_a_newer_version_is_one_clear_line(receipts: Receipts) -> None:
    receipts("source", "list")
    connection = sqlite3.connect(receipts.folder / "receipts.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    done = receipts("check", "some words")

    assert done.returncode == 2
    assert "another version of Receipts (schema 9999): update Receipts; or, to stay with this version" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_is_one_clear_line_and_loses_nothing(receipts: Receipts) -> None:
    (receipts.folder / "a.jsonl").write_text(rows(1))
    (receipts.folder / "b.jsonl").write_text(rows(2000, first=1))
    receipts("import", "a.jsonl")
    receipts.environment["TMPDIR"] = str(receipts.folder)
    # The limit on a file's size stands in for a full disk; the signal that comes with it is ignored by Python.
    limited = ["/bin/sh", "-c", 'ulimit -f 2000; exec "$@"', "sh", *receipts._command("import", "b.jsonl")]

    done = subprocess.run(limited, capture_output=True, cwd=receipts.folder, env=receipts.environment, check=False)

    assert done.returncode in (1, 2)
    assert b"Traceback" not in done.stderr
    assert receipts.articles() >= 1
    assert receipts("index", "verify").returncode == 0


# --- demo and console ---


def test_the_demo_shows_its_tour_and_ends_where_there_is_no_terminal(receipts: Receipts) -> None:
    done = receipts("demo")

    assert (done.returncode, done.stderr) == (0, "")
    for label in ("Verbatim:", "Close:", "Altered:", "Not found:"):
        assert label in done.stdout
    assert not (receipts.folder / "receipts.db").exists()


def test_the_console_answers_lines_until_quit(filled: Receipts) -> None:
    done = filled("console", stdin="57% of likely voters favor Fenwick\n\n🦦\nquit\nnever read\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Altered:") == 1
    assert done.stdout.count("Not checked:") == 1


def test_the_console_is_the_bot(filled: Receipts) -> None:
    lines = (
        "/check claim: 57% of likely voters favor Fenwick private: true",
        "57% of likely voters favor Fenwick",
        "2",  # Remove
        "57% of likely voters favor Fenwick",
        "1",  # Details, to oneself
        "3",  # Wrong verdict
        "2",  # Cancel
        ":post “We will not close the library while I am mayor”",
        "1",  # Check this message
        ":as moderator",
        ":go elsewhere",
        "47% of likely voters favor Fenwick",
        "/check",
        "/nonsense",
        "99",
        ":help",
    )

    done = filled("console", stdin="\n".join(lines))

    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout
    assert shown.count("the source says 47%, not 57%") == 4
    assert shown.count("How it was decided") == 1
    assert shown.count("**~~57%~~ __47%__ of likely voters favor Fenwick**") == 4
    assert "Tell those who run the bot?" in shown
    assert "Nothing was sent, and nothing is kept" in shown
    assert shown.count("only you can see this") == 6
    assert "(the message is gone)" in shown
    assert "[1] Check this message" in shown
    assert shown.count("Verbatim:") == 2
    assert "That does not work: /check has ['claim', 'private', 'speaker']; missing: ['claim']." in shown
    assert (
        "That does not work: there is no command 'nonsense' here; there are ['check', 'privacy', 'receipts', 'search']."
        in shown
    )
    assert "That does not work: there is nothing with the number 99." in shown
    assert "who you are" in shown


def test_the_console_on_a_servers_collection_is_in_that_server(filled: Receipts) -> None:
    article = filled.folder / "other.txt"
    article.write_text("date 2031-05-10 https://example.org/other\n\nThe otters moved into the old mill on Friday.\n")
    assert filled("import", article, "--collection", "discord:1420070400000000002").returncode == 0

    done = filled(
        "console", "--collection", "discord:1420070400000000002", stdin="The otters moved into the old mill on Friday"
    )

    assert "Verbatim:" in done.stdout


@pytest.mark.parametrize("command", ["console", "demo"])
def test_the_page_is_served_until_it_is_interrupted(filled: Receipts, command: str) -> None:
    process = filled.start(command, "--web")
    assert process.stdout is not None
    url = process.stdout.readline().decode().strip()
    with urllib.request.urlopen(url) as answer:
        assert b"<title>Receipts" in answer.read()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in told) == (0, False), told


def test_a_port_that_is_taken_is_one_clear_line(filled: Receipts) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = filled("console", "--web", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("The page cannot be served")


def test_running_the_bot_without_a_token_is_one_clear_line(receipts: Receipts) -> None:
    receipts.environment.pop("DISCORD_TOKEN", None)

    done = receipts("run")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("DISCORD_TOKEN is missing")


def test_help_does_not_wait_for_the_database_or_for_discord(receipts: Receipts) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, bot.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        env=receipts.environment,
        check=True,
    )

    assert not {"discord", "sqlalchemy", "numpy", "pydantic", "rich.console"} & set(loaded.stdout.split())


# --- the article that the project began with ---


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed article is not beside this checkout")
def test_the_first_article_imports_and_checks_well(receipts: Receipts) -> None:
    assert receipts("import", *sorted(SEED.glob("*.txt"))).returncode == 0
    claims = {
        "Jeff Sessions is a disaster who has let us all down": "verbatim",
        "57% of Republican voters favor Tuberville": "altered",
        "let our country down": "verbatim",
        "Scientists found water ice on Mars": "not_found",
    }
    batch = "".join(json.dumps({"id": claim, "claim": claim}) + "\n" for claim in claims)

    given = answers(receipts("check", "--batch", "-", "--json", stdin=batch))

    assert {answer["id"]: answer["verdict"] for answer in given} == claims
    assert isinstance(given[0]["evidence"], list)
    evidence = given[0]["evidence"][0]
    assert evidence["article"]["date"] == "2020-07-11"
    assert evidence["link"].startswith(f"{evidence['article']['url']}#:~:text=")
    assert isinstance(given[1]["findings"], list)
    assert {"kind": "number", "claimed": "57%", "source": "47%"} in given[1]["findings"]


# --- what operators do ---


def test_a_collection_is_shown_stopped_and_deleted(receipts: Receipts) -> None:
    (receipts.folder / "poll.txt").write_text(ARTICLE, encoding="utf-8")
    receipts("import", "poll.txt")
    receipts("import", "poll.txt", "--collection", "discord:1")
    assert receipts("collection", "list").stdout == "discord:1\t1 article\nshared\t1 article\n"
    assert receipts("collection", "disable", "discord:1").returncode == 0
    assert "Disabled: yes" in receipts("collection", "show", "discord:1").stdout
    stopped = receipts("check", "57% of likely voters favor Fenwick", "--collection", "discord:1")
    assert stopped.returncode == 2
    assert "disabled" in stopped.stderr
    assert receipts("collection", "enable", "discord:1").returncode == 0
    unsure = receipts("collection", "delete", "discord:1")
    assert (unsure.returncode, receipts.articles("--collection", "discord:1")) == (2, 1)
    assert "--yes" in unsure.stderr
    assert receipts("collection", "delete", "discord:1", "--yes").returncode == 0
    assert receipts("collection", "list").stdout == "shared\t1 article\n"
    missing = receipts("collection", "show", "discord:1")
    assert (missing.returncode, "No collection discord:1 here" in missing.stderr) == (2, True)


def test_pages_are_fetched_again_and_what_fails_is_told(receipts: Receipts) -> None:
    (receipts.folder / "a.txt").write_text(ARTICLE.replace("https://example.org", "http://127.0.0.1"))
    receipts("import", "a.txt")
    reason = "leads to an address that is not on the public internet"
    line = f"shared\t1\tfailed\thttp://127.0.0.1/poll\t{reason}\n"

    done = receipts("source", "refresh", "--publisher", "127.0.0.1")

    assert (done.stdout, done.returncode) == (line, 1)
    assert receipts("source", "refresh", "--publisher", "nobody").returncode == 2
    assert receipts("source", "refresh", "1", "--due").returncode == 2


def test_feeds_are_listed_polled_and_removed(receipts: Receipts) -> None:
    assert receipts("feed", "poll").returncode == 0
    with Library.open(receipts.database) as library:
        for collection in ("shared", "discord:1"):
            Desk(library, collection, "me").add_feed("http://127.0.0.1/feed", "The\x1b[31m Courier")
    listed = receipts("feed", "list")
    assert listed.stdout.count("\n") == 1
    assert "http://127.0.0.1/feed" in listed.stdout
    assert "\x1b" not in listed.stdout

    polled = receipts("feed", "poll")
    assert polled.returncode == 1
    reason = "leads to an address that is not on the public internet"
    assert polled.stdout.splitlines() == [
        f"{collection}\thttp://127.0.0.1/feed\t{reason}" for collection in ("shared", "discord:1")
    ]
    assert reason in receipts("feed", "list").stdout
    assert receipts("feed", "poll").stdout == ""

    assert receipts("feed", "remove", "http://127.0.0.1/feed").returncode == 0
    gone = receipts("feed", "remove", "1")
    assert gone.returncode == 2
    assert "receipts feed list" in gone.stderr
    assert receipts("feed", "list", "--collection", "discord:1").stdout.startswith("2\t")


@pytest.mark.parametrize("url", ["http://127.0.0.1/feed", "file:///etc/passwd", "nonsense"])
def test_a_feed_that_cannot_be_had_is_not_followed(receipts: Receipts, url: str) -> None:
    done = receipts("feed", "add", url)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert receipts("feed", "list").stdout == ""


def test_disputed_answers_are_listed_and_become_cases(receipts: Receipts) -> None:
    with Library.open(receipts.database) as library:
        answer = Answer("A \x1b[31mclaim", Verdict.CLOSE, "https://example.org/poll#:~:text=a")
        Feedback(library, MemberKey.new()).give("shared", "discord:5", answer, Opinion.VERDICT)
    listed = receipts("feedback", "list")
    assert listed.stdout.startswith("1\tClose, 1 wrong verdict: “A ")
    assert "\x1b" not in listed.stdout

    case = receipts("feedback", "export", "1", "--verdict", "altered", "--why", "because")
    row = json.loads(case.stdout)
    assert (row["verdict"], row["article"], row["why"]) == ("altered", "https://example.org/poll", "because")

    gone = receipts("feedback", "export", "1", "--verdict", "altered", "--collection", "discord:1")
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "receipts feedback list" in gone.stderr
    wrong = receipts("feedback", "export", "1", "--verdict", "true")
    assert wrong.returncode == 2
    assert "verbatim, close, altered" in wrong.stderr


def test_a_takedown_reaches_every_collection(receipts: Receipts) -> None:
    (receipts.folder / "poll.txt").write_text(ARTICLE, encoding="utf-8")
    for collection in ("shared", "discord:1"):
        receipts("import", "poll.txt", "--collection", collection)
    done = receipts("takedown", "https://example.org/poll")
    assert (done.returncode, done.stdout) == (0, "Taken down from discord:1.\nTaken down from shared.\n")
    assert receipts.articles() == receipts.articles("--collection", "discord:1") == 0
    assert receipts("takedown", "https://example.org/poll").returncode == 2


def test_a_library_is_backed_up_and_restored(receipts: Receipts) -> None:
    (receipts.folder / "poll.txt").write_text(ARTICLE, encoding="utf-8")
    receipts("import", "poll.txt")
    assert receipts("backup", "copy.db").returncode == 0
    again = receipts("backup", "copy.db")
    assert (again.returncode, "not overwritten" in again.stderr) == (2, True)
    receipts("source", "remove", "https://example.org/poll")
    unsure = receipts("restore", "copy.db")
    assert (unsure.returncode, receipts.articles()) == (2, 0)
    assert "--yes" in unsure.stderr
    done = receipts("restore", "copy.db", "--yes")
    assert (done.returncode, receipts.articles()) == (0, 1)
    (kept,) = receipts.folder.glob("receipts.db.before-*")
    assert kept.name in done.stdout
    assert receipts("restore", "poll.txt", "--yes").returncode == 2
    assert receipts("restore", "nothing.db", "--yes").returncode == 2
    assert receipts.articles() == 1


def test_a_backup_is_whole_while_an_import_goes_on(
    receipts: Receipts, half_way: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert receipts("backup", "copy.db").returncode == 0
    assert half_way.poll() is None
    verified = receipts("index", "verify", "--database", f"sqlite:///{tmp_path / 'copy.db'}")
    assert verified.returncode == 0, verified.stdout


def test_reviews_of_claims_are_imported_and_bad_ones_named(receipts: Receipts) -> None:
    good = {"@type": "ClaimReview", "url": "https://checks.example/1", "claimReviewed": "Ferries are free in June."}
    (receipts.folder / "feed.json").write_text(json.dumps([good, {"@type": "ClaimReview"}]), encoding="utf-8")
    done = receipts("import", "feed.json")
    assert (done.returncode, receipts.articles()) == (1, 1)
    assert "feed.json:2: names no claim that was reviewed" in done.stderr
    assert answers(receipts("check", "Ferries are free in June.", "--json"))[0]["verdict"] == "verbatim"


def test_a_quota_lets_no_more_articles_in(filled: Receipts) -> None:
    article = filled.folder / "other.txt"
    article.write_text("date 2031-05-10 https://example.org/other\n\nThe otters moved into the old mill on Friday.\n")
    assert filled("import", article, "--collection", "discord:1").returncode == 0

    assert "may have 1 article" in filled("collection", "quota", "discord:1", "1").stdout
    assert "of 1" in filled("collection", "show", "discord:1").stdout
    assert "has no quota" in filled("collection", "quota", "discord:1", "0").stdout
