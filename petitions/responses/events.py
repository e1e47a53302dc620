"""What a timeline is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from petitions.extensions import settings


@dataclass(frozen=True)
class TimelineEvent:
    """One thing that happened, at a moment or on a day."""

    at: datetime | date
    title: str
    text: str = ""
    big: bool = False
    """It changed what somebody owes or is owed."""
    url: str | None = None
    key: str = ""
    """Which fact of the petition it tells, in the same few characters for ever: feeds know it by them."""

    @property
    def moment(self) -> datetime:
        """For sorting: a day stands for its beginning."""
        if isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at, time(), tzinfo=settings().timezone)
