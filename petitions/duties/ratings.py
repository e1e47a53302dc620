"""Whose rating of an answer is whose, told by a keyed hash alone; and a rating goes with its signature."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from petitions.extensions import db
from petitions.models import Response, ResponseRating
from petitions.secrecy import keyed_hash


def signer_hash(response_id: int, signature_id: int) -> bytes:
    """Tells whether a signer has rated *this* answer; two answers' hashes cannot be matched."""
    return keyed_hash(f"rating:{response_id}", str(signature_id))


def remove(petition_id: int, signature_ids: Sequence[int]) -> None:
    """Remove what signers said of a petition's answers: who does not sign (any more) does not rate.

    In a unit of work, with the signatures locked: whoever rates locks theirs too, so nothing slips in meanwhile.
    """
    answers = select(Response.id).where(
        Response.petition_id == petition_id, Response.published_at.is_not(None)
    )
    for response_id in db.session.execute(answers.order_by(Response.id)).scalars().all():
        hashes = [signer_hash(response_id, each) for each in sorted(signature_ids)]
        theirs = delete(ResponseRating).where(
            ResponseRating.response_id == response_id, ResponseRating.signer_hash.in_(hashes)
        )
        db.session.execute(theirs.execution_options(synchronize_session=False))
