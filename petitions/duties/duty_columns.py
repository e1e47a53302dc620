"""A duty to answer by its columns alone: what its status is told by, where many are shown and nothing else of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from petitions.models import Duty


class ThresholdReached(NamedTuple):
    """The threshold of the petition."""

    duty: str
    signatures: int


class Owner(NamedTuple):
    """The department that owes."""

    name: str


class Pause(NamedTuple):
    """Days in which the clock stands still; `ends_on` is the first on which it runs again."""

    starts_on: date
    ends_on: date | None
    reason: str


class Extension(NamedTuple):
    """A later date, and why."""

    due_on: date
    reason: str


@dataclass(slots=True)
class ListedDuty:
    """Names as in `Duty`."""

    id: int
    petition_id: int
    round: int
    follow_up_reason: str
    reached_at: datetime
    due_on: date | None
    answered_at: datetime | None
    threshold: ThresholdReached
    department: Owner | None
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)


#: What the clock of a duty is read from.
AnyDuty = Duty | ListedDuty
