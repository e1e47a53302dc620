"""Made-up cases of the mails about a duty between its beginning and its answer, and of what staff are reminded of."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from petitions import clock, links
from petitions.duties.coming import Coming
from petitions.duties.duty_clock import capitalised, day_in_words, owner_name, status
from petitions.duties.forecast import Forecast
from petitions.extensions import settings
from petitions.mail.message import Context
from petitions.mail.messages.asked import Item
from petitions.mail.messages.notices import coming_item, owed_item
from petitions.models import DEBATE, PetitionThreshold
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample
from petitions.postmaster.samples.responses import owed


@sample("holding_reply", _l("Holding reply"), to=made_up.PETITIONERS)
def holding_reply() -> Context:
    """The figures are still to come."""
    duty = owed()
    return made_up.about() | {
        "owner": owner_name(duty.department),
        "body": "We are asking the nineteen towns for their figures and expect the last of them this month.",
        "sentence": status(duty).sentence,
    }


@sample("follow_up_asked", _l("A better answer asked for"), to=made_up.PETITIONERS)
def follow_up_asked() -> Context:
    """The answer spoke of something else."""
    duty = owed()
    duty.round = 2
    duty.follow_up_reason = "The answer speaks of buses by day. The petition asks for buses at night."
    return made_up.about() | {
        "overseer": capitalised(settings().site_overseer),
        "reason": duty.follow_up_reason,
        "sentence": status(duty).sentence,
    }


@sample("duty_escalated", _l("Answer late: told to the overseeing body"), to=made_up.STAFF)
def duty_escalated() -> Context:
    """So many days after the date."""
    duty = owed()
    due_on = clock.today(settings().timezone) - timedelta(days=settings().escalation_days)
    duty.due_on = due_on
    return made_up.about() | {
        "sentence": status(duty).sentence,
        "due": day_in_words(due_on),
        "number": 1,
        "overseer": settings().site_overseer,
        "duty_url": links.absolute("responses.duty", duty_id=duty.id),
    }


@sample("staff_digest", _l("What staff have to see to"), to=made_up.STAFF)
def staff_digest() -> Context:
    """An answer to approve, one that is due, one that is late, and a petition on its way."""
    soon, late = owed(), owed()
    today = clock.today(settings().timezone)
    soon.due_on, late.due_on = today + timedelta(days=3), today - timedelta(days=8)
    for duty in (soon, late):
        duty.petition = made_up.petition()
    threshold = PetitionThreshold(signatures=settings().debate_threshold, duty=DEBATE)
    days = [clock.now() + timedelta(days=number) for number in (4, 5, 9)]
    to_approve = Item(
        made_up.petition().action,
        gettext("An answer waits for your approval:"),
        "Towns over 10,000 people get a bus until midnight at weekends.",
        links.absolute("responses.preview", duty_id=7),
    )
    return {
        "waiting": [to_approve],
        "owed": [owed_item(late), owed_item(soon)],
        "coming": [coming_item(Coming(made_up.petition(), threshold, Forecast(*days)))],
        "desk_url": links.absolute("responses.desk"),
        "mails_url": links.absolute("notices.mails"),
    }
