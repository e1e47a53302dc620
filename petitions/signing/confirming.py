"""What a confirm link does: its two answers, second thoughts, and where the signature it names stands.

A program that presses every button behind the link must not leave a signature behind. So "this wasn't me" outlasts any
"yes" that is pressed beside it, before or after, and is taken back only by an answer that has to be chosen first.

Confirming only marks the signature valid; the sweep counts it within a second. Nobody who confirms waits at the
petition's row. Taking a confirmed signature back locks the petition first and the signature second, as the sweep does.
"""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select, update

from petitions import audit, clock, suppressions
from petitions.counts import counting
from petitions.database import transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db, settings
from petitions.models import Life, Petition, Place, Signature, SignatureRole, SignatureState
from petitions.models.signature import link_expired
from petitions.questions import Question
from petitions.secrecy import opened

#: How long "this wasn't me" can be taken back from the same link.
UNDO = timedelta(hours=24)
#: For how long after the press the thanks name the signer's area. Later the link tells whoever has it nothing personal.
THANKS = timedelta(minutes=10)


class Standing(StrEnum):
    """What the link's page has to say."""

    WAITING = "waiting"
    """It can be confirmed now."""
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    """The link is too old; a new one can be sent."""
    HELD = "held"
    """Staff look at it first."""
    REFUSED = "refused"
    """Its owner said: this wasn't me; that can still be taken back."""
    FINAL = "final"
    """As `REFUSED`, for good."""
    LATE = "late"
    """The petition takes no confirmations any more."""
    ENDED = "ended"
    """Withdrawn or erased by its signer, or removed."""


def standing_of(signature: Any) -> Standing:
    """Where a signature stands at this moment: the row, or what `LOCKED` reads of it."""
    site, state = settings(), signature.state
    is_open = signature.petition.takes_confirmations(timedelta(hours=site.grace_hours))
    # Of one that was refused the mailbox's hash stays when all else has gone: it is refused for good, not erased.
    is_erased = signature.email_sealed is None and signature.mailbox_hash is None
    if state is not SignatureState.VALIDATED and is_erased:
        return Standing.ENDED
    if state is SignatureState.REFUSED:
        can_undo = is_open and signature.ended_at is not None and clock.now() <= signature.ended_at + UNDO
        return Standing.REFUSED if can_undo else Standing.FINAL
    if state is not SignatureState.PENDING:
        return {
            SignatureState.VALIDATED: Standing.CONFIRMED,
            SignatureState.HELD: Standing.HELD,
        }.get(state, Standing.ENDED)
    if not is_open:
        return Standing.LATE
    if link_expired(signature.link_sent_at, timedelta(days=site.confirm_days)):
        return Standing.EXPIRED
    return Standing.WAITING


def is_fresh(signature: Any) -> bool:
    """Whether it was confirmed a moment ago, so that who presses is who confirmed."""
    return signature.validated_at is not None and clock.now() <= signature.validated_at + THANKS


class Confirmed(NamedTuple):
    """What became of a pressed button."""

    standing: Standing
    petition_id: int
    place: str | None
    """The area that the thanks name, by its name in addresses; only to who has confirmed a moment ago."""


@transactional
def confirm(*, signature_id: int) -> Confirmed:
    """Make a waiting signature valid; anything else stays, a refused one too.

    What was unusual about the signing is acted on only now that the mailbox is proven: the signature is held for staff.
    Raises `NotFound` where there is no such signature, or it is a petitioner's.
    """
    signature = LOCKED.first(signature_id=signature_id)
    if signature is None or signature.role is SignatureRole.CREATOR:
        raise NotFound("no such signature; and petitioners confirm on a page of their own")
    standing, is_thanked = standing_of(signature), is_fresh(signature)
    if standing is Standing.WAITING:
        standing, values = _valid(signature)
        MAKE_VALID.run(signature_id=signature_id, **values)
        is_thanked = True
    return Confirmed(standing, signature.petition_id, signature.slug if is_thanked else None)


@transactional
def take_back_refusal(*, signature_id: int) -> Confirmed:
    """ "I did sign it": make a refused signature valid while that can be taken back, and let mail come to its mailbox again.

    Anything else stays. Raises `StateChanged` where others have taken its seat.
    """
    signature = _locked(signature_id)
    standing = standing_of(signature)
    if standing is Standing.REFUSED:
        signature.seat = _free_seat(signature)
        standing = _make_valid(signature)
        if address := opened(signature, "email"):
            suppressions.lift(address)
    place = signature.place.slug if signature.place and is_fresh(signature) else None
    return Confirmed(standing, signature.petition_id, place)


