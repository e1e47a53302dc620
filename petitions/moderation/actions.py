"""What moderators change about a petition that they check: its words, whose matter it is, what it is about."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from petitions import audit, clock
from petitions.database import transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import Department, Petition, PetitionText, Staff, Topic


class TextChanged(StateChanged):
    """The words are not those that the moderator had before them."""


class ReasonMissing(StateChanged):
    """The words can be signed: a correction needs a reason that everybody can read."""


def locked(petition_id: int, text_version: int | None = None) -> Petition:
    """The petition, to be changed by nobody else until the unit of work ends.

    Raises `NotFound`, and `TextChanged` when its words are of another version than `text_version`.
    """
    query = select(Petition).where(Petition.id == petition_id).with_for_update(key_share=True)
    petition = db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if petition is None:
        raise NotFound("no such petition")
    if text_version is not None and petition.text_version != text_version:
        raise TextChanged("the words were changed")
    return petition


def may_be_edited(petition: Petition) -> bool:
    """Whether moderators may change its words: while they check it, and while it can be signed."""
    return petition.facts.is_in_moderation or petition.facts.takes_signatures


@transactional
def change_text(
    *,
    petition_id: int,
    text_version: int,
    action: str,
    background: str,
    additional_details: str,
    reason: str = "",
    by: Staff,
) -> None:
    """Give a petition new words, as its next version; signatures keep the version that they signed.

    `reason` is public and must be given once the words can be signed. Raises `TextChanged` when somebody changed the
    words after `text_version`, `ReasonMissing`, `StateChanged` when they stay as they are.
    """
    petition = locked(petition_id, text_version)
    if not may_be_edited(petition):
        raise StateChanged(f"the words of a petition that is {petition.current_state} stay as they are")
    words = (action, background, additional_details)
    if words == (petition.action, petition.background, petition.additional_details):
        return
    if petition.facts.takes_signatures and not reason:
        raise ReasonMissing("a correction of words that are signed has a reason")
    petition.action, petition.background, petition.additional_details = words
    petition.text_version += 1
    db.session.add(
        PetitionText(
            petition_id=petition.id,
            version=petition.text_version,
            action=action,
            background=background,
            additional_details=additional_details,
            created_at=clock.now(),
            staff_id=by.id,
            reason=reason,
        )
    )
    details: dict[str, Any] = {"reason": reason} if reason else {}
    audit.record("text_changed", petition=petition, by=by, version=petition.text_version, **details)


@transactional
def assign(
    *, petition_id: int, department_ids: Collection[int], topic_ids: Collection[int], by: Staff
) -> None:
    """Say whose matter a petition is and what it is about. Ids that nobody has are left out."""
    petition = locked(petition_id)
    before = _slugs(petition)
    departments = db.session.execute(
        select(Department).where(Department.id.in_(department_ids)).order_by(Department.name)
    )
    topics = db.session.execute(select(Topic).where(Topic.id.in_(topic_ids)).order_by(Topic.code))
    petition.departments, petition.topics = list(departments.scalars()), list(topics.scalars())
    after = _slugs(petition)
    if after != before:
        audit.record(
            "subjects_changed",
            petition=petition,
            by=by,
            departments_before=before[0],
            departments=after[0],
            topics_before=before[1],
            topics=after[1],
        )


def _slugs(petition: Petition) -> tuple[list[str], list[str]]:
    return [department.slug for department in petition.departments], [topic.code for topic in petition.topics]
