"""The log: a line for every check, and in no line anything that somebody wrote."""

import json
import logging
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harness import LoopbackDiscord, bot_process
from bot.harness.fixtures import People
from bot.logs import LogStyle, fields, set_up, style_in_use
from bot.settings import Settings
from knowledge.errors import LibraryError
from knowledge.library import Library
from tests.bot.conftest import POLL

HOSTILE = (
    "57% of Republican voters favor Tuberville",
    '{"zqlevel":"zqerror"} zqharbinol 57% of Republican voters favor Tuberville',
    "\N{RIGHT-TO-LEFT OVERRIDE}@everyone <@81384788765712384> \x1b[31m`zqmolvester`\r\n2031-01-01 ERROR zqforgedor: it",
    "%s %(zqpercentor)s {zqbracelet} \\u0000 zqnothing is like zqthat in zqany zqarticle zqhere",
    "zqonlyword",
)


@contextmanager
def set_up_as(style: LogStyle) -> Iterator[logging.Handler]:
    """The log of a process that was set up so, as long as the context lasts; gives its handler."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("", "bot", "knowledge")]
    handlers, levels = root.handlers[:], [logger.level for logger in ours]
    root.handlers.clear()
    try:
        set_up(style)
        (handler,) = root.handlers
        yield handler
    finally:
        root.handlers[:] = handlers
        for logger, level in zip(ours, levels, strict=True):
            logger.setLevel(level)


def log_of(style: LogStyle, *calls: tuple[str, int, str, tuple[object, ...], BaseException | None]) -> list[str]:
    """The lines that some log calls come to: (logger, level, message, arguments, error)."""
    with set_up_as(style) as handler:
        return [
            handler.format(logging.LogRecord(name, level, "", 0, message, args, _as_info(error)))
            for name, level, message, args, error in calls
        ]


def _as_info(error: BaseException | None) -> Any:
    return None if error is None else (type(error), error, error.__traceback__)


def raised(error: BaseException, cause: BaseException) -> BaseException:
    """An error that another one led to, as they are caught."""
    try:
        try:
            raise cause
        except BaseException as first:
            raise error from first
    except BaseException as caught:
        return caught


@pytest.mark.parametrize("style", LogStyle)
@given(words=st.text("zq\n{}%\"'", min_size=6))
def test_what_an_error_quotes_is_in_no_line(style: LogStyle, words: str) -> None:
    error = raised(ValueError(words), KeyError(words))
    task = f"Task exception was never retrieved\nfuture: <Task exception=ValueError({words!r})>"
    callback = f"Exception in callback <function {words}>({words!r})"

    lines = log_of(
        style,
        ("bot.client", logging.ERROR, "%r failed, reference %s", ("check", "0a1b2c3d"), error),
        ("asyncio", logging.ERROR, task, (), error),
        ("asyncio", logging.ERROR, callback, (), None),
        ("discord.http", logging.WARNING, "%s is rate limited", (words,), None),
    )

    assert not any(words in line or json.dumps(words)[1:-1] in line for line in lines)
    assert "'check' failed, reference 0a1b2c3d" in lines[0]
    assert "ValueError" in lines[0]
    assert "KeyError" in lines[0]
    assert "Task exception was never retrieved" in lines[1]


def test_what_the_database_and_the_system_say_is_told() -> None:
    error = raised(LibraryError("database is locked"), OSError(28, "No space left on device", "/zq/name"))

    (line,) = log_of(LogStyle.JSON, ("bot.client", logging.ERROR, "it failed", (), error))

    told = json.loads(line)
    assert told["error"] == "knowledge.errors.LibraryError"
    assert told["trace"].endswith("LibraryError: database is locked")
    assert "OSError: No space left on device" in told["trace"]
    assert "/zq/name" not in line


def test_a_json_line_tells_its_fields_and_leaves_out_what_is_missing() -> None:
    assert fields("check", guild="direct", reference=None) == {"receipts_fields": {"event": "check", "guild": "direct"}}


@pytest.mark.parametrize("style", LogStyle)
def test_a_process_that_is_started_from_here_is_told_to_log_in_the_same_way(style: LogStyle) -> None:
    with set_up_as(style):
        assert style_in_use() is style


def pieces(claim: str) -> set[str]:
    """Every eight characters of a claim, as such and as JSON writes them."""
    return {text[n : n + 8] for text in (claim, json.dumps(claim)[1:-1]) for n in range(max(1, len(text) - 7))}


async def test_every_check_is_one_line_that_does_not_say_what_was_asked(
    empty_discord: LoopbackDiscord, people: People, library: Library, library_url: str, tmp_path: Path
) -> None:
    discord, guild = empty_discord, str(empty_discord.guilds[0].id)
    library.add(f"discord:{guild}", POLL, actor="test")
    environment = {**discord.environment, "RECEIPTS_DATABASE_URL": library_url}
    async with bot_process(tmp_path, environment, "--log", "json") as bot:
        await discord.gateway.until_ready()
        for claim in HOSTILE:
            await people.ada.check(claim)
            await people.dan.check(claim)
        with sqlite3.connect(tmp_path / "library.db") as connection:
            connection.execute("DROP TABLE passage")
        connection.close()
        failed = await people.ada.check(HOSTILE[0])
        bot.signal(signal.SIGTERM)
        status, printed = await bot.end()

    assert status == 0
    lines = [json.loads(line) for line in printed.splitlines()]
    checks = [line for line in lines if line.get("event") == "check"]
    assert len(checks) == 2 * len(HOSTILE) + 1
    first, direct, *_, last = checks
    assert {name: first[name] for name in ("guild", "verdict", "searched", "candidates")} == {
        "guild": guild,
        "verdict": "altered",
        "searched": 1,
        "candidates": 1,
    }
    assert first["score"] > 50
    assert first["milliseconds"] > 0
    assert direct["guild"] == "direct"
    assert [line["guild"] for line in checks if line.get("refused") == "claim_too_short"] == [guild, "direct"]
    assert last["reference"] in failed.text
    (failure,) = [line for line in lines if line["level"] == "error"]
    assert (failure["event"], failure["what"], failure["reference"]) == ("failure", "check", last["reference"])
    assert "no such table: passage" in failure["trace"]
    told = printed + "".join(str(value) for line in lines for value in line.values())
    assert not [piece for claim in HOSTILE for piece in pieces(claim) if piece in told]
    assert discord.world.token not in told
    assert not [name for name in ("Ada", "Dan", "Mo") if name in told]


def test_lines_are_plain_unless_something_else_is_said() -> None:
    (line,) = log_of(Settings().log, ("bot.client", logging.INFO, "ready in %d servers", (2,), None))

    assert line.endswith(" INFO bot.client: ready in 2 servers")
