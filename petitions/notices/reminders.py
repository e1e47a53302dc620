"""Reminders of answers: some days before the date, on it, the day after it, and every week that it is late.

A date that is moved has reminders of its own. While a pause runs nobody is reminded.
"""

from __future__ import annotations

from petitions.database import transactional
from petitions.duties.duty_clock import Standing, status
from petitions.duties.owed import owed_duties
from petitions.models import Duty
from petitions.staffing import owners
from petitions.staffing.noting import DUE, LATE, note

#: Days before the date, the nearest first. Where a day was missed, the next one before the date stands in for it.
DAYS_BEFORE = (0, 1, 3, 7)
#: Days of lateness from one reminder to the next; the first is on the first day.
AGAIN_AFTER = 7


@transactional
def remind() -> int:
    """Note every reminder that is new, for those who have to see to the answer. Returns how many people got one."""
    return sum(_remind(duty) for duty in owed_duties())


def _remind(duty: Duty) -> int:
    stands = status(duty)
    if stands.standing is Standing.PAUSED or stands.days is None or stands.due_on is None:
        return 0
    which, days = f"{duty.id}:{stands.due_on.isoformat()}", stands.days
    if days < 0:
        late = 1 + (-days - 1) // AGAIN_AFTER * AGAIN_AFTER
        return note(owners.owners_of(duty), LATE, key=f"late:{which}:{late}", **_about(duty))
    step = next((step for step in DAYS_BEFORE if step >= days), None)
    if step is None:
        return 0
    return note(owners.owners_of(duty), DUE, key=f"due:{which}:{step}", **_about(duty))


def _about(duty: Duty) -> dict[str, int]:
    return {"petition_id": duty.petition_id, "duty_id": duty.id}
