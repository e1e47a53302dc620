"""Which nightly files there are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from petitions.errors import NotFound
from petitions.extensions import settings

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,80}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class File:
    """One file: its size in bytes, its rows where it has any, and its fingerprint."""

    name: str
    bytes: int
    rows: int | None
    sha256: str


@dataclass(frozen=True)
class Dump:
    """The files of one day."""

    day: date
    made_at: str
    files: list[File]


def days() -> list[date]:
    """The days of which there are files, the newest first."""
    folder = Path(settings().dump_folder)
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    found = (read_day(name) for name in names)
    return sorted((day for day in found if day is not None), reverse=True)


def read_day(text: str) -> date | None:
    """A day in an address or a folder's name; nothing of what is none."""
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def dumps() -> list[Dump]:
    """What there is of each day, the newest first. A day whose list cannot be read, because it is being removed, is left out."""
    return [dump for day in days() if (dump := _dump(day)) is not None]


def _dump(day: date) -> Dump | None:
    try:
        found: dict[str, Any] = json.loads(
            (Path(settings().dump_folder) / day.isoformat() / MANIFEST).read_text()
        )
        files = [File(each["name"], each["bytes"], each["rows"], each["sha256"]) for each in found["files"]]
        return Dump(day, found["made_at"], files)
    except (OSError, ValueError, KeyError):
        return None


def path_of(day: str, name: str) -> Path:
    """Where one file lies. Raises `NotFound` where there is none."""
    asked = read_day(day)
    if asked is None or not NAME.fullmatch(name):
        raise NotFound("no such file")
    path = Path(settings().dump_folder).absolute() / asked.isoformat() / name
    if not path.is_file():
        raise NotFound("no such file")
    return path
