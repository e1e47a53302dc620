"""Export: the service's large exports of a grown site, beside PostgreSQL's own COPY or a raw cursor, and the memory they take."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import processes
from bench.growth import grown
from bench.reckoning import Line, Round
from bench.rounds import Run
from bench.site import ROOT, Site
from petitions.upkeep import backing_up
from tests.databases import libpq
from tests.faults.processes import inherited

TITLE = "Export"
ROWS = 1_000_000
MEBIBYTE = 1024 * 1024
MOST_MEMORY = 64
STARTS = 3
"""The program is started so often with nothing to do; what the quickest took is no export's."""
LOOK = 0.02
"""Seconds between two looks at a program's memory."""


@dataclass(frozen=True)
class Export:
    """A command, and whether it brings every row there is."""

    what: str
    command: tuple[str, ...]
    is_of_all_rows: bool = False


EXPORTS = (
    Export("backup", ("backup", "{folder}/backup"), True),
    Export("nightly files", ("dump", "--again")),
    Export("static archive", ("petitions", "export", "{folder}/archive")),
)


def measure(run: Run) -> Iterator[Line]:
    """From both databases, of a site with a million signatures; `EXPORTED` asks for another number."""
    rows = int(os.environ.get("EXPORTED", ROWS))
    for server in run.servers():
        made = grown(run, server, rows)
        starts = [_run(made, run.folder, ("petitions", "--help")) for _ in range(STARTS)]
        idle = min(starts, key=lambda start: start.seconds)
        for export in EXPORTS:
            yield _line(run, made, export, idle)


@dataclass(frozen=True)
class Taken:
    """What a command took."""

    seconds: float
    memory: int
    """The most bytes it had at any time."""
    worked: float
    said: str
    status: int


def _run(made: Site, folder: Path, command: tuple[str, ...]) -> Taken:
    """Run one `flask` command of the service to its end."""
    given = [each.format(folder=folder) for each in command]
    began = time.perf_counter()
    with (folder / "export.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *given],
            cwd=ROOT, env=inherited() | made.environment, stdout=log, stderr=log,
        )  # fmt: skip
        memory = 0
        while True:
            memory = _most_memory(program.pid) or memory
            ended, status, used = os.wait4(program.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(LOOK)
    program.returncode = os.waitstatus_to_exitcode(status)
    said = (folder / "export.log").read_text(errors="replace")
    worked = used.ru_utime + used.ru_stime
    return Taken(time.perf_counter() - began, memory, worked, said, program.returncode)


def _most_memory(pid: int) -> int:
    """Bytes that a program has had at most up to now; nothing once it has ended.

    Not what the kernel says of it in the end (`ru_maxrss`): that begins with the memory of whoever started it.
    """
    said = (
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM:")
    )
    return next((int(line.split()[1]) * 1024 for line in said), 0)


def _line(run: Run, made: Site, export: Export, idle: Taken) -> Line:
    floor = "COPY of the same tables" if made.server else "raw cursor over the same tables"
    line = Line(f"{export.what}, {made.kind}", floor=floor if export.is_of_all_rows else "")
    memory = 0
    for _ in range(max(1, run.rounds - 1) if export.is_of_all_rows else 1):
        if export.is_of_all_rows:
            line.floors.append(_raw(made))
        before = processes.worked(made.database_pids())
        taken = _run(made, run.folder, export.command)
        database = processes.worked(made.database_pids()) - before
        rows = line.floors[-1].done if export.is_of_all_rows else 1
        error = (f"exit status {taken.status}: {taken.said[-200:]}",) if taken.status else ()
        # What it takes to start the program at all is not the export's.
        seconds = max(0.01, taken.seconds - idle.seconds)
        line.rounds.append(
            Round(rows, seconds, web_seconds=taken.worked, database_seconds=database, errors=error)
        )
        memory = max(memory, taken.memory - idle.memory)
        line.notes.append(f"{seconds:.1f} s")
        _forget(run.folder)
    if export.is_of_all_rows:
        line.wants("ratio", line.ratio, 0.25)
    line.wants("MiB of memory above idle", memory / MEBIBYTE, MOST_MEMORY, at_most=True)
    return line


def _forget(folder: Path) -> None:
    (folder / "backup").unlink(missing_ok=True)
    shutil.rmtree(folder / "archive", ignore_errors=True)


def _raw(made: Site) -> Round:
    """Every row of every table that a backup holds, as fast as the database gives them."""
    tables, rows = [table.name for table in backing_up.tables()], 0
    before, began = processes.worked(made.database_pids()), time.perf_counter()
    if made.server:
        with psycopg.connect(libpq(made.url)) as postgresql, postgresql.cursor() as cursor:
            for table in tables:
                with cursor.copy(f'COPY "{table}" TO STDOUT'.encode()) as copy:
                    for _ in copy:
                        pass
                rows += cursor.rowcount
    else:
        with sqlite3.connect(made.url.removeprefix("sqlite:///")) as sqlite:
            for table in tables:
                rows += sum(1 for _ in sqlite.execute(f'SELECT * FROM "{table}"'))
    seconds = time.perf_counter() - began
    return Round(rows, seconds, database_seconds=processes.worked(made.database_pids()) - before)
