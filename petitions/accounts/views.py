"""Staff sign in, sign out, and arrive at their own page."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from petitions import limits
from petitions.accounts import actions, desk, navigation, queries, sessions
from petitions.accounts.forms import SignInForm
from petitions.extensions import limiter
from petitions.models import Staff
from petitions.permissions import Permission, requires

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")
blueprint.app_context_processor(navigation.staff_context)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(limits.SIGN_IN, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for address and password. The reply is the same for an address that nobody has."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("accounts.home"), 303)
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        staff = queries.authenticate(form.email.data or "", form.password.data or "")
        token = staff and actions.start_session(by=staff, password_hash=staff.password_hash or "")
        if token:
            sessions.begin(token)
            return redirect(form.next.data or url_for("accounts.home"), 303)
        form.password.errors = [_("Enter the address and the password that belong together.")]
    return render_template("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/sign-out")
@requires(Permission.STAFF_HOME)
def sign_out(by: Staff) -> ResponseReturnValue:
    """End the session at this place and empty the browser of what it kept."""
    actions.end_session(current_user.session_id, by=by)
    session.clear()
    response = make_response(redirect(url_for("accounts.sign_in"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("")
@requires(Permission.STAFF_HOME)
def home(by: Staff) -> ResponseReturnValue:
    """What there is to do for this person."""
    return render_template("accounts/home.html", desk=desk.desk_of(by))
