"""Reading appeals: those that wait, the oldest first, and what was decided lately."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from petitions import clock, due_dates, tokens
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.models import Appeal, Petition, Rejection, Staff
from petitions.petitioners import creator_of
from petitions.tokens import Purpose

RECENT = 20


@dataclass(frozen=True)
class AppealItem:
    """An appeal with its petition, and who refused and who decided it."""

    appeal: Appeal
    petition: Petition
    refused_by: str | None
    decided_by: str | None

    @property
    def working_days(self) -> int:
        """Working days since it was made, up to its decision or today."""
        zone = settings().timezone
        until = self.appeal.decided_at or clock.now()
        return due_dates.working_days_between(
            self.appeal.made_at.astimezone(zone).date(), until.astimezone(zone).date()
        )


def _items() -> Select[Appeal, str, str]:
    refuser, decider = aliased(Staff), aliased(Staff)
    return (
        select(Appeal, refuser.name, decider.name)
        .outerjoin(refuser, refuser.id == Appeal.refused_by_id)
        .outerjoin(decider, decider.id == Appeal.decided_by_id)
        .options(joinedload(Appeal.petition))
    )


def _read(query: Select[Appeal, str, str]) -> list[AppealItem]:
    rows = db.session.execute(query)
    return [AppealItem(appeal, appeal.petition, refuser, decider) for appeal, refuser, decider in rows]


def waiting() -> list[AppealItem]:
    """Those that nobody has decided, the longest waiting first."""
    return _read(_items().where(Appeal.decided_at.is_(None)).order_by(Appeal.made_at, Appeal.petition_id))


def decided_lately() -> list[AppealItem]:
    """The newest decisions."""
    decided = _items().where(Appeal.decided_at.is_not(None))
    return _read(decided.order_by(Appeal.decided_at.desc()).limit(RECENT))


def number_waiting() -> int:
    """How many wait to be decided."""
    query = select(func.count()).select_from(Appeal).where(Appeal.decided_at.is_(None))
    return db.session.execute(query).scalar_one()


def appeal_to(petition_id: int) -> AppealItem:
    """The appeal of one petition. Raises `NotFound`."""
    found = _read(_items().where(Appeal.petition_id == petition_id))
    if not found:
        raise NotFound("no appeal")
    return found[0]


def rejection_of(petition_id: int) -> Rejection | None:
    """The refusal that stands, with its reason."""
    return db.session.get(Rejection, petition_id, options=[joinedload(Rejection.reason)])


def petition_of(token: str) -> Petition:
    """The petition whose petitioner was given the link to appeal. Raises `NotFound`."""
    petition = db.session.get(Petition, tokens.read_id(Purpose.APPEAL, token))
    if petition is None or creator_of(petition) is None:
        raise NotFound("no such petition")
    return petition
