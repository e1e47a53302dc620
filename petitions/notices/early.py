"""Early warning: a petition has half, three quarters, nine tenths of what it needs, or will get there within a week."""

from __future__ import annotations

from petitions.database import transactional
from petitions.duties.coming import Coming, coming
from petitions.models import Staff
from petitions.models.staff import MailChoice
from petitions.staffing import owners
from petitions.staffing.noting import FORECAST, NEAR, note


@transactional
def warn_early() -> int:
    """Note every warning that is new, for those who will have to answer. Returns how many people were given one."""
    return sum(_warn(row) for row in coming())


def _warn(row: Coming) -> int:
    people = _who_hear(row)
    which = f"{row.petition.id}:{row.threshold.key}"
    given = 0
    if row.step is not None:
        key = f"warning:{which}:{row.step}"
        given += note(people, NEAR, key=key, petition_id=row.petition.id)
    if row.is_soon:
        given += note(people, FORECAST, key=f"forecast:{which}", petition_id=row.petition.id)
    return given


def _who_hear(row: Coming) -> list[Staff]:
    """Those who answer for the petition's departments, else the moderators; not those who want no such mails."""
    people = owners.who_answer_for([department.id for department in row.petition.departments])
    return [staff for staff in people if staff.mail_choice is not MailChoice.NONE]
