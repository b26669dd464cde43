"""Who may import whom, who holds a session, who opens a socket and who reads the environment (README, layout)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KNOWLEDGE = sorted((ROOT / "knowledge").rglob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))

SOCKETS = {
    *(
        "socket",
        "ssl",
        "http",
        "urllib.request",
        "urllib.robotparser",
        "ftplib",
        "smtplib",
        "asyncio",
        "aiohttp",
        "h11",
    ),
    *("httpx", "requests", "urllib3", "trafilatura.downloads", "trafilatura.fetch_url", "trafilatura.fetch_response"),
}

MAKERS = {"knowledge/library.py": {"create_engine"}, "knowledge/rows.py": {"Session"}}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it, with its packages: `a.b` also counts as `a`."""
    return {".".join(name.split(".")[: size + 1]) for name in _names(path) for size in range(name.count(".") + 1)}


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_used(path: Path) -> set[str]:
    """Every name, attribute and imported name in a file."""
    used = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.alias):
            used.add(node.name)
    return used


@pytest.mark.parametrize("path", KNOWLEDGE, ids=name_of)
def test_knowledge_does_not_know_the_bot(path: Path) -> None:
    assert not imports(path) & {"bot", "discord", "typer", "rich"}


@pytest.mark.parametrize("path", BOT, ids=name_of)
def test_the_bot_does_not_know_the_database(path: Path) -> None:
    assert not imports(path) & {"sqlmodel", "sqlalchemy", "sqlite3", "alembic", "rapidfuzz"}


@pytest.mark.parametrize("name", ["errors", "languages/__init__", "models"])
def test_the_ground_floor_imports_nothing_of_ours(name: str) -> None:
    assert not imports(ROOT / "knowledge" / f"{name}.py") & {"knowledge", "bot"}


def test_texts_are_read_with_the_words_of_languages_alone() -> None:
    ours = {name for name in imports(ROOT / "knowledge" / "text.py") if name.startswith("knowledge.")}

    assert {name.split(".")[1] for name in ours} == {"languages", "numerals"}


@pytest.mark.parametrize("path", KNOWLEDGE, ids=name_of)
def test_only_the_library_makes_engines_and_only_its_rows_sessions(path: Path) -> None:
    makes = names_used(path) & {"Session", "sessionmaker", "create_engine"}

    assert makes <= {"knowledge/library.py": {"create_engine"}, "knowledge/rows.py": {"Session"}}.get(
        name_of(path), set()
    )


@pytest.mark.parametrize("path", KNOWLEDGE, ids=name_of)
def test_only_the_download_opens_sockets(path: Path) -> None:
    assert not imports(path) & SOCKETS or name_of(path) == "knowledge/ingest/download.py"


@pytest.mark.parametrize("path", [*KNOWLEDGE, *BOT], ids=name_of)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    reads = names_used(path) & {"environ", "getenv", "environb", "putenv", "BaseSettings", "dotenv_values"}

    assert not reads or name_of(path) == "bot/settings.py"


def test_no_command_of_the_terminal_waits_for_discord() -> None:
    code = "import sys, bot.operations, bot.cards, bot.sheets, bot.refusals; print('discord' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    "path",
    [path for path in BOT if path.parent.name == "harness" and path.name not in ("session.py", "fixtures.py")],
    ids=name_of,
)
def test_the_loopback_discord_does_not_know_the_library_that_it_is_tested_with(path: Path) -> None:
    assert not imports(path) & {"discord", "bot.client", "bot.endurance", "bot.serving"}


def test_only_the_reading_process_loads_what_reading_pages_takes() -> None:
    code = "import sys, bot.operations, knowledge.ingest.articles; print({'trafilatura', 'lxml'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert done.stdout == "set()\n"
