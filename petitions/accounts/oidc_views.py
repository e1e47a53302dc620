"""The way to the body's own sign-in and back."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import limits
from petitions.accounts import elsewhere, oidc, sessions
from petitions.accounts.forms import safe_next
from petitions.extensions import limiter

#: The cookie's name for where somebody was going.
GOING = "oidc_next"


@limiter.limit(limits.SIGN_IN)
def start() -> ResponseReturnValue:
    """Off to the issuer. Not there where none is configured."""
    session[GOING] = safe_next(request.args.get("next"))
    try:
        return oidc.go_there()
    except oidc.IssuerAway as problem:
        return _problem(str(problem), _away(), 503)


@limiter.limit(limits.SIGN_IN)
def callback() -> ResponseReturnValue:
    """Back from the issuer: signed in, or told why not."""
    going = safe_next(session.get(GOING))
    try:
        said = oidc.come_back()
        token = elsewhere.sign_in(
            subject=said.subject[:255],
            email=said.email,
            showed_second_factor=said.showed_second_factor,
            agent=request.user_agent.string,
        )
    except oidc.IssuerAway as problem:
        return _problem(str(problem), _away(), 503)
    except oidc.NotBelieved as problem:
        return _problem(str(problem), _("The sign-in was not finished, or took too long. Try again."), 422)
    except elsewhere.NobodyHere as problem:
        return _problem(
            str(problem),
            _("Nobody is invited here with your address. Ask an administrator to invite you."),
            422,
        )
    sessions.begin(token)
    return redirect(going or url_for("accounts.home"), 303)


def _away() -> str:
    return str(_("Your office’s sign-in does not answer. Try again in a few minutes, or use your password."))


def _problem(reason: str, words: str, status: int) -> ResponseReturnValue:
    current_app.logger.warning("sign-in elsewhere failed: %s", reason)
    headers = {"Retry-After": "60"} if status == 503 else {}
    return render_template("accounts/oidc_problem.html", words=words), status, headers
