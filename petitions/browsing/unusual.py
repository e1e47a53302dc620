"""Rising for its size: which petitions are signed much more than is usual for them, and for petitions like them.

Of an open petition, d is how many signatures it got in the last day, and w how many in the n days before (at most seven:
n is less while it has been open for less). Petitions like it have been open about as long and are about as large; c is what
half of them got in the last day, and half did not. Expected is e = (w + c) / (n + 1): its own week, and one day of the
others, who speak for it while it is young. The rise is (d + 10) / (e + 10): how many times as many as expected. The tens
keep small numbers from looking large. Fewer than 20 signatures in the day, or a rise below 1.5, are no news.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import CTE, ColumnElement, CompoundSelect, Integer, case, cast, func, null, select, union_all

from petitions.browsing import as_it_stood
from petitions.browsing.trending import EVERYTHING, Narrow, Period, window_of
from petitions.browsing.windows import EARLIER, Window, counted, newest_sums
from petitions.database import UTCDateTime
from petitions.extensions import db
from petitions.models import Petition

#: Signatures in the day below which nothing is said of a petition.
FEWEST = 20
#: What is added to both sides of the rise.
CUSHION = 10
#: The rise below which a petition is not called rising.
LEAST = 1.5
USUAL_DAYS = EARLIER.days
DAY = timedelta(days=1)
#: Where one class of age ends and the next begins, and of size.
AGES = (timedelta(days=2), timedelta(days=7), timedelta(days=30))
SIZES = (100, 1_000, 10_000, 100_000)

Class = tuple[int, int]


@dataclass(frozen=True)
class Unusual:
    """One petition's figures. `usual_days` may be a fraction."""

    petition_id: int
    last_day: int
    before: int
    usual_days: float
    like_it: float

    @property
    def expected(self) -> float:
        """How many signatures in a day would be usual."""
        return (self.before + self.like_it) / (self.usual_days + 1)

    @property
    def rise(self) -> float:
        """How many times as many as expected."""
        return (self.last_day + CUSHION) / (self.expected + CUSHION)

    @property
    def is_rising(self) -> bool:
        """Enough people, and enough more than usual."""
        return self.last_day >= FEWEST and self.rise >= LEAST


#: The worked example of the page.
EXAMPLE = Unusual(petition_id=0, last_day=400, before=350, usual_days=7, like_it=30)


def unusual(at: datetime, narrow: Narrow = EVERYTHING) -> list[Unusual]:
    """The petitions that rise for their size, the highest rise first; then the larger number, then the older petition.

    Petitions are compared with all that are like them, whatever their topic. For a place: those of which a figure of it is
    published.
    """
    found = [each for each in figures(at, fewest=FEWEST) if each.is_rising]
    if narrow != EVERYTHING:
        named = narrow.apply(select(Petition.id).where(Petition.id.in_([each.petition_id for each in found])))
        if (here := narrow.figures_here()) is not None:
            named = named.join(here, here.c.petition_id == Petition.id)
        wanted = set(db.session.execute(named).scalars())
        found = [each for each in found if each.petition_id in wanted]
    return sorted(found, key=lambda each: (-each.rise, -each.last_day, each.petition_id))


def figures(at: datetime, *, fewest: int = 0) -> list[Unusual]:
    """The figures of every petition that was open then and got so many signatures in the day.

    One query: a row for each of these, and one for each number of signatures that any petition of a class got.
    """
    day = window_of(Period.DAY, at)
    classes: dict[Class, dict[int, int]] = defaultdict(dict)
    told = []
    for row in db.session.execute(_told_and_usual(_open_then(at, day), fewest)):
        if row.petitions is None:
            told.append(row)
        else:
            classes[row.age, row.size][row.last_day] = row.petitions
    usual = {each: _middle(numbers) for each, numbers in classes.items()}
    return [
        Unusual(
            petition_id=row.id,
            last_day=int(row.last_day),
            before=int(row.before),
            usual_days=_usual_days(row.opened_at, day.since),
            like_it=usual[row.age, row.size],
        )
        for row in told
    ]


def _told_and_usual(then: CTE, fewest: int) -> CompoundSelect[Any]:
    """Those that got enough in the day, without `petitions`; and, of each class, how many `petitions` got which number."""
    told = select(then, null().label("petitions")).where(then.c.last_day >= fewest)
    group = (then.c.age, then.c.size, then.c.last_day)
    rest = (cast(null(), UTCDateTime), *group, cast(null(), Integer))
    usual = select(cast(null(), Integer), *rest, func.count()).group_by(*group)
    return union_all(told, usual)


def _middle(numbers: dict[int, int]) -> float:
    """The median, where it is known how many have each number."""
    ordered = sorted(numbers)
    upto = list(accumulate(numbers[each] for each in ordered))
    low, high = (ordered[bisect_right(upto, (upto[-1] - odd) // 2)] for odd in (1, 0))
    return (low + high) / 2


def _open_then(at: datetime, day: Window) -> CTE:
    """Every petition that was open: its signatures in the day and before, how old it was, and how large before the day."""
    both = Window(day.since - EARLIER, day.until)
    found = counted(both, "both", apart_from=day.since, summed=newest_sums(both.until))
    moved = as_it_stood.moves_since(at).subquery("moves")
    last_day = func.coalesce(found.c.late, 0)
    size = Petition.signature_count - func.coalesce(moved.c.number, 0) - last_day
    return (
        select(
            Petition.id,
            Petition.opened_at,
            _steps(*(Petition.opened_at <= at - age for age in AGES)).label("age"),
            _steps(*(size >= each for each in SIZES)).label("size"),
            last_day.label("last_day"),
            func.coalesce(found.c.number - found.c.late, 0).label("before"),
        )
        .outerjoin(found, found.c.petition_id == Petition.id)
        .outerjoin(moved, moved.c.petition_id == Petition.id)
        .where(as_it_stood.was_open(at))
        .cte("open_then")
    )


def _steps(*reached: ColumnElement[bool]) -> Any:
    """How many of the steps are reached: each takes those before it along."""
    numbered = list(enumerate(reached, start=1))
    return case(*((step, number) for number, step in reversed(numbered)), else_=0)


def _usual_days(opened_at: datetime, day_began: datetime) -> float:
    """Days before the last one in which it could be signed, seven at most."""
    return min(max((day_began - opened_at) / DAY, 0.0), float(USUAL_DAYS))
