"""I2, I11, I12, I15: who signs sits where they may, in time, under words that stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from petitions import clock
from petitions.extensions import db, settings
from petitions.invariants.invariant import TOLERANCE, invariant
from petitions.models import Petition, PetitionText, Signature
from petitions.moments import later

#: Seats that a mailbox may have on a petition, whatever the setting was when they were taken.
MOST_SEATS = 2
#: The longest grace that a setting may have given; a shorter one today says nothing about yesterday.
USUAL_GRACE = timedelta(hours=24)


@invariant(
    "I2",
    about=Signature,
    broken="a mailbox has {number} signatures on petition {petition_id}, signature {signature_id} the last",
)
def mailboxes_have_their_seats() -> Select[*tuple[Any, ...]]:
    """A mailbox has at most two signatures on a petition that have not ended, each with a seat of its own."""
    return (
        select(
            Signature.petition_id, func.count().label("number"), func.max(Signature.id).label("signature_id")
        )
        .where(Signature.mailbox_hash.is_not(None), Signature.seat.is_not(None))
        .group_by(Signature.petition_id, Signature.mailbox_hash)
        .having(
            or_(
                func.count() > MOST_SEATS,
                func.count() != func.max(Signature.seat) - func.min(Signature.seat) + 1,
            )
        )
    )


def _with_deadline() -> Select[*tuple[Any, ...]]:
    return select(Signature.id, Signature.petition_id, Petition.closes_at).join(
        Petition, Petition.id == Signature.petition_id
    )


@invariant(
    "I11",
    about=Signature,
    broken="signature {id} of petition {petition_id} is of {created_at}, its deadline was {closes_at}",
)
def nobody_signs_too_late() -> Select[*tuple[Any, ...]]:
    """Nobody signs after a petition's deadline."""
    return (
        _with_deadline()
        .add_columns(Signature.created_at)
        .where(Signature.created_at > later(Petition.closes_at, TOLERANCE, db.session))
    )


@invariant(
    "I11",
    about=Signature,
    broken="signature {id} of petition {petition_id} was confirmed at {validated_at}, its deadline was {closes_at}",
    of_the_moment=True,
)
def nobody_confirms_too_late() -> Select[*tuple[Any, ...]]:
    """Nobody confirms after a petition's deadline and the grace that follows it."""
    grace = max(timedelta(hours=settings().grace_hours), USUAL_GRACE)
    return (
        _with_deadline()
        .add_columns(Signature.validated_at)
        .where(Signature.validated_at > later(Petition.closes_at, grace + TOLERANCE, db.session))
    )


@invariant(
    "I12", about=Petition, broken="petition {petition_id} has other words than its version {text_version}"
)
def words_are_those_of_a_version() -> Select[*tuple[Any, ...]]:
    """A petition's words are those of its newest version, kept word for word."""
    newest = (
        select(PetitionText.petition_id, func.max(PetitionText.version).label("version"))
        .group_by(PetitionText.petition_id)
        .subquery()
    )
    return (
        select(Petition.id.label("petition_id"), Petition.text_version)
        .outerjoin(newest, newest.c.petition_id == Petition.id)
        .outerjoin(
            PetitionText,
            (PetitionText.petition_id == Petition.id) & (PetitionText.version == Petition.text_version),
        )
        .where(
            or_(
                PetitionText.version.is_(None),
                newest.c.version != Petition.text_version,
                PetitionText.action != Petition.action,
                PetitionText.background != Petition.background,
                PetitionText.additional_details != Petition.additional_details,
            )
        )
    )


@invariant(
    "I12",
    about=Signature,
    broken="signature {id} of petition {petition_id} is under version {text_version}, which came later",
)
def signed_words_were_there() -> Select[*tuple[Any, ...]]:
    """The words that somebody signed stood there when they signed."""
    signed_at = func.coalesce(Signature.validated_at, Signature.created_at)
    return (
        select(Signature.id, Signature.petition_id, Signature.text_version)
        .join(
            PetitionText,
            (PetitionText.petition_id == Signature.petition_id)
            & (PetitionText.version == Signature.text_version),
        )
        .where(PetitionText.created_at > later(signed_at, TOLERANCE, db.session))
    )


@invariant(
    "I15",
    about=Signature,
    broken="signature {id} of petition {petition_id} has times that are out of order",
    of_the_moment=True,
)
def times_are_in_order() -> Select[*tuple[Any, ...]]:
    """Somebody signs, then confirms, then is counted, and none of it lies in the future."""
    return select(Signature.id, Signature.petition_id).where(
        or_(
            Signature.created_at > later(Signature.validated_at, TOLERANCE, db.session),
            Signature.validated_at > later(Signature.counted_at, TOLERANCE, db.session),
            func.coalesce(Signature.counted_at, Signature.validated_at, Signature.created_at)
            > clock.now() + TOLERANCE,
        )
    )
