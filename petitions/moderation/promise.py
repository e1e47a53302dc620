"""How a petition in the queue stands against the public promise to check it within some working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from petitions import clock, due_dates
from petitions.extensions import settings
from petitions.models import Petition

#: So many of the last working days count as nearly due, the day it is due among them.
NEARLY_DUE_DAYS = 3


class Age(StrEnum):
    """The three parts of the queue."""

    NEW = "new"
    SOON = "soon"
    LATE = "late"


TONES = {Age.NEW: "wait", Age.SOON: "soon", Age.LATE: "late"}


@dataclass(frozen=True)
class Promise:
    """The day by which a petition is to be checked, and the working days until then (below 0: since then)."""

    due_on: date
    working_days: int
    age: Age

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return TONES[self.age]

    @property
    def short(self) -> str:
        """The words of its tag."""
        if self.age is Age.LATE:
            days = -self.working_days
            late = ngettext("%(num)s working day late", "%(num)s working days late", days)
            return str(late if days else _("Late"))
        if self.working_days == 0:
            return str(_("Due today"))
        return str(ngettext("%(num)s working day left", "%(num)s working days left", self.working_days))


def promise_of(petition: Petition) -> Promise:
    """How a petition that waits for moderators stands today."""
    assert petition.moderation_threshold_reached_at is not None
    today = clock.today(settings().timezone)
    due_on = due_dates.checked_by(petition.moderation_threshold_reached_at)
    if today > due_on:
        return Promise(due_on, -due_dates.working_days_between(due_on, today), Age.LATE)
    left = due_dates.working_days_between(today, due_on)
    return Promise(due_on, left, Age.SOON if left < NEARLY_DUE_DAYS else Age.NEW)
