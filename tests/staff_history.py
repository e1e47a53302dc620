"""What the permanent history says was done."""

from sqlalchemy import select

from petitions.extensions import db
from petitions.models import AuditEntry


def actions(*names: str) -> list[str]:
    """The kinds of lines, in order; only those named where some are."""
    query = select(AuditEntry.action).order_by(AuditEntry.id)
    if names:
        query = query.where(AuditEntry.action.in_(names))
    return list(db.session.execute(query).scalars())
