"""A first visit, and a second start: what a newcomer loads, and how soon `make run` shows a page when its data is there."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench import content, processes
from bench.reckoning import Line, Round
from bench.rounds import Run
from bench.site import HOST, ROOT, Site, site
from tests.faults.processes import free_port, inherited
from tests.test_weight import LOADED, MOST, MOST_REQUESTS

TITLE = "A first visit, and a second start"

SOON = 3.0
PATIENCE = 180.0


def measure(run: Run) -> Iterator[Line]:
    """Bytes and requests as a server sends them; then seconds."""
    with site(run.folder, "visited", None) as made:
        ids = content.petitions(made, 8)
        made.start()
        yield _weight(made, ids[0])
    yield _second_start(run)


def _fetch(made: Site, path: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", made.port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body


def _weight(made: Site, petition_id: int) -> Line:
    """Home, a petition, its form, one after the other, with everything they load that was not loaded before."""
    line = Line("first visit: home, petition, form")
    loaded: dict[str, int] = {}
    foreign = 0
    for path in ("/", f"/petitions/{petition_id}", f"/petitions/{petition_id}/signatures/new"):
        page = _fetch(made, path)
        parts = [part for part in LOADED.findall(page.decode()) if not part.startswith("data:")]
        foreign += sum(bool(urlsplit(part).netloc) for part in parts)
        new = [part for part in dict.fromkeys(parts) if part not in loaded]
        weights = {path: len(gzip.compress(page, 6))}
        weights |= {part: len(gzip.compress(_fetch(made, part), 6)) for part in new}
        loaded |= weights
        line.notes.append(f"{path}: {len(weights)} requests, {sum(weights.values())} bytes compressed")
        line.wants(f"requests of {path}", len(weights), MOST_REQUESTS, at_most=True)
    line.wants("bytes compressed", sum(loaded.values()), MOST, at_most=True)
    line.wants("requests to others", foreign, 0, at_most=True)
    return line


def _second_start(run: Run) -> Line:
    """`make run` in a folder of its own, twice; the second time is measured, as often as there are rounds."""
    folder = _clone(run.folder / "clone")
    line = Line("second start of `make run`, seconds to the first page")
    first = _started(folder)
    seconds = [_started(folder) for _ in range(run.rounds)]
    line.rounds = [Round(1, each) for each in seconds]
    line.notes.append(f"the first start, which makes the demo, took {first:.1f} s")
    line.wants("seconds to the first page", sorted(seconds)[len(seconds) // 2], SOON, at_most=True)
    return line


def _clone(folder: Path) -> Path:
    """The files of the project, with the environment that is installed already."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        to = folder / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    for name in ("requirements.txt", "requirements-dev.txt"):
        # Older than what was installed from them: nothing is installed anew.
        os.utime(folder / name, (0, 0))
    return folder


def _shows_a_page(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    return False


def _started(folder: Path) -> float:
    """Seconds until the first page; then it is stopped. Raises `RuntimeError` where none comes."""
    port = free_port()
    began, log = time.monotonic(), folder / "run.log"
    program = processes.start(
        log, "make", "run", environment=inherited() | {"PORT": str(port)}, folder=folder
    )
    try:
        while time.monotonic() < began + PATIENCE and program.poll() is None:
            if _shows_a_page(port):
                return time.monotonic() - began
            time.sleep(0.02)
        raise RuntimeError(f"`make run` showed no page: {log.read_text(errors='replace')[-500:]}")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            program.wait(30)
        processes.end(program)
