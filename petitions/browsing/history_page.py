"""A petition's signatures over time on a page of their own: the whole chart, what happened, and every day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from petitions import links, ticks, wordings
from petitions.browsing import queries
from petitions.browsing.drawing import MOST_STEPS, Line, Picture, Tick, apart, ceiling_of, flags_of, marks_of
from petitions.browsing.history import History, history_of, known_moments
from petitions.browsing.petition_page import threshold_meaning
from petitions.browsing.under_charts import days_or_months
from petitions.extensions import settings
from petitions.models import Petition, PetitionThreshold
from petitions.responses.queries import TimelineEvent, record_of, timeline
from petitions.templating import long_date, number

#: What is marked on the chart, by the keys of a timeline; the rest of what happened stands on the petition's page.
MILESTONES = re.compile(
    r"published|closed|withdrawn|crossed-.+|answer-\d+|debate-outcome|rejected-.+|correction-.+"
)


@dataclass
class Day:
    """One day of the site's zone."""

    day: date
    signatures: int = 0
    total: int = 0
    happened: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HistoryPage:
    """All of it. Without a picture where nothing is known of the time between."""

    petition: Petition
    history: History
    picture: Picture | None
    is_sparse: bool
    """The picture is drawn from a few moments that are known, with straight lines between them."""
    milestones: list[TimelineEvent]
    """Oldest first, as they are numbered on the chart."""
    days: list[Day]
    """The newest first."""
    address: str


def history_page(petition: Petition) -> HistoryPage:
    """The page of a petition that was published."""
    record = record_of(petition.id)
    happened = timeline(petition, record, wordings.corrections(petition))
    milestones = [event for event in reversed(happened) if MILESTONES.fullmatch(event.key)]
    history = history_of(petition)
    known = known_moments(petition, record.crossings) if not history.steps else []
    return HistoryPage(
        petition=petition,
        history=history,
        is_sparse=bool(known),
        picture=_picture(history.points or known, queries.thresholds_of(petition.id), milestones),
        milestones=milestones,
        days=_days(history, milestones),
        address=links.absolute("browsing.history", petition_id=petition.id),
    )


def _picture(
    points: list[tuple[datetime, int]],
    thresholds: Sequence[PetitionThreshold],
    milestones: Sequence[TimelineEvent],
) -> Picture | None:
    if len(points) < 2:
        return None
    start, (counted_until, highest) = points[0][0], points[-1]
    # An answer may come long after the last signature; the line then runs on level.
    end = max([counted_until, *(event.moment for event in milestones)])
    if end > counted_until:
        points = [*points, (end, highest)]
    span = (end - start).total_seconds()
    ceiling = ceiling_of(highest, [each.signatures for each in thresholds])
    named = [(each.signatures, threshold_meaning(each)) for each in thresholds]
    grid = [Tick(each / ceiling, number(each)) for each in ticks.numbers(ceiling, MOST_STEPS)]

    def across(moment: datetime) -> float:
        return min(1.0, max(0.0, (moment - start).total_seconds() / span))

    line = Line("", [(across(at), count / ceiling) for at, count in points])
    marks = marks_of(named, ceiling, [line])
    return Picture(
        title=_("Signatures over time"),
        summary=_(
            "from %(first)s on %(start)s to %(last)s on %(end)s",
            first=number(points[0][1]),
            start=long_date(start),
            last=number(highest),
            end=long_date(end),
        ),
        lines=[line],
        across=[Tick(across(at), label) for at, label in days_or_months(start, end)],
        upward=apart(grid, marks),
        marks=marks,
        flags=flags_of([(across(event.moment), event.title) for event in milestones]),
    )


def _days(history: History, milestones: Sequence[TimelineEvent]) -> list[Day]:
    zone = settings().timezone
    days: dict[date, Day] = {}
    for step in history.steps:
        day = step.since.astimezone(zone).date()
        row = days.setdefault(day, Day(day))
        row.signatures += step.signature_count
        row.total = step.total
    for event in milestones:
        day = event.moment.astimezone(zone).date()
        if day in days:
            days[day].happened.append(event.title)
    return sorted(days.values(), key=lambda row: row.day, reverse=True)
