"""Which list of what rises is asked for, read from an address: anything odd falls back, nothing is an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from petitions import links
from petitions.browsing import as_it_stood, asking, trending
from petitions.browsing.trending import Narrow, Period

#: The list of what is signed more than usual, beside those of the periods.
UNUSUAL = "rising"
PERIODS = (*(str(period) for period in Period), UNUSUAL)
USUAL_COUNT = 20
#: Programs get ten, as from the UK's API.
USUAL_COUNT_FOR_PROGRAMS = 10


@dataclass(frozen=True)
class Asked:
    """Which list, of which minute, about which topics, signed in which place, and which page of it."""

    period: str
    at: datetime
    is_dated: bool
    """The address names the minute."""
    topics: tuple[str, ...] = ()
    place: str = ""
    """The code or the name of an area or a region, as it was typed."""
    page: int = 1
    count: int | None = None

    @property
    def narrow(self) -> Narrow:
        """Which petitions it is about."""
        return Narrow(self.topics, self.place)

    def parameters(self, *, usual_count: int = USUAL_COUNT) -> dict[str, Any]:
        """What an address must say to get this. The pages after the first name the minute."""
        given: dict[str, Any] = {
            "at": as_it_stood.written(self.at) if self.is_dated else None,
            "count": self.count if self.count not in (None, usual_count) else None,
            "page": self.page if self.page != 1 else None,
            "place": self.place,
            "period": self.period if self.period != Period.HOUR else None,
            "topic": list(self.topics),
        }
        return {name: value for name, value in given.items() if value}

    def url(self, **changes: Any) -> str:
        """The address of the page, changed in part."""
        return url_for("browsing.trending", **replace(self, **changes).parameters())

    def page_url(self, page: int) -> str:
        """The address of another page of the same list."""
        return self.url(page=page, is_dated=True)

    def full_url(self, endpoint: str, **changes: Any) -> str:
        """The full address of the same list in another form."""
        asked = replace(self, **changes)
        return links.absolute(endpoint, **asked.parameters(usual_count=USUAL_COUNT_FOR_PROGRAMS))


def read(arguments: MultiDict[str, str]) -> Asked:
    """What the address asks for. A minute that is too long ago, or still to come, is the one that is shown to everybody."""
    common = asking.read(arguments)
    period, now = arguments.get("period", ""), trending.this_minute()
    named = as_it_stood.read(arguments.get("at", ""))
    is_dated = named is not None and now - trending.LOOK_BACK <= named <= now
    return Asked(
        period=period if period in PERIODS else Period.HOUR,
        at=named if named is not None and is_dated else trending.shown_minute(),
        is_dated=is_dated,
        topics=common.topics,
        place=common.place,
        page=common.page,
        count=common.count if arguments.get("count") else None,
    )
