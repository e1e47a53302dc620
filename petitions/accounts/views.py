"""Staff sign in, sign out, and arrive at their own page."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from petitions import limits
from petitions.accounts import (
    account_views,
    actions,
    asking,
    desk,
    link_views,
    navigation,
    oidc_views,
    queries,
    second_factor_views,
    sessions,
    throttling,
)
from petitions.accounts.forms import SignInForm
from petitions.extensions import limiter, settings
from petitions.models import Staff
from petitions.permissions import Permission, requires
from petitions.reply_time import in_full_steps

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")
blueprint.app_context_processor(navigation.staff_context)

BOTH = ["GET", "POST"]
for path, name, view, methods in (
    ("/second-factor", "second_factor", second_factor_views.ask, BOTH),
    ("/second-factor/new", "new_app", second_factor_views.new_app, BOTH),
    ("/oidc", "oidc", oidc_views.start, ["GET"]),
    ("/oidc/callback", "oidc_callback", oidc_views.callback, ["GET"]),
    ("/invitations/<token>", "invitation", link_views.invitation, BOTH),
    ("/reset", "ask_reset", link_views.ask_reset, BOTH),
    ("/reset/<token>", "reset", link_views.reset, BOTH),
    ("/account", "account", account_views.account, ["GET"]),
    ("/account/name", "own_name", account_views.name, BOTH),
    ("/account/password", "own_password", account_views.password, BOTH),
    ("/account/recovery-codes", "recovery_codes", account_views.recovery_codes, ["POST"]),
    ("/account/sessions/<int:session_id>/end", "end_session", account_views.end_session, ["POST"]),
    ("/account/sessions/end-others", "end_other_sessions", account_views.end_others, ["POST"]),
):
    blueprint.add_url_rule(path, name, view, methods=methods)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(limits.SIGN_IN, methods=["POST"])
@in_full_steps
def sign_in() -> ResponseReturnValue:
    """Ask for address and password. The reply is the same for an address that nobody has."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("accounts.home"), 303)
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            token = _token(form.email.data or "", form.password.data or "")
        except throttling.TooEarly as early:
            headers = asking.too_early(form, "password", early)
            return sign_in_page(form), 429, headers
        except throttling.Busy:
            headers = asking.too_many_at_once(form, "password")
            return sign_in_page(form), 503, headers
        if token:
            sessions.begin(token)
            return redirect(form.next.data or url_for("accounts.home"), 303)
        form.password.errors = [_("Enter the address and the password that belong together.")]
    return sign_in_page(form), 422 if form.is_submitted() else 200


def _token(email: str, password: str) -> str | None:
    with throttling.at_work():
        throttling.take_a_try(throttling.address_key(email))
        staff = queries.authenticate(email, password)
    if staff is None:
        throttling.note_refusal("a wrong password", queries.person_with(email))
        return None
    agent = request.user_agent.string
    return actions.start_session(by=staff, password_hash=staff.password_hash or "", agent=agent)


def sign_in_page(form: SignInForm) -> str:
    """The page, with the body's own sign-in where there is one."""
    return render_template("accounts/sign_in.html", form=form, has_oidc=bool(settings().oidc_issuer))


@blueprint.post("/sign-out")
@requires(Permission.STAFF_HOME, proved=False)
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
