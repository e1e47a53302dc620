"""What signing in reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from petitions import clock
from petitions.extensions import db
from petitions.models import Authenticator, RecoveryCode, Staff, StaffSession
from petitions.staffing import passwords

#: However busy somebody is, after this they sign in again.
LONGEST_SESSION = timedelta(hours=12)


def token_hash(token: str) -> bytes:
    """What is kept of a session's token (SHA-256: the token is random, so it needs no slow hash)."""
    return sha256(token.encode()).digest()


def person_with(email: str) -> Staff | None:
    """Who has this address and works here."""
    query = select(Staff).where(Staff.email == email.strip().lower(), Staff.is_active.is_(True))
    return db.session.execute(query).scalar_one_or_none()


def authenticate(email: str, password: str) -> Staff | None:
    """Who has this address and password. As slow for an address that nobody has."""
    known = person_with(email)
    matched = passwords.matches(known.password_hash if known else None, password)
    return known if matched else None


def living_session(token: str) -> StaffSession | None:
    """The session of this token, where it was not ended, is not too old, and its person still works here."""
    query = (
        select(StaffSession)
        .join(StaffSession.staff)
        .where(
            StaffSession.token_hash == token_hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.created_at > clock.now() - LONGEST_SESSION,
            Staff.is_active.is_(True),
        )
        .options(joinedload(StaffSession.staff).joinedload(Staff.department))
    )
    return db.session.execute(query).scalar_one_or_none()


def sessions_of(staff: Staff) -> Sequence[StaffSession]:
    """Where somebody may still be signed in, the newest first."""
    query = (
        select(StaffSession)
        .where(
            StaffSession.staff_id == staff.id,
            StaffSession.ended_at.is_(None),
            StaffSession.created_at > clock.now() - LONGEST_SESSION,
        )
        .order_by(StaffSession.created_at.desc(), StaffSession.id.desc())
    )
    return db.session.execute(query).scalars().all()


def authenticator_of(staff: Staff) -> Authenticator | None:
    """The app that somebody set up to the end."""
    found = db.session.get(Authenticator, staff.id)
    return found if found is not None and found.proved_at is not None else None


def recovery_codes_left(staff: Staff) -> int:
    """How many of somebody's recovery codes were not used."""
    query = select(func.count()).where(RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))
    return db.session.execute(query).scalar_one()
