"""Which duties somebody of the staff may see, and for which they may write the answer."""

from __future__ import annotations

from sqlalchemy import select

from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import Duty, Staff, StaffRole
from petitions.permissions import Permission, Role, may
from petitions.staffing.owners import answers_for as answers_for
from petitions.staffing.owners import is_own


def sees_all(by: Staff) -> bool:
    """Everybody but an official, who sees what the own department owes."""
    return bool(by.roles - {Role.OFFICIAL})


def visible_duty(duty_id: int, by: Staff) -> Duty:
    """The duty, where this person may see it: the own department's; of others those of petitions that everybody can read,
    and for who checks petitions every one. Raises `NotFound`."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or not (is_own(by, duty) or (sees_all(by) and _may_read(by, duty))):
        raise NotFound("no such duty")
    return duty


def _may_read(by: Staff, duty: Duty) -> bool:
    """The duty's page shows the petition's words, which may have been taken down."""
    return duty.petition.facts.text_is_public or may(by, Permission.PETITION_SEE)


def answerable_duty(duty_id: int, by: Staff) -> Duty:
    """The duty to answer, where this person may write its answer. Raises `NotFound`."""
    duty = visible_duty(duty_id, by)
    if not answers_for(by, duty):
        raise NotFound("another department's duty")
    return duty


def locked_duty(duty_id: int, by: Staff) -> Duty:
    """The duty, locked, where it is still this person's to answer: it may have been given away meanwhile. In a unit of work.

    Raises `NotFound`.
    """
    duty = db.session.get(Duty, duty_id, with_for_update=True)
    if duty is None or not answers_for(by, duty):
        raise NotFound("no such duty of this person's department")
    return duty


def officials_of(duty: Duty) -> list[Staff]:
    """Who sees to a duty's answer: the active officials and approvers of its department; else the administrators."""
    query = select(Staff).join(StaffRole).where(Staff.is_active.is_(True)).order_by(Staff.id).distinct()
    own = query.where(
        StaffRole.role.in_([Role.OFFICIAL, Role.APPROVER]), Staff.department_id == duty.department_id
    )
    found = list(db.session.execute(own).scalars())
    return found or list(db.session.execute(query.where(StaffRole.role == Role.ADMINISTRATOR)).scalars())
