"""Writes what moderators did with petitions in the queue: one is in somebody's hand, noted, tagged, asked about."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from petitions.database import insert, insert_new
from petitions.demo.telling import Telling, Told
from petitions.extensions import db
from petitions.models import PetitionClaim, PetitionNote, PetitionQuestion, Tag, petition_tags

#: So long ago somebody took a petition in hand: a claim holds for two hours.
TAKEN = timedelta(minutes=25)


def look_into(told: Told, telling: Telling) -> None:
    """Write all that the story has of it, under the name of the second moderator."""
    looked, petition, by = told.story.looked_into, told.petition, telling.offices.other_moderator
    if looked is None:
        return
    at = telling.times.at(looked.day, 10, 20)
    if looked.note:
        db.session.add(PetitionNote(petition_id=petition.id, staff_id=by.id, body=looked.note, created_at=at))
        telling.history.add(at, "note_added", petition, by=by)
    for name in looked.tags:
        _tag(petition.id, name)
        telling.history.add(at, "tag_added", petition, by=by, tag=name)
    if looked.question:
        db.session.add(
            PetitionQuestion(petition_id=petition.id, staff_id=by.id, questions=looked.question, asked_at=at)
        )
        telling.history.add(at, "petitioner_asked", petition, by=by)
    if looked.in_hand:
        at = telling.times.now - TAKEN
        db.session.add(PetitionClaim(petition_id=petition.id, staff_id=by.id, claimed_at=at))
        telling.history.add(at, "taken_in_hand", petition, by=by)
    db.session.flush()


def _tag(petition_id: int, name: str) -> None:
    insert_new(Tag, db.session, name=name)
    tag_id = db.session.execute(select(Tag.id).where(Tag.name == name)).scalar_one()
    db.session.execute(insert(petition_tags, db.session).values(petition_id=petition_id, tag_id=tag_id))
