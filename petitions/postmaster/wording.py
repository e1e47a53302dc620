"""What became of a mail, and why the mail server takes none, in words that say what to do."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString, format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from petitions import clock
from petitions.models.mail import BOUNCED, FAILED, PARKED

STATES: dict[str, LazyString] = {
    FAILED: _l("Refused"),
    PARKED: _l("Cannot be written"),
    BOUNCED: _l("Came back"),
}

#: Codes of `petitions.mail.transport.ServerAway`.
SERVER: dict[str, LazyString] = {
    "unreachable": _l("It cannot be reached. Is it running, and is MAIL_URL right?"),
    "no_tls": _l("It offers no encryption, so no mail is given to it. See MAIL_TLS."),
    "certificate": _l("Its certificate is not trusted, so no mail is given to it."),
    "sign_in": _l("It refuses the user name or password in MAIL_URL."),
    "sender_refused": _l("It takes nothing from MAIL_DEFAULT_SENDER or BOUNCE_ADDRESS."),
    "hung_up": _l("It hangs up before it takes a mail."),
    "busy": _l("It puts every mail off."),
}

REASONS: dict[str, LazyString] = {
    "refused": _l("The server at the other end refused it"),
    "put off": _l("The server at the other end put it off, for three days"),
    "connection lost": _l("The connection broke each time"),
    "cannot be composed": _l("The program could not write this message. Its log says more"),
    "cannot be written": _l("No mail server can take it as it is"),
    "delivery report": _l("The other end reported that it cannot be delivered"),
}


def how_long(since: datetime) -> str:
    """“12 minutes” from a moment until now."""
    return str(format_timedelta(clock.now() - since))


def state_words(state: str) -> str:
    """How a mail stands that did not arrive."""
    return str(STATES.get(state, state))


def server_words(reason: str) -> str:
    """Why the mail server takes no mail."""
    code = reason.partition(":")[0]
    return str(SERVER.get(code, reason))


def reason_words(error: str | None) -> str:
    """Why a mail did not arrive, with the code that the other end gave."""
    if not error:
        return str(_("no reason was noted"))
    code, _colon, detail = error.partition(": ")
    words = str(REASONS.get(code, code))
    return f"{words} ({detail})" if detail else words
