"""Counts that are wrong are named, one line each, and put right: once, in the history, while signing goes on."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from petitions.counts import counting, recounting
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import (
    AuditEntry,
    CountryCount,
    Crossing,
    Duty,
    HourCount,
    Mail,
    MinuteCount,
    Petition,
    PlaceCount,
)
from tests import build, invariants


def recount(app: Flask, *more: str) -> Any:
    """`flask recount`."""
    db.session.rollback()
    outcome = app.test_cli_runner().invoke(args=["recount", *more])
    db.session.rollback()
    return outcome


@transactional
def spoil(petition: Petition, model: Any, **values: Any) -> None:
    """Change stored counts as nothing in the service would."""
    column = Petition.id if model is Petition else model.petition_id
    db.session.execute(update(model).where(column == petition.id).values(**values))


@transactional
def lose(model: Any) -> None:
    """Lose all rows of a table of counts."""
    db.session.execute(delete(model))


def lines_about_repairs() -> list[dict[str, Any]]:
    query = select(AuditEntry.details).where(AuditEntry.action == "counts_repaired").order_by(AuditEntry.id)
    return list(db.session.execute(query).scalars())


@pytest.fixture
def petition(app: Flask) -> Petition:
    """Counted elsewhere before, and here: by place, at home and abroad."""
    petition, area = build.open_petition(count=40), build.place()
    build.signatures(petition, 3, place=area)
    build.signature(petition, country="FR", postcode=None)
    return petition


def test_counts_that_are_right_are_left_alone(app: Flask, petition: Petition) -> None:
    before = petition.updated_at
    for more in ((), ("--repair",)):
        outcome = recount(app, *more)
        assert outcome.exit_code == 0
        assert "Every count is right." in outcome.output
    assert (petition.updated_at, lines_about_repairs()) == (before, [])


def test_what_differs_is_named_and_left_as_it_is(app: Flask, petition: Petition) -> None:
    other = build.open_petition()
    spoil(petition, Petition, signature_count=45)
    spoil(other, HourCount, signature_count=9)
    outcome = recount(app)
    assert outcome.exit_code == 1
    assert f"petition {petition.id}: count 45, signatures 44 (-1)\n" in outcome.output
    assert f"petition {other.id}: count 1, signatures 1 (+0); parts that differ: hours: 1\n" in outcome.output
    assert "Petitions whose counts differ: 2." in outcome.output
    assert (petition.signature_count, lines_about_repairs()) == (45, [])


def test_every_kind_of_count_is_put_right(app: Flask, petition: Petition) -> None:
    spoil(petition, Petition, signature_count=1044)
    spoil(petition, PlaceCount, signature_count=1)
    spoil(petition, CountryCount, signature_count=7)
    lose(HourCount)
    lose(MinuteCount)
    outcome = recount(app, "--repair")
    assert outcome.exit_code == 0
    words = "count 1,044, signatures 44 (-1,000); parts that differ: places: 1, countries: 2, hours: "
    assert f"petition {petition.id}: {words}" in outcome.output
    assert ", minutes: " in outcome.output
    assert petition.signature_count == 44
    invariants.check()


def test_a_count_by_place_keeps_what_was_imported(app: Flask, petition: Petition) -> None:
    spoil(petition, CountryCount, imported_signatures=500, signature_count=3)
    recount(app, "--repair")
    rows = db.session.execute(select(CountryCount).order_by(CountryCount.country)).scalars()
    assert {row.country: row.signature_count for row in rows} == {"FR": 501, "GB": 504}
    invariants.check()


def test_a_repair_is_in_the_history_and_done_once(app: Flask, petition: Petition) -> None:
    spoil(petition, Petition, signature_count=45)
    assert "were repaired: 1." in recount(app, "--repair").output
    assert "Every count is right." in recount(app, "--repair").output
    repaired = {"before": 45, "after": 44, "places": 0, "countries": 0, "hours": 0, "minutes": 0}
    assert lines_about_repairs() == [repaired]


def test_a_petition_that_is_right_by_now_is_left_alone(app: Flask, petition: Petition) -> None:
    spoil(petition, Petition, signature_count=45)
    assert recounting.repair(petition.id)
    assert not recounting.repair(petition.id)
    assert len(lines_about_repairs()) == 1


@pytest.mark.settings(response_threshold=4, debate_threshold=100)
def test_a_threshold_that_was_stepped_over_is_crossed_once(app: Flask) -> None:
    petition = build.open_petition()
    build.signatures(petition, 2)
    _count_without_crossing(petition, 3)
    for _ in range(2):
        assert recount(app, "--repair").exit_code == 0
    crossing = db.session.execute(select(Crossing)).scalar_one()
    assert (crossing.threshold_key, crossing.signature_count) == ("response", 6)
    assert db.session.execute(select(func.count()).select_from(Duty)).scalar_one() == 1
    told = select(func.count()).where(Mail.kind == "threshold_crossed")
    assert db.session.execute(told).scalar_one() == 1
    invariants.check()


def _count_without_crossing(petition: Petition, number: int) -> None:
    """As if a worker had marked signatures and lost what belongs to it."""
    signed = build.signatures(petition, number, counted=False)
    for each in signed:
        build.change(each, counted_at=each.validated_at)


@pytest.mark.settings(response_threshold=4, debate_threshold=100)
def test_a_crossing_is_never_undone(app: Flask) -> None:
    petition = build.open_petition()
    build.signatures(petition, 3)
    spoil(petition, Petition, signature_count=2)
    recount(app, "--repair")
    spoil(petition, Petition, signature_count=9)
    recount(app, "--repair")
    assert db.session.execute(select(func.count()).select_from(Crossing)).scalar_one() == 1
    assert petition.signature_count == 4
    invariants.check()


@pytest.mark.settings(response_threshold=4, debate_threshold=100)
def test_a_petition_that_was_taken_down_makes_nobody_owe_an_answer(app: Flask) -> None:
    petition = build.open_petition()
    _count_without_crossing(petition, 6)
    build.change(petition, state="rejected", rejected_at=petition.opened_at)
    recount(app, "--repair")
    assert petition.signature_count == 7
    assert db.session.execute(select(func.count()).select_from(Crossing)).scalar_one() == 0


def test_all_petitions_are_looked_at_in_portions(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    petitions = [build.open_petition() for _ in range(5)]
    for each in (petitions[0], petitions[4]):
        spoil(each, Petition, signature_count=3)
    assert "were repaired: 2." in recount(app, "--repair").output
    invariants.check()


def test_nothing_is_lost_of_what_is_signed_meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "BATCH", 3)
    petition = build.open_petition()
    build.signatures(petition, 40, counted=False)
    petition_id, failures = petition.id, []

    def work(*steps: Any) -> None:
        with app.app_context():
            try:
                for step in steps:
                    step()
            except BaseException as failure:
                failures.append(failure)

    def mend() -> None:
        spoil_by_id(petition_id)
        recounting.repair(petition_id)

    db.session.rollback()
    threads = [threading.Thread(target=work, args=[counting.sweep] * 6) for _ in range(2)]
    threads += [threading.Thread(target=work, args=[mend] * 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    while counting.sweep():
        pass
    recounting.repair(petition_id)
    db.session.rollback()
    assert db.session.get_one(Petition, petition_id).signature_count == 41
    invariants.check()


@transactional
def spoil_by_id(petition_id: int) -> None:
    """Take the count one too high, under no lock but the row's own."""
    db.session.execute(
        update(Petition)
        .where(Petition.id == petition_id)
        .values(signature_count=Petition.signature_count + 1)
    )
