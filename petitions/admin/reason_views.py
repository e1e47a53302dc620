"""Pages about the reasons for refusing petitions, and the templates of explanations."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.admin import explanations, reasons
from petitions.admin.setting_forms import BODY_LIMIT, NewReasonForm, ReasonForm, TemplateForm
from petitions.models import Staff
from petitions.permissions import Permission, requires


@requires(Permission.SETTINGS_EDIT)
def listed(by: Staff) -> ResponseReturnValue:
    """All reasons, in the order in which they are offered."""
    return render_template("admin/reasons.html", reasons=reasons.listed())


@requires(Permission.SETTINGS_EDIT)
def new(by: Staff) -> ResponseReturnValue:
    """Add a reason."""
    form = NewReasonForm()
    if form.validate_on_submit():
        try:
            reasons.add(
                code=form.code.data or "",
                title=form.title.data or "",
                description=form.description.data or "",
                hides=form.hides.data,
                by=by,
            )
            return redirect(url_for("admin.reasons"), 303)
        except reasons.CodeTaken:
            form.code.errors = [_("Another reason has this name. Choose another.")]
    return render_template("admin/reason.html", form=form, reason=None), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def one(code: str, by: Staff) -> ResponseReturnValue:
    """Say a reason in other words."""
    found = reasons.get(code)
    form = ReasonForm(obj=found)
    if form.validate_on_submit():
        reasons.reword(code=code, title=form.title.data or "", description=form.description.data or "", by=by)
        return redirect(url_for("admin.reasons"), 303)
    return render_template("admin/reason.html", form=form, reason=found), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def move(code: str, by: Staff) -> ResponseReturnValue:
    """One place up or down."""
    reasons.move(code=code, up=request.form.get("way") == "up", by=by)
    return redirect(url_for("admin.reasons"), 303)


@requires(Permission.SETTINGS_EDIT)
def retire(code: str, by: Staff) -> ResponseReturnValue:
    """Offer it no longer."""
    try:
        reasons.retire(code=code, by=by)
    except reasons.LastReason:
        problem = {"retire": [_("It is the only reason that is offered. Add another one first.")]}
        found = reasons.get(code)
        form = ReasonForm(formdata=None, obj=found)
        return render_template("admin/reason.html", form=form, reason=found, problem=problem), 422
    return redirect(url_for("admin.reasons"), 303)


@requires(Permission.SETTINGS_EDIT)
def offer_again(code: str, by: Staff) -> ResponseReturnValue:
    """Offer a retired one again."""
    reasons.offer_again(code=code, by=by)
    return redirect(url_for("admin.reasons"), 303)


@requires(Permission.SETTINGS_EDIT)
def templates(by: Staff) -> ResponseReturnValue:
    """All templates of explanations."""
    titles = {reason.code: reason.title for reason in reasons.listed()}
    return render_template("admin/templates.html", templates=explanations.listed(), titles=titles)


@requires(Permission.SETTINGS_EDIT)
def new_template(by: Staff) -> ResponseReturnValue:
    """Add a template."""
    form = TemplateForm()
    if form.validate_on_submit():
        explanations.add(**_words(form), by=by)
        return redirect(url_for("admin.templates"), 303)
    return _template_page(form, None), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def template(template_id: int, by: Staff) -> ResponseReturnValue:
    """Change a template."""
    found = explanations.get(template_id)
    form = TemplateForm(title=found.title, code=found.code or "", body=found.body)
    if form.validate_on_submit():
        explanations.change(template_id=template_id, **_words(form), by=by)
        return redirect(url_for("admin.templates"), 303)
    return _template_page(form, template_id), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def remove_template(template_id: int, by: Staff) -> ResponseReturnValue:
    """Remove a template."""
    explanations.remove(template_id=template_id, by=by)
    return redirect(url_for("admin.templates"), 303)


def _words(form: TemplateForm) -> dict[str, Any]:
    return {"title": form.title.data, "code": form.code.data or None, "body": form.body.data}


def _template_page(form: TemplateForm, template_id: int | None) -> str:
    return render_template("admin/template.html", form=form, template_id=template_id, body_limit=BODY_LIMIT)
