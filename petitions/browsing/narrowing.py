"""A query over petitions, narrowed and ordered as a reader asked: by words, subject, place, day, size and answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, select

from petitions.browsing import as_it_stood, search
from petitions.browsing.as_it_stood import Moment
from petitions.browsing.asking import Asked
from petitions.browsing.sorting import RELEVANCE, SORTS, published_at
from petitions.browsing.standing import STANDINGS
from petitions.counts import published_places
from petitions.extensions import db, settings
from petitions.models import (
    Department,
    Petition,
    Place,
    Topic,
    petition_departments,
    petition_topics,
)
from petitions.search_index.words import folded


def narrowed(query: Any, asked: Asked) -> Any:
    """Those of the petitions in `query` that are asked for; states are not looked at."""
    if asked.q:
        query = query.where(Petition.id.in_(select(search.matching(asked.q).c.petition_id)))
    conditions = _conditions(asked)
    # A statement that stays the same object need not be looked through again.
    return query.where(*conditions) if conditions else query


def ordered(query: Any, asked: Asked, *, in_title: bool = False) -> Any:
    """Those that are asked for, in the order that applies now. `in_title`: as in `in_order`."""
    found, keys = in_order(query, asked, as_it_stood.present(), in_title=in_title)
    return found.order_by(*keys)


def in_order(
    query: Any, asked: Asked, moment: Moment, *, in_title: bool = False
) -> tuple[Any, list[UnaryExpression[Any]]]:
    """Those that are asked for, and what they are ordered by as it stood at a moment. `in_title`: of those that match best,
    only the first, which have the words in their titles."""
    if not asked.is_by_match:
        sort = SORTS.get(asked.order)
        # Without words there is nothing to match best: the list keeps its own order.
        order = sort.order if sort and sort.key != RELEVANCE else asked.list.order
        return narrowed(query, asked), order(moment)
    found = search.matching(asked.q, in_title=in_title)
    matched = query.join(found, found.c.petition_id == Petition.id).where(*_conditions(asked))
    return matched, [found.c.rank.desc(), moment.count.desc(), Petition.id.desc()]


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    count = as_it_stood.stood(asked.at).count if asked.at else Petition.signature_count
    conditions = [*_subjects(asked), *_days(asked)]
    if asked.place:
        conditions.append(Petition.id.in_(_signed_in(asked.place)))
    if asked.least is not None:
        conditions.append(count >= asked.least)
    if asked.most is not None:
        conditions.append(count <= asked.most)
    if asked.response:
        conditions.append(STANDINGS[asked.response].holds())
    return conditions


def _subjects(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.topics:
        about = select(petition_topics.c.petition_id).join(Topic).where(Topic.code.in_(asked.topics))
        conditions.append(Petition.id.in_(about))
    if asked.department:
        put_to = (
            select(petition_departments.c.petition_id)
            .join(Department)
            .where(Department.slug == asked.department)
        )
        conditions.append(Petition.id.in_(put_to))
    return conditions


def _days(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.since is not None:
        conditions.append(published_at() >= _midnight(asked.since))
    if asked.until is not None and asked.until < date.max:
        conditions.append(published_at() < _midnight(asked.until + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    """When a day begins in the site's zone. The first and the last year have no room for zones: there it begins in UTC."""
    if not date.min.year < day.year < date.max.year:
        return datetime.combine(day, time(), UTC)
    return datetime.combine(day, time(), settings().timezone)


def _signed_in(typed: str) -> Any:
    """Petitions with so many signatures from an area or a region that a figure of it is published."""
    shown = published_places.in_places()
    return select(shown.c.petition_id).where(shown.c.place_id.in_(places_named(typed)))


def places_named(typed: str) -> list[int]:
    """The areas and regions meant by a code, a name, or, where no area is called so, by the beginning of a name."""
    wanted = folded(typed)
    known = [
        (row.id, row.code, folded(row.name))
        for row in db.session.execute(select(Place.id, Place.code, Place.name))
    ]
    exactly = [number for number, code, name in known if wanted == name or typed.upper() == code]
    return exactly or [number for number, _, name in known if wanted and name.startswith(wanted)]
