"""What holds the counting together cannot be lost unseen: each bug is planted here, and the data tells of it.

And nothing is lost where a worker dies: killed with its counting done and not committed, or just committed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from petitions import clock
from petitions.counts import counting, crossings
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, PetitionThreshold, Signature
from tests import build, invariants
from tests.databases import Database
from tests.faults.race import together
from tests.settings import ENVIRONMENT

pytestmark = pytest.mark.settings(response_threshold=5, debate_threshold=1000)

MARKED = (
    Signature.id,
    Signature.role,
    Signature.place_id,
    Signature.country,
    Signature.validated_at,
    Signature.counted_at,
)


def test_a_threshold_that_is_only_met_exactly_is_caught(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = build.open_petition()

    def only_exactly(petition: Petition, *, before: int, after: int) -> list[Any]:
        met = select(PetitionThreshold).where(
            PetitionThreshold.petition_id == petition.id, PetitionThreshold.signatures == after
        )
        return [crossings._cross(petition, each, after) for each in db.session.execute(met).scalars()]

    monkeypatch.setattr(crossings, "fire", only_exactly)
    build.signatures(petition, 6, counted=False)
    counting.sweep()
    with pytest.raises(AssertionError, match=r"reached_thresholds_are_crossed: petition .* did not cross 5"):
        invariants.check()


@pytest.mark.database("postgresql")
def test_rows_that_two_workers_claim_are_caught(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lock on the petition, no `SKIP LOCKED`, and rows marked whether or not they are marked already."""
    petition = build.open_petition()
    build.signatures(petition, 6, counted=False)
    both_have_looked = threading.Barrier(2)

    def mark_unguarded(petition_id: int, now: Any) -> Sequence[Any]:
        wanted = select(Signature.id).where(Signature.petition_id == petition_id, *counting.UNCOUNTED)
        ids = db.session.execute(wanted).scalars().all()
        both_have_looked.wait(30)
        mark = update(Signature).where(Signature.id.in_(ids)).values(counted_at=now).returning(*MARKED)
        return list(db.session.execute(mark.execution_options(synchronize_session=False)).all())

    monkeypatch.setattr(counting, "_lock", lambda petition_id, wait: db.session.get(Petition, petition_id))
    monkeypatch.setattr(counting, "_mark", mark_unguarded)
    db.session.rollback()
    together(app, [counting.sweep, counting.sweep])
    with pytest.raises(
        AssertionError, match=r"counts_are_the_counted_rows: petition .* says 13, its rows say 7"
    ):
        invariants.check()


def test_counting_in_a_second_transaction_is_caught(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies between marking the rows and adding them."""
    petition = build.open_petition()
    build.signatures(petition, 3, counted=False)
    mark = transactional(counting._mark)
    mark(petition.id, clock.now())
    with pytest.raises(
        AssertionError, match=r"counts_are_the_counted_rows: petition .* says 1, its rows say 4"
    ):
        invariants.check(at_rest=False)


@pytest.mark.parametrize(("point", "counted"), [("before_commit:_count", 1), ("after_commit:_count", 7)])
def test_a_worker_that_is_killed_while_it_counts_loses_nothing(
    app: Flask, database: Database, point: str, counted: int
) -> None:
    petition = build.open_petition()
    build.signatures(petition, 6, counted=False)
    petition_id = petition.id
    db.session.rollback()
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "DATABASE_URL": database.url,
        "RESPONSE_THRESHOLD": "5",
        "DEBATE_THRESHOLD": "1000",
        "FAILPOINTS": f"{point}=kill",
        "FLASK_APP": "wsgi.py",
    }
    worker = [sys.executable, "-m", "flask", "worker", "--once"]
    killed = subprocess.run(worker, env=environment, capture_output=True, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    db.session.rollback()
    assert db.session.get_one(Petition, petition_id).signature_count == counted
    invariants.check(at_rest=False)
    build.work()
    assert db.session.get_one(Petition, petition_id).signature_count == 7
    invariants.check()
