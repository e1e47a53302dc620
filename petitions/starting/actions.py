"""What petitioners do: start a petition, confirm it, change its words, take it back."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select

from petitions import audit, caps, checking, clock, lifecycle, mailboxes, suppressions
from petitions.database import provisional, transactional
from petitions.errors import Gone, NotFound, StateChanged
from petitions.extensions import db, settings
from petitions.lifecycle import Event, State
from petitions.mail import outbox
from petitions.mailboxes import Mailbox
from petitions.models import Petition, PetitionText, Signature, SignatureRole, SignatureState
from petitions.petitioners import creator_of
from petitions.places import postcodes
from petitions.secrecy import domain_hash, keyed_hash, mailbox_hash, network_hash, opened
from petitions.signals import Signal
from petitions.starting import queries
from petitions.starting.draft import Draft


class AlreadyStarted(StateChanged):
    """The same draft was sent before: its petition and its mail are there."""


class TooManyMails(StateChanged):
    """The mailbox got as many mails as somebody else may cause: nothing was stored."""


class LinkExpired(Gone):
    """The confirm link is too old; another can be asked for."""


class NotAsked(StateChanged):
    """The moderators do not wait for an answer."""


class NotEditable(StateChanged):
    """The words are being checked, or stand published: the petitioner no longer changes them."""


def start(*, draft: Draft, ip: str | None) -> Petition:
    """Store a petition that waits for its petitioner's confirmation, and queue the mail that asks for it.

    `draft` holds checked and cleaned answers. Raises `AlreadyStarted` when the same draft was sent before, `TooManyMails`
    when its mailbox may get no more of them now: that takes as long, so that nobody learns it of somebody else's mailbox.
    """
    petition = _start(draft, ip)
    if petition is None:
        raise TooManyMails("nobody could confirm it")
    return petition


@transactional
def _start(draft: Draft, ip: str | None) -> Petition | None:
    mailbox = mailboxes.known(draft.email)
    allowance = caps.allowance(mailbox.canonical)
    is_suppressed = suppressions.is_suppressed(mailbox.canonical)
    # No petition has the number 0: mails about one that is to come are limited by the day and the month alone.
    may_mail = allowance.left(caps.about(0)) and not is_suppressed
    with provisional(db.session, keep=may_mail):
        petition = _store(draft, ip, mailbox)
        allowance.note(caps.about(petition.id))
        audit.record("started", petition=petition, actor=audit.PETITIONER)
    if may_mail:
        return petition
    audit.record("start_refused", actor=audit.PETITIONER)
    return None


def _store(draft: Draft, ip: str | None, mailbox: Mailbox) -> Petition:
    petition = Petition(
        state=State.PENDING,
        action=draft.action,
        background=draft.background,
        additional_details=draft.additional_details,
        creator_name=draft.name,
    )
    db.session.add(petition)
    db.session.flush()
    _write_text(petition)
    creator = _creator(petition, draft, ip, mailbox)
    db.session.add(creator)
    db.session.flush()
    key = f"start:{keyed_hash('start', json.dumps(asdict(draft))).hex()}"
    if not outbox.queue("confirm_creator", key=key, signature=creator, priority=outbox.CONFIRMATION):
        raise AlreadyStarted("this draft was sent before")
    return petition


def _creator(petition: Petition, draft: Draft, ip: str | None, mailbox: Mailbox) -> Signature:
    at_home = draft.country == settings().home_country
    place = postcodes.place_of(draft.postcode) if at_home else None
    return Signature(
        petition_id=petition.id,
        text_version=petition.text_version,
        role=SignatureRole.CREATOR,
        state=SignatureState.PENDING,
        name=draft.name,
        email=draft.email,
        country=draft.country,
        postcode=draft.postcode or None,
        ip=ip,
        mailbox_hash=mailbox_hash(petition.id, mailbox.canonical),
        domain_hash=domain_hash(petition.id, mailbox.domain),
        network_hash=network_hash(petition.id, ip) if ip else None,
        place_id=place.id if place else None,
        wants_updates=draft.updates,
        signals=[Signal.ALIAS.value] if mailbox.is_alias else [],
    )


def _write_text(petition: Petition) -> None:
    """Keep the petition's present words as a version."""
    text = PetitionText(
        petition_id=petition.id,
        version=petition.text_version,
        action=petition.action,
        background=petition.background,
        additional_details=petition.additional_details,
    )
    db.session.add(text)
    db.session.flush()


def _locked(petition_id: int) -> tuple[Petition, Signature]:
    """The petition with its row locked, and its petitioner's signature. Raises `NotFound`."""
    query = select(Petition).where(Petition.id == petition_id).with_for_update(key_share=True)
    petition = db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    creator = creator_of(petition) if petition is not None else None
    if petition is None or creator is None:
        raise NotFound("no such petition")
    return petition, creator


