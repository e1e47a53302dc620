"""Writing an answer: saved as a draft, published once, changed afterwards as a new version that stands beside the old."""

from __future__ import annotations

from sqlalchemy import func, select

from petitions import audit, clock, webhook_outbox
from petitions.announcing import announce, still_public
from petitions.database import transactional
from petitions.duties.answers import Words
from petitions.errors import StateChanged
from petitions.extensions import db, settings
from petitions.models import Duty, Response, ResponseVersion, Staff
from petitions.responses import drafts
from petitions.responses.access import locked_duty
from petitions.responses.approvals import is_approved, void
from petitions.responses.drafts import response_to
from petitions.responses.errors import DraftChanged, NotApproved, NotComplete, NotPublic
from petitions.responses.waiting import Why, take_off


@transactional
def save_draft(duty_id: int, *, words: Words, draft_version: int, by: Staff, by_itself: bool = False) -> int:
    """Keep what was written as a draft, and return its version. `draft_version` is the one that was read, 0 where there
    was none. Raises `DraftChanged`.

    Saving the same words again is no edit. An edit voids an approval, and takes an answer that waits for its moment off
    the schedule: nothing is published by itself that is not what was agreed.
    """
    duty = locked_duty(duty_id, by)
    if draft_version:
        response = response_to(duty)
        if response.draft_version == draft_version and drafts.newest_words(response).same_as(words):
            return draft_version
    response = drafts.keep(duty, words, draft_version, by=by, by_itself=by_itself)
    if response.publish_at is not None:
        scheduler = db.session.get(Staff, response.scheduled_by_id) if response.scheduled_by_id else None
        take_off(duty, response, Why.CHANGED, scheduler=scheduler, by=by)
    void(response)
    audit.record(
        "response_drafted",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        draft_version=response.draft_version,
        by_itself=by_itself,
    )
    return response.draft_version


@transactional
def bring_back(duty_id: int, *, version: int, draft_version: int, by: Staff) -> int:
    """Make an older draft the newest again; those between stay readable. Returns its new version."""
    duty = locked_duty(duty_id, by)
    words = Words.of(drafts.draft_of(response_to(duty), version))
    return save_draft(duty_id, words=words, draft_version=draft_version, by=by)


@transactional
def publish(duty_id: int, *, draft_version: int, by: Staff) -> None:
    """Publish the draft that was previewed, answer the duty, and tell everybody who asked, each once.

    Raises `DraftChanged`, `NotComplete`, `NotApproved`, `NotPublic`.
    """
    duty = locked_duty(duty_id, by)
    response = response_to(duty)
    may_be_published(response, draft_version)
    put_out(duty, response, by)


def may_be_published(response: Response, draft_version: int) -> None:
    """Raises what is in the way of publishing this draft for the first time."""
    if response.published_at is not None:
        raise StateChanged("it was published already")
    _may_go_out(response, draft_version)


def put_out(duty: Duty, response: Response, by: Staff) -> None:
    """Make an answer public, now. In a unit of work."""
    now = clock.now()
    response.department_id = duty.department_id
    response.published_at = response.updated_at = duty.answered_at = now
    response.responded_on = clock.today(settings().timezone)
    response.publish_at = response.scheduled_by_id = None
    _keep_version(response, 1, by)
    audit.record(
        "response_published", petition=duty.petition, by=by, duty=duty.id, outcome=str(response.outcome)
    )
    announce(
        "response_published", key=f"response:{response.id}", petition=duty.petition, response_id=response.id
    )
    webhook_outbox.answered(duty.petition, response)


@transactional
def change(duty_id: int, *, draft_version: int, reason: str, tell: bool, by: Staff) -> None:
    """Put the draft in the place of what is published, with a public reason. The old words stay readable.

    Nobody is mailed a second time unless `tell` says so; then everybody who asked is, each once for this version.
    """
    duty = locked_duty(duty_id, by)
    response = response_to(duty)
    words = drafts.newest_words(response)
    if response.published_at is None or words.same_as(Words.of(response)):
        raise StateChanged("there is nothing to change")
    _may_go_out(response, draft_version)
    for name, value in words.columns().items():
        setattr(response, name, value)
    response.updated_at = clock.now()
    latest = select(func.max(ResponseVersion.version)).where(ResponseVersion.response_id == response.id)
    number = (db.session.execute(latest).scalar() or 0) + 1
    _keep_version(response, number, by, reason)
    audit.record(
        "response_changed", petition=duty.petition, by=by, duty=duty.id, version=number, reason=reason
    )
    if tell:
        key = f"response:{response.id}:{number}"
        announce("response_changed", key=key, petition=duty.petition, response_id=response.id, version=number)


def _may_go_out(response: Response, draft_version: int) -> None:
    if response.draft_version != draft_version:
        raise DraftChanged("the draft is not the one that was previewed")
    if not drafts.newest_words(response).are_complete:
        raise NotComplete("the answer is not complete")
    if still_public(response.petition_id) is None:
        raise NotPublic("its petition was taken down")
    if settings().response_approval and not is_approved(response):
        raise NotApproved("a second person has not approved this draft")


def _keep_version(response: Response, number: int, by: Staff, reason: str = "") -> None:
    words = Words.of(response).columns()
    words["outcome"] = response.outcome.value if response.outcome else None
    db.session.add(
        ResponseVersion(
            response_id=response.id,
            version=number,
            reason=reason,
            published_at=clock.now(),
            staff_id=by.id,
            **words,
        )
    )
