"""A signer's two answers about an official answer: one for each signer, replaced when they change their mind."""

from __future__ import annotations

from petitions import clock
from petitions.database import insert, transactional
from petitions.duties.ratings import signer_hash
from petitions.errors import StateChanged
from petitions.extensions import db, settings
from petitions.models import Response, ResponseRating, Signature


@transactional
def rate(*, response_id: int, signature_id: int, addressed: bool, clear: bool) -> None:
    """Keep what a signer thinks. Raises `StateChanged` where the signature does not count (any more).

    No line in the history and no moment, only the day: both would tell who it was.
    """
    signature = db.session.get(Signature, signature_id, with_for_update=True)
    response = db.session.get(Response, response_id)
    if signature is None or response is None or not may_rate(response, signature):
        raise StateChanged("only signatures that count rate an answer that was published")
    said = {"addressed": addressed, "clear": clear, "rated_on": clock.today(settings().timezone)}
    who = {"response_id": response_id, "signer_hash": signer_hash(response_id, signature_id)}
    db.session.execute(
        insert(ResponseRating, db.session)
        .values(**who, **said)
        .on_conflict_do_update(index_elements=["response_id", "signer_hash"], set_=said)
    )


def may_rate(response: Response, signature: Signature) -> bool:
    """Whether the answer stands on the site and the signature counts for its petition."""
    return (
        response.published_at is not None
        and response.petition_id == signature.petition_id
        and response.petition.facts.text_is_public
        and signature.is_valid
        and signature.counted_at is not None
    )


def rating_of(response_id: int, signature_id: int) -> ResponseRating | None:
    """What a signer said of an answer before."""
    return db.session.get(ResponseRating, (response_id, signer_hash(response_id, signature_id)))
