"""Writes what else happened to a duty: it came from elsewhere, a word was said in between, it was late and told of, a
better answer was asked for."""

from __future__ import annotations

from datetime import timedelta

from petitions.demo.telling import Telling, Told
from petitions.extensions import db
from petitions.models import Duty, DutyEscalation, DutyTransfer, HoldingReply


def mind(told: Told, telling: Telling, duty: Duty) -> None:
    """Write all that the story has of it."""
    _transfer(told, telling, duty)
    _hold(told, telling, duty)
    _escalate(told, telling, duty)


def _transfer(told: Told, telling: Telling, duty: Duty) -> None:
    transfer, overseer = told.story.transfer, telling.offices.overseer
    if transfer is None or duty.department is None:
        return
    at, before = telling.times.at(transfer.day, 11, 40), telling.offices.departments[transfer.before]
    db.session.add(
        DutyTransfer(
            duty_id=duty.id,
            from_department_id=before.id,
            to_department_id=duty.department.id,
            reason=transfer.reason,
            created_at=at,
            staff_id=overseer.id,
        )
    )
    telling.history.add(
        at,
        "duty_transferred",
        told.petition,
        by=overseer,
        duty=duty.id,
        before=before.name,
        after=duty.department.name,
        reason=transfer.reason,
    )


def _hold(told: Told, telling: Telling, duty: Duty) -> None:
    reply, official = told.story.holding_reply, telling.offices.official_of(told.story.department)
    if reply is None:
        return
    at = telling.times.at(reply.day, 15, 10)
    db.session.add(HoldingReply(duty_id=duty.id, body=reply.body, published_at=at, staff_id=official.id))
    telling.history.add(at, "holding_reply_published", told.petition, by=official, duty=duty.id)


def _escalate(told: Told, telling: Telling, duty: Duty) -> None:
    assert duty.due_on is not None
    for number, days_ago in enumerate(told.story.escalated, start=1):
        at, days_late = telling.times.at(days_ago, 0, 20), (telling.times.day(days_ago) - duty.due_on).days
        db.session.add(DutyEscalation(duty_id=duty.id, number=number, escalated_at=at, days_late=days_late))
        telling.history.add(
            at, "duty_escalated", told.petition, duty=duty.id, number=number, days_late=days_late
        )


def ask_again(told: Told, telling: Telling, answered: Duty) -> None:
    """Write the duty of a better answer, where the story has one."""
    follow_up = told.story.follow_up
    if follow_up is None:
        return
    assert answered.first_due_on is not None
    at = telling.times.at(follow_up.day, 16)
    days = answered.first_due_on - answered.reached_at.astimezone(telling.times.zone).date()
    due_on = telling.times.day(follow_up.day) + timedelta(days=days.days)
    duty = Duty(
        petition_id=answered.petition_id,
        threshold_key=answered.threshold_key,
        department_id=answered.department_id,
        round=answered.round + 1,
        follow_up_reason=follow_up.reason,
        reached_at=at,
        due_on=due_on,
        first_due_on=due_on,
    )
    db.session.add(duty)
    db.session.flush()
    telling.history.add(
        at,
        "follow_up_asked",
        told.petition,
        by=telling.offices.overseer,
        duty=duty.id,
        round=duty.round,
        reason=follow_up.reason,
        due_on=due_on.isoformat(),
    )
