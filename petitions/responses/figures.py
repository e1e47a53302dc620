"""How well answers are given: shares and days, worked out one way for every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from petitions import clock
from petitions.duty_clock import local_day
from petitions.extensions import settings
from petitions.models import Department
from petitions.responses.records import DutyRow


@dataclass(frozen=True)
class Figures:
    """The figures of the board, of everybody or of one department."""

    owed_now: int
    overdue: int
    answered: int
    """Answers ever given."""
    on_time_share: float | None
    """Of the answers given this year and those overdue now, the share given by their date (0 to 1); None: there are none."""
    median_days: int | None
    """Half of all answers came within so many days after the threshold was reached; None: none was given."""
    ninety_percent_days: int | None
    """Nine of ten answers came within so many days."""


@dataclass(frozen=True)
class DepartmentFigures:
    """One department and its figures."""

    department: Department
    figures: Figures


def days_taken(row: DutyRow) -> int | None:
    """Days from reaching the threshold to the answer, pauses included; None while there is none."""
    if row.duty.answered_at is None:
        return None
    return (local_day(row.duty.answered_at) - local_day(row.duty.reached_at)).days


def within(days: Sequence[int], share: float) -> int | None:
    """The least number of days in which at least `share` of the answers came (nearest rank); None of no answers."""
    return sorted(days)[ceil(share * len(days)) - 1] if days else None


def measure(rows: Iterable[DutyRow]) -> Figures:
    """The figures of these duties to answer."""
    rows = list(rows)
    this_year = clock.today(settings().timezone).year
    overdue = [row for row in rows if row.status.is_overdue]
    answered = [row for row in rows if row.duty.answered_at is not None]
    lately = [
        row for row in answered if row.duty.answered_at and local_day(row.duty.answered_at).year == this_year
    ]
    judged = len(lately) + len(overdue)
    days = [taken for row in answered if (taken := days_taken(row)) is not None]
    return Figures(
        owed_now=len(rows) - len(answered),
        overdue=len(overdue),
        answered=len(answered),
        on_time_share=sum(row.status.was_on_time for row in lately) / judged if judged else None,
        median_days=within(days, 0.5),
        ninety_percent_days=within(days, 0.9),
    )


def by_department(rows: Iterable[DutyRow]) -> list[DepartmentFigures]:
    """The figures of each department that owes or answered: most on time first, then those without an answer this year."""
    groups: dict[int, list[DutyRow]] = {}
    for row in rows:
        if row.department is not None:
            groups.setdefault(row.department.id, []).append(row)
    found = [
        DepartmentFigures(department, measure(group))
        for group in groups.values()
        if (department := group[0].department) is not None
    ]
    return sorted(found, key=_best_first)


def _best_first(row: DepartmentFigures) -> tuple[float, str]:
    share = row.figures.on_time_share
    return (1.0 if share is None else -share, row.department.name)
