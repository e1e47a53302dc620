"""The units of `deploy/systemd/` as systemd itself reads them, and how much of the machine it says they could reach."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config import Settings

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
SERVICES = (
    "petitions-web@read.service",
    "petitions-web@write.service",
    "petitions-worker@1.service",
    "petitions-backup.service",
)
#: Of 10, as `systemd-analyze security` counts: below 2 is what it calls OK with a smile.
MOST_EXPOSED = 2.0


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with this checkout in the place where an installation is."""
    for source in UNITS.rglob("*.*"):
        if source.is_file():
            copy = tmp_path / source.relative_to(UNITS)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(source.read_text().replace("/opt/petitions", str(ROOT)))
    return tmp_path


def analyze(units: Path, *arguments: str) -> str:
    """What `systemd-analyze` says; the test is left out aloud where there is none."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze on this machine")
    # The empty part at the end stands for the machine's own units.
    environment = {"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=environment)
    return done.stdout + done.stderr


def test_systemd_finds_no_mistake_in_the_units(units: Path) -> None:
    sockets = ("petitions-web@read.socket", "petitions-web@write.socket")
    names = (*SERVICES, *sockets, "petitions.target", "petitions-backup.timer")
    said = analyze(units, "verify", "--man=no", *(str(units / name) for name in names))
    assert [line for line in said.splitlines() if "petitions" in line] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_can_reach_little_of_the_machine(units: Path, name: str) -> None:
    said = analyze(units, "security", "--offline=true", "--no-pager", name)
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert level, said
    print(f"{name}: exposure {level[1]} of 10")
    assert float(level[1]) < MOST_EXPOSED


def test_the_units_name_settings_and_commands_that_there_are(app_without_database: object) -> None:
    text = "\n".join(path.read_text() for path in UNITS.rglob("*.*") if path.is_file())
    given = set(re.findall(r"\b([A-Z][A-Z_]+)=/?[\w/.:-]+", text))
    known = {field.metadata["env"] for field in Settings.__dataclass_fields__.values()}
    assert given - known <= {"PATH", "FLASK_APP", "PYTHONUNBUFFERED", "BACKUP_FOLDER"}
    commands = set(re.findall(r"flask (\w+)", text)) - {"worker"}
    assert commands == {"backup"}
