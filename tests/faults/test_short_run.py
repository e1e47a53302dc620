"""The short form of `make faults`: a running site is killed part by part, and nobody who was answered loses anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Unavailable
from tests.faults import phases
from tests.faults.bench import Figure, folder_of_a_run, server_of_a_run
from tests.faults.effort import Effort
from tests.faults.postgres import PostgresServer

SEED = 1


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where one run keeps its files."""
    with folder_of_a_run() as folder:
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A durable PostgreSQL that may be killed; tests are left out aloud where there is none."""
    running = server_of_a_run()
    try:
        found = running.__enter__()
    except Unavailable as reason:
        pytest.skip(str(reason))
    yield found
    running.__exit__(None, None, None)


def nothing_is_wrong(figure: Figure) -> None:
    """Something was tried, and there was something to lose."""
    assert not figure.wrong, "\n".join(figure.wrong[:20])
    assert figure.tried
    assert figure.numbers["acknowledged"]


def test_killed_web_processes_lose_nothing(folder: Path, server: PostgresServer) -> None:
    nothing_is_wrong(phases.kill_web(folder / "site", server, SEED, Effort(25, 6)))


def test_killed_web_processes_lose_nothing_on_sqlite(folder: Path) -> None:
    nothing_is_wrong(phases.kill_web(folder / "site", None, SEED, Effort(12, 4)))


# The oracle may have been reading at that moment; what it left open in the driver is only noticed later.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_killed_database_loses_nothing(folder: Path, server: PostgresServer) -> None:
    nothing_is_wrong(phases.kill_database(folder / "site", server, SEED, Effort(3, 8)))


def test_a_worker_killed_anywhere_in_a_conversation_loses_no_mail(
    folder: Path, server: PostgresServer
) -> None:
    nothing_is_wrong(phases.kill_worker_in_conversation(folder / "site", server, SEED, Effort(8, 12)))


@pytest.mark.parametrize("point", ["after_commit:_sign", "before_commit:_count"])
def test_a_process_that_dies_at_a_failpoint_loses_nothing(
    folder: Path, server: PostgresServer, point: str
) -> None:
    nothing_is_wrong(phases.reach_failpoint(folder / "site", server, SEED, Effort(5, 8), point))
