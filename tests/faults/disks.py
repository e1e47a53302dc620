"""A small disk of the run's own, which can be filled to the last byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class NoSmallDisk(Exception):
    """This machine does not let us have a disk of our own. The message says why."""


class SmallDisk:
    """A folder with a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filler = folder / "filler"

    def fill(self) -> None:
        """Leave not a byte."""
        with self.filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def make_room(self) -> None:
        """Somebody comes and deletes what is not needed."""
        self.filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk in memory, mounted for the length of the block. Raises `NoSmallDisk` (it takes Linux, and to be root)."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NoSmallDisk("a small disk takes Linux and root")
    folder.mkdir(parents=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise NoSmallDisk(f"no small disk: {made.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
