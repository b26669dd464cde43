"""The operator's day: a library of the first version is upgraded, backed up while the bot answers, lost, restored."""

import asyncio
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from bot.harness import LoopbackDiscord, bot_process
from bot.harness.fixtures import People
from tests.knowledge.test_migrations import FIRST_ROWS, content, migrate

ROOT = Path(__file__).parents[2]
CLAIM = "The new kettle sings a song every single morning"
ANSWER = "the source says “old”, not “new”"


class Operator:
    """Runs commands on one library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "receipts.db"
        self.environment = {"RECEIPTS_DATABASE_URL": f"sqlite:///{self.database}", "PYTHONPATH": str(ROOT)}

    async def __call__(self, *arguments: str, status: int = 0) -> str:
        """What a command prints."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode == status, printed.decode()
        return printed.decode()

    def files(self, pattern: str) -> list[Path]:
        """The files beside the library that are called so."""
        return sorted(self.folder.glob(pattern))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator with a library that the first version left."""
    operator = Operator(tmp_path)
    migrate(operator.environment["RECEIPTS_DATABASE_URL"], lambda config: command.upgrade(config, "0001"))
    with closing(sqlite3.connect(operator.database)) as connection:
        connection.executescript(FIRST_ROWS)
    return operator


async def test_the_bot_answers_again_after_an_upgrade_a_backup_a_lost_disk_and_a_restore(
    empty_discord: LoopbackDiscord, people: People, operator: Operator
) -> None:
    empty_discord.gateway.identify_window = 0.0  # the second bot is another run, not a bot in a hurry
    discord, environment = empty_discord, {**empty_discord.environment, **operator.environment}
    as_it_was = content(operator.database)

    async with bot_process(operator.folder, environment, "--metrics-port", "0") as bot:
        port = (await bot.line_with("health and metrics on")).strip().rpartition(":")[2]
        await discord.gateway.until_ready()
        assert ANSWER in (await people.dan.check(CLAIM)).text
        (kept,) = operator.files("receipts.db.schema-0001-*")
        assert content(kept) == as_it_was

        backing_up = asyncio.create_task(operator("backup", "backup.db"))
        for _ in range(8):  # of the 20 that one may ask in a minute
            assert ANSWER in (await people.dan.check(CLAIM)).text
        assert "Wrote backup.db" in await backing_up

        for file in operator.files("receipts.db") + operator.files("receipts.db-*"):
            file.unlink()
        assert "Not ready: library: the database file is gone" in await operator("health", port, status=1)
        bot.signal(signal.SIGTERM)
        assert (await bot.end())[0] == 0

    assert "Restored 1 article in 1 collections" in await operator("restore", "backup.db")
    async with bot_process(operator.folder, environment) as bot:
        await discord.gateway.until_ready()
        assert ANSWER in (await people.dan.check(CLAIM)).text
        bot.signal(signal.SIGTERM)
        assert (await bot.end())[0] == 0
