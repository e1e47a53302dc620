"""Writes the second looks of the demo: appeals against refusals, words that were corrected, and reports by readers."""

from __future__ import annotations

from sqlalchemy import select

from petitions import audit
from petitions.demo.story import Appealed, Corrected, Reported
from petitions.demo.telling import APPEALS_DECIDED, Telling, Told, decided
from petitions.extensions import db
from petitions.models import (
    Appeal,
    DecisionKind,
    PetitionReport,
    PetitionText,
    ReportOutcome,
    Signature,
)

#: Of every petition of the demo that is reported: its reports have references that can be looked up.
REFERENCE = "DEM0{number}-{petition:05}"


def look_again(told: Told, telling: Telling) -> None:
    """Write what somebody looked at a second time."""
    if told.story.appeal is not None:
        _appeal(told, told.story.appeal, telling)
    if told.story.corrected is not None:
        _correct(told, told.story.corrected, telling)
    for number, reported in enumerate(told.story.reports):
        _report(told, number, reported, telling)


def _appeal(told: Told, appeal: Appealed, telling: Telling) -> None:
    """An appeal; of one that was upheld also the refusal before it, which the petition no longer shows."""
    petition, history, times = told.petition, telling.history, telling.times
    moderator, other = telling.offices.moderator, telling.offices.other_moderator
    refusal = appeal.refusal or told.story.refusal
    assert refusal is not None
    if appeal.refusal is not None:
        refused_at = times.at(appeal.refusal.day, 11)
        history.add(refused_at, "rejected", petition, by=moderator, code=refusal.code, taken_down=False)
        decided(told, DecisionKind.REJECTED, refused_at, telling, code=refusal.code)
    row = Appeal(
        petition_id=petition.id,
        reason=appeal.reason,
        made_at=times.at(appeal.made, 19, 20),
        refused_by_id=moderator.id,
    )
    history.add(row.made_at, "appealed", petition, actor=audit.PETITIONER, code=refusal.code)
    if appeal.decided is not None:
        row.decided_at, row.upheld = times.at(appeal.decided, *APPEALS_DECIDED), appeal.upheld
        row.explanation, row.decided_by_id = appeal.explanation, other.id
        action = "appeal_upheld" if appeal.upheld else "appeal_dismissed"
        history.add(row.decided_at, action, petition, by=other, explanation=appeal.explanation)
    if appeal.upheld:
        petition.restored_at = row.decided_at
    db.session.add(row)


def _correct(told: Told, corrected: Corrected, telling: Telling) -> None:
    """The words as they stand are the second version; before, the background was another."""
    petition, moderator, at = (
        told.petition,
        telling.offices.moderator,
        telling.times.at(corrected.day, 10, 15),
    )
    petition.text_version = 2
    later = select(Signature).where(Signature.petition_id == petition.id, Signature.created_at > at)
    db.session.add(
        PetitionText(
            petition_id=petition.id,
            version=2,
            action=petition.action,
            background=petition.background,
            additional_details=petition.additional_details,
            created_at=at,
            staff_id=moderator.id,
            reason=corrected.reason,
        )
    )
    for signature in db.session.execute(later).scalars():
        signature.text_version = 2
    telling.history.add(at, "text_changed", petition, by=moderator, version=2, reason=corrected.reason)


def _report(told: Told, number: int, reported: Reported, telling: Telling) -> None:
    row = PetitionReport(
        reference=REFERENCE.format(number=number, petition=told.petition.id),
        petition_id=told.petition.id,
        code=reported.code,
        body=reported.words,
        created_at=telling.times.at(reported.day, 13, 5),
    )
    if reported.resolved is not None:
        moderator = telling.offices.moderator
        row.resolved_at, row.outcome = (
            telling.times.at(reported.resolved, 16),
            ReportOutcome(reported.outcome),
        )
        row.explanation, row.staff_id = reported.explanation, moderator.id
        telling.history.add(
            row.resolved_at,
            "reports_resolved",
            told.petition,
            by=moderator,
            number=1,
            outcome=reported.outcome,
            explanation=reported.explanation,
        )
    db.session.add(row)
