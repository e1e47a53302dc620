"""The forecast on the real petitions that got 10,000 signatures, each growing by the curve through its own dates and counts.

The data has no counts by the hour, so the curve is a power of time through three points that it does have: published
with nothing, 10,000 on the day it was reached, and its count in the end. Most grow quickly at first and slow down.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from pathlib import Path

import pytest

from petitions.duties.forecast import Forecast, forecast

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "uk-petitions.jsonl.gz"
NEEDED = 10_000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: When the forecast is asked for, in shares of the count that is needed.
SHARES = (0.5, 0.75, 0.9)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the real petitions are not beside the project")


@dataclass(frozen=True)
class Grown:
    """A petition that got there, and how its count grew: 10,000 times (time / time it took) to the power."""

    opened_at: datetime
    reached_at: datetime
    closes_at: datetime
    power: float

    def count(self, moment: datetime) -> float:
        """The count at a moment."""
        return NEEDED * float(((moment - self.opened_at) / (self.reached_at - self.opened_at)) ** self.power)

    def moment(self, share: float) -> datetime:
        """When it had this share of what it needed."""
        return self.opened_at + (self.reached_at - self.opened_at) * share ** (1 / self.power)

    def forecast(self, now: datetime) -> Forecast | None:
        """What was forecast at a moment."""
        floor = now.replace(minute=0, second=0, microsecond=0)
        hours = {}
        for back in range(8 * 24):
            hour = floor - back * HOUR
            if hour >= self.opened_at:
                hours[hour] = int(self.count(min(hour + HOUR, now))) - int(self.count(hour))
        missing = NEEDED - round(self.count(now))
        return forecast(hours, missing=missing, opened_at=self.opened_at, closes_at=self.closes_at, now=now)


def grown() -> Iterator[Grown]:
    """Every petition that took more than a day to get there."""
    with gzip.open(FILE, "rt") as lines:
        for line in lines:
            given = json.loads(line)["attributes"]
            if not given["response_threshold_reached_at"] or given["signature_count"] <= NEEDED:
                continue
            opened, reached = (
                datetime.fromisoformat(given[name]) for name in ("opened_at", "response_threshold_reached_at")
            )
            end = datetime.fromisoformat(given["closed_at"] or given["updated_at"])
            if reached - opened > DAY and end > reached:
                power = log(given["signature_count"] / NEEDED) / log((end - opened) / (reached - opened))
                yield Grown(opened, reached, end, power)


@pytest.fixture(scope="module")
def all_of_them() -> list[Grown]:
    return list(grown())


def test_there_are_enough_to_say_something(all_of_them: list[Grown]) -> None:
    assert len(all_of_them) > 50


@pytest.mark.parametrize("share", SHARES)
def test_the_range_holds_the_day_on_which_it_was_reached(all_of_them: list[Grown], share: float) -> None:
    held = []
    for petition in all_of_them:
        found = petition.forecast(petition.moment(share))
        if found is not None and found.earliest is not None:
            latest = found.latest or petition.closes_at
            held.append(
                found.earliest <= petition.reached_at + 2 * HOUR and petition.reached_at <= latest + 2 * HOUR
            )
    assert len(held) > 40
    assert sum(held) / len(held) >= 0.88


def test_three_days_before_it_is_told_of(all_of_them: list[Grown]) -> None:
    told = []
    for petition in all_of_them:
        now = petition.reached_at - 3 * DAY
        if now - petition.opened_at > DAY:
            found = petition.forecast(now)
            told.append(found is not None and found.is_within(7 * DAY, now))
    assert len(told) > 40
    assert sum(told) / len(told) > 0.9


def test_a_month_before_it_is_not(all_of_them: list[Grown]) -> None:
    told = []
    for petition in all_of_them:
        now = petition.reached_at - 30 * DAY
        if now - petition.opened_at > DAY:
            found = petition.forecast(now)
            told.append(found is not None and found.is_within(7 * DAY, now))
    assert len(told) > 10
    assert sum(told) / len(told) < 0.1
