"""Reading reports: one by its reference, and what waits for moderators, grouped by petition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import joinedload

from petitions.errors import Gone, NotFound
from petitions.extensions import db
from petitions.models import Petition, PetitionReport, RejectionReason
from petitions.reports.references import as_written

RESOLVED_SHOWN = 50


@dataclass(frozen=True)
class Reported:
    """A petition with reports that wait: how many, of which rules, and since when."""

    petition: Petition
    number: int
    rules: list[str]
    since: datetime


def rules() -> Sequence[RejectionReason]:
    """The rules that a petition may break, those first for which its words would be hidden."""
    in_force = select(RejectionReason).where(RejectionReason.retired_at.is_(None))
    order = (RejectionReason.hides.desc(), RejectionReason.position, RejectionReason.code)
    return db.session.execute(in_force.order_by(*order)).scalars().all()


def reportable(petition_id: int) -> Petition:
    """A petition that everybody can read. Raises `NotFound`, or `Gone` where its words were taken down."""
    petition = db.session.get(Petition, petition_id)
    if petition is None:
        raise NotFound("no such petition")
    if petition.facts.text_is_public:
        return petition
    if petition.words_are_hidden and petition.was_published:
        raise Gone("taken down")
    raise NotFound("nothing to see")


def report_of(reference: str) -> PetitionReport:
    """The report with a reference, however that was typed. Raises `NotFound`."""
    wanted = (
        select(PetitionReport)
        .where(PetitionReport.reference == as_written(reference))
        .options(joinedload(PetitionReport.petition))
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound("no such report")
    return found


def rule_titles() -> dict[str, str]:
    """The title of every rule, retired ones included."""
    return {row.code: row.title for row in db.session.execute(select(RejectionReason)).scalars()}


def waiting() -> list[Reported]:
    """Petitions with open reports, the longest waiting first."""
    titles = rule_titles()
    groups: dict[int, list[PetitionReport]] = {}
    query = (
        select(PetitionReport)
        .where(PetitionReport.resolved_at.is_(None))
        .options(joinedload(PetitionReport.petition))
        .order_by(PetitionReport.id)
    )
    for row in db.session.execute(query).scalars():
        groups.setdefault(row.petition_id, []).append(row)
    return [
        Reported(
            petition=rows[0].petition,
            number=len(rows),
            rules=[titles[code] for code in dict.fromkeys(row.code for row in rows)],
            since=rows[0].created_at,
        )
        for rows in groups.values()
    ]


def number_waiting() -> int:
    """How many petitions have reports that nobody has resolved."""
    query = select(func.count(distinct(PetitionReport.petition_id)))
    return db.session.execute(query.where(PetitionReport.resolved_at.is_(None))).scalar_one()


def open_reports(petition_id: int) -> Sequence[PetitionReport]:
    """The reports about a petition that wait, oldest first."""
    query = select(PetitionReport).where(
        PetitionReport.petition_id == petition_id, PetitionReport.resolved_at.is_(None)
    )
    return db.session.execute(query.order_by(PetitionReport.id)).scalars().all()


def resolved_reports(petition_id: int) -> Sequence[PetitionReport]:
    """The newest reports about a petition that are resolved."""
    query = select(PetitionReport).where(
        PetitionReport.petition_id == petition_id, PetitionReport.resolved_at.is_not(None)
    )
    newest = query.order_by(PetitionReport.resolved_at.desc(), PetitionReport.id.desc())
    return db.session.execute(newest.limit(RESOLVED_SHOWN)).scalars().all()


def petition_of(petition_id: int) -> Petition:
    """A petition in whatever state, for staff. Raises `NotFound`."""
    found = db.session.get(Petition, petition_id)
    if found is None:
        raise NotFound("no such petition")
    return found
