"""Prints how long answers took."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask.cli import with_appcontext

from petitions.responses.queries import (
    DutyFact,
    Figures,
    by_department,
    departments_by_id,
    duty_facts,
    measure,
)


@click.command("response-times")
@with_appcontext
def response_times() -> None:
    """How many days answers took, by department, as a table in Markdown: the figures of the public board.

    Days run from reaching the threshold to the answer, pauses included, in the site's time zone. The median is the least
    number of days in which half of the answers came, and 90 % the least in which nine of ten did (nearest rank).
    """
    facts = duty_facts()
    rows = sorted(by_department(facts, departments_by_id()), key=lambda row: row.department.name)
    answered = [(row.department.name, row.figures) for row in rows if row.figures.answered]
    for line in _table([*answered, *_nobody(facts), ("All", measure(facts))]):
        click.echo(line)


def _nobody(facts: Iterable[DutyFact]) -> list[tuple[str, Figures]]:
    """Answers of which it is not known whose they are."""
    figures = measure(fact for fact in facts if fact.department_id is None)
    return [("No department named", figures)] if figures.answered else []


def _table(rows: Iterable[tuple[str, Figures]]) -> Iterable[str]:
    yield "| department | answers | median days | 90 % within |"
    yield "|---|---:|---:|---:|"
    for name, figures in rows:
        yield f"| {name} | {figures.answered} | {_days(figures.median_days)} | {_days(figures.ninety_percent_days)} |"


def _days(number: int | None) -> str:
    return "–" if number is None else str(number)