def _locked(signature_id: int) -> Signature:
    lock = select(Signature).where(Signature.id == signature_id).with_for_update()
    return db.session.execute(lock).scalar_one()


def _make_valid(signature: Signature) -> Standing:
    standing, values = _valid(signature)
    signature.ended_at = None
    for name, value in values.items():
        setattr(signature, name, value)
    return standing


def _valid(signature: Any) -> tuple[Standing, dict[str, Any]]:
    """Where a signature stands that is confirmed now, and what its row says then."""
    now, seconds = clock.now(), signature.confirm_seconds
    if seconds is None and signature.link_sent_at is not None:
        seconds = max(0, int((now - signature.link_sent_at).total_seconds()))
    is_held = signature.held_reason is not None
    state = SignatureState.HELD if is_held else SignatureState.VALIDATED
    values = {"validated_at": now, "confirm_seconds": seconds, "state": state}
    return Standing.HELD if is_held else Standing.CONFIRMED, values


class _PetitionsLife(
    Life, namedtuple("_Columns", ["state", "closes_at", "lapses_at", "hidden_at", "opened_at"])
):
    """What decides whether a petition takes confirmations."""


class _WithPetition:
    """A row of `LOCKED`."""

    @property
    def petition(self: Any) -> Life:
        """Its petition's life."""
        return _PetitionsLife(
            self.petition_state, self.closes_at, self.lapses_at, self.hidden_at, self.opened_at
        )


def _locked_by_columns() -> Any:
    """The signature, which is locked, its petition and its area, which are not: nobody who confirms waits for them."""
    wanted = select(
        Signature.petition_id,
        Signature.role,
        Signature.state,
        Signature.email_sealed,
        Signature.mailbox_hash,
        Signature.ended_at,
        Signature.link_sent_at,
        Signature.validated_at,
        Signature.held_reason,
        Signature.confirm_seconds,
        Petition.state.label("petition_state"),
        Petition.closes_at,
        Petition.lapses_at,
        Petition.hidden_at,
        Petition.opened_at,
        Place.slug,
    )
    joined = wanted.join(Petition, Signature.petition_id == Petition.id).outerjoin(
        Place, Signature.place_id == Place.id
    )
    return joined.where(Signature.id == bindparam("signature_id", type_=Integer)).with_for_update(
        of=Signature
    )


def _update() -> Any:
    values: dict[str, Any] = {name: bindparam(name) for name in ("validated_at", "confirm_seconds", "state")}
    changed = update(Signature.__table__).values(ended_at=None, **values)  # type: ignore[arg-type]
    return changed.where(Signature.id == bindparam("signature_id", type_=Integer))


LOCKED, MAKE_VALID = Question(_locked_by_columns, _WithPetition), Question(_update)


def _free_seat(signature: Signature) -> int:
    """The seat that nobody else of the mailbox has. Nobody who signs can take both while a refusal stands."""
    taken = select(Signature.seat).where(
        Signature.petition_id == signature.petition_id,
        Signature.mailbox_hash == signature.mailbox_hash,
        Signature.seat.is_not(None),
    )
    free = {1, 2} - set(db.session.execute(taken).scalars())
    if not free:
        raise StateChanged("staff have given the seat back to another signature of the mailbox")
    return min(free)


@transactional
def refuse(*, signature_id: int) -> None:
    """ "This wasn't me": the signature ends, leaves its seat and every count, and the mailbox hears no more of the petition.

    A confirmed one ends too, as long as the petition takes confirmations: whatever pressed the first button may not
    have been a person.
    """
    signature = counting.lock_both(signature_id)
    if signature.state is SignatureState.VALIDATED:
        if not signature.petition.takes_confirmations(timedelta(hours=settings().grace_hours)):
            return
        counting.uncount(signature)
        audit.record("signature_refused", petition=signature.petition, actor=audit.SIGNER)
    elif signature.state not in {SignatureState.PENDING, SignatureState.HELD}:
        return
    counting.end(signature, SignatureState.REFUSED)
