"""An answer that waits for its moment: taking it off the schedule, and telling whoever put it there."""

from __future__ import annotations

from enum import StrEnum

from petitions import audit
from petitions.models import Duty, Response, Staff
from petitions.responses.access import officials_of
from petitions.staffing.noting import NOT_PUBLISHED, note

#: What one person may change while another has it open: when it is published.
MOMENT = ("publish_at",)


class Why(StrEnum):
    """Why an answer that waited was not published."""

    CHANGED = "changed"
    """Somebody saved other words."""
    NOT_APPROVED = "not_approved"
    NOT_COMPLETE = "not_complete"
    TAKEN_DOWN = "taken_down"
    GIVEN_AWAY = "given_away"
    """Another department owes the answer now."""
    GONE = "gone"
    """Whoever scheduled it is let in no more."""


def take_off(duty: Duty, response: Response, why: Why, *, scheduler: Staff | None, by: Staff | None) -> None:
    """Take an answer off the schedule and tell its scheduler, or the department where that person is gone. In a unit of
    work. Who did it knows already."""
    moment = response.publish_at
    assert moment is not None, "it waits for its moment"
    response.publish_at = response.scheduled_by_id = None
    line = audit.record("response_unscheduled", petition=duty.petition, by=by, duty=duty.id, code=why.value)
    told = [scheduler] if scheduler is not None and scheduler.is_active else officials_of(duty)
    note(
        [staff for staff in told if by is None or staff.id != by.id],
        NOT_PUBLISHED,
        key=f"unscheduled:{line.id}",
        petition_id=duty.petition_id,
        duty_id=duty.id,
        why=why.value,
        moment=moment.isoformat(),
    )