@transactional
def confirm(*, petition_id: int) -> None:
    """The petitioner has the mailbox: let the petition gather supporters. Pressing again changes nothing.

    Raises `LinkExpired` when the mailed link is too old, `StateChanged` when the petition lapsed or was withdrawn.
    """
    petition, creator = _locked(petition_id)
    if petition.confirmed_at is not None:
        return
    if queries.state_of(petition) is State.LAPSED:
        raise StateChanged("its time to be confirmed is over")
    if creator.state is not SignatureState.PENDING:
        raise StateChanged("the petitioner's own signature has ended")
    if creator.link_expired(timedelta(days=settings().confirm_days)):
        raise LinkExpired("the confirm link is too old")
    now = clock.now()
    lapses_at = now + timedelta(days=settings().supporters_days)
    lifecycle.move(petition, Event.CONFIRM, confirmed_at=now, lapses_at=lapses_at)
    creator.state, creator.validated_at = SignatureState.VALIDATED, now
    creator.text_version = petition.text_version
    # Whoever said "it was not me" before, or asked for no mails, has thought again: a petitioner must be reached.
    creator.mails_stopped_at = None
    if address := opened(creator, "email"):
        suppressions.lift(address)
    audit.record("confirmed", petition=petition, actor=audit.PETITIONER)
    outbox.queue("gather_supporters", key=f"gather:{petition.id}", signature=creator)


@transactional
def disown(*, petition_id: int, for_ever: bool = False) -> None:
    """ "It was not me": no more mails about a petition that waits for its petitioner, or `for_ever` none from this site.

    It lapses by itself; until then the same link can still start it. A petition that was started is not touched.
    """
    petition, creator = _locked(petition_id)
    if petition.confirmed_at is not None:
        return
    creator.mails_stopped_at = creator.mails_stopped_at or clock.now()
    address = opened(creator, "email")
    if for_ever and address is not None:
        suppressions.suppress(address)


@transactional
def send_new_link(*, petition_id: int) -> None:
    """Mail the confirm link again, within the caps of its mailbox; where none is needed, do nothing."""
    known = creator_of(db.session.get_one(Petition, petition_id))
    # Its turn comes before any lock on a row.
    address = opened(known, "email") if known else None
    allowance = caps.allowance(mailboxes.canonical(address)) if address else None
    petition, creator = _locked(petition_id)
    subject = caps.about(petition_id)
    if allowance is None or queries.state_of(petition) is not State.PENDING or not allowance.left(subject):
        return
    key = f"creator:{creator.id}:{secrets.token_hex(8)}"
    outbox.queue("confirm_creator", key=key, signature=creator, priority=outbox.CONFIRMATION)
    allowance.note(subject)


@transactional
def change_text(*, petition_id: int, action: str, background: str, additional_details: str) -> None:
    """Give the petition new words as its next version; those who signed keep the version they signed.

    Raises `NotEditable` once it is being checked, but for the time in which the moderators wait for an answer.
    """
    petition, _ = _locked(petition_id)
    if not queries.may_edit(petition):
        raise NotEditable("its words can no longer be changed")
    before = (petition.action, petition.background, petition.additional_details)
    after = (action, background, additional_details)
    if after == before:
        return
    petition.action, petition.background, petition.additional_details = after
    petition.text_version += 1
    _write_text(petition)
    audit.record("text_changed", petition=petition, actor=audit.PETITIONER, version=petition.text_version)


@transactional
def answer(*, petition_id: int, answer: str) -> None:
    """Answer the moderators' questions: the petition is back in their queue. The same answer twice changes nothing.

    Raises `NotAsked` when nothing is waited for any more.
    """
    petition, _ = _locked(petition_id)
    question = checking.open_question(petition_id) if petition.facts.is_in_moderation else None
    if question is None:
        if any(each.answer == answer for each in checking.questions_of(petition_id)):
            return
        raise NotAsked("it was answered or decided meanwhile")
    question.answer, question.answered_at = answer, clock.now()
    audit.record("petitioner_answered", petition=petition, actor=audit.PETITIONER)


@transactional
def withdraw(*, petition_id: int) -> None:
    """Take the petition back; the petitioner's name leaves the site with it. Pressing again changes nothing.

    Raises `StateChanged` when it is closed, refused or lapsed.
    """
    petition, _ = _locked(petition_id)
    if petition.state is State.WITHDRAWN:
        return
    state = queries.state_of(petition)
    if state is not petition.state:
        raise StateChanged(f"a petition that is {state} cannot be withdrawn")
    lifecycle.move(petition, Event.WITHDRAW, withdrawn_at=clock.now(), creator_name_sealed=None)
    audit.record("withdrawn", petition=petition, actor=audit.PETITIONER, state_before=state.value)
