"""The public lists: which petitions each holds, in what order, and what it is called.

Names and orders are those of the UK Parliament's lists. Every list holds only what may be shown; the clock, not a job,
decides whether a petition is still open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, func, or_, select, union

from petitions.browsing.as_it_stood import NOW, Moment
from petitions.lifecycle import State, states_where
from petitions.models import DEBATE, RESPONSE, Crossing, Debate, Petition, PetitionThreshold, Response

Condition = Callable[[], ColumnElement[bool]]
Order = Callable[[Moment], list[UnaryExpression[Any]]]


@dataclass(frozen=True)
class PetitionList:
    """One list. `order` is asked anew each time, because the time is in it: of which moment."""

    key: str
    label: LazyString
    title: LazyString
    order_text: LazyString
    holds: Condition
    order: Order


@cache
def is_open() -> ColumnElement[bool]:
    """Can be signed now."""
    return and_(Petition.state == State.OPEN, Petition.closes_at >= NOW)


def _is_closed() -> ColumnElement[bool]:
    return or_(Petition.state == State.CLOSED, and_(Petition.state == State.OPEN, Petition.closes_at < NOW))


def _is_published() -> ColumnElement[bool]:
    return Petition.state.in_([State.OPEN, State.CLOSED])


def _crossings(duty: str) -> Select[int]:
    return select(Crossing.petition_id).join(Crossing.threshold).where(PetitionThreshold.duty == duty)


@cache
def crossed(duty: str) -> ColumnElement[bool]:
    """Reached a threshold that has this duty."""
    return Petition.id.in_(_crossings(duty))


def crossed_at(duty: str) -> ColumnElement[Any]:
    """When a petition first reached a threshold with this duty."""
    first = select(func.min(Crossing.reached_at)).join(Crossing.threshold)
    return first.where(Crossing.petition_id == Petition.id, PetitionThreshold.duty == duty).scalar_subquery()


@cache
def is_answered() -> ColumnElement[bool]:
    """An answer to it was published."""
    return Petition.id.in_(select(Response.petition_id).where(Response.published_at.is_not(None)))


def answered_at() -> ColumnElement[Any]:
    """When its latest answer was published."""
    latest = select(func.max(Response.published_at)).where(Response.petition_id == Petition.id)
    return latest.scalar_subquery()


def _answered_by(moment: Moment) -> ColumnElement[Any]:
    """When the latest answer that there was at a moment was published; the first one where there was none."""
    latest = select(func.max(Response.published_at)).where(
        Response.petition_id == Petition.id, Response.published_at <= moment.at
    )
    first = select(func.min(Response.published_at)).where(Response.petition_id == Petition.id)
    return func.coalesce(latest.scalar_subquery(), first.scalar_subquery())


def debate_fact(column: Any) -> ColumnElement[Any]:
    """What a petition's debate has in a column."""
    found: ColumnElement[Any] = select(column).where(Debate.petition_id == Petition.id).scalar_subquery()
    return found


def _has_debate(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Petition.id.in_(select(Debate.petition_id).where(*conditions))


def _awaits_debate() -> ColumnElement[bool]:
    scheduled = select(Debate.petition_id).where(Debate.debated.is_(None), Debate.scheduled_on.is_not(None))
    has_outcome = select(Debate.petition_id).where(Debate.debated.is_not(None))
    owed = _crossings(DEBATE).where(Crossing.petition_id.not_in(has_outcome))
    # As one pile of numbers: with OR between them each published petition would be looked for in both.
    return and_(_is_published(), Petition.id.in_(union(scheduled, owed)))


def most_signed(moment: Moment) -> list[UnaryExpression[Any]]:
    """The most signatures first."""
    return [moment.count.desc(), Petition.id.desc()]


_ = lazy_gettext
_BY_COUNT = _("most signatures first")
_NEWEST = _("newest first")

LISTS: dict[str, PetitionList] = {
    each.key: replace(each, holds=cache(each.holds))
    for each in (
        PetitionList(
            "all", _("All"), _("All petitions"), _BY_COUNT,
            lambda: Petition.state.in_(states_where("is_listed")), most_signed,
        ),
        PetitionList("open", _("Open"), _("Open petitions"), _BY_COUNT, is_open, most_signed),
        PetitionList(
            "recent", _("Newest"), _("Newest petitions"), _NEWEST,
            is_open, lambda _moment: [Petition.opened_at.desc(), Petition.id.desc()],
        ),
        PetitionList(
            "awaiting_response", _("Answer owed"), _("Petitions owed an answer"), _("longest waiting first"),
            lambda: and_(_is_published(), crossed(RESPONSE), ~is_answered()),
            lambda _moment: [crossed_at(RESPONSE).asc(), Petition.id.asc()],
        ),
        PetitionList(
            "with_response", _("Answered"), _("Answered petitions"), _("latest answer first"),
            lambda: and_(_is_published(), is_answered()), lambda moment: [_answered_by(moment).desc(), Petition.id.desc()],
        ),
        PetitionList(
            "awaiting_debate", _("Awaiting debate"), _("Petitions awaiting a debate"), _("next debate first, then longest waiting"),
            _awaits_debate,
            lambda _moment: [debate_fact(Debate.scheduled_on).asc().nulls_last(), crossed_at(DEBATE).asc().nulls_last(), Petition.id.asc()],
        ),
        PetitionList(
            "debated", _("Debated"), _("Debated petitions"), _("latest debate first"),
            lambda: and_(_is_published(), _has_debate(Debate.debated.is_(True))),
            lambda _moment: [debate_fact(Debate.debated_on).desc().nulls_last(), Petition.id.desc()],
        ),
        PetitionList(
            "not_debated", _("Not debated"), _("Petitions that will not be debated"), _("latest decision first"),
            lambda: and_(_is_published(), _has_debate(Debate.debated.is_(False))),
            lambda _moment: [debate_fact(Debate.outcome_at).desc().nulls_last(), Petition.id.desc()],
        ),
        PetitionList("closed", _("Closed"), _("Closed petitions"), _BY_COUNT, _is_closed, most_signed),
        PetitionList(
            "rejected", _("Rejected"), _("Rejected petitions"), _NEWEST,
            lambda: Petition.state == State.REJECTED, lambda _moment: [Petition.created_at.desc(), Petition.id.desc()],
        ),
    )
}  # fmt: skip
