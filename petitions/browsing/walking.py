"""A long list read page after page while it changes: in the order of one moment, each page from where the one before ended.

So nothing that is in the list all the while is missed or seen twice, whoever signs, withdraws, comes or leaves meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, union

from petitions.browsing import as_it_stood, marks
from petitions.browsing.as_it_stood import Moment
from petitions.browsing.asking import Asked
from petitions.browsing.narrowing import in_order
from petitions.browsing.rows import SUBJECTS
from petitions.extensions import db
from petitions.models import Petition

#: More petitions than were signed lately are looked at, because others are signed at this very moment.
SLACK = 200


@dataclass(frozen=True)
class Stretch:
    """The petitions of a page, the marks of the first and the last, and whether there are more on either side."""

    rows: list[Petition]
    first: str
    last: str
    has_before: bool
    has_after: bool


def stretch(asked: Asked, *conditions: ColumnElement[bool], after: str = "", before: str = "") -> Stretch:
    """The page after a mark, or before one, or by its number where there is none. `asked.at` must be given.

    Raises `marks.Unreadable`.
    """
    assert asked.at is not None
    skip = 0 if after or before else (asked.page - 1) * asked.count
    found = _rows(asked, conditions, after or before, is_backwards=bool(before), skip=skip)
    has_more, found = len(found) > asked.count, found[: asked.count]
    if before:
        found.reverse()
    return Stretch(
        rows=[row[0] for row in found],
        first=marks.write(found[0][1:]) if found else "",
        last=marks.write(found[-1][1:]) if found else "",
        has_before=has_more if before else bool(after or skip),
        has_after=bool(before) or has_more,
    )


def _rows(
    asked: Asked, conditions: tuple[ColumnElement[bool], ...], mark: str, *, is_backwards: bool, skip: int
) -> list[Any]:
    """Petitions with what they are ordered by, one more than asked for."""
    assert asked.at is not None

    def wanted(query: Any, moment: Moment) -> tuple[Any, Any]:
        query, keys = in_order(query.where(asked.list.holds(), *conditions), asked, moment)
        values = marks.read(mark, keys) if mark else None
        keys = marks.backwards(keys) if is_backwards else keys
        if values is not None:
            query = query.where(marks.beyond(keys, values))
        return query.order_by(*keys), keys

    moved = as_it_stood.moved_since(asked.at).subquery("moved")
    number = db.session.execute(select(func.count()).select_from(moved)).scalar_one()
    # Who was not signed since stands in the order of then as in that of now, behind no more of the others than there are:
    # few are looked at, and the index of the counts finds them.
    now, _keys = wanted(select(Petition.id), Moment(asked.at, Petition.signature_count.expression))
    near = now.limit(skip + asked.count + 1 + 2 * number + SLACK).subquery("near")
    candidates = union(select(near.c.id), select(moved.c.petition_id))
    query, keys = wanted(select(Petition), as_it_stood.stood(asked.at))
    shown = (
        query.where(Petition.id.in_(candidates))
        .add_columns(*(marks.column(key) for key in keys))
        .limit(asked.count + 1)
        .offset(skip)
        .options(*SUBJECTS)
    )
    return list(db.session.execute(shown).all())
