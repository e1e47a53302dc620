"""Writes what came of the duties: responses with their published version, and debates."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from petitions.demo.aftermath import follow
from petitions.demo.minding import ask_again, mind
from petitions.demo.owing import owe
from petitions.demo.picture import chamber
from petitions.demo.story import RESPONSE, Answer
from petitions.demo.story import Debate as DebateStory
from petitions.demo.telling import Telling, Told
from petitions.extensions import db
from petitions.models import (
    Debate,
    DebatePicture,
    Duty,
    OtherBusiness,
    Outcome,
    PetitionThreshold,
    Response,
    ResponseDraft,
    ResponseVersion,
)

#: A line break inside a paragraph: not before an empty line, a list item, a heading or a quotation.
_LINE_OF_THE_SOURCE = re.compile(r"(?<!\n)\n(?!\n|[-*#>]|\d+\. )|(?<!\n)\n(?=\*\*)")


def unwrapped(text: str) -> str:
    """A text as an official types it: one line a paragraph, however it stands in the source."""
    return _LINE_OF_THE_SOURCE.sub(" ", text)


def answer(told: Told, telling: Telling) -> None:
    """Write the crossings of a petition and all that came of them."""
    query = select(PetitionThreshold).where(PetitionThreshold.petition_id == told.petition.id)
    thresholds = {threshold.key: threshold for threshold in db.session.execute(query).scalars()}
    for value, reached_at in told.reached.items():
        if value == RESPONSE:
            duty = owe(told, telling, thresholds["response"], reached_at)
            mind(told, telling, duty)
            if told.story.answer is not None:
                _respond(told, told.story.answer, duty, telling)
                ask_again(told, telling, duty)
        else:
            duty = owe(told, telling, thresholds["debate"], reached_at)
            if told.story.debate is not None:
                _debate(told, told.story.debate, duty, telling)


def _respond(told: Told, answer: Answer, duty: Duty, telling: Telling) -> None:
    published_at = telling.times.at(told.story.reached[RESPONSE] - answer.days_taken, 10, 30)
    official = telling.offices.official_of(told.story.department)
    words = {
        "summary": answer.summary,
        "body": unwrapped(answer.body),
        "points": [{"ask": ask, "answer": said, "outcome": to} for ask, said, to in answer.points],
        "links": [{"title": title, "url": url} for title, url in answer.links],
    }
    response = Response(
        petition_id=told.petition.id,
        duty_id=duty.id,
        department_id=duty.department_id,
        author_role=answer.role,
        outcome=Outcome(answer.outcome),
        responded_on=published_at.astimezone(telling.times.zone).date(),
        created_at=published_at - timedelta(days=3),
        updated_at=published_at,
        published_at=published_at,
        **words,
    )
    db.session.add(response)
    db.session.flush()
    saved = words | {"outcome": answer.outcome}
    who = {"response_id": response.id, "version": 1, "staff_id": official.id}
    db.session.add(ResponseVersion(**who, published_at=published_at, **saved))
    db.session.add(ResponseDraft(**who, saved_at=published_at - timedelta(hours=1), **saved))
    duty.answered_at = published_at
    telling.history.add(
        published_at - timedelta(hours=1), "response_drafted", told.petition, by=official, draft_version=1
    )
    telling.history.add(
        published_at, "response_published", told.petition, by=official, outcome=answer.outcome
    )
    follow(told, answer, response, official, telling)


def _debate(told: Told, story: DebateStory, duty: Duty, telling: Telling) -> None:
    times, moderator, history = telling.times, telling.offices.moderator, telling.history
    day = times.day(story.day)
    scheduled_at = times.at(story.scheduled, 11) if story.scheduled else None
    outcome_at = times.at(story.day, 18) if story.held or story.refused else None
    debate = Debate(
        petition_id=told.petition.id,
        scheduled_on=day if scheduled_at else None,
        scheduled_at=scheduled_at,
        debated=story.held if outcome_at else None,
        debated_on=day if story.held else None,
        outcome_at=outcome_at,
        considered_on=times.day(story.considered) if story.considered else None,
        declined_reason=unwrapped(story.reason),
        overview=story.overview,
        transcript_url=story.transcript_url or None,
        video_url=story.video_url or None,
        research_url=story.research_url or None,
        created_at=scheduled_at or outcome_at,
        updated_at=outcome_at or scheduled_at,
    )
    db.session.add(debate)
    duty.answered_at = outcome_at or scheduled_at
    _show(told, story, debate, telling)
    if scheduled_at is not None:
        history.add(
            scheduled_at, "debate_scheduled", told.petition, by=moderator, scheduled_on=day.isoformat()
        )
    if outcome_at is not None:
        history.add(outcome_at, "debate_outcome", told.petition, by=moderator, debated=story.held)


def _show(told: Told, story: DebateStory, debate: Debate, telling: Telling) -> None:
    """The picture of a debate, and what else happened in the chamber."""
    db.session.flush()
    if story.picture:
        drawn = chamber(told.story.key)
        db.session.add(
            DebatePicture(
                debate_id=debate.id,
                alt=story.picture,
                content=drawn.content,
                width=drawn.width,
                height=drawn.height,
            )
        )
    for each in story.business:
        at = telling.times.at(each.day, 15)
        db.session.add(
            OtherBusiness(
                petition_id=told.petition.id,
                subject=each.subject,
                body=unwrapped(each.body),
                url=each.url,
                occurred_on=telling.times.day(each.day),
                created_at=at,
                updated_at=at,
            )
        )
        telling.history.add(
            at, "other_business_added", told.petition, by=telling.offices.moderator, subject=each.subject
        )
