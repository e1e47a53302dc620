"""Writes a notice for one person: once for ever under its key, however often and by however many it is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from petitions import clock
from petitions.database import insert_new
from petitions.extensions import db
from petitions.models import Staff, StaffNotice

#: What a notice is about; the mail is worded by it.
NEAR = "threshold_near"
FORECAST = "threshold_forecast"
DUE = "answer_due"
LATE = "answer_late"
#: What everybody hears of, whatever mails they chose.
ALWAYS = (DUE, LATE)


def note(
    people: Iterable[Staff],
    kind: str,
    *,
    key: str,
    petition_id: int | None = None,
    duty_id: int | None = None,
) -> int:
    """Give each of these people the notice `key`; returns how many had not got it yet."""
    return sum(
        insert_new(
            StaffNotice,
            db.session,
            staff_id=staff.id,
            key=key,
            kind=kind,
            petition_id=petition_id,
            duty_id=duty_id,
            created_at=clock.now(),
        )
        for staff in people
    )
