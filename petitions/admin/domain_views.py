"""Pages about mail domains: the list, one domain, adding and removing."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.admin import domains, wording
from petitions.admin.domain_forms import DomainForm, NewDomainForm
from petitions.models import DomainStanding, Staff
from petitions.permissions import Permission, requires

LONGEST_SEARCH = 253


@requires(Permission.DOMAIN_EDIT)
def listed(by: Staff) -> ResponseReturnValue:
    """The list, narrowed by `q` and `standing`."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    asked = request.args.get("standing", "")
    standing = DomainStanding(asked) if asked in set(DomainStanding) else None
    page = domains.found(
        words=words,
        standing=standing,
        number=request.args.get("page", 1, type=int),
        url=lambda number: url_for("admin.domains", q=words, standing=standing, page=number),
    )
    return render_template(
        "admin/domains.html", page=page, words=words, standing=standing, standings=wording.STANDINGS
    )


@requires(Permission.DOMAIN_EDIT)
def new(by: Staff) -> ResponseReturnValue:
    """Add a domain."""
    form = NewDomainForm()
    if form.validate_on_submit():
        try:
            domains.add(domain=form.domain.data or "", rules=form.rules(), by=by)
            return redirect(url_for("admin.domains", q=form.domain.data), 303)
        except domains.AlreadyKnown:
            form.domain.errors = [_("This domain is in the list already. Change it there.")]
        except domains.UnknownProvider:
            form.other_name_of.errors = [_no_provider()]
    return render_template("admin/new_domain.html", form=form), 422 if form.is_submitted() else 200


@requires(Permission.DOMAIN_EDIT)
def one(domain: str, by: Staff) -> ResponseReturnValue:
    """Change what is known about a domain."""
    known = domains.get(domain)
    form = DomainForm(**_shown(domain))
    if form.validate_on_submit():
        try:
            domains.change(domain=domain, rules=form.rules(), by=by)
            return redirect(url_for("admin.domains", q=domain), 303)
        except domains.UnknownProvider:
            form.other_name_of.errors = [_no_provider()]
        except domains.HasOtherNames:
            form.other_name_of.errors = [_has_names(domain)]
    return _page(known.domain, form), 422 if form.is_submitted() else 200


@requires(Permission.DOMAIN_EDIT)
def remove(domain: str, by: Staff) -> ResponseReturnValue:
    """Take a domain out of the list."""
    try:
        domains.remove(domain=domain, by=by)
    except domains.HasOtherNames:
        form = DomainForm(formdata=None, **_shown(domain))
        return _page(domain, form, problem={"remove": [_has_names(domain)]}), 422
    return redirect(url_for("admin.domains"), 303)


def _shown(domain: str) -> dict[str, object]:
    known = domains.get(domain)
    return {
        "standing": known.standing.value,
        "other_name_of": known.provider if known.provider != domain else "",
        "ignores_tags": known.ignores_tags,
        "ignores_dots": known.ignores_dots,
        "note": known.note,
    }


def _page(domain: str, form: DomainForm, **more: object) -> str:
    names = domains.other_names(domain)
    return render_template("admin/domain.html", domain=domain, form=form, names=names, **more)


def _no_provider() -> str:
    return str(_("Enter a domain that is in the list and has a name of its own, or leave this empty."))


def _has_names(domain: str) -> str:
    names = ", ".join(domains.other_names(domain))
    return str(_("Other domains are names of this one: %(names)s. Change those first.", names=names))
