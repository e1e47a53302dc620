"""Mails about what is owed and debated: to petitioners, signers who asked, and those who answer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from petitions import clock, links
from petitions.duties import outcomes
from petitions.duties.duty_clock import capitalised, day_in_words, status
from petitions.extensions import db, settings
from petitions.mail.message import Context, message
from petitions.models import (
    RESPONSE,
    Debate,
    Duty,
    Mail,
    OtherBusiness,
    Petition,
    Signature,
    SignatureRole,
)


def wants(signature: Signature | None) -> bool:
    """Whether this is still somebody to tell: a petitioner, or a signer who asked and has not stopped the mails."""
    if signature is None or not signature.is_valid or not signature.petition.facts.text_is_public:
        return False
    return signature.role is SignatureRole.CREATOR or signature.wants_updates


def about(petition: Petition, signature: Signature | None) -> Context:
    """What every message about a petition needs."""
    return {
        "petition": petition,
        "petition_url": links.petition(petition),
        "is_creator": signature is not None and signature.role is SignatureRole.CREATOR,
    }


@message("threshold_crossed", can_unsubscribe=True)
def threshold_crossed(mail: Mail) -> Context | None:
    """To the petitioner: so many signatures, and what is owed now."""
    duty = db.session.get(Duty, mail.details["duty_id"])
    if duty is None or mail.signature is None or not wants(mail.signature):
        return None
    threshold = duty.crossing.threshold
    return about(duty.petition, mail.signature) | {
        "signatures": threshold.signatures,
        "sentence": status(duty).sentence,
        "is_for_response": threshold.duty == RESPONSE,
        "board_url": links.absolute("accountability.board"),
    }


@message("duty_created")
def duty_created(mail: Mail) -> Context | None:
    """To those who have to see to it: a duty and its date. Not sent when it was answered or given away meanwhile."""
    duty = db.session.get(Duty, mail.details["duty_id"])
    if duty is None or mail.staff is None or not mail.staff.is_active or duty.answered_at is not None:
        return None
    is_for_response = duty.crossing.threshold.duty == RESPONSE
    return about(duty.petition, None) | {
        "duty": duty,
        "sentence": status(duty).sentence,
        "signatures": duty.crossing.threshold.signatures,
        "is_for_response": is_for_response,
        "is_own": duty.department_id is not None and duty.department_id == mail.staff.department_id,
        "overseer": capitalised(settings().site_overseer),
        "duty_url": links.absolute("responses.duty", duty_id=duty.id),
    }


@message("debate_scheduled", can_unsubscribe=True, is_for_many=True)
def debate_scheduled(mail: Mail) -> Context | None:
    """The day of the debate. Not sent when another day was set since, or the day has passed."""
    day = date.fromisoformat(mail.details["scheduled_on"])
    debate = _debate(mail)
    if debate is None or debate.scheduled_on != day or day < clock.today(settings().timezone):
        return None
    return about(debate.petition, mail.signature) | {
        "chamber": capitalised(settings().site_chamber),
        "day": day_in_words(day),
    }


@message("debate_outcome", can_unsubscribe=True, is_for_many=True)
def debate_outcome(mail: Mail) -> Context | None:
    """That it was debated, or will not be and why, with what there is to read and see. Not sent when it is otherwise by now."""
    debate = _debate(mail)
    if (
        debate is None
        or debate.debated is None
        or mail.details.get("debated", debate.debated) != debate.debated
    ):
        return None
    return about(debate.petition, mail.signature) | {
        "chamber": capitalised(settings().site_chamber),
        "debate": debate,
        "day": day_in_words(debate.debated_on) if debate.debated_on else "",
        "links": outcomes.debate_links(debate),
    }


@message("other_business", can_unsubscribe=True, is_for_many=True)
def other_business(mail: Mail) -> Context | None:
    """A letter or a session about the petition, with the source. Not sent when it was taken off the page."""
    row = db.session.get(OtherBusiness, mail.details["business_id"])
    if row is None or mail.signature is None or not wants(mail.signature):
        return None
    return about(mail.signature.petition, mail.signature) | {
        "subject_line": row.subject,
        "day": day_in_words(row.occurred_on),
        "body": row.body,
        "source": row.url,
    }


def _debate(mail: Mail) -> Debate | None:
    """The debate of the petition that a mail is about, where somebody still wants to hear of it."""
    if mail.signature is None or not wants(mail.signature):
        return None
    wanted = select(Debate).where(Debate.petition_id == mail.signature.petition_id)
    return db.session.execute(wanted).scalar_one_or_none()
