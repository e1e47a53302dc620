"""Departments as administrators keep them: new ones, other names. The slug stands in public addresses and never changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions import audit
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import Department, Staff
from petitions.turns import take_turns

#: Two who add or rename wait for each other, so that names stay apart.
TURNS = b"departments"


class NameTaken(PetitionsError):
    """Another department has this name."""


class SlugTaken(PetitionsError):
    """Another department has this address."""


def listed() -> Sequence[Department]:
    """All by name."""
    return db.session.execute(select(Department).order_by(Department.name)).scalars().all()


def get(slug: str) -> Department:
    """One of them. Raises `NotFound`."""
    found = db.session.execute(select(Department).where(Department.slug == slug)).scalar_one_or_none()
    if found is None:
        raise NotFound("no such department")
    return found


@transactional
def add(*, slug: str, name: str, acronym: str, url: str, by: Staff) -> Department:
    """Add a department. Raises `SlugTaken` and `NameTaken`."""
    take_turns(db.session, TURNS)
    if db.session.execute(select(Department.id).where(Department.slug == slug)).first():
        raise SlugTaken(slug)
    _refuse_name_of_another(name, None)
    row = Department(slug=slug, name=name, acronym=acronym or None, url=url or None)
    db.session.add(row)
    db.session.flush()
    audit.record("department_added", by=by, department=slug, name=name)
    return row


@transactional
def change(*, slug: str, name: str, acronym: str, url: str, by: Staff) -> None:
    """Give a department another name, short name or web page. Raises `NotFound` and `NameTaken`."""
    take_turns(db.session, TURNS)
    row = get(slug)
    _refuse_name_of_another(name, row.id)
    before = (row.name, row.acronym, row.url)
    row.name, row.acronym, row.url = name, acronym or None, url or None
    if (row.name, row.acronym, row.url) != before:
        audit.record(
            "department_changed",
            by=by,
            department=slug,
            name_before=before[0],
            name=row.name,
            acronym=row.acronym,
            url=row.url,
        )


def _refuse_name_of_another(name: str, mine: int | None) -> None:
    found = db.session.execute(select(Department.id).where(Department.name == name)).scalar_one_or_none()
    if found is not None and found != mine:
        raise NameTaken(name)
