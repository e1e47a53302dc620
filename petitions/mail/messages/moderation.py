"""Messages about what moderators decided: to the petitioner, and to the supporters who put the petition on its way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions import links
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.mail.message import Context, message
from petitions.models import Mail, Petition, PetitionQuestion, PetitionThreshold, Rejection, SignatureRole
from petitions.refusals import appeal_until, may_be_appealed


@message("petition_published", can_unsubscribe=True)
def petition_published(mail: Mail) -> Context | None:
    """The petition can be signed. Not sent when it was taken down meanwhile, or its time is over."""
    if mail.petition is None or not mail.petition.is_signable:
        return None
    thresholds = (
        select(PetitionThreshold)
        .where(PetitionThreshold.petition_id == mail.petition.id)
        .order_by(PetitionThreshold.signatures)
    )
    return _common(mail) | {
        "petition_url": links.petition(mail.petition),
        "thresholds": db.session.execute(thresholds).scalars().all(),
    }


@message("petition_rejected", can_unsubscribe=True)
def petition_rejected(mail: Mail) -> Context | None:
    """The petition was refused or taken down, and why. Not sent when it was put back meanwhile."""
    rejection = _rejection(mail, State.REJECTED)
    if rejection is None or mail.petition is None:
        return None
    original = db.session.get(Petition, rejection.original_id) if rejection.original_id else None
    if original is not None and not original.facts.text_is_public:
        original = None
    return (
        _common(mail)
        | {
            "petition_url": links.petition(mail.petition),
            "rejection": rejection,
            "original": original,
            "original_url": links.petition(original) if original else None,
        }
        | _appeal(mail, rejection)
    )


@message("petition_hidden", can_unsubscribe=True)
def petition_hidden(mail: Mail) -> Context | None:
    """The same for a petition whose words are not shown: the mail does not show them either, and leads nowhere."""
    rejection = _rejection(mail, State.HIDDEN)
    if rejection is None:
        return None
    return _common(mail) | {"rejection": rejection} | _appeal(mail, rejection)


def _appeal(mail: Mail, rejection: Rejection) -> Context:
    """The petitioner's own link to ask for a second look, while that is possible."""
    is_petitioner = mail.signature is not None and mail.signature.role is SignatureRole.CREATOR
    if mail.petition is None or not is_petitioner or not may_be_appealed(mail.petition, rejection):
        return {"appeal_url": None, "appeal_until": None}
    return {"appeal_url": links.appeal(mail.petition), "appeal_until": appeal_until(rejection)}


@message("petition_questions", can_unsubscribe=True)
def petition_questions(mail: Mail) -> Context | None:
    """Moderators want to know more before they decide. Not sent when it was answered or decided meanwhile."""
    question = db.session.get(PetitionQuestion, mail.details["question_id"])
    if mail.petition is None or question is None or question.answered_at is not None:
        return None
    return {
        "petition": mail.petition,
        "questions": question.questions,
        "petitioner_url": links.petitioner(mail.petition),
    }


def _rejection(mail: Mail, state: State) -> Rejection | None:
    if mail.petition is None or mail.petition.state is not state:
        return None
    return db.session.get(Rejection, mail.petition.id, options=[joinedload(Rejection.reason)])


def _common(mail: Mail) -> dict[str, Any]:
    return {
        "petition": mail.petition,
        "is_petitioner": mail.signature is not None and mail.signature.role is SignatureRole.CREATOR,
        "taken_down": mail.details.get("taken_down", False),
    }
