"""Made-up cases of the messages about an appeal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions import clock
from petitions.lifecycle import State
from petitions.mail.message import Context
from petitions.models import Appeal
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


def _about(appeal: Appeal) -> Context:
    return {
        "petition": made_up.petition(State.REJECTED),
        "appeal": appeal,
        "shows_title": True,
        "petitioner_url": made_up.link("starting.creator"),
    } | made_up.leaving()


@sample("appeal_received", _l("Appeal has come"), to=made_up.PETITIONERS)
def appeal_received() -> Context:
    """A petitioner has appealed."""
    return _about(Appeal(reason="The railways belong to the state.", made_at=clock.now()))


@sample("appeal_decided", _l("Appeal is decided"), to=made_up.PETITIONERS)
def appeal_decided() -> Context:
    """Another moderator thinks that the petitioner is right."""
    return _about(
        Appeal(
            reason="The railways belong to the state.",
            made_at=clock.now(),
            decided_at=clock.now(),
            upheld=True,
            explanation="They do since last year. We check your petition anew.",
        )
    )
