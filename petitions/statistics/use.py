"""How much the service is used: what a worker has gathered, and between which numbers the number of people lies.

A signature's mailbox is kept only as a mark that differs from petition to petition, so nobody, the site included, can tell
whether two petitions were signed by one person. The number of people is therefore not known. What is certain:

- It is at most the number of signatures, as if everybody had signed once.
- It is at least the number of signatures of the petition that has the most, since one petition counts each person once.
- It is at least the sum, over all areas, of the signatures of the petition that has the most from that area: somebody who
  signs gives one postcode, so people of different areas are different people. (Who moved house may be counted twice.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from petitions import clock
from petitions.counts.published_places import PUBLISHED
from petitions.extensions import db, settings
from petitions.lifecycle import states_where
from petitions.models import Correction, MonthFigure, Petition, Place, PlaceParticipation

#: Months that the page shows; the documents have all.
MONTHS_SHOWN = 24
PLACES_SHOWN = 10
REASONS_SHOWN = 10
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class People:
    """Between which two numbers the number of people lies."""

    least: int
    most: int


@dataclass(frozen=True)
class Removal:
    """Signatures that were taken off counts for one published reason."""

    reason: str
    removed: int
    petitions: int


@dataclass(frozen=True)
class Use:
    """All of it. `months`: oldest first, the last is running; `places`: most signatures first."""

    petitions: int
    """Published, and open or closed now."""
    signatures: int
    without_time: int
    """Signatures that are in no month: their hour is not known."""
    people: People
    months: Sequence[MonthFigure]
    places: Sequence[PlaceParticipation]
    removals: list[Removal]
    """Of the last year, the largest first."""

    @property
    def shown_months(self) -> Sequence[MonthFigure]:
        """The months for a picture: the last ones; where nothing happened in all of them, the last in which something did."""
        busy = [place for place, month in enumerate(self.months, start=1) if _is_busy(month)]
        end = len(self.months)
        if busy and busy[-1] <= end - MONTHS_SHOWN:
            end = busy[-1]
        return self.months[max(0, end - MONTHS_SHOWN) : end]


def _is_busy(month: MonthFigure) -> bool:
    return any((month.started, month.published, month.refused, month.crossed, month.signatures))


def use() -> Use:
    """Read it, in four queries."""
    listed = select(func.count(), func.sum(Petition.signature_count), func.max(Petition.signature_count))
    petitions, signatures, most = db.session.execute(listed.where(Petition.state.in_(PUBLISHED))).one()
    months = db.session.execute(select(MonthFigure).order_by(MonthFigure.month)).scalars().all()
    places = _places()
    signatures = int(signatures or 0)
    return Use(
        petitions=petitions,
        signatures=signatures,
        without_time=max(0, signatures - sum(month.signatures for month in months)),
        people=People(least=_least(int(most or 0), places), most=signatures),
        months=months,
        places=places,
        removals=_removals(),
    )


def _places() -> Sequence[PlaceParticipation]:
    """The areas of today that have a figure."""
    query = select(PlaceParticipation).join(PlaceParticipation.place)
    query = query.options(joinedload(PlaceParticipation.place)).where(Place.end_date.is_(None))
    return (
        db.session.execute(query.order_by(PlaceParticipation.signatures.desc(), Place.code)).scalars().all()
    )


def _least(most_on_one: int, places: Sequence[PlaceParticipation]) -> int:
    return max(most_on_one, sum(row.most_on_one for row in places))


def _removals() -> list[Removal]:
    """Reasons are told only of petitions whose pages tell them too."""
    since = clock.now() - YEAR
    removed = func.sum(-Correction.change)
    query = (
        select(Correction.reason, removed, func.count(Correction.petition_id.distinct()))
        .join(Correction.petition)
        .where(
            Correction.change < 0,
            Correction.created_at >= since,
            Petition.state.in_(states_where("is_listed")),
        )
        .group_by(Correction.reason)
        .order_by(removed.desc(), Correction.reason)
        .limit(REASONS_SHOWN)
    )
    return [
        Removal(reason, int(number), petitions)
        for reason, number, petitions in db.session.execute(query).all()
    ]


def this_month() -> date:
    """The first day of the running month."""
    return clock.today(settings().timezone).replace(day=1)
