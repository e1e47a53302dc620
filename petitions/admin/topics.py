"""Topics as administrators keep them. The code stands in public addresses and data and never changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions import audit
from petitions.database import insert_new, transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import Staff, Topic


class CodeTaken(PetitionsError):
    """Another topic has this code."""


def listed() -> Sequence[Topic]:
    """All by name."""
    return db.session.execute(select(Topic).order_by(Topic.name)).scalars().all()


def get(code: str) -> Topic:
    """One of them. Raises `NotFound`."""
    found = db.session.execute(select(Topic).where(Topic.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound("no such topic")
    return found


@transactional
def add(*, code: str, name: str, by: Staff) -> None:
    """Add a topic. Raises `CodeTaken`."""
    if not insert_new(Topic, db.session, code=code, name=name):
        raise CodeTaken(code)
    audit.record("topic_added", by=by, topic=code, name=name)


@transactional
def rename(*, code: str, name: str, by: Staff) -> None:
    """Give a topic another name. Raises `NotFound`."""
    row = get(code)
    before, row.name = row.name, name
    if before != name:
        audit.record("topic_changed", by=by, topic=code, name_before=before, name=name)
