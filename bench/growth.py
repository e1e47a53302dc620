"""Growth: every page and both POSTs among a million signatures and more, beside themselves among ten thousand.

Always over 20,000 petitions, one of which has six of every ten signatures. `SIZES=10000,1000000,10000000` asks for others;
the first is what the others are held against. SQLite goes up to a million.

What is compared must show the same: the giant has crossed both thresholds in each size, so that home owes the same answer, and a
list of what rises that has as many rows everywhere stands beside that of the hour, which ten thousand signatures do not fill.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bench import growing
from bench.confirming import Confirmers
from bench.load import gets, load
from bench.reads import size_of
from bench.reckoning import Line, each_costs
from bench.rounds import Measure, Run, in_turns
from bench.signing import Signers
from bench.site import Site, site
from petitions import invariants
from petitions.browsing import ranks, trailing
from petitions.extensions import db
from petitions.worker import schedule
from tests.faults.postgres import PostgresServer

TITLE = "Growth"
SIZES = "10000,1000000"
MOST_ON_SQLITE = 1_000_000
MOST_THAT_ARE_VERIFIED = 100_000
TIMES, TIMES_OF_SEARCHES = 1.2, 1.5
#: Many lines, so each has shorter rounds than others have.
SHARE = 0.7
#: Every page is made anew: pages that are kept cost the same in every site. In each the giant, and nothing else, crosses both.
ANEW: dict[str, Any] = {"pages_kept": 0, "response_threshold": 3_000, "debate_threshold": 5_000}
#: Some pages take long in a site that has grown: more would only wait for each other.
FEW = 4


@dataclass(frozen=True)
class Page:
    """What is asked for, words it must have, and how many times its time at the first size it may take."""

    what: str
    path: str
    words: str
    times: float = TIMES


PAGES = (
    Page("home", "/", "/petitions/"),
    Page("page of the giant", f"/petitions/{growing.GIANT}", "<h1"),
    Page("page of a small petition", "/petitions/15000", "<h1"),
    Page("form of the giant", f"/petitions/{growing.GIANT}/signatures/new", 'name="email"'),
    Page("list", "/petitions?state=open", "/petitions/"),
    Page("list, page 400", "/petitions?state=open&page=400", "/petitions/", TIMES_OF_SEARCHES),
    Page("search", "/petitions?state=open&q=police", "/petitions/", TIMES_OF_SEARCHES),
    Page("trending, a page of 20, not filled at first", "/trending", "/petitions/"),
    Page("trending, its first 5", "/trending?count=5", "/petitions/"),
    Page("trending of a day, 20", "/trending?period=day", "/petitions/"),
    Page("count.json of the giant", f"/petitions/{growing.GIANT}/count.json", '"signature_count"'),
    Page("history of the giant", f"/petitions/{growing.GIANT}/history.json", '"'),
    Page("places of the giant", f"/petitions/{growing.GIANT}/places", "<h1"),
    Page("JSON of the giant", f"/petitions/{growing.GIANT}.json", '"signature_count"'),
)


def measure(run: Run) -> Iterator[Line]:
    """On both databases, every larger size against the first."""
    sizes = [int(each) for each in os.environ.get("SIZES", SIZES).split(",")]
    for server in run.servers():
        fitting = [each for each in sizes if server or each <= MOST_ON_SQLITE]
        sites = [grown(run, server, size) for size in fitting]
        for made in sites:
            made.start()
        for size, made in zip(fitting[1:], sites[1:], strict=True):
            yield from _lines(run, sites[0], made, size, fitting[0])
        for made in sites:
            made.stop()


def grown(run: Run, server: PostgresServer | None, size: int) -> Site:
    """A site of that size, not served; one that another part has grown is used again. Raises `RuntimeError` where what was
    grown is not true."""
    kind = "PostgreSQL" if server else "SQLite"
    if (kind, size) in run.grown:
        return run.grown[kind, size]
    made = run.kept.enter_context(
        site(run.folder, f"grown{size}", server, like=_planted(run, server, kind), **ANEW)
    )
    began = time.monotonic()
    with made.app.app_context():
        growing.grow(size)
        schedule.prepare()
        untrue = list(invariants.broken(at_rest=True)) if size <= MOST_THAT_ARE_VERIFIED else []
        db.session.remove()
    if untrue:
        raise RuntimeError(f"what was grown is not true: {untrue[0]}")
    print(f"    {size:,} signatures on {kind} in {time.monotonic() - began:.0f} s", flush=True)
    run.grown[kind, size] = made
    return made


def _planted(run: Run, server: PostgresServer | None, kind: str) -> Site:
    """Petitions without signatures: planted once and copied."""
    if (kind, 0) not in run.grown:
        planted = run.kept.enter_context(site(run.folder, "planted", server, **ANEW))
        with planted.app.app_context():
            growing.plant()
        planted.let_go()
        run.grown[kind, 0] = planted
    return run.grown[kind, 0]


def _lines(run: Run, small: Site, large: Site, size: int, least: int) -> Iterator[Line]:
    for page in PAGES:
        _write_down(small, large)
        size_of(large.port, page.path)
        asked = gets(run.folder / "page", [page.path], page.words)
        both = [
            partial(load, asked, made.port, connections=FEW, web=made.pids(), database=made.database_pids())
            for made in (large, small)
        ]
        yield _line(run, page.what, large.kind, size, least, page.times, *both)
    signers = [Signers(run, made, growing.GIANT) for made in (large, small)]
    yield _line(run, "sign POST on the giant", large.kind, size, least, TIMES, *signers)
    confirmers = [Confirmers(run, made, [growing.GIANT], are_counted=False) for made in (large, small)]
    yield _line(run, "confirm POST on the giant", large.kind, size, least, TIMES, *confirmers)


def _write_down(*sites: Site) -> None:
    """What a worker does every minute for the lists of what rises. A whole worker would find other work in a new site, and any of
    it would be in the figures of whichever round it fell into."""
    for made in sites:
        with made.app.app_context():
            trailing.add_up()
            ranks.write_down()
            db.session.remove()


def _line(
    run: Run, what: str, kind: str, size: int, least: int, times: float, large: Measure, small: Measure
) -> Line:
    shorter = replace(run, seconds=max(1.0, run.seconds * SHARE))
    line = Line(f"{what}, {size:,} signatures, {kind}", floor=f"itself at {least:,}")
    in_turns(shorter, line, lambda seconds: large(seconds), lambda seconds: small(seconds))
    line.wants(f"times its work at {least:,}", _times(line), times, at_most=True)
    return line


def _times(line: Line) -> float:
    """How many times the work of processors one answer costs: others who use the machine are not in it."""
    large, small = (
        each_costs(rounds, "web_seconds") + each_costs(rounds, "database_seconds")
        for rounds in (line.rounds, line.floors)
    )
    return large / small if small else float("inf")
