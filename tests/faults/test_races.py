"""Whatever meets at the same instant, the count is exact and everything stands where one order or the other leads.

`RACES=100 pytest tests/faults/test_races.py` runs each so many times.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import invariants
from petitions.counts import counting
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Crossing, Mail, Petition, Signature, SignatureState
from petitions.signing import actions, confirming, own_signature
from petitions.worker import loop
from tests import build
from tests.faults.pairs import Stage, cases
from tests.faults.race import outcomes_in_any_order, together
from tests.smtp import SmtpServer

TIMES = int(os.environ.get("RACES", "1"))
#: SQLite has one writer at a time, so that there is little to race for.
ON_SQLITE = 5

pytestmark = pytest.mark.settings(response_threshold=10, debate_threshold=20)


@pytest.fixture
def times(database_kind: str) -> range:
    """How often each race is run."""
    return range(max(1, TIMES // (ON_SQLITE if database_kind == "sqlite" else 1)))


def count_of(petition_id: int) -> int:
    """The count that everybody sees."""
    db.session.rollback()
    return db.session.get_one(Petition, petition_id).signature_count


def check_the_data() -> None:
    """All that is always true; but who waits here was put there by hand, without a mail."""
    with invariants.snapshot():
        wrong = [
            each for each in invariants.broken(at_rest=True) if not each.startswith("who_waits_was_mailed")
        ]
    assert not wrong, "\n".join(wrong)


def race_double_confirms(app: Flask) -> None:
    """One link pressed eight times at the same instant, and counted by three workers, is one signature."""
    petition = build.open_petition()
    signature = build.signature(petition, state="pending")
    petition_id, signature_id = petition.id, signature.id
    presses = [lambda: confirming.confirm(signature_id=signature_id)] * 8
    together(app, presses)
    together(app, [counting.sweep] * 3)
    assert count_of(petition_id) == 2


def race_double_withdrawals(app: Flask) -> None:
    """A signature taken back eight times at the same instant is taken off the count once."""
    petition = build.open_petition()
    signature = build.signature(petition)
    petition_id, signature_id = petition.id, signature.id
    together(app, [lambda: own_signature.withdraw(signature_id=signature_id)] * 8)
    assert count_of(petition_id) == 1


def race_crossings(app: Flask, people: int = 16) -> None:
    """Sixteen people step over a threshold together, and workers count them together: it is crossed once."""
    petition = build.open_petition()
    ids = [build.signature(petition, state="pending").id for _ in range(people)]
    petition_id = petition.id
    presses = [lambda each=each: confirming.confirm(signature_id=each) for each in ids]
    together(app, [*presses, counting.sweep, counting.sweep, counting.sweep])
    together(app, [counting.sweep] * 3)
    assert count_of(petition_id) == people + 1
    crossed = select(func.count()).select_from(Crossing).where(Crossing.petition_id == petition_id)
    assert db.session.execute(crossed).scalar_one() == 1
    told = select(func.count(Mail.id)).where(
        Mail.petition_id == petition_id, Mail.kind == "threshold_crossed"
    )
    assert db.session.execute(told).scalar_one() == 1


def race_sign_forms(app: Flask, posts: int = 50) -> None:
    """The form sent fifty times at the same instant is one signature, and not more mails than are allowed."""
    petition_id = build.open_petition().id
    person = actions.Person("Ada Adeyemi", "ada@example.org", "GB", "AB1 2CD", False, "192.0.2.7")
    together(app, [lambda: actions.sign(petition_id=petition_id, person=person)] * posts)
    db.session.rollback()
    rows = select(Signature).where(Signature.petition_id == petition_id, Signature.role == "signer")
    found = db.session.execute(rows).scalars().all()
    assert len(found) == 1, f"{len(found)} signatures of one form"
    (row,) = found
    assert row.state is SignatureState.PENDING
    mails = select(func.count(Mail.id)).where(Mail.signature_id == row.id)
    assert 1 <= db.session.execute(mails).scalar_one() <= 2


def race_for_mails(app: Flask, smtp: SmtpServer, mails: int = 40) -> None:
    """Four workers send from one queue: every mail leaves once."""
    smtp.clear()
    petition = build.open_petition()
    for number in range(mails):
        queue_confirmation(build.signature(petition, state="pending", link_sent_at=None).id, number)
    together(app, [loop.run_until_idle] * 4)
    came = Counter(message["Message-ID"] for message in smtp.messages)
    assert set(came.values()) == {1}, f"{sum(came.values())} mails came, {len(came)} were sent"
    assert (
        len([each for each in smtp.messages if each["X-Petitions-Message"] == "confirm_signature"]) == mails
    )


@transactional
def queue_confirmation(signature_id: int, number: int) -> None:
    """A confirm mail for a row that was put there by hand."""
    signature = db.session.get_one(Signature, signature_id)
    outbox.queue("confirm_signature", key=f"race:{signature_id}:{number}", signature=signature)


def test_a_queue_that_four_workers_share_is_sent_once(app: Flask, smtp: SmtpServer, times: range) -> None:
    for _ in times:
        race_for_mails(app, smtp)


def test_a_link_pressed_many_times_at_once_counts_once(app: Flask, times: range) -> None:
    for _ in times:
        race_double_confirms(app)
    check_the_data()


def test_a_signature_taken_back_many_times_at_once_is_taken_off_once(app: Flask, times: range) -> None:
    for _ in times:
        race_double_withdrawals(app)
    check_the_data()


def test_a_threshold_that_many_step_over_at_once_is_crossed_once(app: Flask, times: range) -> None:
    for _ in times:
        race_crossings(app)
    check_the_data()


def test_a_form_sent_many_times_at_once_is_one_signature(app: Flask, times: range) -> None:
    for _ in times:
        race_sign_forms(app)
    check_the_data()


def test_every_pair_of_verbs_leaves_what_one_after_the_other_leaves(
    app: Flask, times: range, database_kind: str
) -> None:
    stage = Stage()
    everything = list(cases())
    # One try of each takes minutes; `RACES` tries them all, the gate a few, the same ones each time.
    chosen = everything if TIMES > 1 else random.Random(database_kind).sample(everything, 40)
    for start, first, second in chosen:
        names = (first, second)
        legal = outcomes_in_any_order(
            lambda start=start: stage.scene(start),
            lambda scene, names=names: stage.verbs(scene, names),
            stage.look,
        )
        for _ in times:
            scene = stage.scene(start)
            together(app, stage.verbs(scene, names))
            seen = stage.look(scene)
            assert seen in legal, f"{start}: {first} with {second} left {seen}, not one of {legal}"
    check_the_data()
