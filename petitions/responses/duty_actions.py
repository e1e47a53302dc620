"""What administrators do to the clock of a duty: pause it, move its date, give it to another department. All public.

A pause moves the date by its length, at the moment its end is known. An extension sets the date itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from petitions import audit, crossings
from petitions.database import transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import Department, Duty, DutyExtension, DutyPause, Staff


@transactional
def pause(duty_id: int, *, starts_on: date, ends_on: date | None, reason: str, by: Staff) -> DutyPause:
    """Let the clock stand still from `starts_on` until it runs again on `ends_on` (None: not known yet)."""
    duty = _unanswered(duty_id)
    if overlaps(duty, starts_on, ends_on):
        raise StateChanged("another pause covers these days")
    row = DutyPause(duty_id=duty.id, starts_on=starts_on, ends_on=ends_on, reason=reason, staff_id=by.id)
    db.session.add(row)
    before = duty.due_on
    _move_by(duty, (ends_on - starts_on) if ends_on else timedelta())
    _record("duty_paused", duty, before, by, reason=reason, starts_on=_iso(starts_on), ends_on=_iso(ends_on))
    return row


@transactional
def end_pause(pause_id: int, *, ends_on: date, by: Staff) -> None:
    """Set the day on which the clock runs again; a day that was set before is replaced."""
    row = db.session.get(DutyPause, pause_id)
    if row is None:
        raise NotFound("no such pause")
    duty = _unanswered(row.duty_id)
    db.session.refresh(row)
    if ends_on <= row.starts_on or overlaps(duty, row.starts_on, ends_on, but=row):
        raise StateChanged("the pause cannot end then")
    before = duty.due_on
    _move_by(duty, ends_on - (row.ends_on or row.starts_on))
    row.ends_on = ends_on
    _record("duty_resumed", duty, before, by, ends_on=_iso(ends_on))


@transactional
def extend(duty_id: int, *, due_on: date, reason: str, by: Staff) -> None:
    """Move the date to a later one."""
    duty = _unanswered(duty_id)
    before = duty.due_on
    if before is None or due_on <= before or has_open_pause(duty):
        raise StateChanged("only a set date can be moved, and only to a later day")
    db.session.add(DutyExtension(duty_id=duty.id, due_on=due_on, reason=reason, staff_id=by.id))
    duty.due_on = due_on
    _record("duty_extended", duty, before, by, reason=reason)


@transactional
def transfer(duty_id: int, *, department_id: int, reason: str, by: Staff) -> None:
    """Give the duty to a department; its officials are told. The date stays."""
    duty = _unanswered(duty_id)
    department = db.session.get(Department, department_id)
    if department is None or department.id == duty.department_id:
        raise StateChanged("the duty is there already, or there is no such department")
    before = duty.department.name if duty.department else None
    duty.department = department
    line = audit.record(
        "duty_transferred",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        before=before,
        after=department.name,
        reason=reason,
    )
    crossings.tell_owners(duty, duty.crossing.threshold, key=f"duty:{duty.id}:given:{line.id}")


def overlaps(duty: Duty, starts_on: date, ends_on: date | None, but: DutyPause | None = None) -> bool:
    """Whether one of the pauses of a duty has a day in common with these."""
    return any(
        row is not but
        and (row.ends_on is None or starts_on < row.ends_on)
        and (ends_on is None or row.starts_on < ends_on)
        for row in duty.pauses
    )


def has_open_pause(duty: Duty) -> bool:
    """Whether a pause has no end yet, so that the date is not known either."""
    return any(row.ends_on is None for row in duty.pauses)


def _unanswered(duty_id: int) -> Duty:
    """The duty, locked, while it is still owed."""
    duty = db.session.get(Duty, duty_id, with_for_update=True)
    if duty is None:
        raise NotFound("no such duty")
    if duty.answered_at is not None:
        raise StateChanged("it was answered")
    return duty


def _move_by(duty: Duty, length: timedelta) -> None:
    if duty.due_on is not None:
        duty.due_on += length


def _record(action: str, duty: Duty, before: date | None, by: Staff, **details: Any) -> None:
    audit.record(
        action,
        petition=duty.petition,
        by=by,
        duty=duty.id,
        before=_iso(before),
        after=_iso(duty.due_on),
        **details,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
