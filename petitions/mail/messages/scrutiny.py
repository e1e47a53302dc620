"""Messages about corrected counts."""

from __future__ import annotations

from petitions import links
from petitions.extensions import db
from petitions.mail.message import Context, message
from petitions.models import Correction, Mail, SignatureRole


@message("signatures_removed", can_unsubscribe=True)
def signatures_removed(mail: Mail) -> Context | None:
    """To the petitioner: so many signatures left the count, or came back, and why. Not sent where the words are hidden."""
    signature = mail.signature
    correction = db.session.get(Correction, mail.details["correction_id"])
    if correction is None or signature is None or signature.role is not SignatureRole.CREATOR:
        return None
    petition = signature.petition
    if petition.words_are_hidden:
        return None
    return {
        "petition": petition,
        "number": abs(correction.change),
        "were_removed": correction.change < 0,
        "reason": correction.reason,
        "petition_url": links.petition(petition) if petition.facts.is_listed else links.petitioner(petition),
    }
