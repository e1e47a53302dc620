"""Choosing a password: invited, because the old one is lost, or because somebody wants another."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from petitions import audit, clock
from petitions.accounts.actions import open_session
from petitions.accounts.throttling import address_key, forget_tries, person_key
from petitions.database import provisional, transactional
from petitions.errors import PetitionsError
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import LinkKind, Staff, StaffLink
from petitions.staffing import passwords, staff_access

#: Mails with a link that one person gets in 24 hours, however often somebody asks.
RESETS_A_DAY = 3


class WrongPassword(PetitionsError):
    """The present password is another one."""


@transactional
def accept_invitation(*, token: str, name: str, password: str, agent: str = "") -> str:
    """Take an invitation: a name, a password. Returns the token of a session, in which the second factor is set up next.

    Raises `NotFound`, `Gone` where the link works no more, `ValueError` for a password that cannot be one.
    """
    link = staff_access.open_link(token, LinkKind.INVITATION, lock=True)
    person = link.staff
    link.used_at = clock.now()
    person.name, person.password_hash = name, passwords.hashed(password)
    staff_access.take_back_links(person)
    audit.record("invitation_accepted", by=person)
    return open_session(person, agent=agent, proved=settings().second_factor == "off")


@transactional
def ask_for_reset(*, email: str) -> None:
    """Mail a link to who has this address and a password here; nothing for anybody else, and nobody is told which."""
    person = _person_or_another(email)
    if person is None:
        return
    is_asked_enough = _asked_enough(person)
    is_theirs = person.email == email.strip().lower() and person.password_hash is not None
    # What is done for an address that nobody has is taken back: the time that it takes would tell who works here.
    with provisional(db.session, keep=is_theirs and not is_asked_enough):
        _send_reset(person)


def _person_or_another(email: str) -> Staff | None:
    """Who has this address and works here, else anybody who does; found in the same way."""
    wanted = Staff.email == email.strip().lower()
    query = select(Staff).where(Staff.is_active.is_(True)).order_by(wanted.desc(), Staff.id).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def _send_reset(person: Staff) -> None:
    link = staff_access.new_link(person, LinkKind.RESET)
    outbox.queue(
        "staff_reset",
        key=f"staff_reset:{link.id}",
        staff=person,
        priority=outbox.CONFIRMATION,
        link_id=link.id,
    )
    audit.record("reset_asked", person=person.id)


@transactional
def reset(*, token: str, password: str) -> Staff:
    """Another password by a mailed link; signs out everywhere, and says so by mail. Returns the person.

    Raises `NotFound`, `Gone` where the link works no more, `ValueError` for a password that cannot be one.
    """
    link = staff_access.open_link(token, LinkKind.RESET, lock=True)
    link.used_at = clock.now()
    forget_tries(address_key(link.staff.email))
    _replace(link.staff, password)
    return link.staff


def change_password(*, session_id: int, present: str, password: str, by: Staff) -> None:
    """Another password, by who knows the present one; signs out everywhere else, and says so by mail.

    Raises `WrongPassword`, and `ValueError` for one that cannot be.
    """
    before = by.password_hash
    # Half a second of arithmetic, before anything is locked.
    if not passwords.matches(before, present):
        raise WrongPassword("not the present one")
    _change_password(session_id=session_id, before=before, password=password, by=by)


@transactional
def _change_password(*, session_id: int, before: str | None, password: str, by: Staff) -> None:
    db.session.refresh(by, with_for_update={"of": Staff})
    if by.password_hash != before:
        raise WrongPassword("replaced meanwhile")
    forget_tries(person_key(by.id))
    _replace(by, password, but=session_id)


@transactional
def rename(*, name: str, by: Staff) -> None:
    """Another name for oneself."""
    person = db.session.get_one(Staff, by.id)
    if person.name != name:
        person.name = name
        audit.record("staff_renamed", by=by)


def _asked_enough(person: Staff) -> bool:
    """Anybody can type an address: so many mails a day and no more."""
    since = clock.now() - timedelta(days=1)
    query = select(func.count()).where(
        StaffLink.staff_id == person.id, StaffLink.kind == LinkKind.RESET, StaffLink.created_at > since
    )
    return db.session.execute(query).scalar_one() >= RESETS_A_DAY


def _replace(person: Staff, password: str, but: int | None = None) -> None:
    person.password_hash = passwords.hashed(password)
    staff_access.end_sessions(person, but=but)
    staff_access.take_back_links(person)
    audit.record("password_changed", by=person, person=person.id)
    outbox.queue(
        "password_changed", key=f"password_changed:{person.id}:{clock.now().isoformat()}", staff=person
    )
