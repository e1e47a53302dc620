"""Signatures over time: by the hour for the first 14 days, then by the day; and the points that the chart draws."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate, groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import Crossing, HourCount, Petition
from petitions.questions import Question

HOURLY_FOR = timedelta(days=14)
HOUR = timedelta(hours=1)
MOST_POINTS = 200
#: No step has more hours, even of a day that is set back.
MOST_HOURS = 26


class Step(NamedTuple):
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


def _counted(whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    counts = select(HourCount.hour, HourCount.signature_count)
    return counts.where(whose, HourCount.signature_count > 0).order_by(HourCount.petition_id, HourCount.hour)


#: Some hundreds of rows, as a rule.
HOURS = Question(lambda: _counted(HourCount.petition_id == bindparam("petition_id", type_=Integer)))


def history_of(petition: Petition) -> History:
    """The history of a petition that was published; without steps where nothing was counted by the hour."""
    return _history(petition, HOURS.rows(petition_id=petition.id))


def histories(petitions: Iterable[Petition]) -> Iterator[tuple[Petition, History]]:
    """Of several petitions, those of which anything was counted by the hour with their history: read at once, told one after
    the other."""
    known = {petition.id: petition for petition in petitions}
    rows = db.session.execute(_counted(HourCount.petition_id.in_(known)).add_columns(HourCount.petition_id))
    for petition_id, counted in groupby(rows, key=attrgetter("petition_id")):
        petition = known[petition_id]
        yield petition, _history(petition, list(counted))


def _history(petition: Petition, hours: Sequence[Any]) -> History:
    if not hours or petition.opened_at is None:
        return History(petition.signature_count, [])
    opened = _whole_hour(petition.opened_at)
    published = bisect_left(hours, opened, key=lambda row: row.hour)
    early = sum(row.signature_count for row in hours[:published])
    later = hours[published:]
    elsewhere = petition.signature_count - early - sum(row.signature_count for row in later)
    if elsewhere > 0 and not later:
        return History(petition.signature_count, [])
    # Of the time before a petition came here nothing is known: its line begins where knowledge does.
    start = later[0].hour if elsewhere > 0 else opened
    return History(elsewhere + early, _steps(later, opened, start, _end(petition, later), elsewhere + early))


def known_moments(petition: Petition, crossings: Iterable[Crossing]) -> list[tuple[datetime, int]]:
    """What is known of a count that came here without its times: nought at publication, each threshold when it was
    reached, and what it has come to. Nothing where that is no more than a beginning and an end."""
    opened = petition.opened_at
    if opened is None:
        return []
    end = _end(petition, [])
    reached = sorted((each.reached_at, each.signature_count) for each in crossings)
    within = [(at, count) for at, count in reached if opened < at < end and count <= petition.signature_count]
    return [(opened, 0), *within, (end, petition.signature_count)] if within else []


def _end(petition: Petition, hours: Sequence[Any]) -> datetime:
    """Until when there is something to tell: now, or the closing and the signatures that still counted after it."""
    # By the minute, so that a page asked for twice in a minute is the same page.
    now = clock.now().replace(second=0, microsecond=0)
    closed = petition.closed_at or petition.closes_at or now
    last = hours[-1].hour + HOUR if hours else closed
    return min(now, max(closed, last))


def _steps(hours: Sequence[Any], opened: datetime, start: datetime, end: datetime, total: int) -> list[Step]:
    moments = [row.hour for row in hours]
    totals = list(accumulate((row.signature_count for row in hours), initial=total))
    steps, place = [], 0
    for since, until, period in _periods(opened, start, end):
        place = bisect_left(moments, until, place, min(place + MOST_HOURS, len(moments)))
        steps.append(Step(since, min(until, end), period, totals[place] - total, totals[place]))
        total = totals[place]
    return steps


def _periods(opened: datetime, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """Hours, then days of the site's zone; the step between the two ends at the first midnight after the 14 days."""
    hourly_until = opened + HOURLY_FOR
    since = start
    while since < end and since < hourly_until:
        yield since, since + HOUR, "hour"
        since += HOUR
    zone, day = settings().timezone, timedelta(days=1)
    next_day = since.astimezone(zone).date() + day
    while since < end:
        # Up to the next whole hour of UTC, in which the counts are kept, for zones that lie half an hour off.
        until = _hour_from(datetime.combine(next_day, time(), tzinfo=zone))
        yield since, until, "day"
        since, next_day = until, next_day + day


def _whole_hour(moment: datetime) -> datetime:
    """The beginning of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _hour_from(moment: datetime) -> datetime:
    """The moment itself where it is on the hour of UTC, else the next hour."""
    moment = moment.astimezone(UTC)
    on_the_hour = not (moment.minute or moment.second or moment.microsecond)
    return moment if on_the_hour else _whole_hour(moment) + HOUR
