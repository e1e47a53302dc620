"""Staff page of one's own mails."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions.models import Staff
from petitions.notices import actions
from petitions.notices.forms import MailChoiceForm
from petitions.permissions import Permission, requires

blueprint = Blueprint("notices", __name__, url_prefix="/staff")


@blueprint.route("/account/mails", methods=["GET", "POST"])
@requires(Permission.STAFF_HOME)
def mails(by: Staff) -> ResponseReturnValue:
    """Choose how to hear of what is coming and due."""
    if request.method == "GET":
        form = MailChoiceForm(formdata=None, choice=by.mail_choice.value)
        return render_template("notices/mails.html", form=form, is_saved="saved" in request.args)
    form = MailChoiceForm()
    if not form.validate_on_submit():
        return render_template("notices/mails.html", form=form, is_saved=False), 422
    actions.choose_mails(choice=form.chosen(), by=by)
    return redirect(url_for("notices.mails", saved=1), 303)
