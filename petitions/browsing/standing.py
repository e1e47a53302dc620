"""How the answer to a petition stands, as a reader may narrow a list by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import ColumnElement, or_, select

from petitions import clock
from petitions.browsing.lists import LISTS, crossed, is_answered
from petitions.extensions import settings
from petitions.models import RESPONSE, Duty, DutyPause, Petition, PetitionThreshold


@dataclass(frozen=True)
class Standing:
    """One way in which an answer may stand."""

    key: str
    label: LazyString
    holds: Callable[[], ColumnElement[bool]]


def _is_overdue() -> ColumnElement[bool]:
    """Owed, its day over, its clock not standing still."""
    today = clock.today(settings().timezone)
    paused = select(DutyPause.duty_id).where(
        DutyPause.starts_on <= today, or_(DutyPause.ends_on.is_(None), DutyPause.ends_on > today)
    )
    late = (
        select(Duty.petition_id)
        .join(
            PetitionThreshold,
            (PetitionThreshold.petition_id == Duty.petition_id)
            & (PetitionThreshold.key == Duty.threshold_key),
        )
        .where(
            PetitionThreshold.duty == RESPONSE,
            Duty.answered_at.is_(None),
            Duty.due_on < today,
            Duty.id.not_in(paused),
        )
    )
    return Petition.id.in_(late)


_ = lazy_gettext
STANDINGS: dict[str, Standing] = {
    each.key: each
    for each in (
        Standing("answered", _("Answered"), is_answered),
        Standing("owed", _("An answer is owed"), lambda: LISTS["awaiting_response"].holds()),
        Standing("overdue", _("The answer is overdue"), _is_overdue),
        Standing("none", _("No answer is owed"), lambda: ~crossed(RESPONSE) & ~is_answered()),
    )
}
