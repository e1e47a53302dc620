"""The petitioner's page to appeal against a refusal: the form, and afterwards what became of it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import limits, refusals, tokens
from petitions.appeals import actions, queries
from petitions.appeals.forms import REASON_LIMIT, AppealForm
from petitions.extensions import db, limiter
from petitions.models import Appeal, Petition
from petitions.security import token_page
from petitions.tokens import Purpose

blueprint = Blueprint("appealing", __name__)


@blueprint.route("/appeals/<token>", methods=["GET", "POST"])
@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def appeal(token: str) -> ResponseReturnValue:
    """The form while an appeal is possible, afterwards its state. Only pressing the button appeals."""
    petition = queries.petition_of(token)
    rejection = queries.rejection_of(petition.id)
    if rejection is None or not refusals.may_be_appealed(petition, rejection):
        return _state(petition)
    form = cast(AppealForm, AppealForm.from_request())
    if request.method == "POST" and form.validate():
        try:
            actions.appeal(petition_id=petition.id, reason=form.reason.data or "")
        except actions.NotAppealable:
            return _state(petition)
        return redirect(url_for(".appeal", token=token), 303)
    page = render_template(
        "appeals/appeal.html",
        petition=petition,
        rejection=rejection,
        form=form,
        token=token,
        limit=REASON_LIMIT,
        until=refusals.appeal_until(rejection),
    )
    return page, 422 if form.errors else 200


def _state(petition: Petition) -> ResponseReturnValue:
    """What became of the appeal, or why there can be none."""
    found = db.session.get(Appeal, petition.id)
    is_late = found is None and refusals.can_be_upheld(petition)
    page = render_template(
        "appeals/state.html",
        petition=petition,
        appeal=found,
        is_late=is_late,
        petitioner_token=tokens.sign(Purpose.PETITIONER, petition.id),
    )
    return page, 410 if is_late else 200
