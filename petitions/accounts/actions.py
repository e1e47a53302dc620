"""Signing in and out: the rows that say where somebody is signed in."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select

from petitions import audit, clock
from petitions.accounts.queries import token_hash
from petitions.accounts.throttling import address_key, forget_tries
from petitions.database import transactional
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.models import Staff, StaffSession
from petitions.staffing import staff_access

LONGEST_AGENT = 200


@transactional
def start_session(*, by: Staff, password_hash: str, agent: str = "") -> str | None:
    """Sign somebody in whose password was right. Returns the token of the session (32 random bytes), which is not kept.

    Checking a password takes half a second; `None` where the person was deactivated, or `password_hash`, which it was
    checked against, was replaced meanwhile. Where a second factor is asked for, the session opens nothing yet.
    """
    db.session.refresh(by, with_for_update={"of": Staff})
    if not by.is_active or by.password_hash != password_hash:
        return None
    forget_tries(address_key(by.email))
    return open_session(by, agent=agent, proved=settings().second_factor == "off")


def open_session(by: Staff, *, agent: str, proved: bool, how: str | None = None) -> str:
    """A session for somebody who showed who they are, or half of it. Inside a unit of work. Returns its token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        StaffSession(
            staff_id=by.id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            proved_at=now if proved else None,
            agent=agent[:LONGEST_AGENT],
        )
    )
    details: dict[str, Any] = {"how": how} if how else {}
    audit.record("signed_in", by=by, **details)
    return token


@transactional
def end_session(session_id: int, *, by: Staff) -> None:
    """Sign somebody out at one place; doing it twice is harmless. Raises `NotFound` for a session of somebody else."""
    query = select(StaffSession).where(StaffSession.id == session_id, StaffSession.staff_id == by.id)
    session = db.session.execute(query.with_for_update()).scalar_one_or_none()
    if session is None:
        raise NotFound("no such session")
    if session.ended_at is None:
        session.ended_at = clock.now()
        audit.record("signed_out", by=by)


@transactional
def end_other_sessions(*, session_id: int, by: Staff) -> None:
    """Sign somebody out everywhere but at the place they sit at."""
    staff_access.end_sessions(by, but=session_id)
    audit.record("signed_out_elsewhere", by=by)
