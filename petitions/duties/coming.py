"""Petitions on their way to the next threshold: how far they are, and when they will get there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Subquery, func, or_, select
from sqlalchemy.orm import selectinload

from petitions import clock
from petitions.duties.duty_clock import day_in_words, local_day
from petitions.duties.forecast import STRETCHES, Forecast, forecast
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import RESPONSE, Crossing, HourCount, Petition, PetitionThreshold

#: Shares of the next threshold, in percent, at which officials are to look up.
STEPS = (90, 75, 50)
#: A crossing that is forecast within so long is told of, however far the petition is.
SOON = timedelta(days=7)
LOOKED_AT = timedelta(days=max(STRETCHES), hours=1)


@dataclass(frozen=True)
class Coming:
    """A petition on its way to the next threshold."""

    petition: Petition
    threshold: PetitionThreshold
    forecast: Forecast | None
    """When it gets there; None where nothing can be said."""

    @property
    def percent(self) -> int:
        """How much of the threshold it has, in whole percent."""
        return self.petition.signature_count * 100 // self.threshold.signatures

    @property
    def step(self) -> int | None:
        """The step it has passed: 50, 75 or 90 percent; None: not the first yet."""
        return next((step for step in STEPS if self.percent >= step), None)

    @property
    def is_soon(self) -> bool:
        """It is forecast to get there within a week."""
        return self.forecast is not None and self.forecast.is_within(SOON, clock.now())

    @property
    def is_for_response(self) -> bool:
        """An answer will be owed, and not that a debate is considered."""
        return self.threshold.duty == RESPONSE


def coming(*conditions: ColumnElement[bool], limit: int | None = None) -> list[Coming]:
    """Open petitions that have at least half of the next threshold, or are forecast to reach it within a week; the
    nearest first."""
    week = _last_week()
    found = _on_their_way(
        or_(
            Petition.signature_count * 100 >= PetitionThreshold.signatures * STEPS[-1],
            # No pace is quicker than all of the week's signatures on each day, growing as much as is supposed at most.
            PetitionThreshold.signatures - Petition.signature_count
            <= func.coalesce(week.c.number, 0) * SOON.days * 3,
        ),
        *conditions,
        week=week,
    )
    rows = [row for row in found if row.step is not None or row.is_soon]
    return sorted(rows, key=lambda row: (-row.percent, row.petition.id))[:limit]


def coming_of(petition_ids: Iterable[int]) -> dict[int, Coming]:
    """How these petitions stand on their way, those that can be signed and have a threshold before them."""
    wanted = list(petition_ids)
    rows = _on_their_way(Petition.id.in_(wanted)) if wanted else []
    return {row.petition.id: row for row in rows}


def forecast_words(row: Coming) -> str:
    """The forecast in a sentence; nothing where nothing can be said."""
    if row.forecast is None:
        return ""
    earliest, middle, latest = (
        day_in_words(local_day(moment)) if moment else None
        for moment in (row.forecast.earliest, row.forecast.middle, row.forecast.latest)
    )
    if earliest is None:
        return str(gettext("At its present pace it does not get there before it closes."))
    if middle is None:
        return str(gettext("It may get there from %(date)s on, but more likely not at all.", date=earliest))
    if latest is None:
        return str(
            gettext(
                "At its present pace it gets there on %(date)s; from %(earliest)s on, or not at all.",
                date=middle,
                earliest=earliest,
            )
        )
    if earliest == latest:
        return str(gettext("At its present pace it gets there on %(date)s.", date=middle))
    return str(
        gettext(
            "At its present pace it gets there on %(date)s, between %(earliest)s and %(latest)s.",
            date=middle,
            earliest=earliest,
            latest=latest,
        )
    )


def _last_week() -> Subquery:
    number = func.sum(HourCount.signature_count).label("number")
    recent = select(HourCount.petition_id, number).where(HourCount.hour >= clock.now() - LOOKED_AT)
    return recent.group_by(HourCount.petition_id).subquery("week")


def _on_their_way(*conditions: ColumnElement[bool], week: Subquery | None = None) -> list[Coming]:
    query: Any = (
        select(Petition, PetitionThreshold)
        .join(PetitionThreshold, PetitionThreshold.petition_id == Petition.id)
        .outerjoin(
            Crossing,
            (Crossing.petition_id == Petition.id) & (Crossing.threshold_key == PetitionThreshold.key),
        )
        .where(
            Petition.state == State.OPEN,
            Petition.closes_at > clock.now(),
            Crossing.petition_id.is_(None),
            Petition.signature_count < PetitionThreshold.signatures,
            *conditions,
        )
        .options(selectinload(Petition.departments))
        .order_by(Petition.id, PetitionThreshold.signatures)
    )
    if week is not None:
        query = query.outerjoin(week, week.c.petition_id == Petition.id)
    nearest: dict[int, tuple[Petition, PetitionThreshold]] = {}
    for petition, threshold in db.session.execute(query):
        nearest.setdefault(petition.id, (petition, threshold))
    hours = _hours(nearest)
    return [
        Coming(petition, threshold, _forecast(petition, threshold, hours[petition.id]))
        for petition, threshold in nearest.values()
    ]


def _hours(petition_ids: Iterable[int]) -> dict[int, dict[datetime, int]]:
    found: defaultdict[int, dict[datetime, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(HourCount.petition_id, HourCount.hour, HourCount.signature_count).where(
            HourCount.petition_id.in_(list(petition_ids)), HourCount.hour >= clock.now() - LOOKED_AT
        )
    )
    for petition_id, hour, number in rows:
        found[petition_id][hour] = number
    return found


def _forecast(
    petition: Petition, threshold: PetitionThreshold, hours: dict[datetime, int]
) -> Forecast | None:
    if petition.opened_at is None or petition.closes_at is None:
        return None
    return forecast(
        hours,
        missing=threshold.signatures - petition.signature_count,
        opened_at=petition.opened_at,
        closes_at=petition.closes_at,
        now=clock.now(),
    )
