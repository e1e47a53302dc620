"""Signatures over time: by the hour for the first 14 days, then by the day; and the points that the chart draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import Crossing, HourCount, Petition

HOURLY_FOR = timedelta(days=14)
HOUR = timedelta(hours=1)
MOST_POINTS = 200


@dataclass(frozen=True)
class Step:
    """What was counted from `since` until `until`, and all that was counted by then."""

    since: datetime
    until: datetime
    period: str
    signature_count: int
    total: int


@dataclass(frozen=True)
class History:
    """A petition's count over time. `before` was counted before the first step: by its supporters, or elsewhere.

    A step without a signature is there too, so that a gap is a standstill and not a straight line.
    """

    before: int
    steps: list[Step]

    @property
    def points(self) -> list[tuple[datetime, int]]:
        """Moments and counts so far for a chart, at most `MOST_POINTS`; the first and the last are always there."""
        if not self.steps:
            return []
        points = [(self.steps[0].since, self.before), *((step.until, step.total) for step in self.steps)]
        if len(points) <= MOST_POINTS:
            return points
        stride = (len(points) - 1) / (MOST_POINTS - 1)
        return [points[round(number * stride)] for number in range(MOST_POINTS)]


def history_of(petition: Petition) -> History:
    """The history of a petition that was published; without steps where nothing was counted by the hour."""
    rows = db.session.execute(_counted(HourCount.petition_id == petition.id))
    return _history(petition, {row.hour: row.signature_count for row in rows})


def histories(petitions: Iterable[Petition]) -> Iterator[tuple[Petition, History]]:
    """Of several petitions, those of which anything was counted by the hour with their history: read at once, told one after
    the other."""
    known = {petition.id: petition for petition in petitions}
    rows = db.session.execute(_counted(HourCount.petition_id.in_(known)))
    for petition_id, counted in groupby(rows, key=attrgetter("petition_id")):
        petition = known[petition_id]
        yield petition, _history(petition, {row.hour: row.signature_count for row in counted})


def _counted(whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    counts = select(HourCount.petition_id, HourCount.hour, HourCount.signature_count)
    return counts.where(whose, HourCount.signature_count > 0).order_by(HourCount.petition_id, HourCount.hour)


def _history(petition: Petition, hours: dict[datetime, int]) -> History:
    if not hours or petition.opened_at is None:
        return History(petition.signature_count, [])
    elsewhere = petition.signature_count - sum(hours.values())
    opened = _whole_hour(petition.opened_at)
    early = sum(number for hour, number in hours.items() if hour < opened)
    later = {hour: number for hour, number in hours.items() if hour >= opened}
    if elsewhere > 0 and not later:
        return History(petition.signature_count, [])
    # Of the time before a petition came here nothing is known: its line begins where knowledge does.
    start = min(later) if elsewhere > 0 else opened
    return History(elsewhere + early, _steps(later, opened, start, _end(petition, later), elsewhere + early))


def known_moments(petition: Petition, crossings: Iterable[Crossing]) -> list[tuple[datetime, int]]:
    """What is known of a count that came here without its times: nought at publication, each threshold when it was
    reached, and what it has come to. Nothing where that is no more than a beginning and an end."""
    opened = petition.opened_at
    if opened is None:
        return []
    end = _end(petition, {})
    reached = sorted((each.reached_at, each.signature_count) for each in crossings)
    within = [(at, count) for at, count in reached if opened < at < end and count <= petition.signature_count]
    return [(opened, 0), *within, (end, petition.signature_count)] if within else []


def _end(petition: Petition, hours: dict[datetime, int]) -> datetime:
    """Until when there is something to tell: now, or the closing and the signatures that still counted after it."""
    # By the minute, so that a page asked for twice in a minute is the same page.
    now = clock.now().replace(second=0, microsecond=0)
    closed = petition.closed_at or petition.closes_at or now
    last = max(hours) + HOUR if hours else closed
    return min(now, max(closed, last))


def _steps(
    hours: dict[datetime, int], opened: datetime, start: datetime, end: datetime, total: int
) -> list[Step]:
    steps = []
    counted = sorted(hours.items(), reverse=True)
    for since, until, period in _periods(opened, start, end):
        number = 0
        while counted and counted[-1][0] < until:
            number += counted.pop()[1]
        total += number
        steps.append(Step(since, min(until, end), period, number, total))
    return steps


def _periods(opened: datetime, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """Hours, then days of the site's zone; the step between the two ends at the first midnight after the 14 days."""
    zone = settings().timezone
    since = start
    while since < end:
        if since < opened + HOURLY_FOR:
            until, period = since + HOUR, "hour"
        else:
            next_day = since.astimezone(zone).date() + timedelta(days=1)
            # Up to the next whole hour of UTC, in which the counts are kept, for zones that lie half an hour off.
            until, period = _hour_from(datetime.combine(next_day, time(), tzinfo=zone)), "day"
        yield since, until, period
        since = until


def _whole_hour(moment: datetime) -> datetime:
    """The beginning of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _hour_from(moment: datetime) -> datetime:
    """The moment itself where it is on the hour of UTC, else the next hour."""
    floor = _whole_hour(moment)
    return floor if floor == moment else floor + HOUR
