"""A refusal after it was made: until when it may be appealed, and how the petition comes back to the moderators."""

from __future__ import annotations

from datetime import date, timedelta

from petitions import clock, lifecycle
from petitions.extensions import db, settings
from petitions.lifecycle import MOVES, Event
from petitions.mail import outbox
from petitions.models import Appeal, Petition, Rejection, Staff
from petitions.petitioners import creator_of


def appeal_until(rejection: Rejection) -> date:
    """The last day on which it may be appealed, in the site's zone."""
    refused_on = rejection.created_at.astimezone(settings().timezone).date()
    return refused_on + timedelta(days=settings().appeal_days)


def can_be_upheld(petition: Petition) -> bool:
    """Whether there is a refusal to appeal against."""
    return (petition.state, Event.UPHOLD) in MOVES


def may_be_appealed(petition: Petition, rejection: Rejection | None) -> bool:
    """Whether its petitioner may appeal now: once, in time, while it is refused and there is somebody to answer."""
    if rejection is None or not can_be_upheld(petition) or petition.anonymised_at is not None:
        return False
    if db.session.get(Appeal, petition.id) is not None:
        return False
    return clock.today(settings().timezone) <= appeal_until(rejection)


def was_overruled(petition: Petition, by: Staff) -> bool:
    """Whether an appeal against a refusal by this person was right. A petitioner appeals once, so the same person refusing
    once more would have the last word in their own case."""
    appeal = db.session.get(Appeal, petition.id, with_for_update=True, populate_existing=True)
    return appeal is not None and bool(appeal.upheld) and appeal.refused_by_id == by.id


def put_back(petition: Petition, event: Event) -> str | None:
    """Move a refused petition back to the moderators, whose promise to check it runs anew.

    The history keeps why it was refused. Returns the reason's code.
    """
    now = clock.now()
    lifecycle.move(
        petition,
        event,
        rejected_at=None,
        restored_at=now,
        moderation_threshold_reached_at=petition.moderation_threshold_reached_at or now,
    )
    rejection = db.session.get(Rejection, petition.id)
    if rejection is None:
        return None
    db.session.delete(rejection)
    return rejection.code


def grant_appeal(petition: Petition) -> None:
    """The petition was put back while an appeal waited, which is what the appeal asks for. Nobody has decided it then:
    the history says who put the petition back."""
    appeal = db.session.get(Appeal, petition.id, with_for_update=True, populate_existing=True)
    if appeal is None or appeal.decided_at is not None:
        return
    appeal.decided_at, appeal.upheld = clock.now(), True
    tell_decision(petition)


def tell_decision(petition: Petition) -> None:
    """Tell the petitioner what was decided about the appeal; once, as there is one."""
    creator = creator_of(petition)
    if creator is not None:
        outbox.queue("appeal_decided", key=f"appeal_decided:{petition.id}", signature=creator)
