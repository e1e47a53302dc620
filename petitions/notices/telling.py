"""Turns notices into mails: one a day with everything, or one for each, as each person chose.

A mail for each comes in office hours of a working day; what happens by night waits for them, as nobody sees to it sooner.
A notice is marked as told in the transaction that queues its mail: whatever crashes, it is told once. The day's mail has
the day in its key, so nobody gets two.
"""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from petitions import clock, due_dates
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import Petition, Staff, StaffNotice
from petitions.models.staff import MailChoice
from petitions.staffing.noting import ASKED

#: When the day's mail goes out, in the site's zone.
MORNING = time(7)
#: From when to when mails of their own go out, in the site's zone.
OPENS, CLOSES = time(8), time(18)


def tell_staff() -> int:
    """Queue every mail that is due. Returns how many; any number of workers may ask."""
    waiting = select(StaffNotice.staff_id).where(StaffNotice.told_at.is_(None)).distinct()
    people = list(db.session.execute(waiting.order_by(StaffNotice.staff_id)).scalars())
    return sum(_tell(staff_id) for staff_id in people)


@transactional
def _tell(staff_id: int) -> int:
    staff = db.session.get(Staff, staff_id, with_for_update=True)
    assert staff is not None
    query = select(StaffNotice).where(StaffNotice.staff_id == staff_id, StaffNotice.told_at.is_(None))
    untold = list(db.session.execute(query.order_by(StaffNotice.id)).scalars())
    if not staff.is_active:
        return _forget(untold)
    now = clock.now().astimezone(settings().timezone)
    if staff.mail_choice is MailChoice.EACH:
        return sum(_queue_its_own(staff, notice) for notice in untold) if in_office_hours(now) else 0
    if not untold or now.time() < MORNING:
        return 0
    return _queue_digest(staff, f"digest:{staff.id}:{now.date().isoformat()}", untold)


def in_office_hours(moment: datetime) -> bool:
    """Whether somebody sits at the desk at this moment of the site's zone."""
    return OPENS <= moment.time() < CLOSES and due_dates.is_working_day(moment.date())


def _queue_its_own(staff: Staff, notice: StaffNotice) -> int:
    key = f"notice:{notice.id}"
    if notice.kind not in ASKED:
        return _queue_digest(staff, key, [notice])
    petition = db.session.get(Petition, notice.petition_id)
    queued = outbox.queue(
        notice.kind, key=key, staff=staff, petition=petition, duty_id=notice.duty_id, **notice.details
    )
    notice.told_at = clock.now()
    return int(queued)


def _queue_digest(staff: Staff, key: str, notices: list[StaffNotice]) -> int:
    if not outbox.queue("staff_digest", key=key, staff=staff, notices=[notice.id for notice in notices]):
        return 0
    for notice in notices:
        notice.told_at = clock.now()
    return 1


def _forget(notices: list[StaffNotice]) -> int:
    """Who works here no more is told nothing."""
    for notice in notices:
        db.session.delete(notice)
    return 0
