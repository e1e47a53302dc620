"""A petition closed before its deadline: the reason is public, who asked is told, what is owed stays owed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.errors import PetitionsError
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import (
    AuditEntry,
    DecisionKind,
    Duty,
    ModerationDecision,
    Petition,
    SignatureState,
    Staff,
)
from petitions.moderation import decisions
from petitions.moderation.early_closing import close_early
from petitions.signing import confirming
from tests import build
from tests.faults.race import together
from tests.staff_visitor import StaffVisitor

REASON = "The law that it asks for was passed on Monday."


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who closes."""
    return build.staff("moderator")


@pytest.fixture
def visitor(app: Flask, moderator: Staff) -> StaffVisitor:
    """A moderator at work."""
    return StaffVisitor(app, moderator)


def send(visitor: StaffVisitor, petition: Petition, **fields: str) -> int:
    """Close it by the form; returns the status."""
    answers = {"text_version": str(petition.text_version), "reason": REASON} | fields
    return visitor.post(f"/staff/petitions/{petition.id}/close", **answers).status_code


def test_closed_early_its_page_says_why_and_it_takes_no_signatures(
    app: Flask, visitor: StaffVisitor, moderator: Staff
) -> None:
    petition = build.open_petition()
    deadline = petition.closes_at
    assert f"/staff/petitions/{petition.id}/close" in visitor.get(f"/staff/petitions/{petition.id}").text
    assert "Close this petition early" in visitor.get(f"/staff/petitions/{petition.id}/close").text
    assert send(visitor, petition) == 303
    db.session.expire_all()
    assert (petition.state, petition.closed_early_reason, petition.creator_name_sealed) == (
        State.CLOSED,
        REASON,
        None,
    )
    page = app.test_client().get(f"/petitions/{petition.id}").text
    assert "Closed early" in page
    assert page.count(REASON) == 2, "at the top and on the timeline"
    assert app.test_client().get(f"/petitions/{petition.id}/signatures/new").status_code == 303
    (line,) = db.session.execute(select(AuditEntry).where(AuditEntry.action == "closed_early")).scalars()
    assert deadline is not None
    assert (line.staff_id, line.details["reason"], line.details["deadline"]) == (
        moderator.id,
        REASON,
        deadline.isoformat(),
    )
    (row,) = db.session.execute(select(ModerationDecision)).scalars()
    assert (row.kind, row.working_days, row.staff_id) == (DecisionKind.CLOSED_EARLY, None, moderator.id)


def test_the_petitioner_and_the_signers_who_asked_are_told_once(visitor: StaffVisitor) -> None:
    petition = build.open_petition(creator_email="priya@example.org")
    build.signature(petition, email="asked@example.org", wants_updates=True)
    build.signature(petition, email="did-not-ask@example.org", wants_updates=False)
    build.signature(petition, email="stopped@example.org", wants_updates=True, mails_stopped_at=clock.now())
    assert send(visitor, petition) == 303
    build.work()
    mails = build.captured(kind="petition_closed_early")
    assert sorted(mail["To"] for mail in mails) == ["asked@example.org", "priya@example.org"]
    assert all(REASON in build.text_of(mail) for mail in mails)
    assert build.captured(kind="petition_closed") == []


def test_what_is_owed_stays_owed(visitor: StaffVisitor) -> None:
    petition = build.open_petition(departments=[build.department()])
    duty = build.cross(petition)
    due_on = duty.due_on
    assert send(visitor, petition) == 303
    db.session.expire_all()
    assert db.session.get_one(Duty, duty.id).due_on == due_on


def test_a_link_that_was_mailed_before_still_counts_in_the_time_of_grace(visitor: StaffVisitor) -> None:
    petition = build.open_petition()
    early = build.signature(petition, state="pending")
    late = build.signature(petition, state="pending")
    send(visitor, petition)
    confirming.confirm(signature_id=early.id)
    with clock.fixed(clock.now() + timedelta(hours=25)):
        confirming.confirm(signature_id=late.id)
    db.session.expire_all()
    assert (early.state, late.state) == (SignatureState.VALIDATED, SignatureState.PENDING)


@pytest.mark.parametrize(
    "fields", [{"reason": ""}, {"reason": "   "}, {"reason": "x" * 1001}, {"text_version": ""}]
)
def test_without_a_reason_it_stays_open(visitor: StaffVisitor, fields: dict[str, str]) -> None:
    petition = build.open_petition()
    assert send(visitor, petition, **fields) == 422
    db.session.expire_all()
    assert petition.state is State.OPEN


@pytest.mark.parametrize("state", sorted(set(State) - {State.OPEN}))
def test_what_cannot_be_signed_cannot_be_closed(visitor: StaffVisitor, state: State) -> None:
    petition = build.petition(state)
    assert send(visitor, petition) == 409
    assert visitor.get(f"/staff/petitions/{petition.id}/close").status_code == 409


def test_closed_and_taken_down_at_once_one_of_them_is_done(app: Flask, moderator: Staff) -> None:
    petition_id, staff_id = build.open_petition().id, moderator.id
    db.session.remove()

    def closes() -> None:
        by = db.session.get_one(Staff, staff_id)
        close_early(petition_id=petition_id, text_version=1, reason=REASON, by=by)

    def takes_down() -> None:
        decisions.refuse(
            petition_id=petition_id,
            text_version=1,
            state="open",
            code="irrelevant",
            explanation="It is for the town.",
            original_id=None,
            by=db.session.get_one(Staff, staff_id),
        )

    results = together(app, [closes, takes_down])
    assert sum(result is None for result in results) == 1
    assert all(result is None or issubclass(result, PetitionsError) for result in results)
    assert len(db.session.execute(select(ModerationDecision)).scalars().all()) == 1
