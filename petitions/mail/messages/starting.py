"""Mails to petitioners, from the first link until their petition is checked."""

from __future__ import annotations

from petitions import checking, links
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.mail.message import Context, message
from petitions.models import Mail, Petition


def _petition(mail: Mail, state: State) -> Petition | None:
    """The mail's petition, as long as it is in the state that the mail is about."""
    return mail.petition if mail.petition is not None and mail.petition.state is state else None


@message("confirm_creator", starts_link_life=True)
def confirm_creator(mail: Mail) -> Context | None:
    """The link to the page with the button that starts the petition."""
    petition = _petition(mail, State.PENDING)
    if petition is None:
        return None
    return {
        "petition": petition,
        "confirm_url": links.petitioner(petition),
        "days": settings().confirm_days,
    }


@message("gather_supporters", can_unsubscribe=True)
def gather_supporters(mail: Mail) -> Context | None:
    """The private link for supporters, with words ready to be forwarded."""
    petition = _petition(mail, State.GATHERING)
    if petition is None:
        return None
    return {
        "petition": petition,
        "petitioner_url": links.petitioner(petition),
        "support_url": links.support(petition),
        "needed": settings().supporters_needed,
    }


@message("supporter_joined", can_unsubscribe=True)
def supporter_joined(mail: Mail) -> Context | None:
    """One more supporter confirmed: how many there are, how many it takes."""
    petition = _petition(mail, State.GATHERING)
    if petition is None:
        return None
    supporters, needed = mail.details["supporters"], settings().supporters_needed
    return {
        "petition": petition,
        "petitioner_url": links.petitioner(petition),
        "support_url": links.support(petition),
        "supporters": supporters,
        "needed": needed,
        "missing": needed - supporters,
    }


@message("petition_in_review", can_unsubscribe=True)
def petition_in_review(mail: Mail) -> Context | None:
    """There are enough supporters: it is being checked, and until when that is promised."""
    petition = _petition(mail, State.REVIEW)
    if petition is None:
        return None
    return {
        "petition": petition,
        "petitioner_url": links.petitioner(petition),
        "promised_on": checking.checked_by(petition),
    }


@message("petition_lapsed", can_unsubscribe=True)
def petition_lapsed(mail: Mail) -> Context | None:
    """It did not find its supporters in time; the text can still be copied."""
    petition = _petition(mail, State.LAPSED)
    if petition is None:
        return None
    return {
        "petition": petition,
        "petitioner_url": links.petitioner(petition),
        "needed": settings().supporters_needed,
        "days": settings().supporters_days,
    }
