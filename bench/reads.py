"""Reading: a petition's page, the list, what is rising and the live count, beside a bare Flask view of the same size."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from bench import content
from bench.load import gets, load
from bench.reckoning import Line
from bench.rounds import Run, in_turns
from bench.site import HOST, Gunicorn, Site, site

TITLE = "Reading, nothing kept by a proxy"
#: So many of the pages are kept by a process; the count is not.
KEPT = 3


@dataclass(frozen=True)
class Page:
    """One kind of page, the addresses of many, words that each has, and its bar."""

    what: str
    paths: tuple[str, ...]
    words: str
    goal: float


def pages(ids: list[int]) -> list[Page]:
    """Everything that many read. What is rising has the bar of a list, which it is."""
    return [
        Page("petition page", tuple(f"/petitions/{each}" for each in ids), content.ACTION, 0.45),
        Page("list", ("/petitions?state=open",), content.ACTION, 0.35),
        Page("trending", ("/trending",), content.ACTION, 0.35),
        Page("count.json", tuple(f"/petitions/{each}/count.json" for each in ids), '"signature_count"', 0.60),
    ]


def size_of(port: int, path: str, *, packed: bool = False) -> int:
    """Bytes of a page, as they go over the line. Raises `RuntimeError` where it is none."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        takes = {"Accept-Encoding": "gzip"} if packed else {}
        connection.request("GET", path, headers={"Host": HOST} | takes)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return len(body)


def measure(run: Run) -> Iterator[Line]:
    """Every page from both databases: made anew for each reader, then as production has it, where a process keeps what it made
    until something changes. No proxy keeps anything here."""
    floor = Gunicorn(run.folder / "floor.log", {}, "bench.floors:app")
    try:
        for server in run.servers():
            with site(run.folder, "reads", server, pages_kept=0) as made:
                ids = content.petitions(made)
                made.start()
                for page in pages(ids):
                    yield _line(run, made, floor, page, "made anew")
                made.stop()
                del made.environment["PAGES_KEPT"]
                made.start()
                for page in pages(ids)[:KEPT]:
                    yield _line(run, made, floor, page, "kept until a change")
    finally:
        floor.stop()


def _line(run: Run, made: Site, floor: Gunicorn, page: Page, how: str) -> Line:
    asked = gets(run.folder / "pages", page.paths, page.words)
    size = size_of(made.port, page.paths[0])
    constant = gets(run.folder / "constant", [f"/constant/{size}"], "")

    line = in_turns(
        run,
        Line(f"{page.what}, {how}, {made.kind}", floor="bare Flask, same bytes"),
        lambda seconds: load(asked, made.port, seconds, web=made.pids(), database=made.database_pids()),
        lambda seconds: load(constant, floor.port, seconds, web=[floor.program.pid]),
    )
    line.notes.append(f"{size} bytes")
    line.wants("ratio", line.ratio, page.goal)
    return line
