"""A page of what rises: its rows with their figures, the other lists, the topics, and the pages before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from petitions.browsing import queries, trending
from petitions.browsing.cards import Card, cards
from petitions.browsing.rows import Listed, by_number
from petitions.browsing.trending import Period, window_of
from petitions.browsing.trending_asking import UNUSUAL, Asked
from petitions.browsing.unusual import Unusual, unusual
from petitions.browsing.windows import Window
from petitions.models import Topic
from petitions.paging import Page


@dataclass(frozen=True)
class Row:
    """A petition of the list: its signatures in the window, and what would be usual where the list is about that."""

    petition: Listed
    signatures: int
    unusual: Unusual | None = None
    here: int | None = None
    """About how many of them came from the place asked for."""


@dataclass(frozen=True)
class Ranked:
    """Some rows of a list, and how many the whole list has."""

    rows: list[Row]
    total: int


@dataclass(frozen=True)
class TrendingPage:
    """All that the page shows."""

    asked: Asked
    window: Window
    page: Page[tuple[Card, Row]]
    nav: list[tuple[str, str, bool, None]]
    topics: Sequence[Topic]
    has_places: bool

    @property
    def is_about_the_usual(self) -> bool:
        """Whether petitions are compared with what is usual for them."""
        return self.asked.period == UNUSUAL


def window(asked: Asked) -> Window:
    """The stretch of time that a list looks at."""
    return window_of(Period.DAY if asked.period == UNUSUAL else Period(asked.period), asked.at)


def ranked(asked: Asked, *, usual_count: int) -> Ranked:
    """The rows that were asked for; none past the end."""
    count = asked.count or usual_count
    skip = (asked.page - 1) * count
    if asked.period == UNUSUAL:
        found = unusual(asked.at, asked.narrow)
        shown = found[skip : skip + count]
        petitions = by_number([each.petition_id for each in shown])
        rows = [
            Row(petitions[each.petition_id], each.last_day, each)
            for each in shown
            if petitions[each.petition_id].is_signable
        ]
        return Ranked(rows, len(found))
    period = Period(asked.period)
    most = trending.most_signed(period, asked.at, count, narrow=asked.narrow, skip=skip)
    # Past the end there is no row that says how many there are.
    total = most[0].total if most else trending.how_many(period, asked.at, asked.narrow) if skip else 0
    return Ranked(
        [Row(each.petition, each.signatures, here=each.here) for each in trending.shown(most)], total
    )


def trending_page(asked: Asked, *, usual_count: int) -> TrendingPage:
    """The page that was asked for."""
    found = ranked(asked, usual_count=usual_count)
    pages = max(1, -(-found.total // (asked.count or usual_count)))
    made = cards([row.petition for row in found.rows], [row.signatures for row in found.rows])
    return TrendingPage(
        asked=asked,
        window=window(asked),
        page=Page(
            rows=list(zip(made, found.rows, strict=True)),
            number=min(asked.page, pages),
            pages=pages,
            total=found.total,
            previous_url=asked.page_url(min(asked.page - 1, pages)) if asked.page > 1 else None,
            next_url=asked.page_url(asked.page + 1) if asked.page < pages else None,
        ),
        nav=[
            (label, asked.url(period=period, page=1), period == asked.period, None)
            for period, label in (
                (Period.HOUR, _("Last hour")),
                (Period.DAY, _("Last day")),
                (Period.WEEK, _("Last week")),
                (UNUSUAL, _("For its size")),
            )
        ],
        topics=queries.all_topics(),
        has_places=queries.has_places(),
    )
