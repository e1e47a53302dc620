"""/staff/mail: the queue, what went wrong, the mailings, and every message as it reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.errors import NotFound
from petitions.extensions import settings
from petitions.mail.frames import framed, page_with_frame
from petitions.mail.message import KINDS, Words
from petitions.models import Staff
from petitions.permissions import Permission, requires
from petitions.postmaster import actions, queries, samples, wording
from petitions.postmaster.forms import WantedAgainForm

blueprint = Blueprint("postmaster", __name__, url_prefix="/staff/mail")


@blueprint.get("")
@requires(Permission.MAIL_SEE)
def mail(by: Staff) -> ResponseReturnValue:
    """How mail stands."""
    state = request.args.get("state", "")
    state = state if state in queries.TROUBLES else ""
    counts = queries.counts()
    tabs = [(_("All"), url_for("postmaster.mail"), not state, sum(counts.values()))]
    tabs += [
        (wording.state_words(each), url_for("postmaster.mail", state=each), each == state, number)
        for each, number in counts.items()
    ]
    page = queries.troubles(
        state=state,
        number=request.args.get("page", 1, type=int),
        url=lambda number: url_for("postmaster.mail", state=state or None, page=number),
    )
    return render_template(
        "postmaster/mail.html",
        queue=queries.queue(),
        server=queries.server(),
        counts=counts,
        tabs=tabs,
        page=page,
        mailings=queries.mailings(),
        again=actions.AGAIN,
        name_of=samples.name_of,
        wording=wording,
    )


def _then_back(action: Callable[..., Any], **what: Any) -> ResponseReturnValue:
    action(**what)
    return redirect(url_for("postmaster.mail"), 303)


@blueprint.post("/try-again")
@requires(Permission.MAIL_EDIT)
def try_all_again(by: Staff) -> ResponseReturnValue:
    """Put everything that was refused or parked back into the queue."""
    return _then_back(actions.try_all_again, by=by)


@blueprint.post("/<int:mail_id>/try-again")
@requires(Permission.MAIL_EDIT)
def try_again(mail_id: int, by: Staff) -> ResponseReturnValue:
    """Put one back into the queue."""
    return _then_back(actions.try_again, mail_id=mail_id, by=by)


@blueprint.post("/<int:mail_id>/cancel")
@requires(Permission.MAIL_EDIT)
def cancel(mail_id: int, by: Staff) -> ResponseReturnValue:
    """Never send one."""
    return _then_back(actions.cancel, mail_id=mail_id, by=by)


@blueprint.post("/mailings/<int:mailing_id>/stop")
@requires(Permission.MAIL_EDIT)
def stop_mailing(mailing_id: int, by: Staff) -> ResponseReturnValue:
    """Let nothing more of a mailing leave."""
    return _then_back(actions.stop_mailing, mailing_id=mailing_id, by=by)


@blueprint.post("/mailings/<int:mailing_id>/continue")
@requires(Permission.MAIL_EDIT)
def continue_mailing(mailing_id: int, by: Staff) -> ResponseReturnValue:
    """Let it go on."""
    return _then_back(actions.continue_mailing, mailing_id=mailing_id, by=by)


@blueprint.route("/wanted-again", methods=["GET", "POST"])
@requires(Permission.MAIL_EDIT)
def wanted_again(by: Staff) -> ResponseReturnValue:
    """Let mail go to a mailbox again whose owner had stopped all of it."""
    form = WantedAgainForm()
    if form.validate_on_submit():
        actions.let_mail_go_again(address=form.email.data or "", reason=form.reason.data or "", by=by)
        return redirect(url_for("postmaster.wanted_again", done="yes"), 303)
    page = render_template("postmaster/wanted_again.html", form=form, done=request.args.get("done") == "yes")
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/messages")
@requires(Permission.MAIL_SEE)
def messages(by: Staff) -> ResponseReturnValue:
    """Every message that the site sends."""
    shown = {kind: sample for kind, sample in samples.SAMPLES.items() if kind in KINDS}
    return render_template("postmaster/messages.html", samples=shown)


@blueprint.get("/messages/<kind>")
@requires(Permission.MAIL_SEE)
def message(kind: str, by: Staff) -> ResponseReturnValue:
    """One of them, with made-up people, in every language of the site."""
    language = _language()
    return page_with_frame(
        render_template(
            "postmaster/message.html",
            kind=kind,
            words=_words(kind, language),
            sample=samples.SAMPLES[kind],
            language_shown=language,
            languages=_languages(kind, language),
        )
    )


@blueprint.get("/messages/<kind>/html")
@requires(Permission.MAIL_SEE)
def message_html(kind: str, by: Staff) -> ResponseReturnValue:
    """Its HTML alone, for the frame."""
    return framed(_words(kind, _language()).html)


def _language() -> str:
    """The language asked for, or the site's own. Raises `NotFound` for one that the site does not speak."""
    language = request.args.get("language", settings().languages[0])
    if language not in settings().languages:
        raise NotFound("not a language of this site")
    return language


def _languages(kind: str, shown: str) -> list[tuple[str, str, bool, None]]:
    return [
        (
            samples.language_name(each),
            url_for("postmaster.message", kind=kind, language=each),
            each == shown,
            None,
        )
        for each in settings().languages
    ]


def _words(kind: str, language: str) -> Words:
    if kind not in samples.SAMPLES:
        raise NotFound("no such message")
    return samples.words(kind, language)
