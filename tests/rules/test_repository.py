"""What the repository holds: what somebody wrote, nothing that a run left behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.rules.source import ROOT

#: How a file of SQLite, and the journal beside it, begin (sqlite.org/fileformat2.html).
DATABASES = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")


def tracked(*chosen: str) -> list[Path]:
    """The files that git knows in this clone."""
    # Whoever runs the tests need not be the one who cloned.
    asked = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z", *chosen]
    try:
        answer = subprocess.run(asked, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(
            "this is no clone of the repository, or there is no git: nothing can be said of what it tracks"
        )
    return [ROOT / name for name in answer.stdout.decode().split("\0") if name]


def test_nothing_that_is_to_be_ignored_is_tracked() -> None:
    assert tracked("--cached", "--ignored", "--exclude-standard") == []


def test_no_database_is_tracked() -> None:
    files = [file for file in tracked() if file.is_file()]
    assert ROOT / "wsgi.py" in files
    assert [file for file in files if _begins(file).startswith(DATABASES) or _lies_beside_one(file)] == []


def _begins(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(16)


def _lies_beside_one(file: Path) -> bool:
    return file.name.endswith(("-wal", "-shm", "-journal"))
