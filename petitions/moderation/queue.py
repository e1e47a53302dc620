"""The petitions that wait to be checked, the longest waiting first, narrowed to those that somebody wants to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from petitions import checking
from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Department, Petition, PetitionClaim, Staff, Tag, Topic, petition_tags
from petitions.moderation.claims import claims_on
from petitions.moderation.promise import Age, Promise, promise_of

#: More than these are not shown at once: the longest waiting come first, and filters find the others.
MOST_SHOWN = 200


class Holder(StrEnum):
    """Whose petitions are wanted."""

    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Wanted:
    """What the queue is narrowed to; what is empty narrows nothing."""

    age: Age | None = None
    department: str = ""
    """A department's slug."""
    topic: str = ""
    """A topic's code."""
    tag: str = ""
    holder: Holder | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything but the age is asked for."""
        return bool(self.department or self.topic or self.tag or self.holder)


@dataclass(frozen=True)
class QueueItem:
    """A petition that waits, how it stands against the promise, who has it in hand, and its tags."""

    petition: Petition
    promise: Promise
    claim: PetitionClaim | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Queue:
    """What waits, the longest waiting first, and how many there are of each age."""

    items: list[QueueItem]
    counts: dict[Age, int]
    silent: int = 0
    """Petitions that went back with questions and got no answer for too long."""
    more: int = 0
    """Petitions that are not among `items` because there are too many."""

    @property
    def total(self) -> int:
        """All that wait for moderators, of any age; what waits for its petitioner is apart."""
        return sum(count for age, count in self.counts.items() if age is not Age.ASKED) + self.silent


def queue(wanted: Wanted | None = None, by: Staff | None = None) -> Queue:
    """The petitions in moderation that are `wanted`; the counts are of all ages. `by` is who “me” is.

    Without an age: those that wait for moderators, and those whose petitioner has been silent for too long.
    """
    wanted = wanted or Wanted()
    items = [item for item in _items(_petitions(wanted)) if _is_held_as_wanted(item, wanted, by)]
    counted = Counter(item.promise.age for item in items)
    shown = [item for item in items if _is_of(item.promise, wanted.age)]
    return Queue(
        items=shown[:MOST_SHOWN],
        counts={each: counted[each] for each in Age},
        silent=sum(item.promise.is_silent for item in items),
        more=max(0, len(shown) - MOST_SHOWN),
    )


def _petitions(wanted: Wanted) -> list[Petition]:
    query = (
        select(Petition)
        .where(Petition.state.in_(states_where("is_in_moderation")))
        .order_by(func.coalesce(Petition.restored_at, Petition.moderation_threshold_reached_at), Petition.id)
        .options(selectinload(Petition.departments), selectinload(Petition.topics))
    )
    if wanted.department:
        query = query.where(Petition.departments.any(Department.slug == wanted.department))
    if wanted.topic:
        query = query.where(Petition.topics.any(Topic.code == wanted.topic))
    if wanted.tag:
        tagged = select(petition_tags.c.petition_id).join(Tag).where(Tag.name == wanted.tag)
        query = query.where(Petition.id.in_(tagged))
    return list(db.session.execute(query).scalars())


def _items(petitions: list[Petition]) -> list[QueueItem]:
    ids = [petition.id for petition in petitions]
    questions, claims, tags = checking.questions_of_many(ids), claims_on(ids), _tags_of(ids)
    return [
        QueueItem(
            petition,
            promise_of(petition, questions.get(petition.id, [])),
            claims.get(petition.id),
            tags.get(petition.id, []),
        )
        for petition in petitions
    ]


def _tags_of(petition_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = select(petition_tags.c.petition_id, Tag.name).join(Tag).order_by(Tag.name)
    for petition_id, name in db.session.execute(query.where(petition_tags.c.petition_id.in_(petition_ids))):
        found.setdefault(petition_id, []).append(name)
    return found


def _is_held_as_wanted(item: QueueItem, wanted: Wanted, by: Staff | None) -> bool:
    if wanted.holder is Holder.NOBODY:
        return item.claim is None
    if wanted.holder is Holder.ME:
        return item.claim is not None and by is not None and item.claim.staff_id == by.id
    return True


def _is_of(promise: Promise, age: Age | None) -> bool:
    return promise.age is age if age else promise.age is not Age.ASKED or promise.is_silent
