"""What there is to do for one person: the front of the staff pages."""

from __future__ import annotations

from dataclasses import dataclass

from petitions.appeals import queries as appeals
from petitions.models import Staff
from petitions.moderation import queries as moderation
from petitions.notices import queries as notices
from petitions.permissions import Permission, may
from petitions.reports import queries as reports
from petitions.responses import queries as responses
from petitions.scrutiny import queries as scrutiny

#: So many answers owed stand on the front; the desk has them all.
MOST_DUTIES = 10


@dataclass(frozen=True)
class Desk:
    """The queue for those who check petitions, and the answers owed for those who see them; `None` for others."""

    waiting: list[notices.Item]
    """What this person was asked to see to, and has not yet."""
    queue: moderation.Queue | None
    duties: list[responses.DutyRow] | None
    owner: str | None
    """The department whose answers they are; empty: everybody's."""
    held: int | None
    """Signatures that wait for staff, for those who see them."""
    appeals: int
    """Appeals that wait to be decided, and petitions with reports that wait."""
    reports: int


def desk_of(staff: Staff) -> Desk:
    """What waits for somebody, by what their roles allow; people of a department see what that department owes."""
    duties = None
    if may(staff, Permission.DUTY_SEE):
        owed = (
            responses.board(department=staff.department).owed
            if staff.department
            else responses.owed_now(MOST_DUTIES)
        )
        duties = owed[:MOST_DUTIES]
    return Desk(
        waiting=notices.waiting_for(staff),
        queue=moderation.queue() if may(staff, Permission.PETITION_SEE) else None,
        duties=duties,
        owner=staff.department.name if staff.department else None,
        held=scrutiny.number_held() if may(staff, Permission.SIGNATURE_SEE) else None,
        appeals=appeals.number_waiting(),
        reports=reports.number_waiting(),
    )
