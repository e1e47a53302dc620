"""When what a document tells changed last: for `Last-Modified`, and for the mark of a long table that is not made twice.

What happens by the clock (a petition closes, an answer becomes late) happens at the beginning of a day of the site's zone;
all else leaves its moment on the petition or a line in the permanent history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import AuditEntry, Petition


@dataclass(frozen=True)
class Freshness:
    """The last change; `mark` differs whenever it does."""

    changed_at: datetime
    mark: str


def of_everything() -> Freshness:
    """Of all petitions together, in one query."""
    last_line = select(func.max(AuditEntry.id)).scalar_subquery()
    row = db.session.execute(
        select(
            select(func.max(Petition.updated_at)).scalar_subquery().label("petitions"),
            last_line.label("line"),
            select(AuditEntry.at).where(AuditEntry.id == last_line).scalar_subquery().label("history"),
        )
    ).one()
    return _fresh([row.petitions, row.history], str(row.line))


def of_settings() -> Freshness:
    """Of what is set by administrators or loaded: each change has a line in the history."""
    query = select(AuditEntry.id, AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1)
    line = db.session.execute(query).first()
    return _fresh([line.at if line else None], str(line.id if line else ""))


def of_petition(petition: Petition) -> Freshness:
    """Of one petition, in one query."""
    found = (
        select(AuditEntry.id, AuditEntry.at)
        .where(AuditEntry.petition_id == petition.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    line = db.session.execute(found).first()
    return _fresh([petition.updated_at, line.at if line else None], str(line.id if line else ""))


def _fresh(moments: list[datetime | None], line: str) -> Freshness:
    zone = settings().timezone
    midnight = datetime.combine(clock.today(zone), time(), zone)
    known = [each for each in moments if each is not None]
    return Freshness(max([midnight, *known]), "-".join([str(midnight.date()), line, *map(str, known)]))
