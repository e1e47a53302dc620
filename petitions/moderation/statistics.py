"""How well petitions are checked, by ISO week in the site's zone and over the last twelve months: the one place where
these figures are computed. Page, JSON and CSV show the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import or_, select

from petitions import clock
from petitions.due_dates import months_before
from petitions.extensions import db, settings
from petitions.models import Appeal, DecisionKind, ModerationDecision, Petition

#: Weeks that are shown, the present one included: a year, and the week in which it began.
WEEKS = 53
MONTHS = 12
#: Decisions about a petition that waited to be checked. What was published already waits for nobody.
CHECKS = {DecisionKind.PUBLISHED, DecisionKind.REJECTED, DecisionKind.HIDDEN}
REFUSALS = {DecisionKind.REJECTED, DecisionKind.HIDDEN}
#: The share of decisions that the slow end is told by.
SLOW_SHARE = 0.9


@dataclass
class Figures:
    """What came in and went out in some time."""

    received: int = 0
    published: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Refused after checking, by reason."""
    taken_down: Counter[str] = field(default_factory=Counter)
    """Refused after publication, by reason."""
    closed_early: int = 0
    working_days: list[int] = field(default_factory=list)
    """How long each decision took, in working days."""
    appeals: int = 0
    upheld: int = 0
    dismissed: int = 0

    @property
    def checked(self) -> int:
        """Petitions that were decided about."""
        return self.published + self.number_refused

    @property
    def number_refused(self) -> int:
        """Refused after checking, for whatever reason."""
        return self.refused.total()

    @property
    def median_days(self) -> float | None:
        """Half of the decisions took no longer, in working days."""
        return float(median(self.working_days)) if self.working_days else None

    @property
    def slow_days(self) -> int | None:
        """Nine of ten decisions took no longer (nearest rank), in working days."""
        if not self.working_days:
            return None
        return sorted(self.working_days)[math.ceil(SLOW_SHARE * len(self.working_days)) - 1]

    @property
    def share_in_time(self) -> float | None:
        """The share decided within the public promise, from 0 to 1."""
        if not self.working_days:
            return None
        promise = settings().moderation_days
        return sum(days <= promise for days in self.working_days) / len(self.working_days)


@dataclass
class Week(Figures):
    """The figures of one ISO week, which begins on a Monday."""

    starts_on: date = date.min
    is_running: bool = False
    """It is this week: its figures still grow."""

    @property
    def name(self) -> str:
        """As ISO 8601 has it: 2026-W48."""
        year, week, _ = self.starts_on.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True)
class Statistics:
    """All figures of moderation: the last twelve months, and each week, oldest first."""

    year: Figures
    since: date
    weeks: list[Week]


def monday_of(moment: datetime) -> date:
    """The first day of the ISO week in which a moment lies, in the site's zone."""
    day = moment.astimezone(settings().timezone).date()
    return day - timedelta(days=day.weekday())


def statistics() -> Statistics:
    """Compute them, in three queries."""
    now = clock.now()
    this_week, year_ago = monday_of(now), months_before(now, MONTHS)
    mondays = [this_week - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    weeks = {monday: Week(starts_on=monday, is_running=monday == this_week) for monday in mondays}
    year = Figures()
    start = datetime.combine(mondays[0], time(), tzinfo=settings().timezone)
    since = min(start, year_ago)

    def places(moment: datetime) -> Iterable[Figures]:
        """The figures that something at a moment belongs to."""
        if monday_of(moment) in weeks:
            yield weeks[monday_of(moment)]
        if moment >= year_ago:
            yield year

    for moment in filter(None, _received(since)):
        for figures in places(moment):
            figures.received += 1
    for decision in _decisions(since):
        for figures in places(decision.decided_at):
            _count_decision(figures, decision)
    for appeal in _appeals(since):
        for figures in places(appeal.made_at):
            figures.appeals += 1
        for figures in places(appeal.decided_at) if appeal.decided_at else ():
            figures.upheld += bool(appeal.upheld)
            figures.dismissed += not appeal.upheld
    return Statistics(year, year_ago.astimezone(settings().timezone).date(), list(weeks.values()))


def _count_decision(figures: Figures, decision: ModerationDecision) -> None:
    if decision.kind is DecisionKind.PUBLISHED:
        figures.published += 1
    elif decision.kind in REFUSALS:
        figures.refused[decision.code or ""] += 1
    elif decision.kind is DecisionKind.TAKEN_DOWN:
        figures.taken_down[decision.code or ""] += 1
    else:
        figures.closed_early += 1
    if decision.kind in CHECKS and decision.working_days is not None:
        figures.working_days.append(decision.working_days)


def _received(since: datetime) -> Sequence[datetime | None]:
    """When each petition first came to the moderators. One that came from elsewhere never did."""
    at = Petition.moderation_threshold_reached_at
    query = select(at).where(at >= since, Petition.confirmed_at.is_not(None))
    return db.session.execute(query).scalars().all()


def _decisions(since: datetime) -> Sequence[ModerationDecision]:
    query = select(ModerationDecision).where(ModerationDecision.decided_at >= since)
    return db.session.execute(query).scalars().all()


def _appeals(since: datetime) -> Sequence[Appeal]:
    query = select(Appeal).where(or_(Appeal.made_at >= since, Appeal.decided_at >= since))
    return db.session.execute(query).scalars().all()
