"""What waits for somebody to act, whether or not a mail has told them yet."""

from __future__ import annotations

from sqlalchemy import select

from petitions.extensions import db
from petitions.mail.messages.asked import Item as Item
from petitions.mail.messages.asked import item_of
from petitions.models import Staff, StaffNotice
from petitions.staffing.noting import ASKED

#: Of so many, the newest, it is seen whether they still wait.
MOST = 50


def waiting_for(staff: Staff) -> list[Item]:
    """Answers to approve or to schedule anew, and promises to say about; the newest first."""
    asked = (
        select(StaffNotice)
        .where(StaffNotice.staff_id == staff.id, StaffNotice.kind.in_(ASKED))
        .order_by(StaffNotice.id.desc())
        .limit(MOST)
    )
    items = (item_of(notice, staff) for notice in db.session.execute(asked).scalars())
    return list(dict.fromkeys(item for item in items if item is not None))
