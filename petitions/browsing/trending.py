"""What is rising: signatures counted in the last hour, day and week, on petitions that can be signed.

Nothing else goes in. All is read from the counts by minute and by hour, so what it costs does not grow with signatures;
those counts go down when a signature is taken back, held or removed. Each list is that of one minute, and ends where that
minute begins; what is opened, closed or taken back after it changes nothing in it, so that the second page belongs to the first.
So a worker can write down its first places once (`ranks`), and they are read from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    Float,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from petitions import clock
from petitions.browsing import as_it_stood
from petitions.browsing.narrowing import places_named
from petitions.browsing.rows import Listed, by_number
from petitions.browsing.windows import (
    DAY_HOURS,
    HOUR,
    MINUTE,
    WEEK_HOURS,
    Window,
    counted,
    floor_hour,
    newest_sums,
)
from petitions.counts import published_places
from petitions.database import UTCDateTime
from petitions.extensions import db
from petitions.models import MinuteCount, Petition, RisingRank, Topic, petition_topics
from petitions.questions import Question

#: How far back a list can be asked for: the first page of a list is old by the time somebody asks for the second.
LOOK_BACK = HOUR
#: How many of the first places of each list are written down (see `ranks`).
PLACES = 100


class Period(StrEnum):
    """How long a list looks back."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


#: What is before the present hour of the clock in a period; the last hour is counted by minutes.
_BEFORE = {Period.DAY: DAY_HOURS, Period.WEEK: WEEK_HOURS}


@dataclass(frozen=True)
class Rising:
    """A petition and how many signatures of it were counted in a window."""

    petition: Listed
    signatures: int
    here: int | None = None
    """About how many of them came from the place asked for."""


@dataclass(frozen=True)
class Narrow:
    """Which petitions a list is about: with any of these topics (codes), signed in this place (a code or a name)."""

    topics: Sequence[str] = ()
    place: str = ""

    def apply(self, query: Any) -> Any:
        """Those of the petitions in a query that are meant; with a place joined with `here`, its published figures."""
        if self.topics:
            with_topic = select(petition_topics.c.petition_id).join(Topic).where(Topic.code.in_(self.topics))
            query = query.where(Petition.id.in_(with_topic))
        return query

    def figures_here(self) -> Subquery | None:
        """Petitions with the figure that is published of the place; nothing where none was asked for."""
        if not self.place:
            return None
        shown: Any = published_places.in_places()
        figures = select(shown.c.petition_id, func.sum(shown.c.signature_count).label("figure"))
        named = figures.where(shown.c.place_id.in_(places_named(self.place)))
        return named.group_by(shown.c.petition_id).subquery("here")


EVERYTHING = Narrow()
#: What is told of a petition in a list: `total` is how many petitions the whole list has.
FIGURES = ("number", "here", "total")


def this_minute() -> datetime:
    """The beginning of the present minute."""
    return clock.now().replace(second=0, microsecond=0)


NEWEST_RANKS = Question(
    lambda: select(func.max(RisingRank.minute).label("minute")).where(
        RisingRank.minute >= bindparam("oldest", type_=UTCDateTime()),
        RisingRank.minute <= bindparam("newest", type_=UTCDateTime()),
    )
)


def shown_minute() -> datetime:
    """The minute whose lists are shown to whoever names none: the newest whose first places are written down, of the present
    one and the one before; the present one where neither is."""
    present = this_minute()
    written: datetime | None = NEWEST_RANKS.row(oldest=present - MINUTE, newest=present).minute
    return written or present


def window_of(period: Period, at: datetime) -> Window:
    """The hour: 60 minutes up to `at`. The day and the week: the hour of the clock up to `at`, and those before it."""
    if period is Period.HOUR:
        return Window(at - HOUR, at)
    return Window(floor_hour(at) - _BEFORE[period], at)


def ranking(
    period: Period, at: datetime, limit: int, *, narrow: Narrow = EVERYTHING, skip: int = 0
) -> Select[*tuple[Any, ...]]:
    """The numbers of petitions with their `FIGURES`, the most signed of a period first: `limit` of them after `skip`.

    Where two have the same in an hour, the one with more in the day comes first; then the older petition. For a place,
    `here` is about how many of them came from it: the share that the place has in all signatures, by the figures that are
    published. Nothing else is known of places in time, so that nothing can be worked out of a few people.
    """
    summed = newest_sums(at)
    if narrow == EVERYTHING:
        return _ranking_of_all(period, at, limit, skip, summed)
    return _ranking(period, at, limit, skip, summed, narrow)


@lru_cache(maxsize=8)
def _ranking_of_all(
    period: Period, at: datetime, limit: int, skip: int, summed: datetime | None
) -> Select[*tuple[Any, ...]]:
    """The statement alone: while people sign, it is asked again and again in a minute, and building it takes as long as
    asking it."""
    return _ranking(period, at, limit, skip, summed, EVERYTHING)


