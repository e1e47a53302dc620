"""What a reader asks a list for, read from an address: anything odd falls back, nothing is an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from petitions.addresses import HIGHEST
from petitions.browsing import as_it_stood
from petitions.browsing.lists import LISTS, PetitionList
from petitions.browsing.search_terms import LONGEST
from petitions.browsing.sorting import RELEVANCE, SORTS
from petitions.browsing.standing import STANDINGS

#: The UK's page lengths: 25, up to 50 where asked for.
USUAL_COUNT = 25
MOST_COUNT = 50
LAST_PAGE = 99_999


@dataclass(frozen=True)
class Asked:
    """Which list, narrowed how, sorted how, and which page of it.

    Everything that narrows must be true together; of `topics` any one. Dates are days in the site's zone, both included.
    """

    state: str = "all"
    q: str = ""
    topics: tuple[str, ...] = ()
    """Codes; a petition with any of them is meant."""
    department: str = ""
    """A slug."""
    page: int = 1
    count: int = USUAL_COUNT
    sort: str = ""
    """A key of `SORTS`; nothing where nothing (known) was asked for: see `order`."""
    place: str = ""
    """The code or the name of an area, as it was typed."""
    since: date | None = None
    """Published on that day or later; what was never published counts from the day it was made."""
    until: date | None = None
    least: int | None = None
    """Signatures at least."""
    most: int | None = None
    """Signatures at most."""
    response: str = ""
    """A key of `STANDINGS`: how the answer stands."""
    at: datetime | None = None
    """The minute of whose beginning the order is; nothing: the order of now."""

    @property
    def list(self) -> PetitionList:
        """The list that `state` names."""
        return LISTS[self.state]

    @property
    def order(self) -> str:
        """The key of `SORTS` that applies: what was asked for, else by relevance where words were, else "": the list's own."""
        return self.sort or (RELEVANCE if self.q else "")

    @property
    def is_by_match(self) -> bool:
        """Whether what matches the words best comes first."""
        return bool(self.q) and self.order == RELEVANCE

    @property
    def is_narrowed(self) -> bool:
        """Whether less than the whole list is asked for."""
        return bool(self.q or self.topics or self.department or self.has_more_filters)

    @property
    def has_more_filters(self) -> bool:
        """Whether it is narrowed by what stands behind "More filters"."""
        return bool(self.place or self.since or self.until or self.response) or (
            self.least is not None or self.most is not None
        )

    @property
    def petition_id(self) -> int | None:
        """The petition that a search made only of digits names."""
        named = _number(self.q)
        return named if named is not None and named <= HIGHEST else None

    def url(self, **changes: Any) -> str:
        """The address of this list, changed in part."""
        return url_for("browsing.petitions", **self.parameters(**changes))

    def widened(self, **changes: Any) -> Asked:
        """The same list in full, not narrowed by anything but `changes`."""
        return replace(Asked(state=self.state, count=self.count), **changes)

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """What stands in an address that asks for this, changed in part. What is as usual is left out, the rest stands in
        alphabetical order."""
        asked = replace(self, **changes)
        given: dict[str, Any] = {
            "at": as_it_stood.written(asked.at) if asked.at else None,
            "count": asked.count if asked.count != USUAL_COUNT else None,
            "department": asked.department or None,
            "from": asked.since,
            "page": asked.page if asked.page != 1 else None,
            "place": asked.place or None,
            "q": asked.q or None,
            "response": asked.response or None,
            "signatures_from": asked.least,
            "signatures_to": asked.most,
            "sort": asked.sort or None,
            "state": asked.state if asked.state != "all" else None,
            "to": asked.until,
            "topic": list(asked.topics) or None,
        }
        return {name: value for name, value in given.items() if value is not None}


def read(arguments: MultiDict[str, str]) -> Asked:
    """What the address asks for. An unknown list is read as "all": see `is_known`."""
    state = arguments.get("state") or "all"
    return Asked(
        state=state if state in LISTS else "all",
        q=_line(arguments.get("q", "")),
        topics=tuple(dict.fromkeys(code for code in map(_line, arguments.getlist("topic")) if code))[
            :MOST_COUNT
        ],
        department=_line(arguments.get("department", "")),
        page=min(_number(arguments.get("page")) or 1, LAST_PAGE),
        count=min(_number(arguments.get("count")) or USUAL_COUNT, MOST_COUNT),
        sort=_one_of(SORTS, arguments.get("sort")),
        place=_line(arguments.get("place", "")),
        since=_day(arguments.get("from")),
        until=_day(arguments.get("to")),
        least=_size(arguments.get("signatures_from")),
        most=_size(arguments.get("signatures_to")),
        response=_one_of(STANDINGS, arguments.get("response")),
    )


def is_known(arguments: MultiDict[str, str]) -> bool:
    """Whether the list that the address names exists; no name means all."""
    return (arguments.get("state") or "all") in LISTS


def _line(text: str) -> str:
    """One line without control characters, as long as a search may be."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST]).split())[:LONGEST]


def _one_of(known: dict[str, Any], text: str | None) -> str:
    return text if text in known else ""


def _day(text: str | None) -> date | None:
    """A day as forms write it, 2026-11-26, else nothing."""
    try:
        return date.fromisoformat(text) if text and text.isascii() else None
    except ValueError:
        return None


def _size(text: str | None) -> int | None:
    """A number of signatures: 0 is one. "10,000" is what people write."""
    plain = (text or "").strip().replace(",", "").replace(" ", "")
    return 0 if plain == "0" else (min(number, HIGHEST) if (number := _number(plain)) is not None else None)


def _number(text: str | None) -> int | None:
    """A whole number above 0 in plain digits, else nothing. What is longer than any number is as good as the highest."""
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return (int(text) if len(text) <= 18 else 10**18) or None
