"""The days of a duty, without any words: which date holds on a day, whether the clock stands still, how it stands then.

Days are days of the site's zone. A duty is overdue from the day after its date on; an answer on the date is on time.
While a pause runs the days left (or late) stand still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from petitions.duties.duty_columns import AnyDuty, Pause
from petitions.extensions import settings
from petitions.models import DutyPause

SOON_DAYS = 7


class Standing(StrEnum):
    """How a duty stands."""

    AWAITING = "awaiting"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    EXTENDED = "extended"
    ANSWERED = "answered"
    CONSIDERED = "considered"
    """Of a debate: no date is promised, and nothing is decided yet."""


@dataclass(frozen=True, slots=True)
class PauseDays:
    """The days of one pause; `ends_on` is the first day on which the clock runs again."""

    starts_on: date
    ends_on: date | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionDay:
    """The date that one extension set, and when."""

    due_on: date
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DutyDates:
    """All dates of a duty and nothing else of it: what thousands of duties are measured by. Names as in `Duty`."""

    reached_at: datetime
    due_on: date | None
    first_due_on: date | None
    answered_at: datetime | None
    pauses: Sequence[PauseDays]
    extensions: Sequence[ExtensionDay]


def local_day(moment: datetime) -> date:
    """The day of a moment in the site's zone."""
    return moment.astimezone(settings().timezone).date()


def due_on(duty: AnyDuty | DutyDates, day: date) -> date | None:
    """The date that holds on `day`: the stored one holds every whole pause; what of them lies after `day` is taken off.

    A pause without an end has not moved the stored date yet: its days up to `day` are added.
    """
    due = duty.due_on
    if due is None:
        return None
    for pause in duty.pauses:
        if pause.ends_on is None:
            due += max(day, pause.starts_on) - pause.starts_on
        else:
            due -= max(pause.ends_on - max(pause.starts_on, day), timedelta())
    return due


def due_as_told(duty: DutyDates, day: date) -> date | None:
    """The date as it held on a day that is over: an extension that was given later changes nothing about it."""
    if all(local_day(extension.created_at) <= day for extension in duty.extensions):
        return due_on(duty, day)
    known = [extension for extension in duty.extensions if local_day(extension.created_at) <= day]
    due = known[-1].due_on if known else duty.first_due_on
    since = known[-1].created_at if known else duty.reached_at
    if due is None:
        return None
    for pause in duty.pauses:
        if pause.created_at >= since and pause.starts_on < day:
            due += min(day, pause.ends_on or day) - pause.starts_on
    return due


def days_taken(duty: AnyDuty | DutyDates) -> int | None:
    """Days from reaching the threshold to the answer, pauses included; None while there is none."""
    if duty.answered_at is None:
        return None
    return (local_day(duty.answered_at) - local_day(duty.reached_at)).days


def running_pause(duty: AnyDuty, day: date) -> DutyPause | Pause | None:
    """The pause that runs on `day`."""
    return next((pause for pause in duty.pauses if covers(pause, day)), None)


def covers(pause: DutyPause | Pause | PauseDays, day: date) -> bool:
    """Whether the clock stands still on `day` by this pause."""
    return pause.starts_on <= day and (pause.ends_on is None or day < pause.ends_on)


def was_overdue(duty: DutyDates, day: date) -> bool:
    """Whether, at the end of `day`, the date had passed, the clock ran, and nothing was said."""
    if local_day(duty.reached_at) > day:
        return False
    if duty.answered_at is not None and local_day(duty.answered_at) <= day:
        return False
    if any(covers(pause, day) for pause in duty.pauses):
        return False
    due = due_as_told(duty, day)
    return due is not None and due < day


def standing(duty: AnyDuty | DutyDates, today: date) -> tuple[Standing, date | None]:
    """How a duty to answer stands on a day, and the date that holds (of an answered one: that held when it was given)."""
    if duty.answered_at is not None:
        return Standing.ANSWERED, due_on(duty, local_day(duty.answered_at))
    due = due_on(duty, today)
    if any(covers(pause, today) for pause in duty.pauses):
        return Standing.PAUSED, due
    if due is None:
        return Standing.AWAITING, None
    if due < today:
        return Standing.OVERDUE, due
    if (due - today).days <= SOON_DAYS:
        return Standing.DUE_SOON, due
    return (Standing.EXTENDED if duty.extensions else Standing.AWAITING), due
