"""Writes the files of one day into a folder of their own, which appears whole or not at all.

Each table as CSV and as JSON lines (gzip); petitions also as the API has them (without their petitioners' names), which `flask petitions import` reads;
the dictionary; the SHA-256 of every file. Row by row: memory stays flat.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from flask import current_app
from sqlalchemy.orm import selectinload

from petitions import clock, documents
from petitions.documents import moment
from petitions.dumps import queries
from petitions.dumps.dictionary import KINDS, TABLES
from petitions.dumps.table import Table
from petitions.extensions import settings
from petitions.models import Petition
from petitions.opendata.queries import let_go, petitions_in_batches, whole_items

log = logging.getLogger(__name__)

#: Not before this hour of the night (in the site's zone), unless there is no file at all yet.
HOUR = 2


def write_due() -> None:
    """Write today's files where they are due and not there, and remove those that are too old."""
    now = clock.now().astimezone(settings().timezone)
    days = queries.days()
    if not days or (days[0] < now.date() and now.hour >= HOUR):
        write(now.date())
    remove_old(now.date())


def write(day: date) -> Path:
    """Write the files of `day`, in the place of any that are there. Returns their folder. Raises `OSError`."""
    folder = Path(settings().dump_folder)
    folder.mkdir(parents=True, exist_ok=True)
    begun = folder / f".{day.isoformat()}.{uuid4().hex}"
    begun.mkdir()
    try:
        # The words of timelines lead to pages: their addresses are made as for a visitor.
        with current_app.test_request_context(base_url=settings().base_url):
            _write_files(begun, day)
        _put_in_place(begun, folder / day.isoformat())
    finally:
        shutil.rmtree(begun, ignore_errors=True)
        let_go()
    log.info("wrote the public data of %s", day)
    return folder / day.isoformat()


def remove_old(today: date) -> None:
    """Remove what is older than `DUMP_DAYS`, and what a run that broke left behind."""
    folder = Path(settings().dump_folder)
    oldest = today - timedelta(days=settings().dump_days)
    for day in queries.days():
        if day <= oldest:
            shutil.rmtree(folder / day.isoformat(), ignore_errors=True)
    for left in folder.glob(".[0-9]*"):
        if left.name[1:11] < today.isoformat():
            shutil.rmtree(left, ignore_errors=True)


def _put_in_place(begun: Path, final: Path) -> None:
    if final.exists():
        old = final.with_name(f".{final.name}.{uuid4().hex}")
        os.replace(final, old)
        os.replace(begun, final)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.replace(begun, final)


def _write_files(folder: Path, day: date) -> None:
    rows = {"petitions-api": _write_items(folder / "petitions-api.jsonl.gz")}
    for table in TABLES:
        rows[table.name] = _write_table(folder, table)
    _write_dictionary(folder / "dictionary.csv")
    files = [
        {
            "name": path.name,
            "bytes": path.stat().st_size,
            "rows": rows.get(path.name.partition(".")[0]),
            "sha256": documents.fingerprint(path),
        }
        for path in sorted(folder.iterdir())
    ]
    manifest: dict[str, Any] = {
        "day": day.isoformat(),
        "made_at": moment(clock.now()),
        "licence": documents.licence(),
        "files": files,
    }
    sums = "".join(f"{file['sha256']}  {file['name']}\n" for file in files)
    (folder / queries.SUMS).write_text(sums)
    (folder / queries.MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def _write_items(path: Path) -> int:
    number = 0
    with _compressed(path) as file:
        parts = (selectinload(Petition.departments), selectinload(Petition.topics))
        for found in petitions_in_batches(*parts):
            for item in whole_items(found):
                number += 1
                file.write(_line(item))
    return number


def _write_table(folder: Path, table: Table) -> int:
    names, number = [column.name for column in table.columns], 0
    with (
        (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as text,
        _compressed(folder / f"{table.name}.jsonl.gz") as lines,
    ):
        writer = csv.writer(text)
        writer.writerow(names)
        for row in table.rows():
            number += 1
            writer.writerow(_cells(row))
            lines.write(_line(dict(zip(names, row, strict=True))))
    return number


def _cells(row: Sequence[object]) -> list[object]:
    return documents.cells(["; ".join(value) if isinstance(value, list) else value for value in row])


def _write_dictionary(path: Path) -> None:
    rows = [
        (f"{table.name}.csv", column.name, str(KINDS[column.kind]), str(column.meaning))
        for table in TABLES
        for column in table.columns
    ]
    path.write_text(
        documents.table(("file", "column", "type", "meaning"), rows), encoding="utf-8", newline=""
    )


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


@contextmanager
def _compressed(path: Path) -> Iterator[IO[str]]:
    """A text file inside gzip that is the same, byte by byte, for the same content."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=6) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as text,
    ):
        yield text
