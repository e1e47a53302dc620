"""Drafts of an answer: each time it was saved is a row of its own, so nothing that was written is lost.

`Response.draft_version` says which draft is the newest. Until the answer is published its own columns say the same; after
that they say what the public reads, and the newest draft may say more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from petitions import clock
from petitions.database import insert_new, rows_changed
from petitions.duties.answers import Words
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import Duty, Response, ResponseDraft, Staff
from petitions.responses.errors import DraftChanged


@dataclass(frozen=True)
class SavedDraft:
    """One draft, and who saved it."""

    draft: ResponseDraft
    author: Staff | None


def newest_words(response: Response) -> Words:
    """What the newest draft says."""
    draft = db.session.get(ResponseDraft, (response.id, response.draft_version))
    return Words.of(draft or response)


def has_pending_change(response: Response) -> bool:
    """Whether something was written after the answer was published that is not public yet."""
    return response.published_at is not None and not newest_words(response).same_as(Words.of(response))


def author_ids(response: Response) -> set[int]:
    """Who ever wrote just these words: whoever brings back an older draft does not become its author instead."""
    newest = newest_words(response)
    saved = select(ResponseDraft).where(
        ResponseDraft.response_id == response.id, ResponseDraft.staff_id.is_not(None)
    )
    same = (draft for draft in db.session.execute(saved).scalars() if newest.same_as(Words.of(draft)))
    return {draft.staff_id for draft in same if draft.staff_id is not None}


def drafts_of(response: Response) -> Sequence[SavedDraft]:
    """Every draft that was saved, the newest first."""
    found = db.session.execute(
        select(ResponseDraft, Staff)
        .outerjoin(Staff, Staff.id == ResponseDraft.staff_id)
        .where(ResponseDraft.response_id == response.id)
        .order_by(ResponseDraft.version.desc())
    )
    return [SavedDraft(draft, author) for draft, author in found]


def draft_of(response: Response, version: int) -> ResponseDraft:
    """One draft. Raises `NotFound`."""
    draft = db.session.get(ResponseDraft, (response.id, version))
    if draft is None:
        raise NotFound("no such draft")
    return draft


def keep(duty: Duty, words: Words, draft_version: int, *, by: Staff, by_itself: bool) -> Response:
    """Keep what was written on the draft `draft_version` (0: on nothing) as the next one. In a unit of work.

    Raises `DraftChanged` where that is not the newest any more.
    """
    if draft_version == 0:
        _begin(duty, words)
    else:
        _replace(duty, words, draft_version)
    response = response_to(duty)
    db.session.add(
        ResponseDraft(
            response_id=response.id,
            version=response.draft_version,
            saved_at=clock.now(),
            saved_by_itself=by_itself,
            staff_id=by.id,
            **words.columns(),
        )
    )
    return response


def response_to(duty: Duty) -> Response:
    """The answer that was begun, as it is now. Raises `StateChanged` where nothing is written yet."""
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
        draft_version=1,
        created_at=clock.now(),
        updated_at=clock.now(),
        **words.columns(),
    )
    if not begun:
        raise DraftChanged("somebody else began to write")


def _replace(duty: Duty, words: Words, draft_version: int) -> None:
    """Put new words in the place of those that were read, and of no others. What is public stays as it is."""
    is_published = db.session.execute(
        select(Response.published_at).where(Response.duty_id == duty.id)
    ).scalar_one_or_none()
    shown = {} if is_published else words.columns() | {"updated_at": clock.now()}
    statement = (
        update(Response)
        .where(Response.duty_id == duty.id, Response.draft_version == draft_version)
        .values(draft_version=draft_version + 1, **shown)
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(db.session.execute(statement)):
        raise DraftChanged("somebody else saved the answer first")
