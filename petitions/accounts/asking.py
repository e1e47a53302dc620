"""“Is it still you?”: asked before what changes much, of who has not shown it within the last minutes.

The question stands in the way of one post. What was posted waits in the page of the question and is posted again with the
answer, so nothing that somebody typed is lost. Who has neither password nor app here shows it at their office's sign-in, in
another tab: this page waits meanwhile.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from petitions.accounts import proving, queries, throttling
from petitions.accounts.forms import AgainForm
from petitions.models import Staff

#: For so long after showing it nobody is asked again.
FRESH = timedelta(minutes=10)
#: Seconds until a process has certainly done with the passwords that it compares.
BUSY = 5
#: Names of the question itself, which are not passed on.
OWN = {"show_again", "went_elsewhere", "csrf_token"}


def too_early(form: Form, field: str, early: throttling.TooEarly) -> dict[str, str]:
    """Say on a form how long to wait. Returns the reply's headers."""
    seconds = early.seconds
    form[field].errors = [
        _("Too many wrong tries. Wait %(time)s, then try again.", time=seconds_in_words(seconds))
    ]
    return {"Retry-After": str(seconds)}


def too_many_at_once(form: Form, field: str) -> dict[str, str]:
    """Say on a form that this process compares as many passwords as it may. Returns the reply's headers."""
    form[field].errors = [
        _(
            "Many people are signing in at this moment, and your password was not looked at. Wait %(time)s, then try again.",
            time=seconds_in_words(BUSY),
        )
    ]
    return {"Retry-After": str(BUSY)}


def seconds_in_words(seconds: int) -> str:
    """“8 seconds”, “2 minutes”."""
    if seconds < 100:
        return str(ngettext("%(num)d second", "%(num)d seconds", seconds))
    return str(ngettext("%(num)d minute", "%(num)d minutes", -(-seconds // 60)))


def question(*, session_id: int, by: Staff) -> Response | None:
    """The page that asks, in place of what was posted; `None` when the answer came with it and is right."""
    form = AgainForm()
    if "show_again" not in request.form or not form.validate():
        return _page(form, by)
    try:
        throttling.take_a_try(throttling.person_key(by.id))
        proving.show_again(session_id=session_id, answer=form.show_again.data or "", by=by)
    except throttling.TooEarly as early:
        return _page(form, by, too_early(form, "show_again", early))
    except proving.WrongCode:
        throttling.note_refusal("a wrong password or code", by)
        form.show_again.errors = [_("Enter your password, or the code that your app shows now.")]
        return _page(form, by)
    return None


def _page(form: AgainForm, by: Staff, headers: dict[str, str] | None = None) -> Response:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN]
    page = render_template(
        "accounts/again.html",
        form=form,
        kept=kept,
        action=request.full_path.rstrip("?"),
        has_app=queries.authenticator_of(by) is not None,
        has_password=by.password_hash is not None,
        went_elsewhere="went_elsewhere" in request.form,
    )
    response = make_response(page, 429 if headers else 422)
    response.headers.update(headers or {})
    return response
