"""One's own page: name, password, second factor, and where one is signed in."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from petitions.accounts import actions, asking, browsers, choosing, proving, queries, throttling
from petitions.accounts.forms import NameForm, PasswordForm
from petitions.extensions import settings
from petitions.models import Staff
from petitions.permissions import Permission, requires


@requires(Permission.STAFF_HOME)
def account(by: Staff) -> ResponseReturnValue:
    """What one may change about oneself."""
    return render_template(
        "accounts/account.html",
        person=by,
        app=queries.authenticator_of(by),
        codes_left=queries.recovery_codes_left(by),
        sessions=queries.sessions_of(by),
        here=current_user.session_id,
        browser_words=browsers.in_words,
        asks_for_code=settings().second_factor == "required",
    )


@requires(Permission.STAFF_HOME)
def name(by: Staff) -> ResponseReturnValue:
    """Another name."""
    form = NameForm(name=by.name)
    if form.validate_on_submit():
        choosing.rename(name=form.name.data or "", by=by)
        return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/name.html", form=form), 422 if form.is_submitted() else 200


@requires(Permission.STAFF_HOME)
def password(by: Staff) -> ResponseReturnValue:
    """Another password, by who knows the present one."""
    form = PasswordForm()
    form.person = by
    if form.validate_on_submit():
        try:
            throttling.take_a_try(throttling.person_key(by.id))
            choosing.change_password(
                session_id=current_user.session_id,
                present=form.present.data or "",
                password=form.password.data or "",
                by=by,
            )
        except throttling.TooEarly as early:
            headers = asking.too_early(form, "present", early)
            return render_template("accounts/password.html", form=form), 429, headers
        except choosing.WrongPassword:
            throttling.note_refusal("a wrong password", by)
            form.present.errors = [_("This is not your present password.")]
        else:
            return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200


@requires(Permission.STAFF_HOME, fresh=True)
def recovery_codes(by: Staff) -> ResponseReturnValue:
    """Make ten new recovery codes; this reply is the only page that ever shows them."""
    made = proving.renew_recovery_codes(by=by)
    return render_template("accounts/recovery_codes.html", codes=made, is_first=False), 201


@requires(Permission.STAFF_HOME, fresh=True)
def end_session(session_id: int, by: Staff) -> ResponseReturnValue:
    """Sign out at another place."""
    actions.end_session(session_id, by=by)
    return redirect(url_for("accounts.account"), 303)


@requires(Permission.STAFF_HOME, fresh=True)
def end_others(by: Staff) -> ResponseReturnValue:
    """Sign out everywhere but here."""
    actions.end_other_sessions(session_id=current_user.session_id, by=by)
    return redirect(url_for("accounts.account"), 303)
