"""The staff pages of a petition's other business: letters, committee sessions."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions.changed_since import WordsChanged, mark_of
from petitions.debates import business_actions
from petitions.debates.business_actions import WORDS
from petitions.debates.debate_views import published
from petitions.debates.forms import BusinessForm
from petitions.debates.queries import business_of
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import OtherBusiness, Petition, Staff
from petitions.permissions import Permission, requires


@requires(Permission.DEBATE_EDIT)
def business(petition_id: int, by: Staff) -> ResponseReturnValue:
    """All of it, and a form for more."""
    petition = published(petition_id)
    form = BusinessForm()
    if form.validate_on_submit():
        business_actions.add(petition_id, by=by, **form.words())
        return redirect(url_for("debates.business", petition_id=petition_id), 303)
    return _page(petition, form), 422 if request.method == "POST" else 200


@requires(Permission.DEBATE_EDIT)
def one_business(petition_id: int, business_id: int, by: Staff) -> ResponseReturnValue:
    """Change its words, or take it away."""
    petition = published(petition_id)
    row = db.session.get(OtherBusiness, business_id)
    if row is None or row.petition_id != petition_id:
        raise NotFound("no such business of this petition")
    form = BusinessForm(**{name: getattr(row, name) for name in WORDS}, seen=mark_of(row, WORDS))
    if request.method == "GET":
        return _page(petition, form, row)
    if request.form.get("action") == "remove":
        business_actions.remove(business_id, by=by)
    elif not form.validate_on_submit():
        return _page(petition, form, row), 422
    else:
        try:
            business_actions.change(business_id, by=by, seen=form.seen.data or "", **form.words())
        except WordsChanged:
            row = db.session.get_one(OtherBusiness, business_id)
            form.says_that_it_changed(mark_of(row, WORDS))
            return _page(petition, form, row, changed=True), 422
    return redirect(url_for("debates.business", petition_id=petition_id), 303)


def _page(
    petition: Petition, form: BusinessForm, row: OtherBusiness | None = None, *, changed: bool = False
) -> str:
    return render_template(
        "debates/business.html",
        petition=petition,
        form=form,
        row=row,
        changed=changed,
        items=business_of(petition.id),
    )
