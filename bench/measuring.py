"""Times of many calls, and databases of either kind to measure on."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from bench.site import POSTGRESQL
from petitions import create_app
from petitions.extensions import db
from tests.databases import migrate, release
from tests.faults.bench import folder_of_a_run, server_of_a_run
from tests.settings import make_settings

NAME = "petitions_bench"


@dataclass(frozen=True)
class Taken:
    """Milliseconds of one call."""

    wall: float
    """By the clock on the wall: others who use the machine are in it."""
    processor: float
    """That this process worked. On SQLite that is all the work; on PostgreSQL the server's comes on top."""


def times(calls: Iterable[Callable[[], Any]]) -> list[Taken]:
    """What each call took."""
    taken = []
    for call in calls:
        wall, processor = time.perf_counter(), time.process_time()
        call()
        taken.append(Taken((time.perf_counter() - wall) * 1_000, (time.process_time() - processor) * 1_000))
    return taken


def in_words(taken: list[Taken]) -> str:
    """Half of them within …, 95 of a hundred within …"""
    walls = [each.wall for each in taken]
    worked = statistics.median(each.processor for each in taken)
    return (
        f"p50 {statistics.median(walls):7.1f} ms   p95 {statistics.quantiles(walls, n=20)[-1]:7.1f} ms"
        f"   (worked {worked:6.1f} ms; {len(taken)} calls)"
    )


def floor() -> list[Taken]:
    """What it takes to ask the database anything at all: one row of one table by its number, through the same session."""
    from petitions.models import Petition

    def ask() -> None:
        db.session.execute(db.select(Petition.id, Petition.state).where(Petition.id == 1)).first()

    return times([ask] * 200)


@contextmanager
def databases(kinds: Iterable[str]) -> Iterator[Callable[[str], Any]]:
    """Gives, for a kind, an application on a new, empty, migrated database; its context must be pushed."""
    with ExitStack() as kept:
        folder = kept.enter_context(folder_of_a_run())
        server = kept.enter_context(server_of_a_run(**POSTGRESQL)) if "postgresql" in kinds else None
        made: list[Any] = []

        def new(kind: str) -> Any:
            name = f"{NAME}_{len(made)}"
            url = f"sqlite:///{folder / name}.db"
            if server and kind == "postgresql":
                url = server.make_database(name)
            migrate(url)
            made.append(create_app(make_settings(database_url=url)))
            return made[-1]

        try:
            yield new
        finally:
            for app in made:
                with app.app_context():
                    release(app)
