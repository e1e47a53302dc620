"""Pages behind mailed links: an invitation, another password. Looking changes nothing; a link works once."""

from __future__ import annotations

from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import limits
from petitions.accounts import choosing, sessions
from petitions.accounts.forms import InvitationForm, ResetAskForm, ResetForm
from petitions.extensions import limiter
from petitions.models import LinkKind
from petitions.reply_time import in_full_steps
from petitions.security import token_page
from petitions.staffing import staff_access


@token_page
def invitation(token: str) -> ResponseReturnValue:
    """Somebody who was invited says what they are called and chooses a password; the second factor comes next."""
    person = staff_access.open_link(token, LinkKind.INVITATION).staff
    form = cast(InvitationForm, InvitationForm.from_request(name=person.name))
    form.person = person
    if request.method == "POST" and form.validate():
        session_token = choosing.accept_invitation(
            token=token,
            name=form.name.data or "",
            password=form.password.data or "",
            agent=request.user_agent.string,
        )
        sessions.begin(session_token)
        return redirect(url_for("accounts.home"), 303)
    page = render_template("accounts/invitation.html", form=form, person=person, token=token)
    return page, 422 if request.method == "POST" else 200


@limiter.limit(limits.SIGN_IN, methods=["POST"])
@in_full_steps
def ask_reset() -> ResponseReturnValue:
    """Ask for a link to choose another password. The reply is the same for an address that nobody has."""
    form = ResetAskForm()
    if form.validate_on_submit():
        choosing.ask_for_reset(email=form.email.data or "")
        return render_template("accounts/reset_asked.html", email=form.email.data)
    return render_template("accounts/ask_reset.html", form=form), 422 if form.is_submitted() else 200


@token_page
def reset(token: str) -> ResponseReturnValue:
    """Choose another password."""
    person = staff_access.open_link(token, LinkKind.RESET).staff
    form = cast(ResetForm, ResetForm.from_request())
    form.person = person
    if request.method == "POST" and form.validate():
        choosing.reset(token=token, password=form.password.data or "")
        return render_template("accounts/reset_done.html")
    page = render_template("accounts/reset.html", form=form, person=person, token=token)
    return page, 422 if request.method == "POST" else 200
