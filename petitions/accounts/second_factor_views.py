"""The pages between the password and the staff pages: set up an app, show its code."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from petitions import limits
from petitions.accounts import asking, codes, proving, queries, sessions, throttling
from petitions.accounts.forms import CodeForm
from petitions.extensions import limiter
from petitions.models import Staff
from petitions.permissions import Permission, requires


@limiter.limit(limits.SIGN_IN, methods=["POST"])
@requires(Permission.STAFF_HOME, proved=False)
def ask(by: Staff) -> ResponseReturnValue:
    """Ask for a code of the app, or a recovery code; who has no app yet sets one up."""
    form = CodeForm(next=request.args.get("next"))
    if current_user.is_proved:
        return redirect(form.next.data or url_for("accounts.home"), 303)
    if queries.authenticator_of(by) is None:
        return redirect(url_for("accounts.new_app"), 303)
    if form.validate_on_submit():
        try:
            throttling.take_a_try(throttling.person_key(by.id))
            token = proving.show_code(session_id=current_user.session_id, code=form.code.data or "", by=by)
        except throttling.TooEarly as early:
            headers = asking.too_early(form, "code", early)
            return render_template("accounts/second_factor.html", form=form), 429, headers
        except proving.WrongCode:
            throttling.note_refusal("a wrong code", by)
            form.code.errors = [_wrong_code()]
        else:
            sessions.begin(token)
            return redirect(form.next.data or url_for("accounts.home"), 303)
    return render_template("accounts/second_factor.html", form=form), 422 if form.is_submitted() else 200


@requires(Permission.STAFF_HOME, proved=False)
def new_app(by: Staff) -> ResponseReturnValue:
    """Set up an app, the first or another one, and show the recovery codes that come with it."""
    if not current_user.is_proved and queries.authenticator_of(by) is not None:
        return redirect(url_for("accounts.second_factor"), 303)
    secret = sessions.new_app_secret(current_user.session_id)
    form = CodeForm()
    if form.validate_on_submit():
        question: Response | None = current_user.ask_again() if current_user.is_proved else None
        if question is not None:
            return question
        try:
            throttling.take_a_try(throttling.person_key(by.id))
            token, made = proving.set_up(
                session_id=current_user.session_id, secret=secret, code=form.code.data or "", by=by
            )
        except throttling.TooEarly as early:
            headers = asking.too_early(form, "code", early)
            return _new_app_page(form, secret, by), 429, headers
        except proving.WrongCode:
            throttling.note_refusal("a wrong code", by)
            form.code.errors = [_wrong_code()]
        else:
            sessions.begin(token)
            return render_template("accounts/recovery_codes.html", codes=made, is_first=True), 201
    return _new_app_page(form, secret, by), 422 if form.is_submitted() else 200


def _new_app_page(form: CodeForm, secret: str, by: Staff) -> str:
    address = codes.address_of(secret, by.email)
    return render_template(
        "accounts/new_app.html",
        form=form,
        picture=codes.picture_of(address),
        address=address,
        secret=codes.in_groups(secret),
    )


def _wrong_code() -> str:
    return str(
        _(
            "Enter the code that your app shows now. Each code works once: wait for the next one if you used it already. "
            "If none works, check that your telephone’s clock is right."
        )
    )
