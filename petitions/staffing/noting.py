"""Writes a notice for one person of the staff: once for ever under its key, however often it is asked for.

How the person hears of it (in the mail of the day, or in one of its own) is what they chose: see `notices.telling`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from petitions import clock
from petitions.database import insert_new
from petitions.extensions import db
from petitions.models import Staff, StaffNotice

#: What a notice is about; the mail is worded by it.
NEAR = "threshold_near"
FORECAST = "threshold_forecast"
DUE = "answer_due"
LATE = "answer_late"
#: What waits for somebody to act; each is also the name of the message of its own about it.
APPROVAL = "approval_asked"
NOT_PUBLISHED = "response_not_published"
COMMITMENT = "commitment_asked"
ASKED = (APPROVAL, NOT_PUBLISHED, COMMITMENT)
#: What everybody hears of, whatever mails they chose.
ALWAYS = (DUE, LATE, *ASKED)


def note(
    people: Iterable[Staff],
    kind: str,
    *,
    key: str,
    petition_id: int | None = None,
    duty_id: int | None = None,
    **details: Any,
) -> int:
    """Give each of these people the notice `key`; returns how many had not got it yet. `details` are plain values."""
    return sum(
        insert_new(
            StaffNotice,
            db.session,
            staff_id=staff.id,
            key=key,
            kind=kind,
            petition_id=petition_id,
            duty_id=duty_id,
            details=details,
            created_at=clock.now(),
        )
        for staff in people
    )
