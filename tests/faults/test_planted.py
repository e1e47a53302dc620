"""A check that cannot fail proves nothing: each bug is planted into the running code, and the check named here finds it.

`make planted` runs these and those of other folders, and prints which check caught which bug.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Mail, Signature
from tests.client import PageCheckingClient
from tests.databases import PostgresqlDatabase, release
from tests.faults import phases
from tests.faults.bench import folder_of_a_run, server_of_a_run
from tests.faults.effort import Effort
from tests.faults.planted import planted
from tests.faults.planted_table import BUGS, Bug
from tests.faults.test_races import race_crossings, race_double_withdrawals, race_for_mails, race_sign_forms
from tests.smtp import SmtpServer
from tests.test_limits import (
    test_behind_one_proxy_its_word_is_believed_and_no_other as believes_its_proxy_alone,
)

#: A race is lost by chance: tried so often, a bug has no excuse.
TRIES = 30

pytestmark = [
    pytest.mark.database("postgresql"),
    pytest.mark.settings(response_threshold=10, debate_threshold=20),
    # What a bug breaks in the driver is noticed late.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def caught(check: Callable[[], None], tries: int = TRIES) -> bool:
    """Whether the check fails within so many tries."""
    for _ in range(tries):
        try:
            check()
        except AssertionError:
            return True
    return False


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.what)
def test_the_test_that_plants_it_is_there(bug: Bug) -> None:
    file, _, name = bug.test.partition("::")
    assert f"def {name}(" in Path(file).read_text()


def test_no_lock(app: Flask) -> None:
    race_double_withdrawals(app)
    with planted("no lock"):
        assert caught(lambda: race_double_withdrawals(app))


def test_a_lost_skip_locked_guard(app: Flask, smtp: SmtpServer) -> None:
    race_for_mails(app, smtp)
    with planted("lost SKIP LOCKED guard"):
        assert caught(lambda: race_for_mails(app, smtp))


def test_a_threshold_that_must_be_hit_exactly(app: Flask) -> None:
    race_crossings(app)
    with planted("threshold == n"):
        assert caught(lambda: race_crossings(app))


@contextmanager
def without_the_constraint(app: Flask) -> Iterator[None]:
    """Whether a mailbox has signed is only asked, not held by the database."""
    drop = "ALTER TABLE signatures DROP CONSTRAINT uq_signatures_one_mailbox"
    keep = "ALTER TABLE signatures ADD CONSTRAINT uq_signatures_one_mailbox UNIQUE (petition_id, mailbox_hash, seat)"
    change_table(drop)
    try:
        yield
    finally:
        release(app)
        empty()
        change_table(keep)


@transactional
def change_table(statement: str) -> None:
    """Change the table itself."""
    db.session.execute(text(statement))


@transactional
def empty() -> None:
    """Remove what the constraint would not have let in."""
    db.session.execute(db.delete(Mail))
    db.session.execute(db.delete(Signature))


def test_uniqueness_by_select(app: Flask, database: PostgresqlDatabase) -> None:
    race_sign_forms(app)
    with without_the_constraint(app):
        assert caught(lambda: race_sign_forms(app))


@pytest.mark.settings(trusted_proxies=1)
def test_a_forwarded_host_that_is_believed(app: Flask, client: PageCheckingClient) -> None:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=0, x_host=1)  # type: ignore[method-assign]
    with pytest.raises(AssertionError):
        believes_its_proxy_alone(client)


# In real processes: half a minute each, so only by `make planted`.

in_processes = pytest.mark.skipif("PLANTED" not in os.environ, reason="half a minute each: make planted")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where one run keeps its files."""
    with folder_of_a_run() as folder:
        yield folder


@in_processes
def test_a_mail_in_a_second_transaction(folder: Path) -> None:
    """`make faults`, failpoint `after_commit:_sign`: somebody waits for a mail that was never queued."""
    planted_there = {"FAULTS_PLANTED": "second-transaction outbox"}
    with server_of_a_run() as server:
        figure = phases.reach_failpoint(
            folder / "site", server, 1, Effort(8, 15), "after_commit:_sign", extra=planted_there
        )
    assert any("waits and has no mail" in sentence for sentence in figure.wrong)


@in_processes
def test_an_asynchronous_commit(folder: Path) -> None:
    """`make faults`, phase `database`: what was acknowledged is gone after the crash."""
    with server_of_a_run(synchronous_commit="off", wal_writer_delay="5s") as server:
        figure = phases.kill_database(folder / "site", server, 1, Effort(4, 15))
    assert any(sentence.startswith("LOST") for sentence in figure.wrong)


@in_processes
def test_an_address_in_a_log_line(folder: Path) -> None:
    """`make faults`, any phase: everything personal is searched for in everything that was logged."""
    planted_there = {"FAULTS_PLANTED": "an address in a log line"}
    figure = phases.kill_web(folder / "site", None, 1, Effort(5, 3), extra=planted_there)
    assert any("worker.log" in sentence and "canary." in sentence for sentence in figure.wrong)
