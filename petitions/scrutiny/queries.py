"""Reading for scrutiny: signatures with what names their signers covered up, what is held, and campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import (
    Campaign,
    CampaignSignature,
    Petition,
    Place,
    Signature,
    SignatureRole,
    SignatureState,
)
from petitions.places import countries
from petitions.scrutiny.masking import masked_address, masked_name, masked_origin, masked_postcode
from petitions.secrecy import opened

#: Signatures of a campaign that its page shows, so that a wrong condition is seen.
SAMPLE = 20
CAMPAIGNS_SHOWN = 100
PETITIONS_SHOWN = 200


@dataclass(frozen=True)
class Masked:
    """One signature as staff see it."""

    id: int
    name: str
    email: str
    postcode: str
    origin: str
    row: Signature

    @property
    def where(self) -> str:
        """The area it counts in, or the country."""
        return self.row.place.name if self.row.place else countries.name(self.row.country)

    @property
    def is_erased(self) -> bool:
        """Nothing personal is left of it."""
        return self.row.email_sealed is None

    @property
    def can_be_changed(self) -> bool:
        """Staff may do something with it: the petitioner's own, and what its owner ended, stay as they are."""
        ended = {SignatureState.WITHDRAWN, SignatureState.REFUSED}
        return (
            not self.is_erased and self.row.role is not SignatureRole.CREATOR and self.row.state not in ended
        )


@dataclass(frozen=True)
class Held:
    """A petition with signatures that wait for staff."""

    petition: Petition
    number: int
    since: datetime


def petition(petition_id: int) -> Petition:
    """One petition in whatever state. Raises `NotFound`."""
    found = db.session.get(Petition, petition_id)
    if found is None:
        raise NotFound("no such petition")
    return found


def signature(petition_id: int, signature_id: int) -> Masked:
    """One signature of a petition. Raises `NotFound`."""
    found = masked([signature_id])
    if not found or found[0].row.petition_id != petition_id:
        raise NotFound("no such signature")
    return found[0]


def masked(ids: Sequence[int]) -> list[Masked]:
    """Signatures by their numbers, newest first."""
    wanted = (
        select(Signature)
        .options(joinedload(Signature.place))
        .where(Signature.id.in_(ids))
        .order_by(Signature.id.desc())
    )
    return [_masked(row) for row in db.session.execute(wanted).scalars()]


def _masked(row: Signature) -> Masked:
    return Masked(
        id=row.id,
        name=masked_name(opened(row, "name")),
        email=masked_address(opened(row, "email")),
        postcode=masked_postcode(opened(row, "postcode")),
        origin=masked_origin(opened(row, "ip")),
        row=row,
    )


def place(place_id: int) -> Place | None:
    """A place by its number."""
    return db.session.get(Place, place_id)


def place_named(text: str) -> Place | None:
    """A place by its code or whole name, in capitals or not; of several the one that exists today."""
    wanted = (
        select(Place)
        .where((func.lower(Place.name) == text.lower()) | (func.lower(Place.code) == text.lower()))
        .order_by(Place.kind, Place.end_date.is_not(None), Place.id.desc())
        .limit(1)
    )
    return db.session.execute(wanted).scalar_one_or_none()


def held() -> list[Held]:
    """Petitions with held signatures, those first that wait longest."""
    since = func.min(func.coalesce(Signature.validated_at, Signature.created_at)).label("since")
    counted = (
        select(Signature.petition_id, func.count().label("number"), since)
        .where(Signature.state == SignatureState.HELD)
        .group_by(Signature.petition_id)
        .subquery()
    )
    wanted = (
        select(Petition, counted.c.number, counted.c.since)
        .join(counted, counted.c.petition_id == Petition.id)
        .order_by(counted.c.since, Petition.id)
        .limit(PETITIONS_SHOWN)
    )
    return [Held(row, number, moment) for row, number, moment in db.session.execute(wanted)]


def number_held() -> int:
    """How many signatures wait for staff, on all petitions."""
    wanted = select(func.count()).where(Signature.state == SignatureState.HELD)
    return db.session.execute(wanted).scalar_one()


def campaign(campaign_id: int) -> Campaign:
    """One campaign with its people. Raises `NotFound`."""
    people = (joinedload(Campaign.staff), joinedload(Campaign.approved_by), joinedload(Campaign.petition))
    found = db.session.get(Campaign, campaign_id, options=people)
    if found is None:
        raise NotFound("no such campaign")
    return found


def campaigns_of(petition_id: int) -> Sequence[Campaign]:
    """The campaigns of a petition, newest first."""
    wanted = (
        select(Campaign)
        .options(joinedload(Campaign.staff))
        .where(Campaign.petition_id == petition_id)
        .order_by(Campaign.id.desc())
        .limit(CAMPAIGNS_SHOWN)
    )
    return db.session.execute(wanted).scalars().all()


def sample_of(campaign_id: int) -> list[Masked]:
    """Some of what a campaign found, from all over it."""
    ids = select(CampaignSignature.signature_id).where(CampaignSignature.campaign_id == campaign_id)
    newest = db.session.execute(ids.order_by(CampaignSignature.signature_id.desc()).limit(SAMPLE // 2))
    oldest = db.session.execute(ids.order_by(CampaignSignature.signature_id).limit(SAMPLE // 2))
    return masked(sorted({*newest.scalars(), *oldest.scalars()}))


def number_undone(campaign_id: int) -> int:
    """How many of the signatures that a campaign changed have been put back."""
    wanted = select(func.count()).where(
        CampaignSignature.campaign_id == campaign_id, CampaignSignature.undone_at.is_not(None)
    )
    return db.session.execute(wanted).scalar_one()
