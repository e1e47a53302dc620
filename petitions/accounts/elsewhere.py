"""Signing in by the body's own sign-in: it says who somebody is, we say whether they work here."""

from __future__ import annotations

from sqlalchemy import func, select

from petitions import audit
from petitions.accounts.actions import open_session
from petitions.accounts.proving import note_proof
from petitions.database import transactional
from petitions.errors import PetitionsError
from petitions.extensions import db, settings
from petitions.models import Staff


class NobodyHere(PetitionsError):
    """The issuer knows this person, we do not: nobody is let in that an administrator did not invite."""


@transactional
def sign_in(*, subject: str, email: str | None, showed_second_factor: bool, agent: str) -> str:
    """Sign in who the issuer named: by its own mark for the person, or the first time by an address that it checked, which
    ties the two together. Returns the token of the session; where the issuer saw no second factor, ours is asked for.

    Raises `NobodyHere`.
    """
    person = _tied_to(subject) or _tie(subject, email)
    if not person.is_active:
        raise NobodyHere("works here no more")
    proved = showed_second_factor or settings().second_factor == "off"
    return open_session(person, agent=agent, proved=proved, how="oidc")


def show_again(*, session_id: int, subject: str, by: Staff) -> None:
    """Show once more who sits there: the issuer has just asked them. Raises `NobodyHere` where it was somebody else."""
    if by.oidc_subject != subject:
        raise NobodyHere("somebody else signed in there")
    note_proof(session_id=session_id, code=None, by=by)


def _tied_to(subject: str) -> Staff | None:
    query = select(Staff).where(Staff.oidc_subject == subject).with_for_update()
    return db.session.execute(query).scalar_one_or_none()


def _tie(subject: str, email: str | None) -> Staff:
    query = select(Staff).where(
        Staff.email == func.lower(email or ""), Staff.oidc_subject.is_(None), Staff.is_active.is_(True)
    )
    person = db.session.execute(query.with_for_update()).scalar_one_or_none()
    if person is None:
        raise NobodyHere("nobody has this address, or somebody else there has it")
    person.oidc_subject = subject
    audit.record("oidc_bound", by=person)
    return person
