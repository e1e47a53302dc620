"""What a reader asks a list for, read from an address: anything odd falls back, nothing is an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from petitions.addresses import HIGHEST
from petitions.browsing.lists import LISTS, PetitionList
from petitions.browsing.search_terms import LONGEST

#: The UK's page lengths: 25, up to 50 where asked for.
USUAL_COUNT = 25
MOST_COUNT = 50
LAST_PAGE = 99_999


@dataclass(frozen=True)
class Asked:
    """Which list, narrowed how, and which page of it. Topics are codes; a petition with any of them is meant."""

    state: str = "all"
    q: str = ""
    topics: tuple[str, ...] = ()
    department: str = ""
    page: int = 1
    count: int = USUAL_COUNT

    @property
    def list(self) -> PetitionList:
        """The list that `state` names."""
        return LISTS[self.state]

    @property
    def is_narrowed(self) -> bool:
        """Whether less than the whole list is asked for."""
        return bool(self.q or self.topics or self.department)

    @property
    def petition_id(self) -> int | None:
        """The petition that a search made only of digits names."""
        named = _number(self.q)
        return named if named is not None and named <= HIGHEST else None

    def url(self, **changes: Any) -> str:
        """The address of this list, changed in part. What is as usual is left out, the rest stands in alphabetical order."""
        return url_for("browsing.petitions", **self.parameters(**changes))

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """What stands in that address."""
        return dict(sorted(replace(self, **changes)._parameters().items()))

    def _parameters(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            "count": self.count if self.count != USUAL_COUNT else None,
            "department": self.department,
            "page": self.page if self.page != 1 else None,
            "q": self.q,
            "state": self.state if self.state != "all" else None,
            "topic": list(self.topics),
        }
        return {name: value for name, value in given.items() if value}


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
    )


def is_known(arguments: MultiDict[str, str]) -> bool:
    """Whether the list that the address names exists; no name means all."""
    return (arguments.get("state") or "all") in LISTS


def _line(text: str) -> str:
    """One line without control characters, as long as a search may be."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST]).split())[:LONGEST]


def _number(text: str | None) -> int | None:
    """A whole number above 0 in plain digits, else nothing. What is longer than any number is as good as the highest."""
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return (int(text) if len(text) <= 18 else 10**18) or None
