"""What signing in reads."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions import clock, passwords
from petitions.extensions import db
from petitions.models import Staff, StaffSession

#: However busy somebody is, after this they sign in again.
LONGEST_SESSION = timedelta(hours=12)


def token_hash(token: str) -> bytes:
    """What is kept of a session's token (SHA-256: the token is random, so it needs no slow hash)."""
    return sha256(token.encode()).digest()


def authenticate(email: str, password: str) -> Staff | None:
    """Who has this address and password. As slow for an address that nobody has."""
    staff = db.session.execute(select(Staff).where(Staff.email == email.lower())).scalar_one_or_none()
    known = staff if staff is not None and staff.is_active else None
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
