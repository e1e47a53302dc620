"""I7, I8: no signature waits for a mail that was never queued, and no news goes to anybody twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, exists, func, select, type_coerce, union_all

from petitions.invariants.invariant import invariant
from petitions.models import Mail, Signature, SignatureState
from petitions.models.mail import QUEUED, SENT
from petitions.retention import expiry

#: So long mails are kept; of older times nothing can be said. Those with a link stay as long as their signature.
KEPT = timedelta(days=expiry.MAIL_DAYS)
#: The messages with a confirm link.
CONFIRMATIONS = ("confirm_signature", "confirm_creator")


@invariant("I7", about=Signature, broken="signature {id} of petition {petition_id} waits and has no mail")
def who_waits_was_mailed() -> Select[*tuple[Any, ...]]:
    """Every signature that waits for its signer has a mail with its confirm link, queued or gone."""
    mailed = exists().where(Mail.signature_id == Signature.id, Mail.kind.in_(CONFIRMATIONS))
    return select(Signature.id, Signature.petition_id).where(
        Signature.state == SignatureState.PENDING, Signature.anonymised_at.is_(None), ~mailed
    )


@invariant(
    "I7", about=Mail, broken="mail {mail_id} was taken, but the link of signature {signature_id} has no time"
)
def links_that_left_have_their_time() -> Select[*tuple[Any, ...]]:
    """A link's life has begun where the mail server took its mail."""
    return (
        select(Mail.id.label("mail_id"), Mail.signature_id)
        .join(Signature, Signature.id == Mail.signature_id)
        .where(Mail.kind.in_(CONFIRMATIONS), Mail.state == SENT, Signature.link_sent_at.is_(None))
    )


@invariant("I8", about=Mail, broken="mail {id} is {state}, its end is {finished_at}")
def finished_mails_have_their_time() -> Select[*tuple[Any, ...]]:
    """A mail that waits has no end, and any other has."""
    return select(Mail.id, type_coerce(Mail.state, String).label("state"), Mail.finished_at).where(
        (Mail.state == QUEUED) != Mail.finished_at.is_(None)
    )


@invariant(
    "I8",
    about=Mail,
    broken="the signer of signature {signature_id} was told {times} times: {kind}, mail {mail_id}",
)
def nobody_is_mailed_the_same_twice() -> Select[*tuple[Any, ...]]:
    """An answer, and what came of a debate, goes to each person once."""
    answers = select(
        Mail.id,
        Mail.kind,
        Mail.signature_id,
        Mail.details["response_id"].as_integer().label("matter"),
    ).where(Mail.kind == "response_published")
    outcomes = select(Mail.id, Mail.kind, Mail.signature_id, Mail.petition_id).where(
        Mail.kind == "debate_outcome"
    )
    mails = union_all(answers, outcomes).subquery()
    return (
        select(
            mails.c.signature_id,
            mails.c.kind,
            func.count().label("times"),
            func.max(mails.c.id).label("mail_id"),
        )
        .where(mails.c.signature_id.is_not(None))
        .group_by(mails.c.signature_id, mails.c.kind, mails.c.matter)
        .having(func.count() > 1)
    )
