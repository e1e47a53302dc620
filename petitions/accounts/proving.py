"""The second factor: setting up an app, showing its codes or one kept for when the app is lost, and starting anew.

Codes are tried one at a time (`throttling`), and each works once: whoever reads one over a shoulder is too late.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, or_, select, update

from petitions import audit, clock
from petitions.accounts import codes
from petitions.accounts.queries import token_hash
from petitions.accounts.throttling import forget_tries, person_key
from petitions.database import rows_changed, transactional
from petitions.errors import PetitionsError
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Authenticator, RecoveryCode, Staff, StaffSession
from petitions.staffing import passwords, staff_access


class WrongCode(PetitionsError):
    """No code of this app, not of this moment, or used before."""


class AppIsThere(PetitionsError):
    """Somebody with a password alone cannot replace an app that was set up."""


@transactional
def show_code(*, session_id: int, code: str, by: Staff) -> str:
    """Open a session by a code of the app or a recovery code. Returns the session's new token. Raises `WrongCode`."""
    if codes.is_code(code):
        _use_code(by, code)
    else:
        _use_recovery_code(by, code)
    return _prove(session_id, by)


def show_again(*, session_id: int, answer: str, by: Staff) -> None:
    """Show once more who sits there, by the password or a code of the app. Raises `WrongCode`."""
    # Half a second of arithmetic, before anything is locked.
    if not codes.is_code(answer) and not passwords.matches(by.password_hash, answer):
        raise WrongCode("not the password")
    note_proof(session_id=session_id, code=answer if codes.is_code(answer) else None, by=by)


@transactional
def note_proof(*, session_id: int, code: str | None, by: Staff) -> None:
    """The session is fresh again: its person was shown a moment ago, by a code that is used up now or by other means."""
    if code is not None:
        _use_code(by, code)
    session = _living(session_id, by)
    session.proved_at = session.last_seen_at = clock.now()
    forget_tries(person_key(by.id))


@transactional
def set_up(*, session_id: int, secret: str, code: str, by: Staff) -> tuple[str, list[str]]:
    """Make an app the second factor, once its first code is right. Returns the session's new token and new recovery codes,
    which are not kept in clear. Where one was set up already the session must have been opened with it.

    Another one ends where the person is signed in elsewhere: whoever had the old one may sit there.

    Raises `WrongCode` and `AppIsThere`.
    """
    db.session.refresh(by, with_for_update={"of": Staff})
    session = _living(session_id, by)
    before = db.session.get(Authenticator, by.id)
    if before is not None and before.proved_at is not None and session.proved_at is None:
        raise AppIsThere("an app is set up")
    step = codes.step_of(secret, code)
    if step is None:
        raise WrongCode("not the first code")
    if before is not None:
        staff_access.end_sessions(by, but=session_id)
    app = before or Authenticator(staff_id=by.id)
    app.secret, app.used_step, app.created_at, app.proved_at = secret, step, clock.now(), clock.now()
    db.session.add(app)
    made = _new_codes(by)
    audit.record("second_factor_set_up", by=by)
    outbox.queue(
        "second_factor_changed", key=f"second_factor:{by.id}:{clock.now().isoformat()}", staff=by, how="app"
    )
    return _prove(session_id, by), made


@transactional
def renew_recovery_codes(*, by: Staff) -> list[str]:
    """Ten new codes in place of those that somebody had. They are returned once, and not kept in clear."""
    made = _new_codes(by)
    audit.record("recovery_codes_made", by=by)
    return made


def _use_code(by: Staff, code: str) -> None:
    app = db.session.get(Authenticator, by.id)
    if app is None or app.proved_at is None or app.secret is None:
        raise WrongCode("no app")
    step = codes.step_of(app.secret, code)
    if step is None:
        raise WrongCode("not a code of now")
    unused = or_(Authenticator.used_step.is_(None), Authenticator.used_step < step)
    used = (
        update(Authenticator)
        .where(Authenticator.staff_id == by.id, unused)
        .values(used_step=step)
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(db.session.execute(used)):
        raise WrongCode("used before")


def _use_recovery_code(by: Staff, code: str) -> None:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == by.id,
            RecoveryCode.code_hash == codes.recovery_hash(by.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(db.session.execute(used)):
        raise WrongCode("no such recovery code")
    audit.record("recovery_code_used", by=by)


def _new_codes(by: Staff) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == by.id))
    made = codes.new_recovery_codes()
    db.session.add_all(
        RecoveryCode(staff_id=by.id, code_hash=codes.recovery_hash(by.id, code)) for code in made
    )
    return made


def _prove(session_id: int, by: Staff) -> str:
    """The session opens everything now; under another token, so that a copy of the half-open one stays worthless."""
    session = _living(session_id, by)
    token = secrets.token_urlsafe(32)
    session.token_hash = token_hash(token)
    session.proved_at = session.last_seen_at = clock.now()
    forget_tries(person_key(by.id))
    return token


def _living(session_id: int, by: Staff) -> StaffSession:
    query = (
        select(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.staff_id == by.id, StaffSession.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session = db.session.execute(query).scalar_one_or_none()
    if session is None:
        raise WrongCode("signed out meanwhile")
    return session
