"""Pages about the people who work here."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.admin import actions, domain_views, history_views, queries, setting_routes, wording
from petitions.admin.forms import NewPersonForm, PersonForm
from petitions.models import Staff
from petitions.permissions import Permission, requires

blueprint = Blueprint("admin", __name__, url_prefix="/staff")

DOMAIN = "/domains/<domain>"
blueprint.add_url_rule("/domains", "domains", domain_views.listed)
blueprint.add_url_rule("/domains/new", "new_domain", domain_views.new, methods=["GET", "POST"])
blueprint.add_url_rule(DOMAIN, "domain", domain_views.one, methods=["GET", "POST"])
blueprint.add_url_rule("/history", "history", history_views.history)
blueprint.add_url_rule("/history/export", "export_history", history_views.export, methods=["POST"])
blueprint.add_url_rule(f"{DOMAIN}/remove", "remove_domain", domain_views.remove, methods=["POST"])
setting_routes.add_to(blueprint)


@blueprint.get("/people")
@requires(Permission.PEOPLE_SEE)
def people(by: Staff) -> ResponseReturnValue:
    """Everybody with their roles."""
    return render_template("admin/people.html", people=queries.people(), role_words=wording.role_words)


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires(Permission.PEOPLE_EDIT, fresh=True)
def new_person(by: Staff) -> ResponseReturnValue:
    """Invite somebody: they get a link by mail, choose a password and set up a second factor."""
    form = NewPersonForm()
    if form.validate_on_submit():
        try:
            actions.invite(email=form.email.data or "", **form.chosen(), by=by)
        except actions.AlreadyHere:
            form.email.errors = [_("Somebody has this address already. Change that person instead.")]
        else:
            return redirect(url_for("admin.people"), 303)
    return render_template("admin/new_person.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/people/<int:staff_id>", methods=["GET", "POST"])
@requires(Permission.PEOPLE_EDIT, fresh=True)
def person(staff_id: int, by: Staff) -> ResponseReturnValue:
    """Change what somebody is called, may do, and works for."""
    found = queries.person(staff_id)
    department = found.department.slug if found.department else ""
    form = PersonForm(name=found.name, roles=sorted(found.roles), department=department)
    if form.validate_on_submit():
        try:
            actions.change_person(staff_id=staff_id, **form.chosen(), by=by)
            return redirect(url_for("admin.people"), 303)
        except actions.LastAdministrator:
            form.roles.errors = [_last_administrator()]
    return _person_page(form, found), 422 if form.is_submitted() else 200


@blueprint.post("/people/<int:staff_id>/deactivate")
@requires(Permission.PEOPLE_EDIT, fresh=True)
def deactivate(staff_id: int, by: Staff) -> ResponseReturnValue:
    """Let somebody in no more."""
    try:
        actions.deactivate(staff_id=staff_id, by=by)
    except actions.LastAdministrator:
        problem = {"deactivate": [_last_administrator()]}
        found = queries.person(staff_id)
        form = PersonForm(
            formdata=None,
            name=found.name,
            roles=sorted(found.roles),
            department=found.department and found.department.slug,
        )
        return _person_page(form, found, problem=problem), 422
    return redirect(url_for("admin.people"), 303)


@blueprint.post("/people/<int:staff_id>/reactivate")
@requires(Permission.PEOPLE_EDIT, fresh=True)
def reactivate(staff_id: int, by: Staff) -> ResponseReturnValue:
    """Let somebody in again."""
    actions.reactivate(staff_id=staff_id, by=by)
    return redirect(url_for("admin.people"), 303)


@blueprint.post("/people/<int:staff_id>/invite")
@requires(Permission.PEOPLE_EDIT, fresh=True)
def invite_again(staff_id: int, by: Staff) -> ResponseReturnValue:
    """Mail another link to somebody who has not chosen a password yet."""
    actions.invite_again(staff_id=staff_id, by=by)
    return redirect(url_for("admin.person", staff_id=staff_id), 303)


@blueprint.post("/people/<int:staff_id>/take-back")
@requires(Permission.PEOPLE_EDIT, fresh=True)
def take_back_invitation(staff_id: int, by: Staff) -> ResponseReturnValue:
    """Make somebody's invitation work no more."""
    actions.take_back_invitation(staff_id=staff_id, by=by)
    return redirect(url_for("admin.person", staff_id=staff_id), 303)


@blueprint.post("/people/<int:staff_id>/second-factor")
@requires(Permission.PEOPLE_EDIT, fresh=True)
def reset_second_factor(staff_id: int, by: Staff) -> ResponseReturnValue:
    """Let somebody set up another app, who lost the one they had and the recovery codes."""
    actions.reset_second_factor(staff_id=staff_id, by=by)
    return redirect(url_for("admin.person", staff_id=staff_id), 303)


def _person_page(form: PersonForm, found: Staff, **more: object) -> str:
    access = queries.access_of(found)
    return render_template("admin/person.html", form=form, person=found, access=access, **more)


def _last_administrator() -> str:
    return str(_("Nobody else is an administrator. Make somebody else one first."))
