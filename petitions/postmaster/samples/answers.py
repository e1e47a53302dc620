"""Made-up cases of the mails about answers: published, changed, to approve, not published, and what was promised."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from petitions import clock, links
from petitions.duties.answers import Words
from petitions.extensions import settings
from petitions.mail.message import Context
from petitions.mail.messages.answers import answer_context
from petitions.mail.messages.asked import REASONS
from petitions.models import Department, Outcome
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample

WORDS = Words(
    "Towns over 10,000 people get a bus until midnight at weekends.",
    "We will pay for **weekend night buses** from next year.\n\n- Fridays and Saturdays\n- one every hour",
    Outcome.PARTLY_AGREED,
    [
        {"ask": "A bus until two in the morning", "answer": "Until midnight.", "outcome": "partly_agreed"},
        {"ask": "The same fare as by day", "answer": "Yes.", "outcome": "agreed"},
    ],
    [{"title": "The night bus plan", "url": "https://transport.example.org/night-buses"}],
)


def _answer() -> Context:
    rate_url = made_up.link("answers.rate")
    return (
        made_up.about()
        | answer_context(Department(name="Department of Transport"), WORDS)
        | {"rate_url": rate_url}
    )


@sample("response_published", _l("Answer published"), to=made_up.FOLLOWERS)
def response_published() -> Context:
    """An answer in part agreed."""
    return _answer()


@sample("response_changed", _l("Answer changed"), to=made_up.FOLLOWERS)
def response_changed() -> Context:
    """A later version that its department wanted mailed."""
    return _answer() | {"reason": "The first version named the wrong year."}


@sample("approval_asked", _l("Answer to approve"), to=made_up.STAFF)
def approval_asked() -> Context:
    """To the second person."""
    return made_up.about() | {
        "summary": WORDS.summary,
        "preview_url": links.absolute("responses.preview", duty_id=7),
    }


@sample("response_not_published", _l("Answer not published as scheduled"), to=made_up.STAFF)
def response_not_published() -> Context:
    """It lost its approval."""
    return made_up.about() | {
        "moment": clock.now(),
        "why": str(REASONS["not_approved"]),
        "duty_url": links.absolute("responses.duty", duty_id=7),
    }


@sample("commitment_asked", _l("Was a promise kept?"), to=made_up.STAFF)
def commitment_asked() -> Context:
    """Half a year after it."""
    return made_up.about() | {
        "promise": "Weekend night buses in nineteen towns.",
        "due_on": clock.today(settings().timezone) + timedelta(days=90),
        "months": 6,
        "duty_url": links.absolute("responses.commitments", duty_id=7),
    }
