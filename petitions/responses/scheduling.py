"""Publishing an answer at a moment that was set before: by a worker, once, and only what was agreed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from petitions import audit, clock
from petitions.changed_since import refuse_if_changed
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Duty, Response, Staff
from petitions.responses.access import answers_for, locked_duty
from petitions.responses.drafts import response_to
from petitions.responses.errors import NotApproved, NotComplete, NotPublic
from petitions.responses.response_actions import may_be_published, put_out
from petitions.responses.waiting import MOMENT, Why, take_off


@transactional
def schedule(
    duty_id: int, *, draft_version: int, publish_at: datetime, by: Staff, seen: str | None = None
) -> None:
    """Let the draft that was previewed be published at a moment to come. Nobody outside sees it before.

    Raises what `response_actions.publish` raises, `StateChanged` for a moment that has passed, and `WordsChanged` where
    somebody else set another moment than this person had `seen`.
    """
    duty = locked_duty(duty_id, by)
    response = response_to(duty)
    may_be_published(response, draft_version)
    refuse_if_changed(response, MOMENT, seen)
    if publish_at <= clock.now():
        raise StateChanged("the moment has passed")
    response.publish_at, response.scheduled_by_id = publish_at, by.id
    audit.record(
        "response_scheduled",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        draft_version=draft_version,
        publish_at=publish_at.isoformat(),
    )


@transactional
def cancel(duty_id: int, *, by: Staff) -> None:
    """Take an answer off the schedule again; it stays a draft. Doing it twice changes nothing."""
    duty = locked_duty(duty_id, by)
    response = response_to(duty)
    if response.publish_at is None:
        return
    response.publish_at = response.scheduled_by_id = None
    audit.record("response_unscheduled", petition=duty.petition, by=by, duty=duty.id, code="cancelled")


def publish_due() -> None:
    """Publish every answer whose moment has come. Any number of workers may try; each answer goes out once."""
    due = (
        select(Response.duty_id)
        .where(Response.publish_at <= clock.now(), Response.published_at.is_(None))
        .order_by(Response.publish_at, Response.id)
    )
    for duty_id in db.session.execute(due).scalars().all():
        if duty_id is not None:
            _publish_one(duty_id)


@transactional
def _publish_one(duty_id: int) -> None:
    duty = db.session.get_one(Duty, duty_id, with_for_update=True)
    response = response_to(duty)
    if response.publish_at is None or response.publish_at > clock.now() or response.published_at is not None:
        return
    scheduler = db.session.get(Staff, response.scheduled_by_id) if response.scheduled_by_id else None
    why = _in_the_way(duty, response, scheduler)
    if why is None and scheduler is not None:
        put_out(duty, response, scheduler)
    else:
        take_off(duty, response, why or Why.GONE, scheduler=scheduler, by=None)


def _in_the_way(duty: Duty, response: Response, scheduler: Staff | None) -> Why | None:
    """What has happened since it was scheduled that keeps it from being published."""
    if scheduler is None or not scheduler.is_active:
        return Why.GONE
    if not answers_for(scheduler, duty):
        return Why.GIVEN_AWAY
    try:
        may_be_published(response, response.draft_version)
    except NotApproved:
        return Why.NOT_APPROVED
    except NotPublic:
        return Why.TAKEN_DOWN
    except NotComplete:
        return Why.NOT_COMPLETE
    return None
