"""Other business of a petition in the chamber: a letter, a committee session. On its page and timeline, with the source."""

from __future__ import annotations

from datetime import date

from petitions import audit, clock
from petitions.announcing import announce, still_public
from petitions.changed_since import WordsChanged, mark_of
from petitions.database import transactional
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import OtherBusiness, Petition, Staff

WORDS = ("subject", "body", "url", "occurred_on")


@transactional
def add(
    petition_id: int, *, subject: str, body: str, url: str | None, occurred_on: date, tell: bool, by: Staff
) -> OtherBusiness:
    """Add something that happened; `tell`: the petitioner and the signers who asked are mailed, once."""
    petition = _public(petition_id)
    row = OtherBusiness(petition_id=petition_id, subject=subject, body=body, url=url, occurred_on=occurred_on)
    db.session.add(row)
    db.session.flush()
    audit.record(
        "other_business_added", petition=petition, by=by, business=row.id, subject=subject, told=tell
    )
    if tell:
        _tell(row, petition)
    return row


@transactional
def change(
    business_id: int,
    *,
    subject: str,
    body: str,
    url: str | None,
    occurred_on: date,
    tell: bool,
    seen: str,
    by: Staff,
) -> None:
    """Change its words. Raises `WordsChanged` where somebody else did so since `seen`, the mark of what was read."""
    row = _locked(business_id)
    if seen != mark_of(row, WORDS):
        raise WordsChanged("somebody else changed it")
    row.subject, row.body, row.url, row.occurred_on = subject, body, url, occurred_on
    row.updated_at, row.is_plain = clock.now(), False
    petition = _public(row.petition_id)
    audit.record(
        "other_business_changed", petition=petition, by=by, business=row.id, subject=subject, told=tell
    )
    if tell:
        _tell(row, petition)


@transactional
def remove(business_id: int, *, by: Staff) -> None:
    """Take it off the page. A mail about it that has not left is not sent."""
    row = _locked(business_id)
    petition = db.session.get_one(Petition, row.petition_id)
    audit.record("other_business_removed", petition=petition, by=by, business=row.id, subject=row.subject)
    db.session.delete(row)


def _public(petition_id: int) -> Petition:
    petition = still_public(petition_id)
    if petition is None or not petition.was_published:
        raise NotFound("no published petition")
    return petition


def _locked(business_id: int) -> OtherBusiness:
    row = db.session.get(OtherBusiness, business_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("no such business")
    return row


def _tell(row: OtherBusiness, petition: Petition) -> None:
    """Under one key for ever: whoever was told once is not told again."""
    announce("other_business", key=f"business:{row.id}", petition=petition, business_id=row.id)
