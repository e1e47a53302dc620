"""What lets staff in and what ends it: the links by which they choose a password, and the sessions they have open."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update

from petitions import clock
from petitions.errors import Gone, NotFound
from petitions.extensions import db
from petitions.models import LinkKind, Staff, StaffLink, StaffSession
from petitions.tokens import Purpose, read_id

#: An invitation waits for somebody to come back from a holiday; a reset is asked for by who sits there and waits.
LIFE = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=2)}
PURPOSES = {LinkKind.INVITATION: Purpose.STAFF_INVITATION, LinkKind.RESET: Purpose.STAFF_RESET}


def still_works() -> ColumnElement[bool]:
    """In a query: the link was not used, not taken back, and is not too old."""
    return and_(
        StaffLink.used_at.is_(None), StaffLink.revoked_at.is_(None), StaffLink.expires_at > clock.now()
    )


def new_link(person: Staff, kind: LinkKind, *, by: Staff | None = None) -> StaffLink:
    """A link for somebody. Another invitation ends the one before; whoever asks for another reset may find either mail first.

    Inside a unit of work.
    """
    if kind is LinkKind.INVITATION:
        take_back_links(person, kind)
    now = clock.now()
    link = StaffLink(
        staff_id=person.id,
        kind=kind,
        created_at=now,
        expires_at=now + LIFE[kind],
        made_by_id=by.id if by is not None else None,
    )
    db.session.add(link)
    db.session.flush()
    return link


def take_back_links(person: Staff, kind: LinkKind | None = None) -> None:
    """Somebody's open links, of one kind or all, work no more. Inside a unit of work."""
    query = update(StaffLink).where(StaffLink.staff_id == person.id, still_works())
    if kind is not None:
        query = query.where(StaffLink.kind == kind)
    db.session.execute(
        query.values(revoked_at=clock.now()).execution_options(synchronize_session=False),
    )


def open_link(token: str, kind: LinkKind, *, lock: bool = False) -> StaffLink:
    """The link behind a token. Raises `NotFound` for one that never was, `Gone` for one that works no more."""
    query = select(StaffLink).where(StaffLink.id == read_id(PURPOSES[kind], token), StaffLink.kind == kind)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    link = db.session.execute(query).scalar_one_or_none()
    if link is None:
        raise NotFound("no such link")
    if link.used_at is not None or link.revoked_at is not None or link.expires_at <= clock.now():
        raise Gone("used, taken back or too old")
    if not link.staff.is_active:
        raise Gone("works here no more")
    return link


def end_sessions(person: Staff, *, but: int | None = None) -> None:
    """Sign somebody out everywhere, but for the one session whose number is given. Inside a unit of work."""
    query = update(StaffSession).where(StaffSession.staff_id == person.id, StaffSession.ended_at.is_(None))
    if but is not None:
        query = query.where(StaffSession.id != but)
    db.session.execute(query.values(ended_at=clock.now()).execution_options(synchronize_session=False))
