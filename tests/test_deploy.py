"""What is in `deploy/`: its commands are commands, its files are there, and the unit is one that systemd takes."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

ROOT = Path(__file__).parents[1]
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "receipts.service").read_text(encoding="utf-8")


def words_of(instruction: str) -> list[str]:
    """The words of the last instruction of that name in its JSON form."""
    return re.findall(r'"([^"]+)"', re.findall(rf"^{instruction} .*?(\[.*\])$", CONTAINERFILE, re.MULTILINE)[-1])


@pytest.mark.parametrize(
    "command",
    [
        [*words_of("ENTRYPOINT"), *words_of("CMD")],
        words_of("HEALTHCHECK"),
        shlex.split(re.findall("^ExecStart=/opt/receipts/bin/(.*)$", UNIT, re.MULTILINE)[0]),
    ],
    ids=["image", "health check", "unit"],
)
def test_what_is_started_is_a_command_with_options_that_there_are(command: list[str]) -> None:
    program, *arguments = command

    assert program == "receipts"
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


def test_the_health_check_asks_the_port_that_the_bot_serves() -> None:
    assert words_of("HEALTHCHECK")[-1] == words_of("CMD")[-1]


def test_everything_that_the_image_is_made_of_is_there_and_sent_to_its_build() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name for line in re.findall("^COPY ([^-].*) /src/.*$", CONTAINERFILE, re.MULTILINE) for name in line.split()
    }

    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit_and_finds_it_confined(tmp_path: Path) -> None:
    unit = tmp_path / "receipts.service"
    unit.write_text(UNIT.replace("/opt/receipts/bin/receipts", "/bin/true"), encoding="utf-8")

    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    exposure = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    confined = subprocess.run(exposure, capture_output=True, text=True, check=False)

    assert (verified.returncode, verified.stderr) == (0, "")
    assert confined.returncode == 0, confined.stdout
