"""What a reader asks the board for, read from an address: anything odd falls back, nothing is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from petitions.accountability.choosing import ORDERS, STATUSES

USUAL_COUNT = 25
MOST_COUNT = 500
LONGEST_WORDS = 200
LAST_PAGE = 99_999


@dataclass(frozen=True)
class Asked:
    """Which duties, in what order, and which page of them. `sort` begins with - where the order is turned round."""

    status: str = "all"
    department: str = ""
    year: int | None = None
    """The year in which the threshold was reached."""
    q: str = ""
    sort: str = "due"
    page: int = 1
    count: int = USUAL_COUNT

    @property
    def is_narrowed(self) -> bool:
        """Whether less than every duty is asked for."""
        return bool(self.q or self.department or self.year) or self.status != "all"

    def url(self, endpoint: str = "accountability.board", **changes: Any) -> str:
        """The path of this board, changed in part. What is as usual is left out, the rest in alphabetical order."""
        return url_for(endpoint, **self.parameters(**changes))

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """What stands in the address besides its path."""
        asked = replace(self, **changes)
        given = {
            "count": asked.count if asked.count != USUAL_COUNT else None,
            "department": asked.department or None,
            "page": asked.page if asked.page != 1 else None,
            "q": asked.q or None,
            "sort": asked.sort if asked.sort != "due" else None,
            "status": asked.status if asked.status != "all" else None,
            "year": asked.year,
        }
        return {name: value for name, value in given.items() if value is not None}


def read(args: MultiDict[str, str]) -> Asked:
    """What an address asks for."""
    sort = args.get("sort", "due")
    status = args.get("status", "all")
    return Asked(
        status=status if status in STATUSES else "all",
        department=args.get("department", "")[:100].strip(),
        year=_number(args.get("year"), 9999),
        q=" ".join(args.get("q", "").split())[:LONGEST_WORDS],
        sort=sort if sort.removeprefix("-") in ORDERS else "due",
        page=_number(args.get("page"), LAST_PAGE) or 1,
        count=_number(args.get("count"), MOST_COUNT) or USUAL_COUNT,
    )


def _number(text: str | None, highest: int) -> int | None:
    """A number from 1 to `highest`; `None` of anything else."""
    if text is None or not re.fullmatch(r"[0-9]{1,6}", text):
        return None
    return min(int(text), highest) or None
