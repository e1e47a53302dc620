"""The way to the body's own sign-in and back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from petitions import clock, limits
from petitions.accounts import elsewhere, oidc, sessions
from petitions.accounts.forms import safe_next
from petitions.extensions import limiter
from petitions.security import comes_from_here

#: The cookie's names for where somebody was going, and since when somebody who is signed in shows that it is still them.
GOING, AGAIN = "oidc_next", "oidc_again"


@limiter.limit(limits.SIGN_IN)
def start() -> ResponseReturnValue:
    """Off to the issuer; `again`: to show that it is still the same person. Not there where none is configured.

    The issuer may ask nothing of a browser that it knows, so a link on another site does not begin this: it leads to our button.
    """
    if not comes_from_here():
        return redirect(url_for("accounts.sign_in"), 303)
    session[GOING] = safe_next(request.args.get("next"))
    session.pop(AGAIN, None)
    again = "again" in request.args and current_user.is_authenticated
    if again:
        session[AGAIN] = int(clock.now().timestamp())
    try:
        return oidc.go_there(again=again)
    except oidc.IssuerAway as problem:
        return _problem(str(problem), _away(), 503)


@limiter.limit(limits.SIGN_IN)
def callback() -> ResponseReturnValue:
    """Back from the issuer: signed in, or told why not. Who was signed in and came to show it stays as they were."""
    going, since = safe_next(session.get(GOING)), session.pop(AGAIN, None)
    try:
        said = oidc.come_back()
        if since is not None and current_user.is_authenticated:
            return _is_still_them(said, since)
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


def _is_still_them(said: oidc.Claims, since: int) -> ResponseReturnValue:
    """The session stays, and so does the page in the other tab that waits for this. Raises `NotBelieved` and `NobodyHere`."""
    if not oidc.is_fresh(said, datetime.fromtimestamp(since, UTC)):
        raise oidc.NotBelieved("not asked anew")
    elsewhere.show_again(
        session_id=current_user.session_id, subject=said.subject[:255], by=current_user.staff
    )
    return render_template("accounts/oidc_again.html")


def _away() -> str:
    return str(_("Your office’s sign-in does not answer. Try again in a few minutes, or use your password."))


def _problem(reason: str, words: str, status: int) -> ResponseReturnValue:
    current_app.logger.warning("sign-in elsewhere failed: %s", reason)
    headers = {"Retry-After": "60"} if status == 503 else {}
    return render_template("accounts/oidc_problem.html", words=words), status, headers
