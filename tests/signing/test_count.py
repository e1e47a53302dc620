"""Counting: exact whatever happens at once, every threshold crossed for once, undone to the last place and hour."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock
from petitions.counts import counting
from petitions.database import transactional
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import (
    AuditEntry,
    CountryCount,
    Crossing,
    Duty,
    HourCount,
    Mail,
    Petition,
    PlaceCount,
    Signature,
    SignatureState,
)
from tests import build

NOON = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[object]:
    """Do these in the same instant, each with a session of its own. Raises what one of them raised."""
    start, results, failures = threading.Barrier(len(works)), [], []

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                results.append(work())
            except BaseException as failure:
                failures.append(failure)

    db.session.rollback()
    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert failures == []
    return results


def counts(petition: Petition) -> dict[str, int]:
    """The petition's count and what it is made of, each worked out on its own."""
    rows = select(func.count()).where(Signature.petition_id == petition.id, Signature.counted_at.is_not(None))
    result = {
        "petition": petition.signature_count - petition.imported_signatures,
        "rows": db.session.execute(rows).scalar_one(),
    }
    for model in (CountryCount, HourCount):
        total = select(func.coalesce(func.sum(model.signature_count), 0)).where(
            model.petition_id == petition.id
        )
        result[model.__tablename__] = db.session.execute(total).scalar_one()
    return result


def assert_exact(petition: Petition, number: int) -> None:
    """Every count says `number`."""
    db.session.rollback()
    assert set(counts(petition).values()) == {number}, counts(petition)


def by(model: type, column: str) -> dict[object, int]:
    """The counts in one table by their key."""
    return {getattr(row, column): row.signature_count for row in db.session.execute(select(model)).scalars()}


@transactional
def uncount(signature: Signature) -> None:
    """As withdrawing does it."""
    counting.uncount(signature)


def test_only_valid_signatures_are_counted(app: Flask) -> None:
    petition = build.open_petition()
    for state in ("pending", "held", "refused", "withdrawn", "invalidated"):
        build.signature(petition, state=state)
    assert counting.sweep() == 0
    assert_exact(petition, 1)


def test_counts_by_place_country_and_hour(app: Flask) -> None:
    with clock.fixed(NOON - timedelta(days=1)):
        petition = build.open_petition()
    one, other = build.place("One"), build.place("Other", postcode_prefixes=["ZZ"])
    with clock.fixed(NOON):
        build.signatures(petition, 2, place=one)
        build.signature(petition, place=other)
    with clock.fixed(NOON + timedelta(minutes=30)):
        abroad = build.signature(petition, country="FR", postcode=None)
    assert by(PlaceCount, "place_id") == {one.id: 2, other.id: 1}
    assert by(CountryCount, "country") == {"GB": 4, "FR": 1}
    hours = by(HourCount, "hour")
    assert hours[NOON.replace(minute=0)] == 3
    assert hours[NOON.replace(hour=13, minute=0)] == 1
    assert petition.last_signed_at == abroad.validated_at
    assert_exact(petition, 5)


def test_uncounting_undoes_exactly_what_was_counted(app: Flask) -> None:
    petition, area = build.open_petition(), build.place()
    with clock.fixed(NOON):
        signature = build.signature(petition, place=area)
    with clock.fixed(NOON + timedelta(hours=3)):
        build.signature(petition, place=area)
        for _ in range(2):
            uncount(signature)
    assert by(PlaceCount, "place_id") == {area.id: 1}
    assert by(CountryCount, "country") == {"GB": 2}
    assert by(HourCount, "hour")[NOON.replace(minute=0)] == 0
    assert signature.counted_at is None
    assert_exact(petition, 2)


