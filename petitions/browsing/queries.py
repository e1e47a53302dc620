"""What browsing reads: petitions of a list with what their rows show, and one petition with all that its page shows."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import joinedload

from petitions.browsing import as_it_stood, found, history, marks, walking
from petitions.browsing.asking import Asked, is_known, read
from petitions.browsing.narrowing import narrowed, ordered
from petitions.browsing.rows import COLUMNS, Listed, by_number, listed
from petitions.browsing.subjects import all_departments, all_topics, has_places
from petitions.errors import Gone, NotFound
from petitions.extensions import db
from petitions.lifecycle import State, states_where
from petitions.models import (
    Crossing,
    Life,
    Petition,
    PetitionThreshold,
    Rejection,
    Response,
)
from petitions.questions import Question

#: A petition, or some of its columns.
Known = TypeVar("Known", bound=Life)

__all__ = [
    "Asked",
    "all_departments",
    "all_topics",
    "answered_lately",
    "as_it_stood",
    "count_of",
    "for_the_public",
    "found",
    "has_places",
    "history",
    "is_known",
    "listed_in_order",
    "listed_petition",
    "marks",
    "newest_number",
    "newest_of",
    "next_thresholds",
    "number_ranges",
    "numbered",
    "numbers_of",
    "petition_with_subjects",
    "petitions_of",
    "public_petition",
    "published_petition",
    "read",
    "rejection_of",
    "responses_of",
    "thresholds_of",
    "walking",
    "which_match",
]


def count_of(asked: Asked, *conditions: ColumnElement[bool]) -> int:
    """How many petitions the list asked for holds, of those that meet the conditions."""
    query = narrowed(select(func.count(Petition.id)).where(asked.list.holds(), *conditions), asked)
    number: int = db.session.execute(query).scalar_one()
    return number


def numbers_of(asked: Asked, *conditions: ColumnElement[bool]) -> array[int]:
    """The numbers of all petitions in the list asked for, in its order, whatever page was asked for: four bytes each."""
    query = ordered(select(Petition.id).where(asked.list.holds(), *conditions), asked)
    # At once: public pages read in autocommit, and PostgreSQL has no cursor there.
    return array("i", db.session.execute(query).scalars())


def petitions_of(asked: Asked) -> list[Listed]:
    """The petitions on the page asked for, in the order asked for, with departments and topics."""
    if asked.is_by_match:
        # Those with the words in the title come first. Of a word that very many have they fill the page, and the others
        # need not be put in order.
        found = _page(asked, in_title=True)
        if len(found) == asked.count:
            return listed(found)
    return listed(_page(asked))


def _page(asked: Asked, *, in_title: bool = False) -> Sequence[Any]:
    skip = (asked.page - 1) * asked.count
    if not asked.is_narrowed:
        return _whole_list(asked.state, asked.sort).rows(count=asked.count, skip=skip)
    query = ordered(select(*COLUMNS).where(asked.list.holds()), asked, in_title=in_title)
    return db.session.execute(query.limit(asked.count).offset(skip)).all()


@cache
def _whole_list(state: str, sort: str) -> Question:
    """A list that is not narrowed, in one of its orders, as it is at the moment of asking."""
    asked = Asked(state=state, sort=sort)
    query = ordered(select(*COLUMNS).where(asked.list.holds()), asked)
    count, skip = (bindparam(name, type_=Integer) for name in ("count", "skip"))
    return Question(lambda: query.limit(count).offset(skip))


def newest_of(asked: Asked, entered: ColumnElement[Any], limit: int) -> list[tuple[Petition, datetime]]:
    """The petitions that came last into the list asked for, each with the moment: `entered` as a column."""
    query = narrowed(select(Petition, entered.label("entered")).where(asked.list.holds()), asked)
    rows = db.session.execute(query.order_by(entered.desc(), Petition.id.desc()).limit(limit))
    return [(petition, moment) for petition, moment in rows]


def which_match(asked: Asked, petition_ids: Collection[int]) -> set[int]:
    """Those of some petitions that the list asked for holds."""
    query = narrowed(select(Petition.id).where(asked.list.holds()), asked)
    return set(db.session.execute(query.where(Petition.id.in_(petition_ids))).scalars())


def petition_with_subjects(petition_id: int) -> Petition | None:
    """A petition in whatever state, with its departments and topics."""
    found = db.session.execute(_with_subjects(), {"petition_id": petition_id})
    return found.unique().scalar_one_or_none()


@cache
def _with_subjects() -> Select[Petition]:
    # Few departments, and an appeal that hardly any petition has, are worth no question of their own.
    parts = (joinedload(Petition.departments), joinedload(Petition.appeal), joinedload(Petition.topics))
    return select(Petition).where(Petition.id == bindparam("petition_id")).options(*parts)


def public_petition(petition_id: int) -> Petition:
    """A petition that the public may know of. Raises as `for_the_public`."""
    return for_the_public(petition_with_subjects(petition_id))


def for_the_public(found: Known | None) -> Known:
    """What was read of a petition, where the public may know of it. Raises `NotFound`, or `Gone` where its words were
    taken down."""
    if found is None or found.current_state is State.LAPSED:
        raise NotFound("no such petition, or no longer one")
    if found.facts.text_is_public or found.facts.takes_supporters:
        return found
    if found.words_are_hidden and found.was_published:
        raise Gone("taken down")
    if found.state is State.WITHDRAWN and found.was_published:
        return found
    raise NotFound("not for the public")


def published_petition(petition_id: int) -> Petition:
    """A petition that the public may know of and that could be signed at some time. Raises as `public_petition`."""
    found = public_petition(petition_id)
    if not found.was_published or found.facts.is_in_moderation:
        raise NotFound("never published")
    return found


THRESHOLDS = Question(
    lambda: (
        select(*PetitionThreshold.__table__.columns)
        .where(PetitionThreshold.petition_id == bindparam("petition_id", type_=Integer))
        .order_by(PetitionThreshold.signatures)
    )
)


def thresholds_of(petition_id: int) -> Sequence[PetitionThreshold]:
    """A petition's thresholds, lowest first: the columns of each."""
    return THRESHOLDS.rows(petition_id=petition_id)


