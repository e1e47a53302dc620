"""Reading people and the permanent history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from petitions.admin import wording
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import AuditEntry, Authenticator, Department, LinkKind, Staff, StaffLink, StaffRole
from petitions.permissions import Role
from petitions.staffing.staff_access import still_works

LINES_OF_A_PETITION = 30


@dataclass(frozen=True)
class HistoryLine:
    """One line of the history as people read it."""

    id: int
    at: datetime
    who: str
    """The member of staff's name; empty for the clock."""
    actor: str
    title: str
    details: list[tuple[str, str]]
    petition_id: int | None


def people() -> Sequence[Staff]:
    """Everybody, those who may still come in first."""
    query = (
        select(Staff)
        .options(joinedload(Staff.department))
        .order_by(Staff.is_active.desc(), Staff.name, Staff.id)
    )
    return db.session.execute(query).scalars().all()


def person(staff_id: int) -> Staff:
    """One person. Raises `NotFound`."""
    found = db.session.get(Staff, staff_id)
    if found is None:
        raise NotFound("nobody has this number")
    return found


@dataclass(frozen=True)
class Access:
    """How far somebody has come in."""

    invited_until: datetime | None
    """Until when their open invitation works."""
    has_app: bool


def access_of(person: Staff) -> Access:
    """Whether somebody has an open invitation, and an authenticator app."""
    invited = select(func.max(StaffLink.expires_at)).where(
        StaffLink.staff_id == person.id, StaffLink.kind == LinkKind.INVITATION, still_works()
    )
    return Access(
        invited_until=db.session.execute(invited).scalar_one(),
        has_app=db.session.get(Authenticator, person.id) is not None,
    )


def an_administrator_can_sign_in() -> bool:
    """Whether somebody who works here is an administrator and has come in once."""
    query = (
        select(Staff.id)
        .join(StaffRole)
        .where(
            StaffRole.role == Role.ADMINISTRATOR,
            Staff.is_active.is_(True),
            or_(Staff.password_hash.is_not(None), Staff.oidc_subject.is_not(None)),
        )
    )
    return db.session.execute(query.limit(1)).first() is not None


def person_with(email: str) -> Staff | None:
    """Who has this address."""
    return db.session.execute(select(Staff).where(Staff.email == email.strip().lower())).scalar_one_or_none()


def departments() -> Sequence[Department]:
    """All departments by name."""
    return db.session.execute(select(Department).order_by(Department.name)).scalars().all()


def lines_of(petition_id: int) -> list[HistoryLine]:
    """The newest lines about one petition."""
    query = select(AuditEntry).where(AuditEntry.petition_id == petition_id).order_by(AuditEntry.id.desc())
    return lines(query.limit(LINES_OF_A_PETITION))


def lines(query: Select[Any]) -> list[HistoryLine]:
    """What a query over the history finds, in words."""
    return lines_in_words(db.session.execute(query).scalars().all())


def lines_in_words(entries: Sequence[AuditEntry]) -> list[HistoryLine]:
    """Lines of the history as people read them."""
    ids = {entry.staff_id for entry in entries} | {entry.details.get("person") for entry in entries}
    names = dict(db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids - {None}))).all())
    return [_line(entry, names) for entry in entries]


def _line(entry: AuditEntry, names: dict[int, str]) -> HistoryLine:
    details = dict(entry.details)
    if "person" in details:
        details["person"] = names.get(details["person"], details["person"])
    return HistoryLine(
        id=entry.id,
        at=entry.at,
        who=names.get(entry.staff_id, "") if entry.staff_id is not None else "",
        actor=entry.actor,
        title=wording.action_words(entry.action),
        details=wording.details_words(details),
        petition_id=entry.petition_id,
    )
