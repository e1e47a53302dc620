"""Pages behind the links in the mails of alerts. Looking changes nothing, however often; only a pressed button does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import caching, limits
from petitions.alerts import actions, forms, queries
from petitions.alerts.forms import ThoughtForm, rhythm_words, words_of
from petitions.extensions import limiter
from petitions.models import Alert
from petitions.security import token_page
from petitions.tokens import Purpose, read_id


def too_long() -> str:
    """What to do about a search that cannot be kept."""
    return str(_("This search is too long to be kept. Use fewer words or topics."))


def _page(template: str, alert: Alert, **context: Any) -> str:
    return render_template(
        template,
        alert=alert,
        news=[words_of(each) for each in alert.news],
        rhythm=rhythm_words(alert.rhythm),
        token_path=request.path,
        **context,
    )


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def confirm(token: str) -> ResponseReturnValue:
    """Two buttons, and what became of them. `answer` is yes or no; after no, `choice` says whether that was right."""
    alert = queries.alert_of_link(read_id(Purpose.CONFIRM_ALERT, token))
    if request.method != "POST":
        return _confirm_page(alert)
    answer, alert_id = request.form.get("answer"), alert.id
    if answer == "yes":
        actions.confirm(alert_id=alert_id)
    elif answer == "no":
        actions.refuse(alert_id=alert_id)
    elif alert.stopped_at is None:
        return _confirm_page(alert), 422
    else:
        form = forms.after_refusal()
        if not form.validate():
            return _confirm_page(alert, form), 422
        if form.choice.data == "start":
            actions.start(alert_id=alert_id)
    return redirect(url_for(".confirm", token=token), 303)


def _confirm_page(alert: Alert, form: ThoughtForm | None = None) -> str:
    if alert.stopped_at is not None:
        return _page("alerts/refused.html", alert, form=form or forms.after_refusal())
    return _page("alerts/confirmed.html" if alert.is_active else "alerts/confirm.html", alert)


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def my_alert(token: str) -> ResponseReturnValue:
    """One alert, for its owner. `action`: start, pause, stop, erase, or change with `news` and `rhythm`."""
    alert = queries.alert_of_link(read_id(Purpose.MY_ALERT, token))
    state = queries.found.read(alert.search).state
    offered = forms.OF_ONE if alert.petition_id is not None else forms.of_list(state)
    chosen = {"news": [str(each) for each in alert.news], "rhythm": str(alert.rhythm)}
    form = forms.changing(offered, **chosen)
    if request.method != "POST":
        return _my_page(alert, form, request.args.get("step", ""))
    action = request.form.get("action", "")
    if action == "change":
        if not form.validate():
            return _my_page(alert, form, "change"), 422
        actions.change(alert_id=alert.id, news=form.chosen_news(), rhythm=form.chosen_rhythm())
    elif action in ACTIONS:
        ACTIONS[action](alert.id)
    else:
        return _my_page(alert, form, ""), 422
    return redirect(url_for(".erased") if action == "erase" else url_for(".my_alert", token=token), 303)


#: What a button on the page does.
ACTIONS: dict[str, Callable[[int], None]] = {
    "start": lambda alert_id: actions.start(alert_id=alert_id),
    "pause": lambda alert_id: actions.pause(alert_id=alert_id),
    "stop": lambda alert_id: actions.stop(alert_id=alert_id),
    "erase": lambda alert_id: actions.erase(alert_id=alert_id),
}


def _my_page(alert: Alert, form: forms.WishForm, step: str) -> str:
    template = f"alerts/{step}.html" if step in {"change", "erase"} else "alerts/mine.html"
    return _page(template, alert, form=form)


def erased() -> ResponseReturnValue:
    """What is to be said when nothing is left; the same for everybody."""
    return caching.public(render_template("alerts/erased.html"))


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def stop(token: str) -> ResponseReturnValue:
    """Stops an alert: by a button, or by the mail program's own (RFC 8058, answered without redirect)."""
    alert = queries.alert_of_link(read_id(Purpose.STOP_ALERT, token))
    if request.method != "POST":
        return _page("alerts/stop.html", alert)
    if request.form.get("action") == "start":
        actions.start(alert_id=alert.id)
    else:
        actions.stop(alert_id=alert.id)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Response("", mimetype="text/plain")
    return redirect(url_for(".stop", token=token), 303)
