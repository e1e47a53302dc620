"""How well answers are given: shares and days, worked out one way for every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from petitions import clock
from petitions.extensions import settings
from petitions.models import Department
from petitions.responses.duty_facts import DutyFact


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


def within(days: Sequence[int], share: float) -> int | None:
    """The least number of days in which at least `share` of the answers came (nearest rank); None of no answers."""
    return sorted(days)[ceil(share * len(days)) - 1] if days else None


def measure(facts: Iterable[DutyFact]) -> Figures:
    """The figures of these duties to answer."""
    facts = list(facts)
    this_year = clock.today(settings().timezone).year
    answered = [fact for fact in facts if fact.is_answered]
    overdue = sum(fact.is_overdue for fact in facts)
    lately = [fact for fact in answered if fact.answered_on and fact.answered_on.year == this_year]
    judged = len(lately) + overdue
    days = [fact.taken for fact in answered if fact.taken is not None]
    return Figures(
        owed_now=len(facts) - len(answered),
        overdue=overdue,
        answered=len(answered),
        on_time_share=sum(fact.was_on_time for fact in lately) / judged if judged else None,
        median_days=within(days, 0.5),
        ninety_percent_days=within(days, 0.9),
    )


def by_department(
    facts: Iterable[DutyFact], departments: Mapping[int, Department]
) -> list[DepartmentFigures]:
    """The figures of each department that owes or answered: most on time first, then those without an answer this year."""
    groups: dict[int, list[DutyFact]] = {}
    for fact in facts:
        if fact.department_id is not None:
            groups.setdefault(fact.department_id, []).append(fact)
    found = [DepartmentFigures(departments[number], measure(group)) for number, group in groups.items()]
    return sorted(found, key=_best_first)


def _best_first(row: DepartmentFigures) -> tuple[float, str]:
    share = row.figures.on_time_share
    return (1.0 if share is None else -share, row.department.name)
