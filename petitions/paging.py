"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Select, func, select

from petitions.extensions import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a long list, and the way to the others (`None` at the ends)."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    previous_url: str | None
    next_url: str | None


def page_of(query: Select[Row], *, number: int, per_page: int, url: Callable[[int], str]) -> Page[Row]:
    """Page `number` of what `query` finds, the nearest one where there is no such page. `url` gives a page's address."""
    counted = query.order_by(None)
    total = db.session.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    shown: Any = query.limit(per_page).offset((number - 1) * per_page)
    rows = cast(Sequence[Row], db.session.execute(shown).scalars().all())
    return Page(
        rows=rows,
        number=number,
        pages=pages,
        total=total,
        previous_url=url(number - 1) if number > 1 else None,
        next_url=url(number + 1) if number < pages else None,
    )
