"""What becomes of somebody's wish to sign, decided from what the mailbox did on this petition before. It writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from petitions.extensions import settings
from petitions.mailboxes import Mailbox
from petitions.models import SignatureState
from petitions.places import postcodes
from petitions.signals import Signal


@dataclass(frozen=True)
class Person:
    """Who signs, as typed. `country` is an ISO 3166 code; `ip` the address of origin, where it is known.

    `signals` are what was unusual about the way the form was filled in; `mailbox` what the address leads to, where that was
    looked up already.
    """

    name: str
    email: str
    country: str
    postcode: str
    wants_updates: bool
    ip: str | None = None
    signals: tuple[Signal, ...] = ()
    mailbox: Mailbox | None = None


@dataclass(frozen=True)
class Earlier:
    """One signature that the mailbox has or had on the petition."""

    id: int
    state: SignatureState
    seat: int | None
    country: str
    name: str | None
    postcode: str | None


@dataclass(frozen=True)
class Outcome:
    """What is to be done. Nothing of it: the mailbox hears nothing, and no row is kept."""

    seat: int | None = None
    """The seat of a new signature."""
    ends: tuple[int, ...] = ()
    """Signatures that nobody confirmed and that the new one takes the place of."""
    told: int | None = None
    """The signature that a mail is about, where there is no new one."""
    has_signed: bool = False
    """That mail says that it is done, instead of sending the link."""
    is_another: bool = False
    """It goes to somebody else than the signer: to the address as typed, with nothing about the signature."""

    @property
    def sends_mail(self) -> bool:
        """Whether any mail goes out."""
        return self.seat is not None or self.told is not None


NOTHING = Outcome()


def decide(person: Person, earlier: Sequence[Earlier], *, may_mail: bool) -> Outcome:
    """What becomes of the wish. Without a mail nothing is stored: nobody could confirm it."""
    # The mailbox's owner said: this wasn't me.
    if not may_mail or any(row.state is SignatureState.REFUSED for row in earlier):
        return NOTHING
    seated = [row for row in earlier if row.seat is not None]
    same = next((row for row in seated if _name_key(row.name) == _name_key(person.name)), None)
    if same is not None:
        return _again(same)
    if not seated:
        return Outcome(seat=1)
    if len(seated) < settings().signatures_per_mailbox and _same_home(seated[0], person):
        return Outcome(seat=3 - (seated[0].seat or 1))
    if signed := [row for row in seated if row.state is not SignatureState.PENDING]:
        return Outcome(told=signed[0].id, has_signed=True, is_another=True)
    # Nobody has proven to have the mailbox yet, so a slip or a stranger keeps nobody out: the last wish stands.
    return Outcome(seat=1, ends=tuple(row.id for row in seated))


def _again(same: Earlier) -> Outcome:
    """The same person again: the same link, or that it is done. Nothing where staff are checking the signature."""
    if same.state is SignatureState.VALIDATED:
        return Outcome(told=same.id, has_signed=True)
    if same.state is SignatureState.PENDING:
        return Outcome(told=same.id)
    return NOTHING


def _name_key(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def _same_home(row: Earlier, person: Person) -> bool:
    same_postcode = postcodes.compact(row.postcode or "") == postcodes.compact(person.postcode)
    return same_postcode and row.country == person.country
