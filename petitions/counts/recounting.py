"""Counts held against the rows they are made of, and put right. The counting keeps them equal; this shows and mends.

What a count should be is the same query that `petitions.invariants` holds it to. Repairing locks a petition as the
counting does, so that signing goes on meanwhile; thresholds that the true count has reached are crossed, none is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, null, select, union_all

from petitions import audit, clock
from petitions.counts import crossings
from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.invariants import counts
from petitions.models import Petition, Signature

#: Petitions that are looked at in one query: few enough to show that it goes on, many enough to be quick.
AT_ONCE = 500


@dataclass(frozen=True)
class Difference:
    """One petition whose stored counts are not what its rows say. `said` and `counted` are equal where only parts differ."""

    petition_id: int
    said: int
    counted: int
    places: int
    """How many places have another count than the rows say; so for countries and hours."""
    countries: int
    hours: int
    minutes: int
    """Of the last two hours."""

    def __bool__(self) -> bool:
        return self.said != self.counted or any((self.places, self.countries, self.hours, self.minutes))


def portions() -> list[range]:
    """All petitions by their ids, `AT_ONCE` of them in each range."""
    ids = db.session.execute(select(Petition.id).order_by(Petition.id)).scalars().all()
    return [
        range(ids[start], ids[min(start + AT_ONCE, len(ids)) - 1] + 1)
        for start in range(0, len(ids), AT_ONCE)
    ]


def differences(petitions: range) -> Iterator[Difference]:
    """The petitions of one range whose counts differ, by their ids. Reads in the session's present transaction."""
    whole = counts.counts_that_differ(petitions).add_columns(literal(None).label("part")).subquery()
    found = [select(whole.c.petition_id, whole.c.said, whole.c.counted, literal("").label("part"))]
    for model, column in counts.PARTS:
        part = counts.parts_that_differ(model, column, petitions).subquery()
        found.append(select(part.c.petition_id, null(), null(), literal(column)))
    both = union_all(*found).subquery()
    numbers = [func.count().filter(both.c.part == column).label(column) for _, column in counts.PARTS]
    query = (
        select(
            Petition.id,
            func.coalesce(func.max(both.c.said), Petition.signature_count),
            func.coalesce(func.max(both.c.counted), Petition.signature_count),
            *numbers,
        )
        .join(both, both.c.petition_id == Petition.id)
        .group_by(Petition.id)
        .order_by(Petition.id)
    )
    for row in db.session.execute(query):
        yield Difference(*row)


@transactional
def repair(petition_id: int) -> Difference:
    """Put every count of one petition right and fire what was stepped over. Returns what was wrong: false, if nothing."""
    lock = select(Petition).where(Petition.id == petition_id).with_for_update(key_share=True)
    petition = db.session.execute(lock.execution_options(populate_existing=True)).scalar_one()
    # Under the lock: nobody marks a signature counted, or takes the mark off, without it.
    said = petition.signature_count
    rows = select(func.count()).where(Signature.petition_id == petition_id, Signature.counted_at.is_not(None))
    counted = petition.imported_signatures + db.session.execute(rows).scalar_one()
    places, countries, hours, minutes = (_repair_part(petition_id, *part) for part in counts.PARTS)
    difference = Difference(petition_id, said, counted, places, countries, hours, minutes)
    if not difference:
        return difference
    petition.signature_count, petition.updated_at = counted, clock.now()
    db.session.flush()
    audit.record(
        "counts_repaired",
        petition=petition,
        before=said,
        after=counted,
        places=places,
        countries=countries,
        hours=hours,
        minutes=minutes,
    )
    if petition.facts.is_listed and petition.facts.counts_signatures:
        crossings.fire(petition, before=petition.imported_signatures, after=counted)
    return difference


def _repair_part(petition_id: int, model: Any, column: str) -> int:
    """Put the counts by one kind of part right. Returns how many differed."""
    wrong = counts.parts_that_differ(model, column, range(petition_id, petition_id + 1))
    rows = db.session.execute(wrong).all()
    for row in rows:
        statement = insert(model, db.session).values(
            petition_id=petition_id, signature_count=row.counted, **{column: row.part}
        )
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["petition_id", column],
                set_={"signature_count": getattr(model, "imported_signatures", 0) + row.counted},
            )
        )
    return len(rows)
