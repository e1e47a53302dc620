"""Who of the staff has to see to what: those who answer for a department, and whoever holds a permission."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from petitions.extensions import db
from petitions.models import RESPONSE, Duty, Staff, StaffRole
from petitions.permissions import ROLES, Permission, Role, may


def _working(*roles: str) -> Any:
    """Those who work here and have one of these roles, in the order they came."""
    having = select(StaffRole.staff_id).where(StaffRole.role.in_(roles))
    return select(Staff).where(Staff.is_active.is_(True), Staff.id.in_(having)).order_by(Staff.id)


def holders_of(permission: Permission) -> list[Staff]:
    """Everybody who may do something."""
    roles = [role.value for role, permissions in ROLES.items() if permission in permissions]
    return list(db.session.execute(_working(*roles)).scalars())


def who_answer_for(department_ids: Collection[int]) -> list[Staff]:
    """Officials and approvers of these departments; where there are none, the moderators."""
    found: list[Staff] = []
    if department_ids:
        answering = _working(Role.OFFICIAL, Role.APPROVER).where(Staff.department_id.in_(department_ids))
        found = list(db.session.execute(answering).scalars())
    return found or list(db.session.execute(_working(Role.MODERATOR)).scalars())


def owners_of(duty: Duty) -> list[Staff]:
    """Who has to see to a duty: those who answer for its department; for debates the moderators."""
    is_answer = duty.crossing.threshold.duty == RESPONSE and duty.department_id is not None
    return who_answer_for([duty.department_id] if is_answer and duty.department_id is not None else [])


def answers_for(staff: Staff, duty: Duty) -> bool:
    """Officials and approvers answer for their own department, administrators for every one."""
    if duty.crossing.threshold.duty != RESPONSE or not may(staff, Permission.RESPONSE_WRITE):
        return False
    return Role.ADMINISTRATOR in staff.roles or is_own(staff, duty)


def is_own(staff: Staff, duty: Duty) -> bool:
    """Whether a duty is one of this person's department."""
    return staff.department_id is not None and staff.department_id == duty.department_id
