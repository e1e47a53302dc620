"""How a petition in the queue stands against the public promise to check it within some working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from petitions import checking, clock, due_dates
from petitions.extensions import settings
from petitions.models import Petition, PetitionQuestion
from petitions.templating import short_date

#: So many of the last working days count as nearly due, the day it is due among them.
NEARLY_DUE_DAYS = 3


class Age(StrEnum):
    """The parts of the queue."""

    NEW = "new"
    SOON = "soon"
    LATE = "late"
    ASKED = "asked"
    """It went back to its petitioner with questions and waits for the answer: the promise stands still."""


TONES = {Age.NEW: "wait", Age.SOON: "soon", Age.LATE: "late", Age.ASKED: "paused"}


@dataclass(frozen=True)
class Promise:
    """The day by which a petition is to be checked, and the working days until then (below 0: since then)."""

    due_on: date
    working_days: int
    age: Age
    asked_at: datetime | None = None
    """When it went back to its petitioner, while it waits there."""

    @property
    def is_silent(self) -> bool:
        """Its petitioner has not answered for so long that moderators are to look at it again."""
        return self.asked_at is not None and clock.now() - self.asked_at >= checking.SILENCE

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return "soon" if self.is_silent else TONES[self.age]

    @property
    def short(self) -> str:
        """The words of its tag."""
        if self.asked_at is not None:
            asked = short_date(self.asked_at)
            if self.is_silent:
                return str(_("No answer since %(date)s", date=asked))
            return str(_("With the petitioner since %(date)s", date=asked))
        if self.age is Age.LATE:
            days = -self.working_days
            late = ngettext("%(num)s working day late", "%(num)s working days late", days)
            return str(late if days else _("Late"))
        if self.working_days == 0:
            return str(_("Due today"))
        return str(ngettext("%(num)s working day left", "%(num)s working days left", self.working_days))


def promise_of(petition: Petition, questions: Sequence[PetitionQuestion] | None = None) -> Promise:
    """How a petition that is in moderation stands today. `questions` are all of it, where they were read before."""
    if questions is None:
        questions = checking.questions_of(petition.id)
    today = clock.today(settings().timezone)
    due_on = checking.checked_by(petition, questions)
    days = (
        -due_dates.working_days_between(due_on, today)
        if today > due_on
        else due_dates.working_days_between(today, due_on)
    )
    asked_at = next((question.asked_at for question in questions if question.answered_at is None), None)
    return Promise(due_on, days, Age.ASKED if asked_at else _age(today, due_on, days), asked_at)


def _age(today: date, due_on: date, days: int) -> Age:
    if today > due_on:
        return Age.LATE
    return Age.SOON if days < NEARLY_DUE_DAYS else Age.NEW
