"""Mails about a duty between its beginning and its answer: a word in between, a late one, a better answer asked for."""

from __future__ import annotations

from petitions import links
from petitions.duties.duty_clock import capitalised, day_in_words, full_stop, owner_name, status
from petitions.extensions import db, settings
from petitions.mail.message import Context, message
from petitions.models import Duty, DutyEscalation, HoldingReply, Mail, Petition, Signature


def _about(petition: Petition) -> Context:
    return {"petition": petition, "petition_url": links.petition(petition)}


def _is_told(signature: Signature | None) -> bool:
    """Whether the petitioner is still to be told: the petition is public and the signature stands."""
    return signature is not None and signature.is_valid and signature.petition.facts.text_is_public


@message("holding_reply", can_unsubscribe=True)
def holding_reply(mail: Mail) -> Context | None:
    """To the petitioner: what the department is doing. Not sent when the answer is there already."""
    reply = db.session.get(HoldingReply, mail.details["reply_id"])
    duty = db.session.get(Duty, reply.duty_id) if reply is not None else None
    if reply is None or duty is None or duty.answered_at is not None or not _is_told(mail.signature):
        return None
    return _about(duty.petition) | {
        "owner": owner_name(duty.department),
        "body": reply.body,
        "sentence": status(duty).sentence,
    }


@message("follow_up_asked", can_unsubscribe=True)
def follow_up_asked(mail: Mail) -> Context | None:
    """To the petitioner: a better answer was asked for, why, and by when it is due."""
    duty = db.session.get(Duty, mail.details["duty_id"])
    if duty is None or duty.answered_at is not None or not _is_told(mail.signature):
        return None
    return _about(duty.petition) | {
        "overseer": capitalised(settings().site_overseer),
        "reason": full_stop(duty.follow_up_reason),
        "sentence": status(duty).sentence,
    }


@message("duty_escalated")
def duty_escalated(mail: Mail) -> Context | None:
    """To the overseeing body: an answer is late. Not sent when it has come meanwhile."""
    duty = db.session.get(Duty, mail.details["duty_id"])
    escalation = db.session.get(DutyEscalation, (mail.details["duty_id"], mail.details["number"]))
    if duty is None or escalation is None or mail.staff is None or not mail.staff.is_active:
        return None
    stands = status(duty)
    if not stands.is_overdue or stands.due_on is None:
        return None
    return _about(duty.petition) | {
        "sentence": stands.sentence,
        "due": day_in_words(stands.due_on),
        "number": escalation.number,
        "overseer": settings().site_overseer,
        "duty_url": links.absolute("responses.duty", duty_id=duty.id),
    }