def _ranking(
    period: Period, at: datetime, limit: int, skip: int, summed: datetime | None, narrow: Narrow
) -> Select[*tuple[Any, ...]]:
    ranked: Any = _signed(period, at, narrow, summed).cte("signed")
    by = "here" if narrow.place else "number"
    if period is Period.HOUR:
        # The day is asked for of those alone whom it can bring among the first.
        last = select(ranked.c[by]).order_by(ranked.c[by].desc()).limit(1).offset(skip + limit - 1)
        least = func.coalesce(last.scalar_subquery(), 0)
        among = select(ranked).where(ranked.c[by] >= least).cte("among")
        day = counted(window_of(Period.DAY, at), "then", only=among, summed=summed)
        ranked = _with_day(among, day)
    order = [ranked.c[by].desc(), ranked.c.number.desc(), ranked.c.day.desc(), ranked.c.petition_id]
    query = select(ranked.c.petition_id, *(ranked.c[name] for name in FIGURES)).order_by(*order)
    return query.limit(limit).offset(skip)


def _with_day(signed: CTE, then: CTE) -> Subquery:
    """The same petitions with the signatures of a day; as one pile that is summed up, because SQLite would join every row of
    the one with every row of the other."""
    day = select(then.c.petition_id, null(), null(), null(), then.c.number)
    pile = union_all(select(signed), day).subquery("pile")
    own = [func.max(pile.c[name]).label(name) for name in FIGURES]
    query = select(pile.c.petition_id, *own, func.max(pile.c.day).label("day"))
    return query.group_by(pile.c.petition_id).subquery("with_day")


def _signed(
    period: Period, at: datetime, narrow: Narrow, summed: datetime | None
) -> Select[*tuple[Any, ...]]:
    """Every petition of a list, in no order: with its `FIGURES`, and 0 for its signatures of a day."""
    inside = counted(window_of(period, at), "inside", summed=summed)
    figures = narrow.figures_here()
    here: Any = cast(literal(None), Float)
    if figures is not None:
        here = cast(inside.c.number, Float) * figures.c.figure / as_it_stood.stood(at).count
    total = func.count().over().label("total")
    known = (inside.c.number, here.label("here"), total, literal(0).label("day"))
    query: Any = select(Petition.id.label("petition_id"), *known)
    query = query.join(inside, inside.c.petition_id == Petition.id)
    if figures is not None:
        query = query.join(figures, figures.c.petition_id == Petition.id)
    signed: Select[*tuple[Any, ...]] = narrow.apply(query).where(
        as_it_stood.was_open(at), inside.c.number > 0
    )
    return signed


def rising(period: Period, at: datetime, limit: int) -> list[Rising]:
    """The most signed of a period."""
    return shown(most_signed(period, at, limit))


def most_signed(
    period: Period, at: datetime, limit: int, *, narrow: Narrow = EVERYTHING, skip: int = 0
) -> Sequence[Any]:
    """The numbers and figures of the most signed of a period, after the first `skip`: as `ranking` has them, and read
    where they are written down."""
    if narrow == EVERYTHING and skip + limit <= PLACES:
        written = RANKS.rows(minute=at, period=period, after=skip, upto=skip + limit)
        if written:
            return written
    return db.session.execute(ranking(period, at, limit, narrow=narrow, skip=skip)).all()


def _ranks() -> Select[*tuple[Any, ...]]:
    minute, period = bindparam("minute", type_=UTCDateTime()), bindparam("period", type_=String())
    after, upto = (bindparam(name, type_=Integer) for name in ("after", "upto"))
    columns = (RisingRank.petition_id, RisingRank.number, null().label("here"), RisingRank.total)
    places = select(*columns).where(RisingRank.place > after, RisingRank.place <= upto)
    return places.where(RisingRank.minute == minute, RisingRank.period == period).order_by(RisingRank.place)


RANKS = Question(_ranks)


def shown(rows: Sequence[Any]) -> list[Rising]:
    """Those that can still be signed. What no longer can keeps its place in the list and is left out."""
    found = by_number([row.petition_id for row in rows])
    return [
        Rising(found[row.petition_id], int(row.number), None if row.here is None else round(row.here))
        for row in rows
        if found[row.petition_id].is_signable
    ]


def how_many(period: Period, at: datetime, narrow: Narrow = EVERYTHING) -> int:
    """How many petitions were signed in a period."""
    every = _signed(period, at, narrow, newest_sums(at)).subquery()
    return db.session.execute(select(func.count()).select_from(every)).scalar_one()


COUNTED_LATELY = Question(
    lambda: select(func.coalesce(func.sum(MinuteCount.signature_count), 0).label("number")).where(
        MinuteCount.petition_id == bindparam("petition_id", type_=Integer),
        MinuteCount.minute >= bindparam("since", type_=UTCDateTime()),
        MinuteCount.minute < bindparam("until", type_=UTCDateTime()),
    )
)


def counted_lately(petition_id: int) -> int:
    """How many signatures of one petition were counted in the last hour."""
    window = window_of(Period.HOUR, this_minute())
    return int(COUNTED_LATELY.row(petition_id=petition_id, since=window.since, until=window.until).number)