def next_thresholds(petition_ids: list[int]) -> dict[int, PetitionThreshold]:
    """The lowest threshold that each of the petitions has not reached; those that reached all are left out."""
    if not petition_ids:
        return {}
    return {row.petition_id: row for row in NOT_REACHED.rows(petition_ids=petition_ids)}


def _not_reached() -> Select[Any]:
    return (
        select(*PetitionThreshold.__table__.columns)
        .outerjoin(
            Crossing,
            (Crossing.petition_id == PetitionThreshold.petition_id)
            & (Crossing.threshold_key == PetitionThreshold.key),
        )
        .where(
            PetitionThreshold.petition_id.in_(bindparam("petition_ids", expanding=True)),
            Crossing.petition_id.is_(None),
        )
        .order_by(PetitionThreshold.signatures.desc())
    )


NOT_REACHED = Question(_not_reached)


def rejection_of(petition_id: int) -> Rejection | None:
    """Why a petition was refused, with the reason's words."""
    query = (
        select(Rejection).where(Rejection.petition_id == petition_id).options(joinedload(Rejection.reason))
    )
    return db.session.execute(query).scalar_one_or_none()


def listed_petition(petition_id: int | None) -> Petition | None:
    """A petition whose words are public, else nothing."""
    if petition_id is None:
        return None
    query = select(Petition).where(Petition.id == petition_id, Petition.state.in_(states_where("is_listed")))
    return db.session.execute(query).scalar_one_or_none()


def listed_in_order(petition_ids: list[int]) -> list[Listed]:
    """These petitions in this order, with departments and topics; those whose words are not public are left out."""
    found = by_number(petition_ids)
    return [found[number] for number in petition_ids if number in found and found[number].facts.is_listed]


def responses_of(petition_ids: Sequence[int]) -> dict[int, Response]:
    """The latest published answer of each petition that has one."""
    query = select(Response).where(Response.petition_id.in_(petition_ids), Response.published_at.is_not(None))
    return {
        row.petition_id: row for row in db.session.execute(query.order_by(Response.published_at)).scalars()
    }


def answered_lately(limit: int) -> Sequence[Response]:
    """The latest published answers to petitions whose words are public, with petition and department."""
    query = (
        select(Response)
        .join(Response.petition)
        .where(Response.published_at.is_not(None), Petition.state.in_(states_where("is_listed")))
        .order_by(Response.published_at.desc(), Response.id.desc())
        .limit(limit)
        .options(joinedload(Response.petition), joinedload(Response.department))
    )
    return db.session.execute(query).scalars().all()


def number_ranges(length: int) -> list[tuple[int, datetime]]:
    """Of the petitions in the public lists, by their numbers in ranges of `length`: each range that has any, counted from 0,
    with the moment of the last change in it."""
    # Written out, not bound: PostgreSQL must see that it groups by what it selects.
    number = Petition.id // literal_column(str(length))
    query = select(number, func.max(Petition.updated_at)).where(Petition.state.in_(states_where("is_listed")))
    rows = db.session.execute(query.group_by(number).order_by(number))
    return [(int(place), changed_at) for place, changed_at in rows]


def newest_number() -> int | None:
    """The number of the petition that was published last, if there is one."""
    query = select(Petition.id).where(
        Petition.state.in_(states_where("is_listed")), Petition.opened_at.is_not(None)
    )
    return db.session.execute(query.order_by(Petition.opened_at.desc()).limit(1)).scalar_one_or_none()


def numbered(first: int, length: int) -> list[tuple[int, datetime]]:
    """The petitions in the public lists with numbers from `first` on, in a range of `length`: each with its last change,
    which may be that of its answer."""
    listed = Petition.state.in_(states_where("is_listed"))
    in_range = Petition.id.between(first, first + length - 1)
    answered = dict(
        db.session.execute(
            select(Response.petition_id, func.max(Response.updated_at))
            .join(Response.petition)
            .where(listed, in_range, Response.published_at.is_not(None))
            .group_by(Response.petition_id)
        ).all()
    )
    query = select(Petition.id, Petition.updated_at).where(listed, in_range).order_by(Petition.id)
    return [
        (row.id, max(row.updated_at, answered.get(row.id, row.updated_at)))
        for row in db.session.execute(query)
    ]
