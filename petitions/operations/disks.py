"""How much room is left where the site keeps files."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from petitions.extensions import db, settings

MEBIBYTE = 1024 * 1024
#: With less than this left the site is not ready: the next large night (files of all data, a backup beside them) may fill it.
LEAST_FREE = 256 * MEBIBYTE


@dataclass(frozen=True)
class Disk:
    """The file system under one folder."""

    use: str
    """What the folder is for: database, ledger or dumps."""
    folder: Path
    free: int
    """Bytes that the service may still write."""
    size: int


def folders() -> dict[str, Path]:
    """The folders of this machine that the site writes to, by their use. The disk of a PostgreSQL server is not among them."""
    found = {"ledger": Path(settings().erasure_ledger).parent, "dumps": Path(settings().dump_folder)}
    database = database_file()
    return found if database is None else found | {"database": database.parent}


def database_file() -> Path | None:
    """The file of SQLite; none where the database is elsewhere, or in memory."""
    url = make_url(db.engine.url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


def disks() -> list[Disk]:
    """How full they are. A folder that is not there yet stands on the disk of the nearest one above it."""
    found = []
    for use, folder in sorted(folders().items()):
        usage = shutil.disk_usage(_nearest(folder.absolute()))
        found.append(Disk(use, folder, usage.free, usage.total))
    return found


def _nearest(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def may_write(folder: Path) -> bool:
    """Whether this process may make files there, or make the folder itself."""
    return os.access(_nearest(folder.absolute()), os.W_OK | os.X_OK)


def may_change(file: Path) -> bool:
    """Whether this process may write to a file and make others beside it, as SQLite does; or may make the file itself."""
    return may_write(file.parent) and (not file.exists() or os.access(file, os.W_OK))
