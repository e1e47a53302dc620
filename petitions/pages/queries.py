"""What the pages read from the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions.extensions import db
from petitions.models.rejection import RejectionReason


def rejection_reasons() -> Sequence[RejectionReason]:
    """Every reason for which a petition may be refused, in the order in which moderators see them."""
    return db.session.scalars(
        select(RejectionReason).order_by(RejectionReason.position, RejectionReason.code)
    ).all()
