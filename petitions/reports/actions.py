"""Report a petition, and say what came of the reports about it."""

from __future__ import annotations

from sqlalchemy import select

from petitions import audit, clock
from petitions.counts.counting import lock_petition
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Petition, PetitionReport, ReportOutcome, Staff
from petitions.reports.references import new_reference


class ResolvedAlready(StateChanged):
    """Somebody else has resolved the reports first."""


@transactional
def report(*, petition_id: int, code: str, words: str) -> str:
    """Keep a report for the moderators; nothing is kept about who made it. Returns its reference.

    Raises `StateChanged` when the petition's words are no longer shown.
    """
    petition = db.session.get_one(Petition, petition_id)
    if not petition.facts.text_is_public:
        raise StateChanged("there is nothing to see that could be reported")
    row = PetitionReport(
        reference=new_reference(), petition_id=petition.id, code=code, body=words, created_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    return row.reference


@transactional
def resolve(*, petition_id: int, newest: int, outcome: ReportOutcome, explanation: str, by: Staff) -> int:
    """Resolve every open report about a petition up to the one numbered `newest`. Returns how many there were.

    `explanation` is read by whoever has one of their references. Raises `ResolvedAlready` when none is open.
    """
    petition = lock_petition(petition_id)
    rows = (
        db.session.execute(
            select(PetitionReport)
            .where(
                PetitionReport.petition_id == petition.id,
                PetitionReport.resolved_at.is_(None),
                PetitionReport.id <= newest,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )
    if not rows:
        raise ResolvedAlready("no report is open")
    now = clock.now()
    for row in rows:
        row.resolved_at, row.outcome, row.explanation, row.staff_id = now, outcome, explanation, by.id
    audit.record(
        "reports_resolved",
        petition=petition,
        by=by,
        number=len(rows),
        outcome=outcome.value,
        explanation=explanation,
    )
    return len(rows)
