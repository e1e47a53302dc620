"""Stores petitions that were read from a file: one batch, one unit of work."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from petitions import audit
from petitions.database import keep_ids_free, listed, transactional
from petitions.extensions import db
from petitions.models import RESPONSE, CountryCount, Department, Petition, PetitionText, PlaceCount, Rejection
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
    repeated: dict[int, list[int]] = field(default_factory=dict)
    """Duplicates that may not name their original yet, each with those it may be: they may stand further down in the file."""


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
    _store_rows(new, _store_petitions(new), result)
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
        if line.originals:
            # A run that broke off may have stored it before its original came.
            result.repeated[petition.id] = line.originals
    else:
        result.refused.append(
            (number, f"petition {petition.id} is here already with other content, which was left as it is")
        )
    return False


def _store_petitions(lines: list[PetitionLine]) -> dict[str, Department]:
    # Who owes and who answered is known by name alone, so the petition's own departments come last and are kept.
    named = [Department(name=name) for line in lines for name in _names(line)]
    departments = named_rows.departments([*named, *(row for line in lines for row in line.departments)])
    topics = named_rows.topics(code for line in lines for code in line.topics)
    named_rows.rejection_reasons(line.rejection.code for line in lines if line.rejection)
    for line in lines:
        line.petition.departments = [departments[row.name] for row in line.departments]
        line.petition.topics = [topics[code] for code in line.topics]
        db.session.add(line.petition)
    db.session.flush()
    return departments


def _names(line: PetitionLine) -> list[str]:
    return [*line.owed.departments(), *(each.department for each in line.answers if each.department)]


@transactional
def name_originals(repeated: dict[int, list[int]]) -> None:
    """Let duplicates name the petitions that they repeat, as far as those are here by now."""
    here = _known({each for originals in repeated.values() for each in originals})
    for number, originals in repeated.items():
        if original := next((each for each in originals if each in here), None):
            unnamed = update(Rejection).where(
                Rejection.petition_id == number, Rejection.original_id.is_(None)
            )
            db.session.execute(unnamed.values(original_id=original))


def _known(petition_ids: set[int]) -> set[int]:
    """Those that are here. One parameter, however many: of a whole import there may be more than a statement takes."""
    here = select(Petition.id).where(Petition.id.in_(listed("ids", db.session)))
    return set(db.session.execute(here, {"ids": json.dumps(sorted(petition_ids))}).scalars())


def _store_rows(lines: list[PetitionLine], departments: dict[str, Department], result: Stored) -> None:
    """What hangs on the petitions, each kind after the kind that it refers to."""
    _find_originals(lines, result)
    for line in lines:
        rows = [line.source, line.text, *line.owed.thresholds, line.rejection, line.debate, *line.business]
        db.session.add_all([row for row in rows if row is not None])
    db.session.flush()
    db.session.add_all(row for line in lines for row in line.owed.crossings)
    db.session.flush()
    for line in lines:
        _store_duties(line, departments)
    db.session.flush()
    for line in lines:
        _store_answers(line, departments)
    db.session.flush()


def _find_originals(lines: list[PetitionLine], result: Stored) -> None:
    """A duplicate names the petition it repeats, where that one is here."""
    here = _known({each for line in lines for each in line.originals})
    for line in lines:
        if line.rejection is not None and line.originals:
            line.rejection.original_id = next((each for each in line.originals if each in here), None)
            if line.rejection.original_id is None:
                result.repeated[line.petition.id] = line.originals


def _store_duties(line: PetitionLine, departments: dict[str, Department]) -> None:
    for duty in line.owed.duties:
        owner = line.owed.owners.get((duty.threshold_key, duty.round))
        if owner is not None:
            duty.department_id = departments[owner].id
        elif duty.threshold_key == RESPONSE and not line.owed.owners:
            duty.department_id = _first_department(line)
        for came_from, went_to, row in line.owed.transfers.get((duty.threshold_key, duty.round), ()):
            row.from_department = departments[came_from] if came_from else None
            row.to_department = departments[went_to]
            duty.transfers.append(row)
        db.session.add(duty)


def _store_answers(line: PetitionLine, departments: dict[str, Department]) -> None:
    duties = {(duty.threshold_key, duty.round): duty.id for duty in line.owed.duties}
    for answer in line.answers:
        answer.response.duty_id = duties.get(answer.duty)
        answer.response.department_id = (
            departments[answer.department].id if answer.department else _first_department(line)
        )
        db.session.add_all([answer.response, *answer.commitments])


def _first_department(line: PetitionLine) -> int | None:
    return line.petition.departments[0].id if line.petition.departments else None


def _store_counts(lines: list[PetitionLine]) -> None:
    named_rows.countries(country for line in lines for country in line.countries)
    wanted = [row for line in lines for row in line.places.values()]
    places = named_rows.places(wanted)
    db.session.flush()
    names = named_rows.place_names(wanted, places)
    db.session.flush()
    by_place = [
        _count(line, number) | {"place_id": places[code].id, "named_id": names[line.places[code]].id}
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
