"""Staff: the appeals that wait, and one appeal with all that is needed to decide it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petitions.appeals import actions, queries
from petitions.appeals.forms import EXPLANATION_LIMIT, UPHELD, DecisionForm
from petitions.models import Staff
from petitions.permissions import Permission, requires

blueprint = Blueprint("appeals", __name__, url_prefix="/staff")


@blueprint.get("/appeals")
@requires(Permission.PETITION_SEE)
def desk(by: Staff) -> ResponseReturnValue:
    """What waits, the longest waiting first, and what was decided lately."""
    return render_template(
        "appeals/desk.html", waiting=queries.waiting(), decided=queries.decided_lately(), by=by
    )


@blueprint.route("/petitions/<int:petition_id>/appeal", methods=["GET", "POST"])
@requires(Permission.PETITION_DECIDE)
def decide(petition_id: int, by: Staff) -> ResponseReturnValue:
    """One appeal beside the petition and its refusal. Who refused it is told that somebody else decides."""
    item = queries.appeal_to(petition_id)
    form = DecisionForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                actions.decide(
                    petition_id=petition_id,
                    upheld=form.outcome.data == UPHELD,
                    explanation=form.explanation.data or "",
                    hides_reason=bool(form.hides_reason.data),
                    by=by,
                )
                return redirect(url_for("moderation.petition", petition_id=petition_id), 303)
            except (actions.RefusedByYou, actions.DecidedAlready):
                status, item = 409, queries.appeal_to(petition_id)
    page = render_template(
        "appeals/decide.html",
        item=item,
        rejection=queries.rejection_of(petition_id),
        form=form,
        came_second=status == 409 and item.appeal.decided_at is not None,
        is_own=item.appeal.refused_by_id == by.id,
        limit=EXPLANATION_LIMIT,
    )
    return page, status
