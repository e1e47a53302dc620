"""Writing an answer: saved as a draft, published once, changed afterwards as a new version that stands beside the old."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update

from petitions import audit, clock
from petitions.database import insert_new, rows_changed, transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db, settings
from petitions.models import Duty, Outcome, Response, ResponseVersion, Staff
from petitions.responses.access import answers_for
from petitions.responses.announcing import announce
from petitions.responses.errors import DraftChanged


@dataclass(frozen=True)
class Words:
    """What an answer says. `body` is Markdown; a draft may still be without an outcome."""

    summary: str
    body: str
    outcome: Outcome | None

    @property
    def are_complete(self) -> bool:
        """Nothing is missing that a published answer must have."""
        return bool(self.summary and self.body and self.outcome)


@transactional
def save_draft(duty_id: int, *, words: Words, draft_version: int, by: Staff) -> None:
    """Keep a draft. `draft_version` is the version that was read, 0 where there was none. Raises `DraftChanged`."""
    duty = _locked(duty_id, by)
    if draft_version == 0:
        _begin(duty, words)
    else:
        _replace(duty, words, draft_version, published=False)
    audit.record(
        "response_drafted", petition=duty.petition, by=by, duty=duty.id, draft_version=draft_version + 1
    )


@transactional
def publish(duty_id: int, *, draft_version: int, by: Staff) -> None:
    """Publish the draft that was previewed, answer the duty, and tell everybody who asked, each once."""
    duty = _locked(duty_id, by)
    response = _response_of(duty)
    if response.published_at is not None:
        raise StateChanged("it was published already")
    if response.draft_version != draft_version:
        raise DraftChanged("the draft is not the one that was previewed")
    words = Words(response.summary, response.body, response.outcome)
    if not words.are_complete or not duty.petition.facts.text_is_public:
        raise StateChanged("the answer is not complete, or its petition was taken down")
    now = clock.now()
    response.department_id = duty.department_id
    response.published_at = response.updated_at = duty.answered_at = now
    response.responded_on = clock.today(settings().timezone)
    _keep_version(response, 1, by)
    audit.record(
        "response_published", petition=duty.petition, by=by, duty=duty.id, outcome=str(response.outcome)
    )
    announce(
        "response_published", key=f"response:{response.id}", petition=duty.petition, response_id=response.id
    )


@transactional
def change(duty_id: int, *, words: Words, draft_version: int, by: Staff) -> None:
    """Replace a published answer by new words. The old ones stay readable; nobody is mailed a second time."""
    duty = _locked(duty_id, by)
    if not words.are_complete:
        raise StateChanged("a published answer stays complete")
    _replace(duty, words, draft_version, published=True)
    response = _response_of(duty)
    latest = select(func.max(ResponseVersion.version)).where(ResponseVersion.response_id == response.id)
    number = (db.session.execute(latest).scalar() or 0) + 1
    _keep_version(response, number, by)
    audit.record("response_changed", petition=duty.petition, by=by, duty=duty.id, version=number)


def _locked(duty_id: int, by: Staff) -> Duty:
    """The duty, locked, where it is still this person's to answer: it may have been given away meanwhile."""
    duty = db.session.get(Duty, duty_id, with_for_update=True)
    if duty is None or not answers_for(by, duty):
        raise NotFound("no such duty of this person's department")
    return duty


def _response_of(duty: Duty) -> Response:
    found = db.session.execute(
        select(Response).where(Response.duty_id == duty.id).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise StateChanged("nothing is written yet")
    return found


def _begin(duty: Duty, words: Words) -> None:
    if duty.answered_at is not None:
        raise StateChanged("it was answered")
    begun = insert_new(
        Response,
        db.session,
        petition_id=duty.petition_id,
        duty_id=duty.id,
        department_id=duty.department_id,
        author_role=duty.owner_role,
        summary=words.summary,
        body=words.body,
        outcome=words.outcome,
        draft_version=1,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    if not begun:
        raise DraftChanged("somebody else began to write")


def _replace(duty: Duty, words: Words, draft_version: int, *, published: bool) -> None:
    """Put new words in the place of those that were read, and of no others."""
    is_published = Response.published_at.is_not(None) if published else Response.published_at.is_(None)
    statement = (
        update(Response)
        .where(Response.duty_id == duty.id, Response.draft_version == draft_version, is_published)
        .values(
            summary=words.summary,
            body=words.body,
            outcome=words.outcome,
            draft_version=draft_version + 1,
            updated_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(db.session.execute(statement)):
        raise DraftChanged("somebody else saved the answer first")


def _keep_version(response: Response, number: int, by: Staff) -> None:
    db.session.add(
        ResponseVersion(
            response_id=response.id,
            version=number,
            summary=response.summary,
            body=response.body,
            outcome=response.outcome.value if response.outcome else None,
            published_at=clock.now(),
            staff_id=by.id,
        )
    )
