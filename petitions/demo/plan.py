"""Decides which signatures of a petition become rows and when they were counted; the rest are counts without rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from petitions.demo.growth import HOUR, Anchor, floor_hour
from petitions.demo.moments import Life
from petitions.demo.story import Story

#: Of the signatures of the last day, at most so many are rows; older ones are counts without rows.
MOST_RECENT_ROWS = 800
#: A petition with no more signatures than this has a row for each.
ALL_ROWS_UP_TO = 100
#: The hour in which a threshold is reached begins so far below it and ends so far above.
BELOW, ABOVE = 25, 17


@dataclass(frozen=True, slots=True)
class Plan:
    """The moments of one petition's rows, and how many signatures have none."""

    supporters: list[datetime]
    recent: list[datetime]
    imported: int
    anchors: list[Anchor]
    """The points that the curve of the signatures without rows runs through."""


def make_plan(story: Story, life: Life, reached: dict[int, datetime], random: Random) -> Plan:
    """Plan the signatures of one petition. `reached` says when each threshold was reached."""
    if life.confirmed is None:
        return Plan([], [], 0, [])
    until = life.in_review or min(life.signed_until, life.confirmed + timedelta(days=2))
    supporters = _between(life.confirmed, until, story.supporters, random)
    early = 1 + len(supporters)
    if life.opened is None or story.count <= early:
        return Plan(supporters, [], 0, [])
    recent = _recent(story, life.opened, life.signed_until, story.count - early, random)
    imported = story.count - early - len(recent)
    anchors = _anchors(life.opened, life.signed_until, reached, start=early, end=early + imported)
    return Plan(supporters, recent, imported, anchors)


def _between(since: datetime, until: datetime, number: int, random: Random) -> list[datetime]:
    """So many moments in a stretch of time; the last is its very end."""
    if not number:
        return []
    inner = sorted(since + (until - since) * random.uniform(0.02, 0.98) for _ in range(number - 1))
    return [*inner, until]


def _recent(story: Story, opened: datetime, until: datetime, rest: int, random: Random) -> list[datetime]:
    """All signatures of a small petition; of a large one the last hour's, and some of the day before."""
    hour_ago = until - timedelta(minutes=59)
    last_hour = _between(hour_ago, until - timedelta(seconds=20), min(story.last_hour, rest), random)
    rest -= len(last_hour)
    if story.count > ALL_ROWS_UP_TO:
        rest = min(rest // 2, 14 * story.last_hour, MOST_RECENT_ROWS)
        opened = max(opened, until - timedelta(hours=24))
    return _between(opened, max(opened, hour_ago), rest, random) + last_hour


def _anchors(
    opened: datetime, until: datetime, reached: dict[int, datetime], *, start: int, end: int
) -> list[Anchor]:
    anchors = [(floor_hour(opened), start)]
    for value, moment in sorted(reached.items()):
        hour = floor_hour(moment)
        anchors += [(hour, value - BELOW), (hour + HOUR, value + ABOVE)]
    return [*anchors, (max(floor_hour(until), anchors[-1][0] + HOUR), end)]
