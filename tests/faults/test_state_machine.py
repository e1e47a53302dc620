"""Whatever people, staff, the clock and the mail server do, in any order, the data stays true; planted bugs are found.

`STATE_MACHINE_EXAMPLES=1000 pytest tests/faults/test_state_machine.py` runs it for as long as one likes.
"""

from __future__ import annotations

import os

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from petitions.counts import counting
from petitions.models import Signature
from tests.databases import Database
from tests.faults.life import life_on
from tests.faults.planted import planted

EXAMPLES = int(os.environ.get("STATE_MACHINE_EXAMPLES", "0"))
#: What people do in which order is the same on both; the other database sees some of it.
USUAL = {"sqlite": 12, "postgresql": 3}

pytestmark = pytest.mark.settings(
    supporters_needed=2, response_threshold=4, debate_threshold=6, confirm_days=7, petition_months=6
)


def run(app: Flask, database: Database, examples: int, steps: int = 40, *, has_bug: bool = False) -> None:
    """Drive the machine."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not EXAMPLES,
        database=None,
        # A planted bug need only be found; a real one is worth the time to make its story short.
        phases=[Phase.generate] if has_bug else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(life_on(app, database), settings=chosen)


def test_the_data_stays_true_whatever_happens(app: Flask, database: Database) -> None:
    run(app, database, EXAMPLES or USUAL[database.kind])


@pytest.mark.database("sqlite")
def test_counting_a_signature_twice_is_caught(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = counting._add_to_petition

    def twice(petition, number, **more):  # type: ignore[no-untyped-def]
        mark(petition, 2 * number if number > 0 else number, **more)

    monkeypatch.setattr(counting, "_add_to_petition", twice)
    with pytest.raises(AssertionError, match="its rows say"):
        run(app, database, 5, 15, has_bug=True)


@pytest.mark.database("sqlite")
def test_a_mail_marked_sent_before_it_was_taken_is_caught(app: Flask, database: Database) -> None:
    with (
        planted("mail marked before it was sent"),
        pytest.raises(AssertionError, match="no server took"),
    ):
        run(app, database, 20, 30, has_bug=True)


@pytest.mark.database("sqlite")
def test_a_withdrawal_that_forgets_the_count_is_caught(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_the_mark(signature: Signature) -> None:
        signature.counted_at = None

    monkeypatch.setattr(counting, "uncount", only_the_mark)
    with pytest.raises(AssertionError, match="its rows say"):
        run(app, database, 30, 40, has_bug=True)
