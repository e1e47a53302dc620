"""I1, I3: every count is what was imported and the rows that carry `counted_at`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, func, literal, select, type_coerce, union_all

from petitions import clock
from petitions.extensions import db
from petitions.invariants.invariant import invariant
from petitions.models import (
    CountryCount,
    HourCount,
    MinuteCount,
    Petition,
    PlaceCount,
    Signature,
    SignatureState,
)
from petitions.models.counts import MINUTES_KEPT
from petitions.moments import hour_of, minute_of

#: The tables of counts by part, and the column that names the part.
PARTS: tuple[tuple[Any, str], ...] = (
    (PlaceCount, "place_id"),
    (CountryCount, "country"),
    (HourCount, "hour"),
    (MinuteCount, "minute"),
)


def part_of_row(column: str) -> Any:
    """In a query over signatures: the part that a counted row belongs to."""
    if column == "hour":
        return hour_of(Signature.counted_at, db.session)
    if column == "minute":
        return minute_of(Signature.counted_at, db.session)
    return getattr(Signature, column)


def _lately(moment: Any, column: str) -> Any:
    """Minutes are held to the rows for as long as all of them are counted; everything else for ever."""
    if column != "minute":
        return literal(True)
    since = clock.now() - MINUTES_KEPT + timedelta(hours=1)
    return moment >= since.replace(second=0, microsecond=0)


def _among(column: Any, petitions: range | None) -> Any:
    return literal(True) if petitions is None else column.between(petitions.start, petitions.stop - 1)


def counts_that_differ(petitions: range | None = None) -> Select[*tuple[Any, ...]]:
    """Petitions (of a range of ids) whose count (`said`) is not what was imported and `counted` rows make up."""
    rows = (
        select(Signature.petition_id, func.count().label("number"))
        .where(Signature.counted_at.is_not(None), _among(Signature.petition_id, petitions))
        .group_by(Signature.petition_id)
        .subquery()
    )
    counted = Petition.imported_signatures + func.coalesce(rows.c.number, 0)
    return (
        select(
            Petition.id.label("petition_id"), Petition.signature_count.label("said"), counted.label("counted")
        )
        .outerjoin(rows, rows.c.petition_id == Petition.id)
        .where(_among(Petition.id, petitions), Petition.signature_count != counted)
    )


def parts_that_differ(model: Any, column: str, petitions: range | None = None) -> Select[*tuple[Any, ...]]:
    """Parts (one place, country, hour or minute of a petition) whose count beyond the imported is not that of the rows."""
    part, own_part = part_of_row(column), getattr(model, column)
    imported = getattr(model, "imported_signatures", literal(0))
    said = select(
        model.petition_id,
        own_part.label("part"),
        (model.signature_count - imported).label("said"),
        literal(0).label("counted"),
    ).where(_among(model.petition_id, petitions), _lately(own_part, column))
    rows = select(Signature.petition_id, part.label("part")).where(
        Signature.counted_at.is_not(None),
        part.is_not(None),
        _among(Signature.petition_id, petitions),
        _lately(Signature.counted_at, column),
    )
    # Named before it is grouped: PostgreSQL takes two equal expressions with parameters for different ones.
    each = rows.subquery()
    counted = select(each.c.petition_id, each.c.part, literal(0), func.count()).group_by(
        each.c.petition_id, each.c.part
    )
    both = union_all(said, counted).subquery()
    return (
        select(
            both.c.petition_id,
            both.c.part,
            func.sum(both.c.said).label("said"),
            func.sum(both.c.counted).label("counted"),
        )
        .group_by(both.c.petition_id, both.c.part)
        .having(func.sum(both.c.said) != func.sum(both.c.counted))
    )


@invariant("I1", about=Petition, broken="petition {petition_id} says {said}, its rows say {counted}")
def counts_are_the_counted_rows() -> Select[*tuple[Any, ...]]:
    """The public count is what came with an import and every row that carries `counted_at`."""
    return counts_that_differ()


@invariant("I1", about=Signature, broken="signature {id} of petition {petition_id} is {state} and counted")
def only_valid_signatures_are_counted() -> Select[*tuple[Any, ...]]:
    """A counted signature is a valid one."""
    state = type_coerce(Signature.state, String).label("state")
    return select(Signature.id, Signature.petition_id, state).where(
        Signature.counted_at.is_not(None), Signature.state != SignatureState.VALIDATED
    )


@invariant(
    "I1",
    about=Signature,
    broken="signature {id} of petition {petition_id} is valid and not counted",
    at_rest_only=True,
)
def nothing_valid_waits() -> Select[*tuple[Any, ...]]:
    """Every valid signature is counted."""
    return select(Signature.id, Signature.petition_id).where(
        Signature.state == SignatureState.VALIDATED, Signature.counted_at.is_(None)
    )


_PART = "petition {petition_id}, {part}: says {said} beyond what was imported, its rows say {counted}"


@invariant("I3", about=PlaceCount, broken=_PART.replace("{part}", "place {part}"))
def places_add_up() -> Select[*tuple[Any, ...]]:
    """The counts by place are those of the counted rows."""
    return parts_that_differ(PlaceCount, "place_id")


@invariant("I3", about=CountryCount, broken=_PART)
def countries_add_up() -> Select[*tuple[Any, ...]]:
    """The counts by country are those of the counted rows."""
    return parts_that_differ(CountryCount, "country")


@invariant("I3", about=HourCount, broken=_PART)
def hours_add_up() -> Select[*tuple[Any, ...]]:
    """The counts by hour are those of the counted rows."""
    return parts_that_differ(HourCount, "hour")


@invariant("I3", about=MinuteCount, broken=_PART, of_the_moment=True)
def minutes_add_up() -> Select[*tuple[Any, ...]]:
    """The counts by minute are those of the counted rows, for the last two hours."""
    return parts_that_differ(MinuteCount, "minute")
