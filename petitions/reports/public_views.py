"""Report a petition, without an account, and find out by the reference what came of it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import caching, limits
from petitions.errors import NotFound, StateChanged
from petitions.extensions import limiter
from petitions.models import Petition
from petitions.reports import actions, queries
from petitions.reports.forms import WORDS_LIMIT, ReferenceForm, ReportForm
from petitions.security import token_page

blueprint = Blueprint("reporting", __name__)

#: How long the form may be kept by caches: it holds nothing personal.
FORM_SECONDS = 60


@blueprint.route("/petitions/<int:petition_id>/report", methods=["GET", "POST"])
@limiter.limit(limits.REPORT, methods=["POST"])
def report(petition_id: int) -> ResponseReturnValue:
    """The form; sent, it leads to the page of its reference."""
    petition = queries.reportable(petition_id)
    form = cast(ReportForm, ReportForm.from_request())
    if request.method != "POST":
        return caching.public(_page(petition, form), seconds=FORM_SECONDS)
    if not form.validate():
        return caching.private((_page(petition, form), 422))
    try:
        reference = actions.report(petition_id=petition.id, code=form.code.data, words=form.words.data or "")
    except StateChanged:
        queries.reportable(petition_id)
        raise
    return caching.private(redirect(url_for(".status", reference=reference), 303))


def _page(petition: Petition, form: ReportForm) -> str:
    return render_template(
        "reports/report.html",
        petition=petition,
        form=form,
        hints={rule.code: rule.description for rule in queries.rules()},
        limit=WORDS_LIMIT,
    )


@blueprint.get("/reports")
@token_page
def find() -> ResponseReturnValue:
    """Where a reference is typed; one that exists leads to its page, any other gets the plain answer that there is none."""
    if "reference" not in request.args:
        return render_template("reports/find.html", form=ReferenceForm(), is_unknown=False)
    form = ReferenceForm(request.args)
    if not form.validate():
        return render_template("reports/find.html", form=form, is_unknown=False), 422
    try:
        found = queries.report_of(form.reference.data or "")
    except NotFound:
        return render_template("reports/find.html", form=form, is_unknown=True), 404
    return redirect(url_for(".status", reference=found.reference), 303)


@blueprint.get("/reports/<reference>")
@token_page
def status(reference: str) -> ResponseReturnValue:
    """What came of a report. Of a petition that is not shown it says nothing but its number."""
    found = queries.report_of(reference)
    return render_template(
        "reports/status.html", report=found, petition=found.petition, rule=queries.rule_titles()[found.code]
    )