def test_more_than_one_portion_is_counted_in_turns(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = build.open_petition()
    build.signatures(petition, 5, counted=False)
    monkeypatch.setattr(counting, "BATCH", 2)
    assert [counting.sweep() for _ in range(4)] == [2, 2, 1, 0]
    assert_exact(petition, 6)


def test_several_petitions_are_counted_in_one_sweep(app: Flask) -> None:
    petitions = [build.open_petition(count=n) for n in (1, 500)]
    for petition in petitions:
        build.signatures(petition, 3, counted=False)
    assert counting.sweep() == 6
    assert [petition.signature_count for petition in petitions] == [4, 503]


def test_sweeps_at_once_count_each_signature_once(app: Flask) -> None:
    petitions = [build.open_petition() for _ in range(3)]
    for petition in petitions:
        build.signatures(petition, 10, counted=False)
    at_once(app, [counting.sweep] * 8)
    counting.sweep()
    for petition in petitions:
        assert_exact(petition, 11)


def test_counting_and_uncounting_at_once_stay_exact(app: Flask) -> None:
    petition, area = build.open_petition(), build.place()
    counted = [row.id for row in build.signatures(petition, 6, place=area)]
    build.signatures(petition, 6, counted=False, place=area)

    def uncount_by_id(signature_id: int) -> Callable[[], object]:
        @transactional
        def work() -> None:
            signature = db.session.get_one(Signature, signature_id)
            counting.uncount(signature)
            counting.end(signature, SignatureState.WITHDRAWN)

        return work

    at_once(app, [uncount_by_id(number) for number in counted[:4]] + [counting.sweep] * 4)
    counting.sweep()
    assert_exact(petition, 9)
    assert by(PlaceCount, "place_id") == {area.id: 8}


@pytest.mark.database("postgresql")
def test_a_petition_that_another_worker_has_is_left_to_it(app: Flask) -> None:
    petition_id = build.open_petition().id
    build.signature(db.session.get_one(Petition, petition_id), counted=False)
    db.session.rollback()
    with db.engine.connect() as other, other.begin():
        other.execute(select(Petition.id).where(Petition.id == petition_id).with_for_update())
        assert counting.sweep() == 0
    assert counting.sweep() == 1


def test_a_sweep_that_comes_too_late_finds_nothing(app: Flask) -> None:
    petition = build.open_petition()
    assert counting._count(petition.id) == 0
    assert counting._count(999_999) == 0


# --- Thresholds ---------------------------------------------------------------------------------------------------


def facts() -> tuple[int, int, int]:
    """How many crossings, duties and lines of the history there are."""
    lines = select(func.count()).where(AuditEntry.action == "threshold_crossed")
    return (
        db.session.execute(select(func.count()).select_from(Crossing)).scalar_one(),
        db.session.execute(select(func.count()).select_from(Duty)).scalar_one(),
        db.session.execute(lines).scalar_one(),
    )


@pytest.mark.settings(response_threshold=5, debate_threshold=20)
def test_a_threshold_is_crossed_at_its_number(app: Flask) -> None:
    office = build.department()
    official = build.staff("official", department=office)
    petition = build.open_petition(departments=[office])
    build.signatures(petition, 3)
    assert facts() == (0, 0, 0)
    build.signature(petition)
    assert facts() == (1, 1, 1)
    duty = db.session.execute(select(Duty)).scalar_one()
    assert (duty.department_id, duty.threshold_key) == (office.id, "response")
    assert duty.due_on == clock.now().date() + timedelta(days=21)
    mails = db.session.execute(select(Mail.kind, Mail.staff_id).order_by(Mail.id)).all()
    assert [tuple(mail) for mail in mails] == [("threshold_crossed", None), ("duty_created", official.id)]


@pytest.mark.settings(response_threshold=5, debate_threshold=6)
def test_one_step_over_both_fires_each_once(app: Flask) -> None:
    petition = build.open_petition()
    build.signatures(petition, 9, counted=False)
    counting.sweep()
    assert facts() == (2, 2, 2)
    assert_exact(petition, 10)


@pytest.mark.settings(response_threshold=5, debate_threshold=20)
def test_falling_below_and_coming_back_is_no_second_crossing(app: Flask) -> None:
    petition = build.open_petition()
    signature = build.signatures(petition, 4)[0]
    uncount(signature)
    assert petition.signature_count == 4
    assert facts() == (1, 1, 1)
    counting.sweep()
    assert petition.signature_count == 5
    build.signature(petition)
    assert facts() == (1, 1, 1)


@pytest.mark.settings(response_threshold=10, debate_threshold=20)
def test_a_threshold_crossed_by_many_workers_at_once_fires_once(app: Flask) -> None:
    petition = build.open_petition()
    build.signatures(petition, 15, counted=False)
    at_once(app, [counting.sweep] * 8)
    counting.sweep()
    assert facts() == (1, 1, 1)
    assert_exact(petition, 16)


@pytest.mark.settings(response_threshold=5, debate_threshold=20)
@pytest.mark.parametrize("state", [State.REJECTED, State.HIDDEN, State.REVIEW])
def test_a_petition_taken_down_meanwhile_makes_nobody_owe_an_answer(app: Flask, state: State) -> None:
    petition = build.open_petition()
    build.signatures(petition, 9, counted=False)
    now = clock.now()
    build.change(petition, state=state, rejected_at=now, hidden_at=now, moderation_threshold_reached_at=now)
    counting.sweep()
    assert facts() == (0, 0, 0)
    assert_exact(petition, 10)


@pytest.mark.settings(response_threshold=5, debate_threshold=20)
def test_signatures_confirmed_before_the_end_still_cross(app: Flask) -> None:
    petition = build.open_petition(closes_at=clock.now())
    build.signatures(petition, 9)
    assert petition.facts.is_final
    assert facts() == (1, 1, 1)


# --- First supporters ---------------------------------------------------------------------------------------------


@pytest.mark.settings(supporters_needed=3)
def test_supporters_are_told_of_and_bring_it_to_review(app: Flask) -> None:
    petition = build.gathering_petition()
    build.signatures(petition, 2, role="supporter")
    assert petition.state is State.GATHERING
    build.signature(petition, role="supporter")
    assert petition.state is State.REVIEW
    build.signature(petition, role="supporter")
    kinds = list(db.session.execute(select(Mail.kind).order_by(Mail.id)).scalars())
    assert kinds == ["supporter_joined", "supporter_joined", "petition_in_review"]
    assert_exact(petition, 5)


@pytest.mark.settings(supporters_needed=3)
def test_many_supporters_at_once_enter_review_once(app: Flask) -> None:
    petition = build.gathering_petition()
    build.signatures(petition, 8, role="supporter", counted=False)
    at_once(app, [counting.sweep] * 4)
    counting.sweep()
    lines = select(func.count()).where(AuditEntry.action == "supporters_found")
    assert db.session.execute(lines).scalar_one() == 1
    assert petition.state is State.REVIEW
    assert_exact(petition, 9)
