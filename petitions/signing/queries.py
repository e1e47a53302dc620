"""What the pages of signing read."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions.errors import Gone, NotFound
from petitions.extensions import db, settings
from petitions.models import (
    Mail,
    Petition,
    PetitionThreshold,
    Place,
    Signature,
)
from petitions.starting.queries import supporters_of

P = TypeVar("P", bound=Any)


def petition_with_page(petition_id: int) -> Petition:
    """A petition that has a public page. Raises `NotFound`, or `Gone` where it was published and then hidden."""
    return with_page(db.session.get(Petition, petition_id))


def with_page(petition: P | None) -> P:
    """The petition, or the row of its life, if it has a public page. Raises the same."""
    if petition is None:
        raise NotFound("no such petition")
    if petition.facts.is_listed or petition.facts.takes_supporters:
        return petition
    if not petition.was_published:
        raise NotFound("this petition has no page")
    if petition.words_are_hidden:
        raise Gone("taken down")
    return petition


def shows_title(petition: Petition) -> bool:
    """Whether a signer may read the petition's title on a page of their own: always, until it is taken down."""
    return not petition.words_are_hidden


def signature_of_link(signature_id: int) -> Signature:
    """The signature that a mailed link names, with its petition and place. Raises `NotFound`."""
    wanted = (
        select(Signature)
        .options(joinedload(Signature.petition), joinedload(Signature.place))
        .where(Signature.id == signature_id)
    )
    signature = db.session.execute(wanted).scalar_one_or_none()
    if signature is None:
        raise NotFound("no such signature")
    return signature


def takes_supporters(petition: Any) -> bool:
    """Whether the private link of a petition, or of a row of its life, still takes somebody: it closes at `SUPPORTERS_MOST`
    who have confirmed.

    It does not show words again that were hidden, while moderators look at them once more.
    """
    if petition.words_are_hidden or not petition.facts.takes_supporters:
        return False
    return supporters_of(petition) < settings().supporters_most


def next_threshold(petition: Petition) -> PetitionThreshold | None:
    """The lowest threshold that the count has not reached."""
    wanted = (
        select(PetitionThreshold)
        .where(
            PetitionThreshold.petition_id == petition.id,
            PetitionThreshold.signatures > petition.signature_count,
        )
        .order_by(PetitionThreshold.signatures)
        .limit(1)
    )
    return db.session.execute(wanted).scalar_one_or_none()


def place_by_slug(slug: str) -> Place | None:
    """An area by the name in an address; of several with that name the one that exists today."""
    wanted = (
        select(Place)
        .where(Place.slug == slug, Place.kind == "constituency")
        .order_by(Place.end_date.is_not(None), Place.id.desc())
        .limit(1)
    )
    return db.session.execute(wanted).scalar_one_or_none()


def mails_about(signature: Signature) -> list[Mail]:
    """The mails that were made for one signature, oldest first."""
    wanted = select(Mail).where(Mail.signature_id == signature.id).order_by(Mail.id)
    return list(db.session.execute(wanted).scalars())
