"""From "so many days ago" to moments: the same story at any time it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from petitions import clock, due_dates
from petitions.demo.story import Story
from petitions.extensions import settings


@dataclass(frozen=True, slots=True)
class Clock:
    """One telling of the demo: the moment it is told at, and the zone its days are counted in."""

    now: datetime
    zone: ZoneInfo

    @classmethod
    def at_present(cls) -> Clock:
        """The demo told now."""
        return cls(clock.now(), settings().timezone)

    def day(self, days_ago: int) -> date:
        """The date so many days before today (negative: after)."""
        return self.now.astimezone(self.zone).date() - timedelta(days=days_ago)

    def moment(self, days_ago: int, random: Random) -> datetime:
        """A moment of that day in waking hours; today: within the last two hours."""
        if days_ago <= 0:
            return self.now - timedelta(minutes=random.randint(40, 110))
        waking = time(random.randint(9, 20), random.randint(0, 59), random.randint(0, 59))
        return datetime.combine(self.day(days_ago), waking, tzinfo=self.zone).astimezone(UTC)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A given time of the day so many days ago; never later than now."""
        moment = datetime.combine(self.day(days_ago), time(hour, minute), tzinfo=self.zone)
        return min(moment.astimezone(UTC), self.now)


@dataclass(frozen=True, slots=True)
class Life:
    """When each thing happened to one petition; `None` where it did not."""

    created: datetime
    confirmed: datetime | None
    lapses: datetime | None
    in_review: datetime | None
    opened: datetime | None
    closes: datetime | None
    ended: datetime | None
    """Withdrawn, lapsed, refused, taken down, or closed by its deadline."""
    signed_until: datetime
    """No signature is later."""


def life_of(story: Story, times: Clock, random: Random) -> Life:
    """The life of a petition as moments, in the order they must have."""
    site = settings()
    created = times.moment(story.started, random)
    confirmed = None if story.state == "pending" else created + timedelta(minutes=random.randint(3, 30))
    opened = None if story.published is None else times.moment(story.published, random)
    closes = None if opened is None else due_dates.closing_time(opened, site.petition_months).astimezone(UTC)
    ended = closes if story.state == "closed" else None
    days = story.ended if story.refusal is None else story.refusal.day
    if days is not None:
        ended = times.moment(days, random)
    return Life(
        created=created,
        confirmed=confirmed,
        lapses=confirmed + timedelta(days=site.supporters_days) if confirmed else None,
        in_review=None if story.in_review is None else times.moment(story.in_review, random),
        opened=opened,
        closes=closes,
        ended=ended,
        signed_until=min(ended or times.now, times.now),
    )
