"""Mails to petitioners about their appeal: that it came, and what was decided."""

from __future__ import annotations

from petitions import links
from petitions.extensions import db
from petitions.mail.message import Context, message
from petitions.models import Appeal, Mail


def _about(mail: Mail) -> Context | None:
    """The appeal; the petition's words only where they may be shown."""
    appeal = db.session.get(Appeal, mail.petition_id) if mail.petition_id else None
    if appeal is None or mail.petition is None:
        return None
    return {
        "petition": mail.petition,
        "appeal": appeal,
        "shows_title": not mail.petition.words_are_hidden,
        "petitioner_url": links.petitioner(mail.petition),
    }


@message("appeal_received", can_unsubscribe=True)
def appeal_received(mail: Mail) -> Context | None:
    """To the petitioner: the appeal is here, and somebody else will decide. Not sent when that has happened."""
    context = _about(mail)
    return context if context is not None and context["appeal"].decided_at is None else None


@message("appeal_decided", can_unsubscribe=True)
def appeal_decided(mail: Mail) -> Context | None:
    """To the petitioner: what was decided, and why."""
    context = _about(mail)
    return context if context is not None and context["appeal"].decided_at is not None else None
