"""Pages about webhooks: which there are, what each was told, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import secrecy
from petitions.models import Staff
from petitions.permissions import Permission, requires
from petitions.webhooks import actions, queries, wording
from petitions.webhooks.forms import WebhookForm

blueprint = Blueprint("webhooks", __name__, url_prefix="/staff/settings/webhooks")

#: The buttons on a webhook's page that leave it there, and what each does.
BUTTONS: dict[str, Callable[..., object]] = {
    "ping": actions.ping,
    "pause": actions.pause,
    "resume": actions.resume,
    "again": actions.send_again,
}


@blueprint.route("", methods=["GET", "POST"])
@requires(Permission.WEBHOOK_EDIT)
def listed(by: Staff) -> ResponseReturnValue:
    """Every webhook, and the form that adds one."""
    form = WebhookForm()
    if form.validate_on_submit():
        try:
            webhook = actions.add(url=form.url.data or "", by=by)
            return redirect(url_for("webhooks.one", webhook_id=webhook.id), 303)
        except actions.KnownAlready:
            form.url.errors = [_("This address is told already.")]
        except actions.TooMany:
            form.url.errors = [_("There are as many webhooks as there may be. Remove one first.")]
    page = render_template(
        "webhooks/list.html", form=form, webhooks=queries.all_webhooks(), waiting=queries.waiting()
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/<int:webhook_id>")
@requires(Permission.WEBHOOK_EDIT)
def one(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """One webhook: its secret, and what it was told last."""
    webhook = queries.get(webhook_id)
    return render_template(
        "webhooks/one.html",
        webhook=webhook,
        secret=secrecy.opened(webhook, "secret"),
        deliveries=queries.latest_deliveries(webhook_id),
        kinds=wording.KINDS,
        states=wording.STATES,
        problems=wording.PROBLEMS,
    )


@blueprint.post(f"/<int:webhook_id>/<any({', '.join(BUTTONS)}):button>")
@requires(Permission.WEBHOOK_EDIT)
def press(webhook_id: int, button: str, by: Staff) -> ResponseReturnValue:
    """Try it, pause it, let it go on, or send once more what was given up."""
    BUTTONS[button](webhook_id=webhook_id, by=by)
    return redirect(url_for("webhooks.one", webhook_id=webhook_id), 303)


@blueprint.post("/<int:webhook_id>/remove")
@requires(Permission.WEBHOOK_EDIT)
def remove(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """Tell it nothing more."""
    actions.remove(webhook_id=webhook_id, by=by)
    return redirect(url_for("webhooks.listed"), 303)
