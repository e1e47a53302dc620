"""Duties for tests of the board: reached on a day, answered on another."""

from datetime import UTC, date, datetime, time

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Department, Duty, Outcome, Response
from tests import build


def noon(day: date) -> datetime:
    """Noon of a day, UTC."""
    return datetime.combine(day, time(12), tzinfo=UTC)


@transactional
def owed(
    title: str,
    reached_on: date,
    department: Department | None = None,
    *,
    answered_on: date | None = None,
    state: str = "open",
) -> Duty:
    """A petition that reached its threshold at noon of a day, and was answered at noon of another."""
    reached = noon(reached_on)
    petition = build.petition(
        state, action=title, departments=[department] if department else [], opened_at=reached
    )
    with clock.fixed(reached):
        duty = build.cross(petition)
    if answered_on is not None:
        duty.answered_at = noon(answered_on)
        db.session.add(
            Response(
                petition_id=petition.id,
                duty_id=duty.id,
                department_id=duty.department_id,
                summary="We do it.",
                body="We do it from May on.",
                outcome=Outcome.AGREED,
                responded_on=answered_on,
                published_at=duty.answered_at,
            )
        )
    return duty
