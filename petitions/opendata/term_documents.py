"""Terms, areas and topics as documents: the lists by which others understand the petitions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from petitions import clock, terms
from petitions.documents import day_or_none
from petitions.duties.duty_days import local_day
from petitions.extensions import db, settings
from petitions.models import Place, Term, Topic
from petitions.places import boundaries

Document = dict[str, Any]


def term_fields(term: Term) -> Document:
    """A term beside its petitions and in the list of terms."""
    return {
        "period": term.period,
        "dissolution_at": _local(term.dissolves_at),
        "government": term.government,
        "response_threshold": term.response_threshold,
        "debate_threshold": term.debate_threshold,
    }


def all_terms() -> list[Document]:
    """The archived terms, the newest first."""
    return [term_fields(term) for term in terms.archived()]


def one_term(period: str) -> Document:
    """A term with its areas. Raises `NotFound`."""
    term = terms.named(period)
    areas = {place.code: _area(place) for place in _areas_on(local_day(term.opens_at))}
    return term_fields(term) | {"constituencies": areas}


def areas_of(period: str | None) -> Document:
    """Areas by their codes, in the order of these, with who represents them: of today, or of a term. Raises `NotFound`.

    The areas of a term are those of the day on which it opened: new boundaries come in with an election.
    """
    day = local_day(terms.named(period).opens_at) if period else clock.today(settings().timezone)
    return {
        place.code: {"mp": place.representative, "party": place.party, **_area(place)}
        for place in _areas_on(day)
    }


def all_topics() -> Document:
    """Topics by their codes, in the order of their names."""
    rows = sorted(db.session.execute(select(Topic)).scalars(), key=lambda topic: topic.name)
    return {topic.code: {"code": topic.code, "name": topic.name} for topic in rows}


def _areas_on(day: date) -> list[Place]:
    """The areas of the boundaries that held on a day; where no boundaries are stored, those that there were by their own days."""
    if boundaries.set_on(day) is not None:
        places = [area.place for area in boundaries.on(day).areas]
    else:
        query = select(Place).where(
            Place.kind == "constituency",
            or_(Place.start_date.is_(None), Place.start_date <= day),
            or_(Place.end_date.is_(None), Place.end_date > day),
        )
        places = list(db.session.execute(query).scalars())
    return sorted(places, key=lambda place: place.code)


def _area(place: Place) -> Document:
    return {
        "constituency": place.name,
        "ons_code": place.code,
        "start_date": day_or_none(place.start_date),
        "end_date": day_or_none(place.end_date),
    }


def _local(moment: datetime | None) -> str | None:
    """In the site's zone with its offset, as the UK's API writes these."""
    return moment.astimezone(settings().timezone).isoformat(timespec="milliseconds") if moment else None
