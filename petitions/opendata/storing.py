"""Stores petitions that were read from a file: one batch, one unit of work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from petitions import audit
from petitions.database import keep_ids_free, transactional
from petitions.extensions import db
from petitions.models import CountryCount, Petition, PetitionText, PlaceCount
from petitions.opendata import named_rows
from petitions.opendata.petition_line import PetitionLine

Numbered = tuple[int, PetitionLine]


@dataclass
class Stored:
    """What became of a batch."""

    imported: int = 0
    already_here: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Numbers of lines, each with the reason."""


@transactional
def store(batch: list[Numbered], source: dict[str, str] | None) -> Stored:
    """Store those petitions of a batch that are not here yet. What is here is never changed.

    `source`, the file's name and hash, is written into the permanent history with the first batch that stores anything.
    """
    result, here = Stored(), _here(batch)
    new = [line for number, line in batch if _is_new(number, line, here, result)]
    if not new:
        return result
    if source is not None:
        audit.record("petitions_imported", source=source)
    _store_petitions(new)
    _store_rows(new)
    _store_counts(new)
    keep_ids_free(Petition.__tablename__, db.session)
    result.imported = len(new)
    return result


def _here(batch: list[Numbered]) -> dict[int, tuple[Any, ...]]:
    """What identifies the petitions that have an id of the batch: words and times that never change."""
    ids = [line.petition.id for _, line in batch]
    query = (
        select(
            Petition.id,
            Petition.created_at,
            Petition.imported_signatures,
            PetitionText.action,
            PetitionText.background,
            PetitionText.additional_details,
        )
        .outerjoin(PetitionText, (PetitionText.petition_id == Petition.id) & (PetitionText.version == 1))
        .where(Petition.id.in_(ids))
    )
    return {row[0]: tuple(row[1:]) for row in db.session.execute(query)}


def _is_new(number: int, line: PetitionLine, here: dict[int, tuple[Any, ...]], result: Stored) -> bool:
    petition, text = line.petition, line.text
    if petition.id not in here:
        return True
    same = (
        petition.created_at,
        petition.imported_signatures,
        text.action,
        text.background,
        text.additional_details,
    )
    if here[petition.id] == same:
        result.already_here += 1
    else:
        result.refused.append(
            (number, f"petition {petition.id} is here already with other content, which was left as it is")
        )
    return False


def _store_petitions(lines: list[PetitionLine]) -> None:
    departments = named_rows.departments(row for line in lines for row in line.departments)
    topics = named_rows.topics(code for line in lines for code in line.topics)
    named_rows.rejection_reasons(line.rejection.code for line in lines if line.rejection)
    for line in lines:
        line.petition.departments = [departments[row.name] for row in line.departments]
        line.petition.topics = [topics[code] for code in line.topics]
        db.session.add(line.petition)
    db.session.flush()


def _store_rows(lines: list[PetitionLine]) -> None:
    """What hangs on the petitions, each kind after the kind that it refers to."""
    for line in lines:
        db.session.add_all(
            [line.text, *line.thresholds, *filter(None, [line.rejection, line.debate]), *line.business]
        )
    db.session.flush()
    db.session.add_all(row for line in lines for row in line.crossings)
    db.session.flush()
    for line in lines:
        owner = line.petition.departments[0].id if line.petition.departments else None
        for duty in line.duties:
            if duty.threshold_key == "response":
                duty.department_id = owner
        db.session.add_all(line.duties)
    db.session.flush()
    for line in lines:
        if line.response is not None:
            duties = {duty.threshold_key: duty.id for duty in line.duties}
            line.response.duty_id = duties.get("response")
            line.response.department_id = (
                line.petition.departments[0].id if line.petition.departments else None
            )
            db.session.add(line.response)
    db.session.flush()


def _store_counts(lines: list[PetitionLine]) -> None:
    places = named_rows.places(row for line in lines for row in line.places.values())
    db.session.flush()
    by_place = [
        _count(line, number) | {"place_id": places[code].id}
        for line in lines
        for code, number in line.place_counts.items()
    ]
    by_country = [
        _count(line, number) | {"country": code}
        for line in lines
        for code, number in line.country_counts.items()
    ]
    if by_place:
        db.session.execute(insert(PlaceCount), by_place)
    if by_country:
        db.session.execute(insert(CountryCount), by_country)


def _count(line: PetitionLine, number: int) -> dict[str, int]:
    return {"petition_id": line.petition.id, "signature_count": number, "imported_signatures": number}
