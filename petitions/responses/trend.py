"""How answering goes, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from petitions import clock
from petitions.duties.duty_days import was_overdue
from petitions.extensions import settings
from petitions.responses.duty_facts import DutyFact
from petitions.responses.figures import within
from petitions.responses.satisfaction import NONE, Satisfaction

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Month:
    """One month; of the running one, so far."""

    first: date
    """The month's first day."""
    answered: int
    on_time: int
    """Of these, given by their date."""
    median_days: int | None
    """Half of the month's answers came within so many days; None: there were none."""
    overdue: int
    """Answers that were overdue at the end of its last day, by what had been told until then; of the running month today."""
    satisfaction: Satisfaction = NONE
    """What signers said in this month of answers, whenever those were given."""

    @property
    def late(self) -> int:
        """Answers given after their date."""
        return self.answered - self.on_time

    @property
    def on_time_share(self) -> float | None:
        """From 0 to 1; None: there were no answers."""
        return self.on_time / self.answered if self.answered else None

    @property
    def addressed_percent(self) -> int | None:
        """Of the month's signers who said what they think, who said that the answer addressed the petition, 0 to 100."""
        return _percent(self.satisfaction.addressed_share)

    @property
    def clear_percent(self) -> int | None:
        """Who of them said that it was clear, 0 to 100. None, like the other: too few said something."""
        return _percent(self.satisfaction.clear_share)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def by_month(facts: Sequence[DutyFact], rated: Mapping[date, Satisfaction] | None = None) -> list[Month]:
    """The last months in which something could be answered, the running one last. `rated`: what signers think, by month."""
    rated = rated or {}
    today = clock.today(settings().timezone)
    earliest = min((fact.reached_on for fact in facts), default=today).replace(day=1)
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS_SHOWN and firsts[-1] > earliest:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return [_month(facts, first, today, rated.get(first, NONE)) for first in reversed(firsts)]


def _month(facts: Sequence[DutyFact], first: date, today: date, satisfaction: Satisfaction) -> Month:
    after = (first + timedelta(days=31)).replace(day=1)
    last = min(after - timedelta(days=1), today)
    answers = [fact for fact in facts if fact.answered_on is not None and first <= fact.answered_on < after]
    return Month(
        first=first,
        answered=len(answers),
        on_time=sum(fact.was_on_time for fact in answers),
        median_days=within([fact.taken for fact in answers if fact.taken is not None], 0.5),
        overdue=sum(was_overdue(fact.dates, last) for fact in facts),
        satisfaction=satisfaction,
    )
