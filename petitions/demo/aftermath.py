"""Writes what came after the answers of the demo: what signers think, a corrected version, what was promised and kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from petitions.demo.story import Answer, Promise
from petitions.demo.telling import Telling, Told
from petitions.due_dates import months_before
from petitions.duties.answers import Words
from petitions.duties.ratings import signer_hash
from petitions.extensions import db
from petitions.models import (
    Commitment,
    CommitmentCheck,
    Kept,
    Response,
    ResponseDraft,
    ResponseRating,
    ResponseVersion,
    Staff,
)

#: Days within which most signers say what they think.
RATED_WITHIN = 12


def follow(told: Told, answer: Answer, response: Response, official: Staff, telling: Telling) -> None:
    """Write all that came after one answer."""
    if answer.correction is not None:
        _correct(told, answer, response, official, telling)
    _rate(told, answer, response, telling)
    for promise in answer.promises:
        _promise(told, promise, response, official, telling)


def _correct(told: Told, answer: Answer, response: Response, official: Staff, telling: Telling) -> None:
    correction = answer.correction
    assert correction is not None
    at = telling.times.at(correction.day, 15, 10)
    response.body = response.body.replace(correction.before, correction.after)
    response.draft_version, response.updated_at = 2, at
    words = Words.of(response).columns() | {"outcome": answer.outcome}
    who = {"response_id": response.id, "version": 2, "staff_id": official.id}
    db.session.add(ResponseVersion(**who, reason=correction.reason, published_at=at, **words))
    db.session.add(ResponseDraft(**who, saved_at=at - timedelta(minutes=8), **words))
    history = telling.history
    history.add(at - timedelta(minutes=8), "response_drafted", told.petition, by=official, draft_version=2)
    history.add(at, "response_changed", told.petition, by=official, version=2, reason=correction.reason)


def _rate(told: Told, answer: Answer, response: Response, telling: Telling) -> None:
    """Signers of the demo mostly have no rows; their numbers here are none of a signature's."""
    random = Random(f"{told.story.key}:opinions")
    published_at = response.published_at
    assert published_at is not None
    number, addressed, clear = answer.opinions
    for signer in range(1, number + 1):
        at = min(published_at + timedelta(days=random.uniform(0, RATED_WITHIN)), telling.times.now)
        db.session.add(
            ResponseRating(
                response_id=response.id,
                signer_hash=signer_hash(response.id, -signer),
                addressed=signer <= addressed,
                clear=signer > number - clear,
                rated_on=at.astimezone(telling.times.zone).date(),
            )
        )


def _promise(told: Told, promise: Promise, response: Response, official: Staff, telling: Telling) -> None:
    published_at, history = response.published_at, telling.history
    assert published_at is not None
    marked_at = published_at + timedelta(minutes=20)
    row = Commitment(
        response_id=response.id,
        promise=promise.text,
        due_on=telling.times.day(promise.due),
        created_at=marked_at,
        staff_id=official.id,
    )
    db.session.add(row)
    db.session.flush()
    history.add(marked_at, "commitment_added", told.petition, by=official, text=promise.text)
    asked_at = _asked_at(marked_at, telling)
    if asked_at is None:
        return
    check = CommitmentCheck(commitment_id=row.id, months=6, asked_at=asked_at)
    history.add(asked_at, "commitment_asked", told.petition, months=6)
    if promise.kept:
        check.kept, check.note, check.staff_id = Kept(promise.kept), promise.note, official.id
        check.answered_at = asked_at + timedelta(days=4)
        history.add(
            check.answered_at,
            "commitment_answered",
            told.petition,
            by=official,
            months=6,
            kept=promise.kept,
            reason=promise.note,
        )
    db.session.add(check)


def _asked_at(marked_at: datetime, telling: Telling) -> datetime | None:
    """When a worker asked; nothing where six months have not passed yet."""
    if marked_at > months_before(telling.times.now, 6):
        return None
    days = 0
    while months_before(marked_at + timedelta(days=days), 6) < marked_at:
        days += 1
    return marked_at + timedelta(days=days, hours=1)
