"""What an answer comes to, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions.models import Outcome

WORDS = {
    Outcome.AGREED: _l("agreed"),
    Outcome.PARTLY_AGREED: _l("partly agreed"),
    Outcome.NOT_AGREED: _l("not agreed"),
    Outcome.ALREADY_DONE: _l("already done"),
    Outcome.NOT_FOR_US: _l("not for us"),
}

#: What each outcome means, for whoever chooses one.
MEANINGS = {
    Outcome.AGREED: _l("We will do what the petition asks."),
    Outcome.PARTLY_AGREED: _l("We will do some of what the petition asks."),
    Outcome.NOT_AGREED: _l("We will not do what the petition asks."),
    Outcome.ALREADY_DONE: _l("What the petition asks has been done or is being done."),
    Outcome.NOT_FOR_US: _l("Somebody else decides this; the answer says who."),
}


def outcome_words(outcome: Outcome | None) -> str:
    """The outcome in a few words; nothing of an answer that records none."""
    return str(WORDS[outcome]) if outcome else ""
