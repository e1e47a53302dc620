"""Which moderator has a petition in hand, so that two do not do the same work. It warns; it binds nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from petitions import audit, clock
from petitions.database import rows_changed, transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import PetitionClaim, Staff
from petitions.moderation.actions import locked

#: Whoever took a petition in hand and does not decide is not waited for longer than this.
LIFETIME = timedelta(hours=2)


class HeldByAnother(StateChanged):
    """A colleague took it in hand a moment ago."""


def claims_on(petition_ids: Collection[int]) -> dict[int, PetitionClaim]:
    """Who has which of these petitions in hand now."""
    living = (
        select(PetitionClaim)
        .where(PetitionClaim.petition_id.in_(petition_ids), PetitionClaim.claimed_at > clock.now() - LIFETIME)
        .options(joinedload(PetitionClaim.staff))
    )
    return {claim.petition_id: claim for claim in db.session.execute(living).scalars()}


def claim_on(petition_id: int) -> PetitionClaim | None:
    """Who has a petition in hand now."""
    return claims_on([petition_id]).get(petition_id)


@transactional
def take(*, petition_id: int, instead_of: int | None, by: Staff) -> None:
    """Take a petition in hand for `LIFETIME`; once more, for as long again.

    `instead_of` is the person whom the page showed as having it. Raises `HeldByAnother` when it is somebody else by now,
    `StateChanged` when it is not in moderation.
    """
    petition = locked(petition_id)
    if not petition.facts.is_in_moderation:
        raise StateChanged("nobody checks it now")
    before = claim_on(petition_id)
    if before is not None and before.staff_id not in {by.id, instead_of}:
        raise HeldByAnother("a colleague was first")
    row = db.session.get(PetitionClaim, petition_id) or PetitionClaim(petition_id=petition_id)
    row.staff_id, row.claimed_at = by.id, clock.now()
    db.session.add(row)
    if before is None or before.staff_id != by.id:
        audit.record("taken_in_hand", petition=petition, by=by)


@transactional
def let_go(*, petition_id: int, by: Staff) -> None:
    """Have a petition in hand no longer; what a colleague has stays theirs."""
    petition = locked(petition_id)
    mine = delete(PetitionClaim).where(
        PetitionClaim.petition_id == petition_id, PetitionClaim.staff_id == by.id
    )
    if rows_changed(db.session.execute(mine.execution_options(synchronize_session=False))):
        audit.record("let_go", petition=petition, by=by)
