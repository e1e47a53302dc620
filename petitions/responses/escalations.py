"""The overseeing body is told of an answer that is late: some days after its date, and every week after that.

Days late are days of the clock: while a pause runs they stand still, and nobody is told. A later date begins anew.
"""

from __future__ import annotations

from petitions import audit, clock
from petitions.database import insert_new, transactional
from petitions.duties.duty_clock import status
from petitions.duties.owed import owed_duties
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import Duty, DutyEscalation
from petitions.permissions import Permission
from petitions.staffing import owners

#: Days of lateness from one telling to the next.
AGAIN_AFTER = 7


def escalate_due() -> int:
    """Tell of every answer of which it is time to tell. Returns how many were told of; any number of workers may ask."""
    waiting = [duty.id for duty in owed_duties() if _days_late_to_tell(duty) is not None]
    return sum(_escalate(duty_id) for duty_id in waiting)


def _days_late_to_tell(duty: Duty) -> int | None:
    """How late an answer is, where it is time to tell; None where it is not."""
    stands = status(duty)
    if not stands.is_overdue or stands.days is None:
        return None
    late = -stands.days
    if late < settings().escalation_days:
        return None
    moved_at = max((row.created_at for row in duty.extensions), default=duty.reached_at)
    told = [row.days_late for row in duty.escalations if row.escalated_at > moved_at]
    return late if not told or late >= told[-1] + AGAIN_AFTER else None


@transactional
def _escalate(duty_id: int) -> bool:
    """Write the next escalation of one duty, and mail everybody who watches; false where it is not time any more."""
    duty = db.session.get(Duty, duty_id, with_for_update=True)
    late = _days_late_to_tell(duty) if duty is not None and duty.answered_at is None else None
    overseers = owners.holders_of(Permission.DUTY_OVERSEE)
    if duty is None or late is None or not overseers:
        return False
    number = len(duty.escalations) + 1
    values = {"duty_id": duty.id, "number": number, "escalated_at": clock.now(), "days_late": late}
    if not insert_new(DutyEscalation, db.session, **values):
        return False
    audit.record("duty_escalated", petition=duty.petition, duty=duty.id, number=number, days_late=late)
    for staff in overseers:
        key = f"escalation:{duty.id}:{number}:staff:{staff.id}"
        outbox.queue(
            "duty_escalated", key=key, staff=staff, petition=duty.petition, duty_id=duty.id, number=number
        )
    return True
