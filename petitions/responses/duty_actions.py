"""What is done to one duty before it is answered: pause its clock, move its date, give it away, say a word in between.
All of it is public.

A pause moves the date by its length, at the moment its end is known. An extension sets the date itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from petitions import audit, clock, due_dates
from petitions.announcing import still_public
from petitions.changed_since import refuse_if_changed
from petitions.counts import crossings
from petitions.database import transactional
from petitions.duties import pauses
from petitions.duties.pauses import overlaps
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import Department, Duty, DutyExtension, DutyPause, DutyTransfer, HoldingReply, Staff
from petitions.permissions import Permission, may
from petitions.petitioners import creator_of
from petitions.responses import approvals
from petitions.responses.access import answers_for
from petitions.responses.records import any_response_to

#: What one person may change while another has it open: of a pause its end, of a duty its date and who owes.
END, DATE, OWNER = ("ends_on",), ("due_on",), ("department_id",)


@transactional
def pause(duty_id: int, *, starts_on: date, ends_on: date | None, reason: str, by: Staff) -> DutyPause:
    """Let the clock stand still from `starts_on` until it runs again on `ends_on` (None: not known yet)."""
    duty = _unanswered(duty_id)
    if overlaps(duty, starts_on, ends_on):
        raise StateChanged("another pause covers these days")
    row = DutyPause(duty_id=duty.id, starts_on=starts_on, ends_on=ends_on, reason=reason, staff_id=by.id)
    db.session.add(row)
    before = duty.due_on
    pauses.move(duty, pauses.length_of(row))
    _record("duty_paused", duty, before, by, reason=reason, starts_on=_iso(starts_on), ends_on=_iso(ends_on))
    return row


@transactional
def end_pause(pause_id: int, *, ends_on: date, by: Staff, seen: str | None = None) -> None:
    """Set the day on which the clock runs again; a day that was set before is replaced.

    Here and below: `seen` is the mark of what this person had read; raises `WordsChanged` where somebody else was first.
    """
    row, duty = _own_pause(pause_id)
    refuse_if_changed(row, END, seen)
    if ends_on <= row.starts_on or overlaps(duty, row.starts_on, ends_on, but=row):
        raise StateChanged("the pause cannot end then")
    before, length = duty.due_on, pauses.length_of(row)
    row.ends_on = ends_on
    pauses.move(duty, pauses.length_of(row) - length)
    pauses.inherit(duty)
    _record("duty_resumed", duty, before, by, ends_on=_iso(ends_on))


@transactional
def withdraw_pause(pause_id: int, *, by: Staff) -> None:
    """Take back a pause that has not begun: it was a mistake, and never stopped the clock."""
    row, duty = _own_pause(pause_id)
    if row.starts_on <= clock.today(settings().timezone):
        raise StateChanged("it has begun")
    before = duty.due_on
    pauses.move(duty, -pauses.length_of(row))
    paused_by, reason, starts_on = row.staff_id, row.reason, row.starts_on
    db.session.delete(row)
    db.session.flush()
    db.session.expire(duty, ["pauses"])
    pauses.inherit(duty)
    _record(
        "duty_pause_withdrawn",
        duty,
        before,
        by,
        reason=reason,
        starts_on=_iso(starts_on),
        paused_by=paused_by,
    )


def _own_pause(pause_id: int) -> tuple[DutyPause, Duty]:
    """A pause of one duty alone, with the duty locked: those of the whole house end for all at once."""
    found = db.session.get(DutyPause, pause_id)
    if found is None:
        raise NotFound("no such pause")
    duty = _unanswered(found.duty_id)
    # Read again under the lock: somebody may have ended it, or taken it back, meanwhile.
    row = db.session.get(DutyPause, pause_id, populate_existing=True)
    if row is None:
        raise StateChanged("it was taken back")
    if row.house_pause_id is not None:
        raise StateChanged("it is a pause of the whole house")
    return row, duty


@transactional
def extend(duty_id: int, *, due_on: date, reason: str, by: Staff, seen: str | None = None) -> None:
    """Move the date to a later one: the department once and by no more than the time it had, the overseeing body as often
    and as far as it has a reason."""
    duty = _unanswered(duty_id)
    by_overseer = may(by, Permission.DUTY_OVERSEE)
    if not by_overseer and not answers_for(by, duty):
        raise NotFound("no such duty of this person's department")
    refuse_if_changed(duty, DATE, seen)
    before = duty.due_on
    if before is None or due_on <= before or has_open_pause(duty):
        raise StateChanged("only a set date can be moved, and only to a later day")
    if not by_overseer and was_extended(duty):
        raise StateChanged("the department moved the date once already")
    if not by_overseer and due_on > latest_extension(duty, before):
        raise StateChanged("further than the department itself may move it")
    db.session.add(
        DutyExtension(duty_id=duty.id, due_on=due_on, reason=reason, by_overseer=by_overseer, staff_id=by.id)
    )
    duty.due_on = due_on
    _record("duty_extended", duty, before, by, reason=reason, by_overseer=by_overseer)


@transactional
def transfer(duty_id: int, *, department_id: int, reason: str, by: Staff, seen: str | None = None) -> None:
    """Give the duty to a department; its officials are told. The date stays, and so does what was written; that a second
    person of the department before approved it does not count for the one that answers now."""
    duty = _unanswered(duty_id)
    refuse_if_changed(duty, OWNER, seen)
    department = db.session.get(Department, department_id)
    if department is None or department.id == duty.department_id:
        raise StateChanged("the duty is there already, or there is no such department")
    before = duty.department.name if duty.department else None
    row = DutyTransfer(
        duty_id=duty.id,
        from_department_id=duty.department_id,
        to_department_id=department.id,
        reason=reason,
        staff_id=by.id,
    )
    db.session.add(row)
    duty.department = department
    if (begun := any_response_to(duty)) is not None:
        approvals.void(begun)
    db.session.flush()
    audit.record(
        "duty_transferred",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        before=before,
        after=department.name,
        reason=reason,
    )
    crossings.tell_owners(duty, key=f"duty:{duty.id}:given:{row.id}")


@transactional
def publish_holding_reply(duty_id: int, *, body: str, by: Staff) -> None:
    """Say in public what the department is doing, before it answers. It moves no date; the petitioner is told."""
    duty = _unanswered(duty_id)
    if not answers_for(by, duty) or still_public(duty.petition_id) is None:
        raise NotFound("no such duty of this person's department")
    row = HoldingReply(duty_id=duty.id, body=body, staff_id=by.id)
    db.session.add(row)
    db.session.flush()
    audit.record("holding_reply_published", petition=duty.petition, by=by, duty=duty.id)
    creator = creator_of(duty.petition)
    if creator is not None:
        outbox.queue("holding_reply", key=f"holding:{row.id}:creator", signature=creator, reply_id=row.id)


def has_open_pause(duty: Duty) -> bool:
    """Whether a pause has no end yet, so that the date is not known either."""
    return any(row.ends_on is None for row in duty.pauses)


def latest_extension(duty: Duty, due_on: date) -> date:
    """To which day at the latest the department itself may move a date: by as long again as its threshold gives for an
    answer, in the same kind of days. What takes longer the overseeing body has to grant."""
    rule = duty.crossing.threshold
    if rule.days is None:
        return due_on
    return due_dates.add_days(due_on, rule.days, rule.days_kind)


def was_extended(duty: Duty) -> bool:
    """Whether the department itself has moved the date: it may do so once."""
    return any(not row.by_overseer for row in duty.extensions)


def _unanswered(duty_id: int) -> Duty:
    """The duty, locked, while it is still owed."""
    duty = db.session.get(Duty, duty_id, with_for_update=True)
    if duty is None:
        raise NotFound("no such duty")
    if duty.answered_at is not None:
        raise StateChanged("it was answered")
    return duty


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
