"""Writes what a petition's thresholds made the government owe: crossings, duties, and what moved their dates."""

from __future__ import annotations

from datetime import date, datetime

from petitions import due_dates
from petitions.demo.telling import Telling, Told
from petitions.extensions import db
from petitions.models import RESPONSE, Crossing, Duty, DutyExtension, DutyPause, PetitionThreshold


def owe(told: Told, telling: Telling, threshold: PetitionThreshold, reached_at: datetime) -> Duty:
    """Write one crossing and its duty, paused or extended as the story has it."""
    signature_count = threshold.signatures + told.random.randint(0, 2)
    crossing = Crossing(
        petition_id=told.petition.id,
        threshold_key=threshold.key,
        reached_at=reached_at,
        signature_count=signature_count,
    )
    db.session.add(crossing)
    db.session.flush()
    duty = _duty(told, telling, threshold, reached_at)
    telling.history.add(
        reached_at,
        "threshold_crossed",
        told.petition,
        threshold=threshold.key,
        signatures=threshold.signatures,
        signature_count=signature_count,
        due_on=_iso(duty.due_on),
    )
    if threshold.duty == RESPONSE:
        _pause(told, telling, duty)
        _extend(told, telling, duty)
    return duty


def _duty(told: Told, telling: Telling, threshold: PetitionThreshold, reached_at: datetime) -> Duty:
    due_on = None
    if threshold.days is not None:
        reached_on = reached_at.astimezone(telling.times.zone).date()
        due_on = due_dates.add_days(reached_on, threshold.days, threshold.days_kind)
    duty = Duty(
        petition_id=told.petition.id,
        threshold_key=threshold.key,
        department=told.petition.departments[0] if threshold.duty == RESPONSE else None,
        reached_at=reached_at,
        due_on=due_on,
        first_due_on=due_on,
    )
    db.session.add(duty)
    db.session.flush()
    return duty


def _pause(told: Told, telling: Telling, duty: Duty) -> None:
    pause, times = told.story.pause, telling.times
    if pause is None or duty.due_on is None:
        return
    starts_on, ends_on = times.day(pause.since), times.day(pause.until)
    at = times.at(pause.since, 8)
    db.session.add(
        DutyPause(
            duty_id=duty.id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=pause.reason,
            created_at=at,
            staff_id=telling.offices.official_of(told.story.department).id,
        )
    )
    duty.due_on += ends_on - starts_on
    _remember_move(told, telling, duty, at, "duty_paused", pause.reason)


def _extend(told: Told, telling: Telling, duty: Duty) -> None:
    extension, times = told.story.extension, telling.times
    if extension is None:
        return
    duty.due_on = times.day(-extension.until)
    at = times.at(extension.decided, 16, 20)
    db.session.add(
        DutyExtension(
            duty_id=duty.id,
            due_on=duty.due_on,
            reason=extension.reason,
            created_at=at,
            staff_id=telling.offices.official_of(told.story.department).id,
        )
    )
    _remember_move(told, telling, duty, at, "duty_extended", extension.reason)


def _remember_move(told: Told, telling: Telling, duty: Duty, at: datetime, action: str, reason: str) -> None:
    telling.history.add(
        at,
        action,
        told.petition,
        by=telling.offices.official_of(told.story.department),
        before=_iso(duty.first_due_on),
        after=_iso(duty.due_on),
        reason=reason,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
