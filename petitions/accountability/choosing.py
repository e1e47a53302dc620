"""Which duties the board shows, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from petitions.models import Department
from petitions.responses.queries import DutyFact, by_urgency

Departments = Mapping[int, Department]

#: What each list of the board is called, and which duties it holds.
STATUSES: dict[str, tuple[LazyString, Callable[[DutyFact], bool]]] = {
    "all": (_l("All"), lambda fact: True),
    "owed": (_l("Owed now"), lambda fact: not fact.is_answered),
    "overdue": (_l("Overdue"), lambda fact: fact.is_overdue),
    "paused": (_l("Paused"), lambda fact: fact.standing == "paused"),
    "answered": (_l("Answered"), lambda fact: fact.is_answered),
    "late": (_l("Answered late"), lambda fact: fact.is_answered and not fact.was_on_time),
}

#: What the board can be sorted by; the value is told the departments too.
ORDERS: dict[str, Callable[[DutyFact, Departments], Any]] = {
    "due": lambda fact, departments: by_urgency(fact),
    "petition": lambda fact, departments: (fact.action.casefold(), fact.id),
    "department": lambda fact, departments: (_name(fact, departments), by_urgency(fact)),
    "reached": lambda fact, departments: (fact.dates.reached_at, fact.id),
    "status": lambda fact, departments: (fact.is_answered, fact.standing == "paused", *_days(fact), fact.id),
    "days": lambda fact, departments: (*_days(fact), fact.id),
}


def narrowed(
    facts: Iterable[DutyFact],
    departments: Departments,
    *,
    q: str = "",
    department: str = "",
    year: int | None = None,
) -> list[DutyFact]:
    """The duties of a department (by its slug), reached in a year, with all words in the title or the department's name."""
    words = q.casefold().split()
    return [
        fact
        for fact in facts
        if (not department or _slug(fact, departments) == department)
        and (year is None or fact.reached_on.year == year)
        and all(word in f"{fact.action} {_name(fact, departments)[1]}".casefold() for word in words)
    ]


def in_order(facts: Iterable[DutyFact], departments: Departments, sort: str) -> list[DutyFact]:
    """Sorted by the order that `sort` names, turned round where it begins with -."""
    order = ORDERS[sort.removeprefix("-")]
    return sorted(facts, key=lambda fact: order(fact, departments), reverse=sort.startswith("-"))


def _slug(fact: DutyFact, departments: Departments) -> str | None:
    return departments[fact.department_id].slug if fact.department_id is not None else None


def _name(fact: DutyFact, departments: Departments) -> tuple[bool, str]:
    """What is owed by nobody yet comes last."""
    if fact.department_id is None:
        return (True, "")
    return (False, departments[fact.department_id].name.casefold())


def _days(fact: DutyFact) -> tuple[bool, int]:
    """What has no date comes last."""
    return (fact.days is None, fact.days or 0)
