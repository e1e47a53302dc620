"""The debate on a petition: its day, and what came of it. Each is announced once to whoever asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from petitions import audit, clock
from petitions.database import insert_new, transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import DEBATE, Debate, Duty, Petition, PetitionThreshold, Staff
from petitions.responses.announcing import announce


@dataclass(frozen=True)
class DebateOutcome:
    """What came of a debate. The addresses begin with https://."""

    debated: bool
    debated_on: date | None
    overview: str
    transcript_url: str | None = None
    video_url: str | None = None
    research_url: str | None = None
    public_engagement_url: str | None = None
    summary_url: str | None = None


@transactional
def schedule(petition_id: int, *, scheduled_on: date, by: Staff) -> None:
    """Set the day of the debate; a day that was set before is replaced, and the new one is announced."""
    petition, debate = _locked(petition_id)
    if debate.debated is not None:
        raise StateChanged("the debate is over")
    before = debate.scheduled_on
    if before == scheduled_on:
        return
    debate.scheduled_on, debate.scheduled_at, debate.updated_at = scheduled_on, clock.now(), clock.now()
    _answer_duties(petition)
    line = audit.record(
        "debate_scheduled",
        petition=petition,
        by=by,
        before=before.isoformat() if before else None,
        scheduled_on=scheduled_on.isoformat(),
    )
    day = scheduled_on.isoformat()
    announce("debate_scheduled", key=f"debate:{petition.id}:{line.id}", petition=petition, scheduled_on=day)


@transactional
def give_outcome(petition_id: int, *, outcome: DebateOutcome, by: Staff) -> None:
    """Say what came of the debate. Corrected words replace the old; the mail goes once."""
    petition, debate = _locked(petition_id)
    for name, value in asdict(outcome).items():
        setattr(debate, name, value)
    debate.outcome_at = debate.outcome_at or clock.now()
    debate.updated_at = clock.now()
    _answer_duties(petition)
    audit.record("debate_outcome", petition=petition, by=by, debated=outcome.debated)
    announce("debate_outcome", key=f"debate:{petition.id}:outcome", petition=petition)


def _locked(petition_id: int) -> tuple[Petition, Debate]:
    """The petition and its debate, made now where it has none."""
    petition = db.session.get(Petition, petition_id)
    if petition is None or not petition.was_published or not petition.facts.text_is_public:
        raise NotFound("no published petition")
    now = clock.now()
    insert_new(Debate, db.session, petition_id=petition_id, overview="", created_at=now, updated_at=now)
    debate = db.session.execute(
        select(Debate).where(Debate.petition_id == petition_id).with_for_update()
    ).scalar_one()
    return petition, debate


def _answer_duties(petition: Petition) -> None:
    """A debate that is set, held or refused has been considered."""
    duties = db.session.execute(
        select(Duty)
        .join(
            PetitionThreshold,
            (PetitionThreshold.petition_id == Duty.petition_id)
            & (PetitionThreshold.key == Duty.threshold_key),
        )
        .where(
            Duty.petition_id == petition.id,
            PetitionThreshold.duty == DEBATE,
            Duty.answered_at.is_(None),
        )
    ).scalars()
    for duty in duties:
        duty.answered_at = clock.now()
