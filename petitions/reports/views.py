"""Staff: what readers report, grouped by petition, and what comes of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petitions.models import ReportOutcome, Staff
from petitions.permissions import Permission, requires
from petitions.reports import actions, queries
from petitions.reports.forms import EXPLANATION_LIMIT, ResolveForm

blueprint = Blueprint("reports", __name__, url_prefix="/staff")


@blueprint.get("/reports")
@requires(Permission.PETITION_SEE)
def desk(by: Staff) -> ResponseReturnValue:
    """Petitions with reports that wait, the longest waiting first."""
    return render_template("reports/desk.html", waiting=queries.waiting())


@blueprint.route("/petitions/<int:petition_id>/reports", methods=["GET", "POST"])
@requires(Permission.PETITION_DECIDE)
def petition(petition_id: int, by: Staff) -> ResponseReturnValue:
    """The reports about one petition, and the form that resolves them together."""
    found = queries.petition_of(petition_id)
    form, status = ResolveForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                actions.resolve(
                    petition_id=petition_id,
                    newest=form.newest.data or 0,
                    outcome=ReportOutcome(form.outcome.data),
                    explanation=form.explanation.data or "",
                    by=by,
                )
                return redirect(url_for(".petition", petition_id=petition_id), 303)
            except actions.ResolvedAlready:
                status = 409
    waiting = queries.open_reports(petition_id)
    page = render_template(
        "reports/petition.html",
        petition=found,
        waiting=waiting,
        resolved=queries.resolved_reports(petition_id),
        titles=queries.rule_titles(),
        form=form,
        newest=waiting[-1].id if waiting else 0,
        came_second=status == 409,
        limit=EXPLANATION_LIMIT,
    )
    return page, status
