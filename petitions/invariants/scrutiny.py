"""I13, I19, I22: what staff took off a count is off it, campaigns keep their books, and no mailbox got too many mails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from petitions.extensions import db
from petitions.invariants.invariant import invariant
from petitions.limits import MAILS_A_DAY, MAILS_ABOUT_ONE
from petitions.models import AuditEntry, Campaign, CampaignSignature, Correction, Mail, MailCap, Signature
from petitions.moments import later

#: Lines about signatures that staff changed by hand.
BY_HAND = ("signatures_held", "signatures_released", "signatures_invalidated", "signatures_restored")
#: Mails that anybody can cause by typing an address into the form.
TYPED = ("confirm_signature", "already_signed")
WINDOW = timedelta(hours=24)


@invariant(
    "I22",
    about=Signature,
    broken="signature {id} of petition {petition_id} was taken off the count and is in it",
)
def what_was_taken_off_is_in_no_count() -> Select[*tuple[Any, ...]]:
    """A signature that staff took off the count is in no count until it is valid again."""
    return select(Signature.id, Signature.petition_id).where(
        Signature.counted_before.is_not(None), Signature.counted_at.is_not(None)
    )


@invariant(
    "I22",
    about=Campaign,
    broken="campaign {id} of petition {petition_id} says {found} found and {changed} changed, its list {listed} and {done}",
)
def campaigns_keep_their_books() -> Select[*tuple[Any, ...]]:
    """A campaign's list holds no more than it found, and no more of them changed than it says: what is undone is known."""
    rows = (
        select(
            CampaignSignature.campaign_id,
            func.count().label("listed"),
            func.count(CampaignSignature.state_before).label("done"),
        )
        .group_by(CampaignSignature.campaign_id)
        .subquery()
    )
    return (
        select(
            Campaign.id, Campaign.petition_id, Campaign.found, Campaign.changed, rows.c.listed, rows.c.done
        )
        .join(rows, rows.c.campaign_id == Campaign.id)
        .where(or_(rows.c.listed > Campaign.found, rows.c.done > Campaign.changed))
    )


@invariant(
    "I13",
    about=Correction,
    broken="the history does not know who changed the count of petition {petition_id} by {change}",
)
def corrections_are_in_the_history() -> Select[*tuple[Any, ...]]:
    """Each public note that staff corrected a count by hand has a line in the history that says the same."""
    line = exists().where(
        AuditEntry.petition_id == Correction.petition_id,
        AuditEntry.staff_id == Correction.staff_id,
        AuditEntry.action.in_(BY_HAND),
        AuditEntry.details["count_change"].as_integer() == Correction.change,
    )
    return select(Correction.petition_id, Correction.change).where(
        Correction.staff_id.is_not(None), Correction.campaign_id.is_(None), ~line
    )


@invariant("I19", about=MailCap, broken="{number} mails were caused at one mailbox on {day}")
def no_mailbox_got_too_many_mails() -> Select[*tuple[Any, ...]]:
    """Nobody caused more mails at one mailbox in a day than the cap allows, over all petitions."""
    number = func.json_array_length(MailCap.moments)
    return select(MailCap.day, number.label("number")).where(number > MAILS_A_DAY)


@invariant(
    "I19",
    about=Mail,
    broken="mail {id} about petition {petition_id} was one too many at its mailbox within 24 hours",
)
def no_mailbox_got_too_many_about_one() -> Select[*tuple[Any, ...]]:
    """Nobody caused more mails at one mailbox about one petition within 24 hours than the cap allows."""
    earlier = func.lag(Mail.created_at, MAILS_ABOUT_ONE).over(
        partition_by=(Signature.petition_id, Signature.mailbox_hash), order_by=(Mail.created_at, Mail.id)
    )
    mails = (
        select(Mail.id, Signature.petition_id, Mail.created_at, earlier.label("earlier"))
        .join(Signature, Signature.id == Mail.signature_id)
        .where(Mail.kind.in_(TYPED), Signature.mailbox_hash.is_not(None))
        .subquery()
    )
    return select(mails.c.id, mails.c.petition_id).where(
        mails.c.created_at < later(mails.c.earlier, WINDOW, db.session)
    )
