"""The petitioner of a petition: the signature that was the first on it."""

from __future__ import annotations

from sqlalchemy import select

from petitions.extensions import db
from petitions.models import Petition, Signature, SignatureRole


def creator_of(petition: Petition) -> Signature | None:
    """The petitioner's own signature; none on petitions that came from elsewhere."""
    query = select(Signature).where(
        Signature.petition_id == petition.id, Signature.role == SignatureRole.CREATOR
    )
    return db.session.execute(query).scalar_one_or_none()
