"""What staff keep about a petition for each other: notes, and tags by which it is found again. Never public."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from petitions import audit
from petitions.database import insert, insert_new, rows_changed, transactional
from petitions.extensions import db
from petitions.models import Petition, PetitionNote, Staff, Tag, petition_tags
from petitions.moderation.actions import locked

NOTE_LIMIT = 4_000
TAG_LIMIT = 50


def notes_on(petition_id: int) -> Sequence[PetitionNote]:
    """The notes on a petition, newest first."""
    query = select(PetitionNote).where(PetitionNote.petition_id == petition_id)
    newest_first = query.order_by(PetitionNote.id.desc()).options(joinedload(PetitionNote.staff))
    return db.session.execute(newest_first).scalars().all()


def tags_on(petition_id: int) -> Sequence[Tag]:
    """The tags of a petition, by name."""
    query = select(Tag).join(petition_tags).where(petition_tags.c.petition_id == petition_id)
    return db.session.execute(query.order_by(Tag.name)).scalars().all()


def all_tags() -> list[tuple[Tag, int]]:
    """Every tag that some petition has, by name, with how many have it."""
    query = select(Tag, func.count()).join(petition_tags).group_by(Tag.id).order_by(Tag.name)
    return [(tag, count) for tag, count in db.session.execute(query)]


@transactional
def add_note(*, petition_id: int, body: str, by: Staff) -> None:
    """Add a note. The history says that there is one, not what it says: notes may name people."""
    petition = locked(petition_id)
    db.session.add(PetitionNote(petition_id=petition_id, staff_id=by.id, body=body))
    audit.record("note_added", petition=petition, by=by)


@transactional
def add_tag(*, petition_id: int, name: str, by: Staff) -> None:
    """Give a petition a tag, which is made if there is none of that name. Capitals make no other tag."""
    petition = locked(petition_id)
    name = name.casefold()
    insert_new(Tag, db.session, name=name)
    tag_id = db.session.execute(select(Tag.id).where(Tag.name == name)).scalar_one()
    given = (
        insert(petition_tags, db.session)
        .values(petition_id=petition_id, tag_id=tag_id)
        .on_conflict_do_nothing()
        .returning(petition_tags.c.tag_id)
    )
    if db.session.execute(given).first() is not None:
        audit.record("tag_added", petition=petition, by=by, tag=name)


@transactional
def remove_tag(*, petition_id: int, tag_id: int, by: Staff) -> None:
    """Take a tag from a petition; one that no petition has any more is forgotten."""
    petition: Petition = locked(petition_id)
    name = db.session.execute(select(Tag.name).where(Tag.id == tag_id)).scalar_one_or_none()
    removed = db.session.execute(
        delete(petition_tags).where(
            petition_tags.c.petition_id == petition_id, petition_tags.c.tag_id == tag_id
        )
    )
    if not rows_changed(removed):
        return
    in_use = select(petition_tags.c.tag_id).where(petition_tags.c.tag_id == tag_id)
    db.session.execute(
        delete(Tag).where(Tag.id == tag_id, ~in_use.exists()).execution_options(synchronize_session=False)
    )
    audit.record("tag_removed", petition=petition, by=by, tag=name)
