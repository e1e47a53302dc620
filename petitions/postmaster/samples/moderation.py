"""Made-up cases of the messages about what moderators decided."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from petitions import clock, links
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.mail.message import Context
from petitions.models import DEBATE, RESPONSE, PetitionThreshold, Rejection, RejectionReason
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


@sample("petition_published", _l("Petition is published"), to=made_up.FIRST)
def petition_published() -> Context:
    """It was checked and published."""
    response, debate = settings().response_threshold, settings().debate_threshold
    thresholds = [
        PetitionThreshold(signatures=response, duty=RESPONSE),
        PetitionThreshold(signatures=debate, duty=DEBATE),
    ]
    return made_up.about() | {"is_petitioner": True, "taken_down": False, "thresholds": thresholds}


@sample("petition_rejected", _l("Petition was rejected"), to=made_up.FIRST)
def petition_rejected() -> Context:
    """It repeats another one."""
    reason = RejectionReason(
        title="It asks for the same as another petition",
        description="One petition for one request brings all signatures together.",
    )
    original = made_up.petition()
    return (
        made_up.about(State.REJECTED)
        | {
            "is_petitioner": True,
            "taken_down": False,
            "rejection": Rejection(details="Petition 12 asks for night buses too.", reason=reason),
            "original": original,
            "original_url": links.petition(original),
        }
        | _appeal()
    )


@sample("petition_hidden", _l("Petition was rejected and hidden"), to=made_up.FIRST)
def petition_hidden() -> Context:
    """It must not be shown."""
    reason = RejectionReason(
        title="It names a private person",
        description="A petition may not accuse somebody who is not in public office.",
    )
    rejection = Rejection(details="The second sentence names a neighbour.", reason=reason)
    shown = {"is_petitioner": True, "taken_down": False, "rejection": rejection}
    return made_up.about(State.HIDDEN) | shown | _appeal()


def _appeal() -> Context:
    """The way to a second look."""
    until = clock.today(settings().timezone) + timedelta(days=settings().appeal_days)
    return {"appeal_url": made_up.link("appealing.appeal"), "appeal_until": until}


@sample("petition_questions", _l("Questions to the petitioner"), to=made_up.PETITIONERS)
def petition_questions() -> Context:
    """It cannot be decided yet."""
    return made_up.about(State.REVIEW) | {
        "questions": "Which towns do you mean?\nWhere does the figure of nineteen towns come from?",
        "petitioner_url": made_up.link("starting.creator"),
    }
