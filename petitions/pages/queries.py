"""What the pages read from the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions.extensions import db
from petitions.models.rejection import RejectionReason


def rejection_reasons() -> Sequence[RejectionReason]:
    """Every reason that is given today, in the order in which moderators see them."""
    return db.session.scalars(
        select(RejectionReason)
        .where(RejectionReason.retired_at.is_(None))
        .order_by(RejectionReason.position, RejectionReason.code)
    ).all()
