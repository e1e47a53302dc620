"""The debate on a petition: considered, its day, and what came of it. Each is announced once to whoever asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date

from sqlalchemy import select

from petitions import audit, clock
from petitions.announcing import announce, still_public
from petitions.changed_since import NOTHING, WordsChanged, mark_of
from petitions.database import insert_new, transactional
from petitions.debates.picture import Picture
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import DEBATE, Debate, DebatePicture, Duty, Petition, PetitionThreshold, Staff


@dataclass(frozen=True)
class DebateOutcome:
    """What came of a debate. The addresses begin with https://; `declined_reason` is public, of one that will not be."""

    debated: bool
    debated_on: date | None
    overview: str
    declined_reason: str = ""
    transcript_url: str | None = None
    video_url: str | None = None
    research_url: str | None = None
    public_engagement_url: str | None = None
    summary_url: str | None = None


#: What one person may change while another has it open, by the form that changes it.
WORDS = {
    "considered": ("considered_on",),
    "schedule": ("scheduled_on",),
    "outcome": ("debated", *(field.name for field in fields(DebateOutcome) if field.name != "debated")),
    "picture": ("alt", "content"),
}


def marks_of(debate: Debate | None) -> dict[str, str]:
    """What stands there now, as a mark for each form; of a debate that says nothing yet the same as of none."""
    marks = {name: mark_of(debate, words) for name, words in WORDS.items() if name != "picture"}
    if debate is None or debate.debated is None:
        marks["outcome"] = NOTHING
    return marks | {"picture": mark_of(debate.picture if debate else None, WORDS["picture"])}


@transactional
def consider(petition_id: int, *, considered_on: date, by: Staff, seen: str | None = None) -> None:
    """Say on which day it was considered whether to debate it; nothing is decided by that.

    Here and below: `seen` is the mark of what this person had read; raises `WordsChanged` where somebody else was first.
    """
    petition, debate = _locked(petition_id)
    if debate.considered_on == considered_on:
        return
    _refuse_if_changed("considered", debate, seen)
    debate.considered_on, debate.updated_at = considered_on, clock.now()
    _answer_duties(petition)
    audit.record("debate_considered", petition=petition, by=by, considered_on=considered_on.isoformat())


@transactional
def schedule(petition_id: int, *, scheduled_on: date, by: Staff, seen: str | None = None) -> None:
    """Set the day of the debate; a day that was set before is replaced, and the new one is announced."""
    petition, debate = _locked(petition_id)
    if debate.debated is not None:
        raise StateChanged("the debate is over")
    before = debate.scheduled_on
    if before == scheduled_on:
        return
    _refuse_if_changed("schedule", debate, seen)
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
def give_outcome(petition_id: int, *, outcome: DebateOutcome, by: Staff, seen: str | None = None) -> None:
    """Say what came of the debate. Corrected words replace the old; that it was held, or will not be, is mailed once each."""
    petition, debate = _locked(petition_id)
    _refuse_if_changed("outcome", debate, seen)
    for name, value in asdict(outcome).items():
        setattr(debate, name, value)
    debate.outcome_at = debate.outcome_at or clock.now()
    debate.updated_at = clock.now()
    _answer_duties(petition)
    audit.record("debate_outcome", petition=petition, by=by, debated=outcome.debated)
    key = f"debate:{petition.id}:{'outcome' if outcome.debated else 'declined'}"
    announce("debate_outcome", key=key, petition=petition, debated=outcome.debated)


@transactional
def set_picture(
    petition_id: int, *, picture: Picture | None, alt: str, by: Staff, seen: str | None = None
) -> None:
    """Show a picture with the debate, or only describe the one that is there (`None`) in other words."""
    petition, debate = _locked(petition_id)
    _refuse_if_changed("picture", debate, seen)
    row = db.session.get(DebatePicture, debate.id)
    if picture is not None and row is None:
        row = DebatePicture(debate_id=debate.id)
        db.session.add(row)
    if row is None:
        raise StateChanged("there is no picture to describe")
    row.alt = alt
    if picture is not None:
        row.content, row.width, row.height = picture.content, picture.width, picture.height
    audit.record("debate_picture_set", petition=petition, by=by, alt=alt, is_new=picture is not None)


@transactional
def remove_picture(petition_id: int, *, by: Staff, seen: str | None = None) -> None:
    """Show no picture any more. Nothing happens where there is none."""
    petition, debate = _locked(petition_id)
    row = db.session.get(DebatePicture, debate.id)
    if row is not None:
        _refuse_if_changed("picture", debate, seen)
        audit.record("debate_picture_removed", petition=petition, by=by, alt=row.alt)
        db.session.delete(row)


def _locked(petition_id: int) -> tuple[Petition, Debate]:
    """The petition and its debate, made now where it has none."""
    petition = still_public(petition_id)
    if petition is None or not petition.was_published:
        raise NotFound("no published petition")
    now = clock.now()
    insert_new(Debate, db.session, petition_id=petition_id, overview="", created_at=now, updated_at=now)
    debate = db.session.execute(
        select(Debate)
        .where(Debate.petition_id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    return petition, debate


def _refuse_if_changed(form: str, debate: Debate, seen: str | None) -> None:
    if seen is not None and seen != marks_of(debate)[form]:
        raise WordsChanged("somebody else was first")


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
