"""The days on which a duty's clock stands still: its own pauses, and those of the whole house, which every duty inherits.

A pause of the whole house is one row; each unanswered duty has its part of it as pauses of its own, so that whoever
reads a duty reads one list. A part covers the days that no other pause of the duty covers, and begins with the duty
where that arose in the middle of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from petitions.duties.duty_clock import local_day
from petitions.extensions import db
from petitions.models import RESPONSE, Duty, DutyPause, HousePause, PetitionThreshold

Stretch = tuple[date, date | None]


def overlaps(duty: Duty, starts_on: date, ends_on: date | None, but: DutyPause | None = None) -> bool:
    """Whether one of the pauses of a duty has a day in common with these."""
    return any(
        row is not but
        and (row.ends_on is None or starts_on < row.ends_on)
        and (ends_on is None or row.starts_on < ends_on)
        for row in duty.pauses
    )


def free_stretches(duty: Duty, starts_on: date, ends_on: date | None) -> Iterator[Stretch]:
    """The parts of these days that no pause of the duty covers yet, the earliest first."""
    for row in sorted(duty.pauses, key=lambda row: row.starts_on):
        if ends_on is not None and row.starts_on >= ends_on:
            break
        if row.starts_on > starts_on:
            yield starts_on, row.starts_on
        if row.ends_on is None:
            return
        starts_on = max(starts_on, row.ends_on)
    if ends_on is None or starts_on < ends_on:
        yield starts_on, ends_on


def move(duty: Duty, length: timedelta) -> None:
    """Move the date of a duty by the length of a pause; a duty without a date has none to move."""
    if duty.due_on is not None:
        duty.due_on += length


def length_of(row: DutyPause) -> timedelta:
    """By how much a pause has moved the stored date: not at all while its end is not known."""
    return row.ends_on - row.starts_on if row.ends_on else timedelta()


def inherit(duty: Duty) -> None:
    """Give an unanswered duty its part of every pause of the whole house, as these stand now. Twice is harmless."""
    for row in [row for row in duty.pauses if row.house_pause_id is not None]:
        move(duty, -length_of(row))
        db.session.delete(row)
    db.session.flush()
    db.session.expire(duty, ["pauses"])
    if duty.due_on is None:
        return
    standing = select(HousePause).where(HousePause.withdrawn_at.is_(None)).order_by(HousePause.starts_on)
    for house in db.session.execute(standing).scalars():
        _take_part(duty, house)


def _take_part(duty: Duty, house: HousePause) -> None:
    starts_on = max(house.starts_on, local_day(duty.reached_at))
    if house.ends_on is not None and house.ends_on <= starts_on:
        return
    for first, end in list(free_stretches(duty, starts_on, house.ends_on)):
        row = DutyPause(
            starts_on=first,
            ends_on=end,
            reason=house.reason,
            created_at=max(house.created_at, duty.reached_at),
            house_pause_id=house.id,
        )
        duty.pauses.append(row)
        move(duty, length_of(row))
    db.session.flush()


def unanswered() -> list[Duty]:
    """Every duty to answer that has a date and no answer yet, locked, in an order that all who lock them keep."""
    query = (
        select(Duty)
        .join(
            PetitionThreshold,
            (PetitionThreshold.petition_id == Duty.petition_id)
            & (PetitionThreshold.key == Duty.threshold_key),
        )
        .where(PetitionThreshold.duty == RESPONSE, Duty.answered_at.is_(None), Duty.due_on.is_not(None))
        .order_by(Duty.id)
        .with_for_update(of=Duty)
    )
    return list(db.session.execute(query).scalars())
