"""Signing in and out: the rows that say where somebody is signed in."""

from __future__ import annotations

import secrets

from petitions import audit, clock
from petitions.accounts.queries import token_hash
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Staff, StaffSession


@transactional
def start_session(*, by: Staff, password_hash: str) -> str | None:
    """Sign somebody in whose password was right. Returns the token of the session (32 random bytes), which is not kept.

    Checking a password takes half a second; `None` where the person was deactivated, or `password_hash`, which it was
    checked against, was replaced meanwhile.
    """
    db.session.refresh(by, with_for_update={"of": Staff})
    if not by.is_active or by.password_hash != password_hash:
        return None
    token = secrets.token_urlsafe(32)
    db.session.add(StaffSession(staff_id=by.id, token_hash=token_hash(token)))
    audit.record("signed_in", by=by)
    return token


@transactional
def end_session(session_id: int, *, by: Staff) -> None:
    """Sign somebody out at one place; doing it twice is harmless."""
    session = db.session.get_one(StaffSession, session_id, with_for_update=True)
    if session.ended_at is None:
        session.ended_at = clock.now()
        audit.record("signed_out", by=by)
