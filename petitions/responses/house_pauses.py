"""One act for every duty: the clocks of the whole house stand still for an election or a recess, with one reason."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from petitions import audit, clock
from petitions.changed_since import refuse_if_changed
from petitions.database import transactional
from petitions.duties import pauses
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db, settings
from petitions.models import HousePause, Staff
from petitions.responses.duty_actions import END


@transactional
def pause_all(*, starts_on: date, ends_on: date | None, reason: str, by: Staff) -> HousePause:
    """Let every clock stand still from `starts_on` until they run again on `ends_on` (None: not known yet)."""
    row = HousePause(starts_on=starts_on, ends_on=ends_on, reason=reason, staff_id=by.id)
    db.session.add(row)
    _apply("house_paused", row, by)
    return row


@transactional
def end_all(house_pause_id: int, *, ends_on: date, by: Staff, seen: str | None = None) -> None:
    """Set the day on which all clocks run again; a day that was set before is replaced. `seen` is the mark of what this
    person had read; raises `WordsChanged` where somebody else was first."""
    row = _standing(house_pause_id)
    refuse_if_changed(row, END, seen)
    if ends_on <= row.starts_on:
        raise StateChanged("it ends after it begins")
    row.ends_on = ends_on
    _apply("house_resumed", row, by)


@transactional
def withdraw_all(house_pause_id: int, *, by: Staff) -> None:
    """Take back a pause of the whole house that has not begun."""
    row = _standing(house_pause_id)
    if row.starts_on <= clock.today(settings().timezone):
        raise StateChanged("it has begun")
    row.withdrawn_at = clock.now()
    _apply("house_pause_withdrawn", row, by)


def standing() -> list[HousePause]:
    """The pauses of the whole house that run or are to come, and those that are over, the newest first."""
    query = select(HousePause).where(HousePause.withdrawn_at.is_(None))
    return list(db.session.execute(query.order_by(HousePause.starts_on.desc(), HousePause.id)).scalars())


def _standing(house_pause_id: int) -> HousePause:
    row = db.session.get(HousePause, house_pause_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("no such pause")
    return row


def _apply(action: str, row: HousePause, by: Staff) -> None:
    """Write the line, then give every duty its part; a duty that arises at this moment waits for the line.

    The duties are locked before the line is written, in the order of everybody else who changes one: otherwise an official
    who has locked a duty, and this, would wait for each other.
    """
    db.session.flush()
    pauses.unanswered()
    audit.record(
        action,
        by=by,
        reason=row.reason,
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat() if row.ends_on else None,
    )
    for duty in pauses.unanswered():
        pauses.inherit(duty)
