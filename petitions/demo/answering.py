"""Writes what followed from a petition's thresholds: crossings, duties and what moved them, responses, debates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from petitions import due_dates
from petitions.demo.story import RESPONSE, Answer, Story
from petitions.demo.telling import Telling, Told
from petitions.extensions import db
from petitions.models import (
    Crossing,
    Debate,
    Duty,
    DutyExtension,
    DutyPause,
    Outcome,
    PetitionThreshold,
    Response,
    ResponseVersion,
)


def answer(told: Told, telling: Telling) -> None:
    """Write the crossings of a petition and all that came of them."""
    thresholds = db.session.query(PetitionThreshold).filter_by(petition_id=told.petition.id)
    by_key = {threshold.key: threshold for threshold in thresholds}
    for value, reached_at in told.reached.items():
        duty = _cross(told, telling, by_key["response" if value == RESPONSE else "debate"], reached_at)
        if value == RESPONSE:
            _move_date(told.story, duty, telling, told)
            if told.story.answer is not None:
                _respond(told, told.story.answer, duty, telling)
        elif told.story.debate is not None:
            _debate(told, duty, telling)


def _cross(told: Told, telling: Telling, threshold: PetitionThreshold, reached_at: datetime) -> Duty:
    petition = told.petition
    signature_count = threshold.signatures + told.random.randint(0, 2)
    db.session.add(
        Crossing(
            petition_id=petition.id,
            threshold_key=threshold.key,
            reached_at=reached_at,
            signature_count=signature_count,
        )
    )
    db.session.flush()
    due_on = None
    if threshold.days is not None:
        reached_on = reached_at.astimezone(telling.times.zone).date()
        due_on = due_dates.add_days(reached_on, threshold.days, threshold.days_kind)
    duty = Duty(
        petition_id=petition.id,
        threshold_key=threshold.key,
        department=petition.departments[0] if threshold.key == "response" else None,
        reached_at=reached_at,
        due_on=due_on,
        first_due_on=due_on,
    )
    db.session.add(duty)
    db.session.flush()
    telling.history.add(
        reached_at,
        "threshold_crossed",
        petition,
        threshold=threshold.key,
        signatures=threshold.signatures,
        signature_count=signature_count,
        due_on=due_on.isoformat() if due_on else None,
    )
    return duty


def _move_date(story: Story, duty: Duty, telling: Telling, told: Told) -> None:
    """Pause or extend a duty; its public date takes both in."""
    times = telling.times
    official = telling.offices.official_of(story.department)
    if story.pause is not None and duty.due_on is not None:
        starts_on, ends_on = times.day(story.pause.since), times.day(story.pause.until)
        at = times.at(story.pause.since, 8)
        db.session.add(
            DutyPause(
                duty_id=duty.id,
                starts_on=starts_on,
                ends_on=ends_on,
                reason=story.pause.reason,
                created_at=at,
                staff_id=official.id,
            )
        )
        duty.due_on += ends_on - starts_on
        _moved(told, telling, duty, at, "duty_paused", story.pause.reason)
    if story.extension is not None:
        duty.due_on = times.day(-story.extension.until)
        at = times.at(story.extension.decided, 16, 20)
        db.session.add(
            DutyExtension(
                duty_id=duty.id,
                due_on=duty.due_on,
                reason=story.extension.reason,
                created_at=at,
                staff_id=official.id,
            )
        )
        _moved(told, telling, duty, at, "duty_extended", story.extension.reason)


def _moved(told: Told, telling: Telling, duty: Duty, at: datetime, action: str, reason: str) -> None:
    telling.history.add(
        at,
        action,
        told.petition,
        by=telling.offices.official_of(told.story.department),
        before=_iso(duty.first_due_on),
        after=_iso(duty.due_on),
        reason=reason,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _respond(told: Told, answer: Answer, duty: Duty, telling: Telling) -> None:
    times = telling.times
    official = telling.offices.official_of(told.story.department)
    published_at = times.at(told.story.reached[RESPONSE] - answer.days_taken, 10, 30)
    response = Response(
        petition_id=told.petition.id,
        duty_id=duty.id,
        department_id=duty.department_id,
        author_role=answer.role,
        summary=answer.summary,
        body=answer.body,
        outcome=Outcome(answer.outcome),
        responded_on=published_at.astimezone(times.zone).date(),
        created_at=published_at - timedelta(days=3),
        updated_at=published_at,
        published_at=published_at,
    )
    db.session.add(response)
    db.session.flush()
    db.session.add(
        ResponseVersion(
            response_id=response.id,
            version=1,
            summary=answer.summary,
            body=answer.body,
            outcome=answer.outcome,
            published_at=published_at,
            staff_id=official.id,
        )
    )
    duty.answered_at = published_at
    telling.history.add(
        published_at, "response_published", told.petition, by=official, outcome=answer.outcome, version=1
    )


def _debate(told: Told, duty: Duty, telling: Telling) -> None:
    story, times, moderator = told.story.debate, telling.times, telling.offices.moderator
    assert story is not None
    decided = story.held or story.refused
    outcome_at = times.at(story.day, 18) if decided else None
    day = times.day(story.day)
    scheduled_at = times.at(story.scheduled, 11) if story.scheduled else None
    db.session.add(
        Debate(
            petition_id=told.petition.id,
            scheduled_on=day if scheduled_at else None,
            scheduled_at=scheduled_at,
            debated=story.held if decided else None,
            debated_on=day if story.held else None,
            outcome_at=outcome_at,
            overview=story.overview,
            transcript_url=story.transcript_url or None,
            video_url=story.video_url or None,
            research_url=story.research_url or None,
            created_at=scheduled_at or outcome_at,
            updated_at=outcome_at or scheduled_at,
        )
    )
    duty.answered_at = outcome_at
    if scheduled_at is not None:
        telling.history.add(
            scheduled_at, "debate_scheduled", told.petition, by=moderator, scheduled_on=day.isoformat()
        )
    if outcome_at is not None:
        telling.history.add(outcome_at, "debate_outcome", told.petition, by=moderator, debated=story.held)
