"""Adding people, changing what they may do, and letting them go."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from petitions import audit, clock
from petitions.admin import queries
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Authenticator, Department, LinkKind, RecoveryCode, Staff, StaffLink, StaffRole
from petitions.permissions import Role
from petitions.staffing import passwords, staff_access
from petitions.turns import take_turns


class AlreadyHere(PetitionsError):
    """Somebody has this address already."""


class LastAdministrator(PetitionsError):
    """Without this person nobody could manage people any more."""


@transactional
def add_person(
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    department: str | None,
    password: str | None,
    by: Staff | None,
) -> Staff:
    """Add somebody. `department` is a slug; `by` is `None` at the command line; without a password they cannot sign in yet.

    Raises `AlreadyHere`, and `ValueError` when the password is too short.
    """
    email = email.strip().lower()
    if db.session.execute(select(Staff.id).where(Staff.email == email)).scalar_one_or_none() is not None:
        raise AlreadyHere(email)
    person = Staff(
        email=email,
        name=name,
        password_hash=passwords.hashed(password) if password is not None else None,
        department_id=_department_id(department),
        role_rows=[StaffRole(role=role.value) for role in sorted(set(roles))],
    )
    db.session.add(person)
    db.session.flush()
    audit.record("staff_added", by=by, person=person.id, roles=sorted(roles), department=department)
    return person


@transactional
def invite(
    *, email: str, name: str, roles: Collection[Role], department: str | None, by: Staff | None
) -> StaffLink:
    """Add somebody and mail them a link, by which they choose a password. Returns the link. Raises `AlreadyHere`."""
    person = add_person(email=email, name=name, roles=roles, department=department, password=None, by=by)
    return _invited(person, by)


@transactional
def invite_first(*, email: str, name: str) -> StaffLink:
    """Make somebody the first administrator, by a link that is handed over, not mailed. Raises `AlreadyHere` where an
    administrator can sign in."""
    take_turns(db.session, b"first administrator")
    if queries.an_administrator_can_sign_in():
        raise AlreadyHere("there is an administrator")
    person = queries.person_with(email)
    if person is None:
        roles = [Role.ADMINISTRATOR]
        person = add_person(email=email, name=name, roles=roles, department=None, password=None, by=None)
    elif Role.ADMINISTRATOR not in person.roles or not person.is_active:
        raise AlreadyHere(email)
    audit.record("staff_invited", person=person.id)
    return staff_access.new_link(person, LinkKind.INVITATION)


@transactional
def invite_again(*, staff_id: int, by: Staff | None) -> StaffLink:
    """Mail somebody who never chose a password another link; the one before works no more. Raises `AlreadyHere`."""
    person = _locked(staff_id)
    if person.password_hash is not None or not person.is_active:
        raise AlreadyHere("has a password")
    return _invited(person, by)


@transactional
def take_back_invitation(*, staff_id: int, by: Staff) -> None:
    """Somebody's invitation works no more; doing it twice is harmless."""
    person = _locked(staff_id)
    staff_access.take_back_links(person, LinkKind.INVITATION)
    audit.record("invitation_taken_back", by=by, person=person.id)


@transactional
def reset_second_factor(*, staff_id: int, by: Staff | None) -> None:
    """Somebody lost app and recovery codes: they set up another app when they sign in next. They are told by mail."""
    person = _locked(staff_id)
    for table in (Authenticator, RecoveryCode):
        db.session.execute(delete(table).where(table.staff_id == person.id))
    staff_access.end_sessions(person)
    audit.record("second_factor_reset", by=by, person=person.id)
    outbox.queue(
        "second_factor_changed",
        key=f"second_factor:{person.id}:{clock.now().isoformat()}",
        staff=person,
        how="reset",
    )


@transactional
def change_person(
    *, staff_id: int, name: str, roles: Collection[Role], department: str | None, by: Staff | None
) -> Staff:
    """Change somebody's name, roles and department; other roles or another department end where they are signed in.

    Raises `NotFound` and `LastAdministrator`.
    """
    person = _locked(staff_id)
    before, wanted = person.roles, {role.value for role in roles}
    department_before = person.department.slug if person.department else None
    if (before, department_before, person.name) == (wanted, department, name):
        return person
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(person)
    person.name, person.department_id = name, _department_id(department)
    person.role_rows = [row for row in person.role_rows if row.role in wanted]
    person.role_rows += [StaffRole(role=role) for role in sorted(wanted - before)]
    if (before, department_before) != (wanted, department):
        staff_access.end_sessions(person)
    audit.record(
        "staff_changed",
        by=by,
        person=person.id,
        roles_before=sorted(before),
        roles=sorted(wanted),
        department_before=department_before,
        department=department,
    )
    return person


@transactional
def deactivate(*, staff_id: int, by: Staff) -> None:
    """Let somebody in no more, from this moment. What they did stays under their name. Raises `LastAdministrator`."""
    person = _locked(staff_id)
    if not person.is_active:
        return
    _keep_an_administrator(person)
    person.is_active = False
    staff_access.end_sessions(person)
    staff_access.take_back_links(person)
    audit.record("staff_deactivated", by=by, person=person.id)


@transactional
def reactivate(*, staff_id: int, by: Staff) -> None:
    """Let somebody in again, with the password they had."""
    person = _locked(staff_id)
    if not person.is_active:
        person.is_active = True
        audit.record("staff_reactivated", by=by, person=person.id)


@transactional
def set_password(*, staff_id: int, password: str, by: Staff | None) -> None:
    """Give somebody another password; ends where they are signed in, and every link that was mailed. Raises `ValueError` when it is too short."""
    person = _locked(staff_id)
    person.password_hash = passwords.hashed(password)
    staff_access.end_sessions(person)
    staff_access.take_back_links(person)
    audit.record("password_changed", by=by, person=person.id)


def _locked(staff_id: int) -> Staff:
    """The person, once it is certain that nobody else changes who the administrators are."""
    administrators = (
        select(Staff, StaffRole)
        .join(StaffRole)
        .where(StaffRole.role == Role.ADMINISTRATOR)
        .order_by(Staff.id)
        .with_for_update()
    )
    db.session.execute(administrators).all()
    query = (
        select(Staff).where(Staff.id == staff_id).with_for_update().execution_options(populate_existing=True)
    )
    person = db.session.execute(query).scalar_one_or_none()
    if person is None:
        raise NotFound("nobody has this number")
    return person


def _keep_an_administrator(person: Staff) -> None:
    others = (
        select(Staff.id)
        .join(StaffRole)
        .where(StaffRole.role == Role.ADMINISTRATOR, Staff.is_active.is_(True), Staff.id != person.id)
        .limit(1)
    )
    if Role.ADMINISTRATOR in person.roles and db.session.execute(others).first() is None:
        raise LastAdministrator("the last administrator")


def _invited(person: Staff, by: Staff | None) -> StaffLink:
    link = staff_access.new_link(person, LinkKind.INVITATION, by=by)
    outbox.queue(
        "staff_invitation",
        key=f"staff_invitation:{link.id}",
        staff=person,
        priority=outbox.CONFIRMATION,
        link_id=link.id,
    )
    audit.record("staff_invited", by=by, person=person.id)
    return link


def _department_id(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = db.session.execute(select(Department.id).where(Department.slug == slug)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"no department {slug}")
    return found
