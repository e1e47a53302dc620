"""Pages about webhooks: which there are, what each was told, and what can be done about it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import secrecy
from petitions.models import Staff
from petitions.permissions import Permission, requires
from petitions.webhooks import actions, queries, wording
from petitions.webhooks.forms import WebhookForm

blueprint = Blueprint("webhooks", __name__, url_prefix="/staff/settings/webhooks")


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


@blueprint.post("/<int:webhook_id>/ping")
@requires(Permission.WEBHOOK_EDIT)
def ping(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """Try it."""
    actions.ping(webhook_id=webhook_id, by=by)
    return _back(webhook_id)


@blueprint.post("/<int:webhook_id>/pause")
@requires(Permission.WEBHOOK_EDIT)
def pause(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """Send nothing for a while."""
    actions.pause(webhook_id=webhook_id, by=by)
    return _back(webhook_id)


@blueprint.post("/<int:webhook_id>/resume")
@requires(Permission.WEBHOOK_EDIT)
def resume(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """Send again."""
    actions.resume(webhook_id=webhook_id, by=by)
    return _back(webhook_id)


@blueprint.post("/<int:webhook_id>/again")
@requires(Permission.WEBHOOK_EDIT)
def again(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """Send once more what was given up."""
    actions.send_again(webhook_id=webhook_id, by=by)
    return _back(webhook_id)


@blueprint.post("/<int:webhook_id>/remove")
@requires(Permission.WEBHOOK_EDIT)
def remove(webhook_id: int, by: Staff) -> ResponseReturnValue:
    """Tell it nothing more."""
    actions.remove(webhook_id=webhook_id, by=by)
    return redirect(url_for("webhooks.listed"), 303)


def _back(webhook_id: int) -> ResponseReturnValue:
    return redirect(url_for("webhooks.one", webhook_id=webhook_id), 303)
