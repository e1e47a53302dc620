"""`flask petitions import`: reads a file line by line and stores it in batches.

Each batch is one unit of work, and what is here already is left alone: stopped half way and started again, the import
ends as if it had never been stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import DataError, IntegrityError

from petitions import documents
from petitions.opendata import json_lines, petition_line, storing
from petitions.opendata.fields import Broken
from petitions.opendata.named_rows import Clash
from petitions.opendata.petition_line import PetitionLine

BATCH = 100

#: What says that one line does not go with what is stored.
REFUSALS = (Clash, IntegrityError, DataError)

Report = Callable[[int, str], None]


@dataclass
class Import:
    """One run over one file."""

    path: Path
    report: Report
    """Told the number of every line that is not imported, and why."""
    imported: int = 0
    already_here: int = 0
    broken: int = 0
    _seen: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    """The line on which each petition stood first, and a hash of it."""
    _repeated: dict[int, list[int]] = field(default_factory=dict)
    """Duplicates that may not name their original yet."""
    _source: dict[str, str] | None = None
    _made_at: datetime | None = None
    """The last change that the file tells of: it was made then, or later."""

    def run(self, further: Callable[[int], None] = lambda used: None) -> None:
        """Import the file. `further` is told of its bytes as they are used. Raises `json_lines.Unreadable`."""
        self._source = {"file": self.path.name, "sha256": documents.fingerprint(self.path)}
        self._made_at = json_lines.last_moment(self.path, "updated_at")
        batch: list[tuple[int, bytes]] = []
        try:
            for numbered in json_lines.numbered_lines(self.path, further):
                batch.append(numbered)
                if len(batch) == BATCH:
                    self._import(batch)
                    batch = []
        except json_lines.Unreadable:
            # A file that is cut short still gives what stood before the cut.
            self._import(batch)
            raise
        self._import(batch)
        if self._repeated:
            storing.name_originals(self._repeated)

    def _import(self, batch: list[tuple[int, bytes]]) -> None:
        lines = [read for number, raw in batch if (read := self._read(number, raw))]
        try:
            self._store(lines)
        except REFUSALS:
            # One line does not go with what is stored, or another import was faster: find out which, one at a time.
            raws = dict(batch)
            for number, _ in lines:
                self._import_alone(number, raws[number])

    def _import_alone(self, number: int, raw: bytes) -> None:
        try:
            self._store([(number, petition_line.read(json_lines.parse(raw), self._made_at))])
        except Clash as clash:
            self._refuse(number, str(clash))
        except (IntegrityError, DataError) as refusal:
            self._refuse(number, f"the database refuses it: {str(refusal.orig).splitlines()[0]}")

    def _read(self, number: int, raw: bytes) -> tuple[int, PetitionLine] | None:
        try:
            line = petition_line.read(json_lines.parse(raw), self._made_at)
        except Broken as reason:
            self._refuse(number, str(reason))
            return None
        digest = sha256(raw.strip()).digest()
        first, first_digest = self._seen.setdefault(line.petition.id, (number, digest))
        if first == number:
            return number, line
        if digest != first_digest:
            self._refuse(number, f"petition {line.petition.id} stands on line {first} with other content")
        return None

    def _store(self, lines: list[tuple[int, PetitionLine]]) -> None:
        stored = storing.store(lines, self._source)
        self.imported += stored.imported
        self.already_here += stored.already_here
        self._repeated |= stored.repeated
        if stored.imported:
            self._source = None
        for number, reason in stored.refused:
            self._refuse(number, reason)

    def _refuse(self, number: int, reason: str) -> None:
        self.broken += 1
        self.report(number, reason)
