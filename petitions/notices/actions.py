"""What people of the staff choose about their own mails."""

from __future__ import annotations

from sqlalchemy import delete

from petitions import audit
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Staff, StaffNotice
from petitions.models.staff import MailChoice
from petitions.staffing.noting import ALWAYS


@transactional
def choose_mails(*, choice: MailChoice, by: Staff) -> None:
    """Hear of everything once a day, of each thing by itself, or only of what is owed, late, or waits for this person."""
    staff = db.session.get_one(Staff, by.id, with_for_update=True)
    before, staff.mail_choice = staff.mail_choice, choice
    if choice is MailChoice.NONE:
        # What waits is left out too. Should the choice change back, what is still true then is noted anew.
        db.session.execute(
            delete(StaffNotice)
            .where(
                StaffNotice.staff_id == staff.id,
                StaffNotice.told_at.is_(None),
                StaffNotice.kind.not_in(ALWAYS),
            )
            .execution_options(synchronize_session=False)
        )
    audit.record("mail_choice_changed", by=staff, before=before.value, after=choice.value)
