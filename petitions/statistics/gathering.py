"""Gathers the figures of months and areas, in a worker: a page that shows them counts nothing itself.

The present month and the one before are gathered each time. Earlier ones once a day, since signatures may still be taken off
them; but how many petitions were started is kept as it was, because those that came to nothing are deleted in time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, case, delete, func, or_, select

from petitions import clock
from petitions.counts.published_places import PUBLISHED, in_places
from petitions.database import insert, transactional
from petitions.due_dates import months_before
from petitions.extensions import db, settings
from petitions.models import (
    RESPONSE,
    Correction,
    Crossing,
    HourCount,
    MonthFigure,
    Petition,
    PetitionThreshold,
    Place,
    PlaceParticipation,
)

#: Months gathered in one turn of a worker, so that mail and counting have theirs.
AT_ONCE = 12
#: Earlier months, and areas, are gathered anew when they are so old.
FRESH = timedelta(days=1)


def gather() -> bool:
    """Gather what is due. Tells whether nothing is left to gather now."""
    due = _due_months()
    for month in due[:AT_ONCE]:
        _store_month(_month(month))
    if len(due) > AT_ONCE:
        return False
    oldest = db.session.execute(select(func.min(PlaceParticipation.gathered_at))).scalar()
    if oldest is None or oldest < clock.now() - FRESH:
        _store_places(_places())
    return True


def first_of_month(moment: datetime) -> date:
    """The first day of the month in which a moment lies, in the site's zone."""
    return moment.astimezone(settings().timezone).date().replace(day=1)


def _due_months() -> list[date]:
    """The months to gather: the newest first, so that what people look at is right soonest."""
    now = clock.now()
    begin = db.session.execute(select(func.min(Petition.created_at))).scalar()
    earliest_hour = db.session.execute(select(func.min(HourCount.hour))).scalar()
    first = min(
        (first_of_month(each) for each in (begin, earliest_hour) if each), default=first_of_month(now)
    )
    fresh = set(
        db.session.execute(select(MonthFigure.month).where(MonthFigure.gathered_at >= now - FRESH)).scalars()
    )
    before = first_of_month(months_before(now, 1))
    due, month = [], first_of_month(now)
    while month >= first:
        if month >= before or month not in fresh:
            due.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return due


def _bounds(month: date) -> tuple[datetime, datetime]:
    zone = settings().timezone
    after = (month + timedelta(days=31)).replace(day=1)
    return datetime.combine(month, time(), tzinfo=zone), datetime.combine(after, time(), tzinfo=zone)


def _within(column: Any, month: date) -> ColumnElement[bool]:
    start, end = _bounds(month)
    return cast("ColumnElement[bool]", (column >= start) & (column < end))


def _month(month: date) -> dict[str, Any]:
    def number(query: Any) -> int:
        return int(db.session.execute(query).scalar() or 0)

    came = or_(
        Petition.confirmed_at.is_not(None), Petition.opened_at.is_not(None), Petition.rejected_at.is_not(None)
    )
    refused = or_(_within(Petition.rejected_at, month), _within(Petition.hidden_at, month))
    crossed = (
        select(func.count(Crossing.petition_id.distinct()))
        .join(Crossing.threshold)
        .where(PetitionThreshold.duty == RESPONSE, _within(Crossing.reached_at, month))
    )
    signatures, most = _signatures(month)
    removed, put_back = _corrected(month)
    return {
        "month": month,
        "started": number(select(func.count()).where(_within(Petition.created_at, month), came)),
        "published": number(select(func.count()).where(_within(Petition.opened_at, month))),
        "refused": number(select(func.count()).where(refused)),
        "crossed": number(crossed),
        "signatures": signatures,
        "most_on_one": most,
        "removed": removed,
        "put_back": put_back,
        "gathered_at": clock.now(),
    }


def _signatures(month: date) -> tuple[int, int]:
    """All that were counted in a month, and those of the petition that got the most."""
    of_each = (
        select(func.sum(HourCount.signature_count).label("number"))
        .where(_within(HourCount.hour, month))
        .group_by(HourCount.petition_id)
        .subquery()
    )
    row = db.session.execute(select(func.sum(of_each.c.number), func.max(of_each.c.number))).one()
    return int(row[0] or 0), int(row[1] or 0)


def _corrected(month: date) -> tuple[int, int]:
    """Signatures that staff took off counts in a month, and those that they put back."""
    removed = func.sum(case((Correction.change < 0, -Correction.change), else_=0))
    put_back = func.sum(case((Correction.change > 0, Correction.change), else_=0))
    row = db.session.execute(select(removed, put_back).where(_within(Correction.created_at, month))).one()
    return int(row[0] or 0), int(row[1] or 0)


@transactional
def _store_month(values: dict[str, Any]) -> None:
    month = values["month"]
    kept = {"month"} if month >= first_of_month(months_before(clock.now(), 1)) else {"month", "started"}
    statement = insert(MonthFigure, db.session).values(**values)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["month"], set_={name: value for name, value in values.items() if name not in kept}
        )
    )


def _places() -> list[dict[str, Any]]:
    found: Any = in_places(kind="constituency")
    rows = db.session.execute(
        select(
            found.c.place_id,
            func.sum(found.c.signature_count).label("signatures"),
            func.max(found.c.signature_count).label("most_on_one"),
        )
        .join(Petition, Petition.id == found.c.petition_id)
        .join(Place, Place.id == found.c.place_id)
        .where(Petition.state.in_(PUBLISHED))
        .group_by(found.c.place_id)
    ).mappings()
    return [{**row, "signatures": int(row["signatures"]), "gathered_at": clock.now()} for row in rows]


@transactional
def _store_places(rows: list[dict[str, Any]]) -> None:
    db.session.execute(delete(PlaceParticipation))
    db.session.add_all(PlaceParticipation(**row) for row in rows)
