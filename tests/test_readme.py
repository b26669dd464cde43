"""The README keeps its word: its commands exist, CI runs its test line, and its output is what the bot answers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo import COLLECTION, demo_library
from knowledge import retention

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = re.findall(r"^python3 -m venv \.venv .*$", README, re.MULTILINE)


def test_two_lines_do_all_the_set_up() -> None:
    assert len(SET_UP) == 2
    assert SET_UP[0].endswith("receipts demo")
    assert SET_UP[1].endswith("pytest -q")


def test_ci_runs_the_test_line_of_the_readme() -> None:
    assert SET_UP[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"])
def test_the_locks_have_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    packages = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-z0-9].*==.* \\\\?\n    --hash=sha256:", text, re.MULTILINE)) > 20


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^receipts (\w+)", README, re.MULTILINE))))
def test_every_command_of_the_readme_exists(command: str) -> None:
    done = subprocess.run([sys.executable, "-m", "bot", command, "--help"], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_the_output_on_the_first_screen_is_real(tmp_path: Path) -> None:
    block = re.search(r"^\$ receipts check \"([^\"\n]+)\"\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert block is not None
    articles = ROOT / "bot" / "demo" / "articles"
    environment = {**os.environ, "RECEIPTS_DATABASE_URL": f"sqlite:///{tmp_path}/a.db", "PYTHONUTF8": "1"}
    for arguments in (["import", str(articles)], ["check", block[1]]):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments], capture_output=True, cwd=ROOT, env=environment, check=True
        )
    shown = [line.rstrip() for line in done.stdout.decode().splitlines() if "https://" not in line]
    assert shown == block[2].rstrip().splitlines()


def test_the_demo_has_the_library_that_the_readme_shows() -> None:
    with demo_library() as library:
        assert len(list(library.articles(COLLECTION))) == 12


def test_the_privacy_policy_names_the_periods_that_are_kept_to() -> None:
    policy = README.split("### Privacy policy\n")[1].split("\n### ")[0]
    periods = {name: period for name, period in vars(retention).items() if name.endswith("_KEPT")}

    assert len(periods) == 6
    for name, period in periods.items():
        assert f"{period.days} days" in policy, name
