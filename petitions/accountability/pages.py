"""What the board, a department's page and a duty's page show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from petitions.accountability.asking import Asked
from petitions.accountability.choosing import STATUSES, Departments, in_order, narrowed
from petitions.errors import NotFound
from petitions.models import Department
from petitions.paging import Page
from petitions.responses.queries import (
    DepartmentFigures,
    DutyFact,
    DutyRow,
    Overview,
    Satisfaction,
    by_department,
    debates_to_consider,
    departments_by_id,
    duty_facts,
    duty_rows,
    overview,
    satisfaction_of,
)


@dataclass(frozen=True)
class Shown:
    """The duties that were asked for, a page of them."""

    asked: Asked
    page: Page[DutyRow]
    lists: list[tuple[str, str, bool, int]]
    """Label, address, whether it is this one, and how many duties it holds."""
    satisfaction: Mapping[int, Satisfaction]
    """What signers think of each answer of the page, by the id of the answer."""


@dataclass(frozen=True)
class BoardPage:
    """The whole board. The overview is that of every duty, whatever is shown."""

    shown: Shown
    overview: Overview
    departments: list[DepartmentFigures]
    choices: Sequence[Department]
    """Departments to choose from."""
    years: list[int]
    debates: list[DutyRow]
    satisfaction: Mapping[int, Satisfaction]
    """What signers think of a department's answers, by its id; departments whose answers nobody rated are left out."""


@dataclass(frozen=True)
class DepartmentPage:
    """One department's duties, figures and months."""

    department: Department
    shown: Shown
    overview: Overview


def board_page(asked: Asked) -> BoardPage:
    """The board as it is now."""
    facts, departments = duty_facts(), departments_by_id()
    by_name = sorted(by_department(facts, departments), key=lambda row: row.department.name)
    all_of_it = overview(facts)
    return BoardPage(
        shown=shown(facts, departments, asked),
        overview=all_of_it,
        departments=by_department(facts, departments),
        choices=[row.department for row in by_name],
        years=sorted({fact.reached_on.year for fact in facts}, reverse=True),
        debates=[] if asked.is_narrowed or asked.page > 1 else debates_to_consider(),
        satisfaction=all_of_it.by_department,
    )


def department_page(department: Department, asked: Asked) -> DepartmentPage:
    """One department's page as it is now."""
    facts = [fact for fact in duty_facts() if fact.department_id == department.id]
    return DepartmentPage(
        department=department,
        shown=shown(facts, departments_by_id(), replace(asked, department=""), slug=department.slug),
        overview=overview(facts, department.id),
    )


def one_duty(duty_id: int) -> DutyRow:
    """A duty with everything public about it. Raises `NotFound`."""
    found = duty_rows([duty_id])
    if not found:
        raise NotFound("no such duty, or not for the public")
    return found[0]


def shown(
    facts: Sequence[DutyFact], departments: Departments, asked: Asked, slug: str | None = None
) -> Shown:
    """The page asked for, the nearest one where there is no such page. `slug`: on a department's own page."""

    def address(**changes: Any) -> str:
        if slug is None:
            return asked.url(**changes)
        return url_for("accountability.department", slug=slug, **asked.parameters(**changes))

    candidates = narrowed(facts, departments, q=asked.q, department=asked.department, year=asked.year)
    chosen = chosen_of(candidates, departments, asked)
    pages = max(1, -(-len(chosen) // asked.count))
    number = min(asked.page, pages)
    rows = duty_rows([fact.id for fact in chosen[(number - 1) * asked.count : number * asked.count]])
    return Shown(
        asked=asked,
        page=Page(
            rows=rows,
            number=number,
            pages=pages,
            total=len(chosen),
            previous_url=address(page=number - 1) if number > 1 else None,
            next_url=address(page=number + 1) if number < pages else None,
        ),
        lists=[
            (str(label), address(status=key, page=1), key == asked.status, sum(map(holds, candidates)))
            for key, (label, holds) in STATUSES.items()
        ],
        satisfaction=satisfaction_of([row.response_id for row in rows if row.response_id is not None]),
    )


def chosen_of(candidates: Sequence[DutyFact], departments: Departments, asked: Asked) -> list[DutyFact]:
    """Of these duties the ones on the list asked for, in its order."""
    _, holds = STATUSES[asked.status]
    return in_order(filter(holds, candidates), departments, asked.sort)
