"""Templates that moderators begin an explanation with. What was written from one does not change with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions import audit
from petitions.database import transactional
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import ExplanationTemplate, Staff


def listed() -> Sequence[ExplanationTemplate]:
    """All by title."""
    query = select(ExplanationTemplate).order_by(ExplanationTemplate.title, ExplanationTemplate.id)
    return db.session.execute(query).scalars().all()


def get(template_id: int) -> ExplanationTemplate:
    """One of them. Raises `NotFound`."""
    found = db.session.get(ExplanationTemplate, template_id)
    if found is None:
        raise NotFound("no such template")
    return found


@transactional
def add(*, title: str, code: str | None, body: str, by: Staff) -> ExplanationTemplate:
    """Add a template; `code` is the reason it belongs to, none for any."""
    row = ExplanationTemplate(title=title, code=code, body=body)
    db.session.add(row)
    db.session.flush()
    audit.record("template_added", by=by, number=row.id, title=title, code=code, body=body)
    return row


@transactional
def change(*, template_id: int, title: str, code: str | None, body: str, by: Staff) -> None:
    """Give a template other words or another reason. Raises `NotFound`."""
    row = get(template_id)
    if (row.title, row.code, row.body) == (title, code, body):
        return
    row.title, row.code, row.body = title, code, body
    audit.record("template_changed", by=by, number=row.id, title=title, code=code, body=body)


@transactional
def remove(*, template_id: int, by: Staff) -> None:
    """Remove a template. Raises `NotFound`."""
    row = get(template_id)
    audit.record("template_removed", by=by, number=row.id, title=row.title, code=row.code)
    db.session.delete(row)
