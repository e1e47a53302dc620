"""Made-up cases of the messages about signing."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from petitions import clock
from petitions.lifecycle import State
from petitions.mail.message import Context
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


def _signed(title: str | None, at: datetime, *, started: bool = False) -> Context:
    return {
        "title": title,
        "name": "Tomás Okafor",
        "signed_at": at,
        "petition_url": made_up.link("starting.creator") if started else None,
        "url": made_up.link("signing.my_signature"),
    }


@sample("confirm_signature", _l("Confirm a signature"), to=made_up.SIGNERS)
def confirm_signature() -> Context:
    """Somebody signed a published petition."""
    return {
        "name": "Tomás Okafor",
        "petition": made_up.petition(),
        "is_checked": True,
        "confirm_url": made_up.link("signing.confirm"),
    }


@sample("already_signed", _l("Already signed"), to=made_up.SIGNERS)
def already_signed() -> Context:
    """The same person signs once more."""
    return {"petition": made_up.petition(), "is_same_person": True} | made_up.leaving()


@sample("my_signatures", _l("What you signed"), to=made_up.SIGNERS)
def my_signatures() -> Context:
    """Two signatures and a petition that this mailbox started; one was taken down."""
    now = clock.now()
    return {
        "signatures": [
            _signed("Guarantee a night bus to every town over 10,000 people", now - timedelta(days=2)),
            _signed("Open the reading room on Sundays", now - timedelta(days=9), started=True),
            _signed(None, now - timedelta(days=40)),
        ]
    }


@sample("petition_closed", _l("Petition is closed"), to=made_up.PETITIONERS)
def petition_closed() -> Context:
    """The time is over."""
    return made_up.about(State.CLOSED)


@sample("petition_closed_early", _l("Petition is closed early"), to=made_up.FOLLOWERS)
def petition_closed_early() -> Context:
    """It was closed before its deadline."""
    context = made_up.about(State.CLOSED)
    context["petition"].closed_early_reason = "The law that it asks for was passed on Monday."
    return context
