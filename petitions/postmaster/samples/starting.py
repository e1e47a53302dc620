"""Made-up cases of the mails to petitioners, until their petition is checked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions import clock, due_dates
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.mail.message import Context
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


def _petitioners(state: State) -> Context:
    shown = made_up.petition(state)
    own = {
        "petition": shown,
        "petitioner_url": made_up.link("starting.creator"),
        "support_url": made_up.link("signing.support", petition_id=shown.id),
        "needed": settings().supporters_needed,
    }
    return own | made_up.leaving()


@sample("confirm_creator", _l("Confirm a new petition"), to=made_up.PETITIONERS)
def confirm_creator() -> Context:
    """Somebody wrote a petition."""
    shown = made_up.petition(State.PENDING)
    days = settings().confirm_days
    return {"petition": shown, "confirm_url": made_up.link("starting.creator"), "days": days}


@sample("gather_supporters", _l("Find supporters"), to=made_up.PETITIONERS)
def gather_supporters() -> Context:
    """The private link."""
    return _petitioners(State.GATHERING)


@sample("supporter_joined", _l("One more supporter"), to=made_up.PETITIONERS)
def supporter_joined() -> Context:
    """The first of several."""
    needed = settings().supporters_needed
    return _petitioners(State.GATHERING) | {"supporters": 1, "missing": max(0, needed - 1)}


@sample("petition_in_review", _l("Petition is being checked"), to=made_up.PETITIONERS)
def petition_in_review() -> Context:
    """There are enough of them."""
    # Two weeks without holidays: made up, so that no closed days are looked up.
    promised_on = due_dates.add_days(clock.today(settings().timezone), 14, "calendar")
    return _petitioners(State.REVIEW) | {"promised_on": promised_on}


@sample("petition_lapsed", _l("Petition has lapsed"), to=made_up.PETITIONERS)
def petition_lapsed() -> Context:
    """There were not enough."""
    return _petitioners(State.LAPSED) | {"days": settings().supporters_days}
