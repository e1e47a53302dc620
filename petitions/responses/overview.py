"""How answering goes, of everybody or of one department: one reading for the board, the departments and the statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from petitions.responses.duty_facts import DutyFact
from petitions.responses.figures import Figures, measure
from petitions.responses.satisfaction import Satisfaction, opinions
from petitions.responses.trend import Month, by_month


@dataclass(frozen=True)
class Overview:
    """The figures, the months behind them, and what signers think of all answers together."""

    figures: Figures
    months: list[Month]
    satisfaction: Satisfaction
    by_department: Mapping[int, Satisfaction]
    """What signers think of the answers of each department."""


def overview(facts: Sequence[DutyFact], department_id: int | None = None) -> Overview:
    """Of these duties: all there are, or with `department_id` those of one department."""
    said = opinions()
    months = by_month(facts, said.by_month(department_id))
    return Overview(measure(facts), months, said.total(department_id), said.by_department())
