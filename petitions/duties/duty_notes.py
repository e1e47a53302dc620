"""What else is public about a duty, in a sentence each: who was told that it is late, who had it before, what was said."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext, ngettext

from petitions.duties.duty_clock import day_in_words, full_stop, local_day
from petitions.extensions import settings
from petitions.models import Duty


def notes_of(duty: Duty) -> list[str]:
    """The sentences that stand under a duty wherever it is shown in full."""
    return [*_told(duty), *_given(duty), *_said(duty)]


def _told(duty: Duty) -> Iterator[str]:
    """The overseeing body, while the answer is owed and after: that it had to be told stays true."""
    if duty.escalations:
        last = duty.escalations[-1]
        yield ngettext(
            "It was late, and so %(overseer)s was told on %(date)s.",
            "It was late, and so %(overseer)s was told %(num)s times, the last time on %(date)s.",
            len(duty.escalations),
            overseer=settings().site_overseer,
            date=day_in_words(local_day(last.escalated_at)),
        )


def _given(duty: Duty) -> Iterator[str]:
    for row in duty.transfers:
        day, reason = day_in_words(local_day(row.created_at)), full_stop(row.reason)
        if row.from_department is None:
            given = gettext(
                "Given to the %(department)s on %(date)s:", department=row.to_department.name, date=day
            )
        else:
            given = gettext(
                "Given by the %(before)s to the %(department)s on %(date)s:",
                before=row.from_department.name,
                department=row.to_department.name,
                date=day,
            )
        yield f"{given} {reason}"


def _said(duty: Duty) -> Iterator[str]:
    """The newest holding reply, until there is an answer."""
    if duty.holding_replies and duty.answered_at is None:
        reply = duty.holding_replies[-1]
        day = day_in_words(local_day(reply.published_at))
        said = gettext("Holding reply of %(date)s, which moves no date:", date=day)
        yield f"{said} {full_stop(reply.body)}"
