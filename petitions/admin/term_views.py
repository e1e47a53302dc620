"""Pages about the terms of the body."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import terms as reading
from petitions.admin import terms
from petitions.admin.term_form import TermForm
from petitions.extensions import settings
from petitions.models import Staff, Term
from petitions.permissions import Permission, requires


@requires(Permission.SETTINGS_EDIT)
def listed(by: Staff) -> ResponseReturnValue:
    """All terms, the newest first."""
    return render_template(
        "admin/terms.html", terms=[(row, terms.facts_of(row)) for row in reading.all_terms()]
    )


@requires(Permission.SETTINGS_EDIT)
def new(by: Staff) -> ResponseReturnValue:
    """Add a term."""
    site = settings()
    form = TermForm(response_threshold=site.response_threshold, debate_threshold=site.debate_threshold)
    if form.validate_on_submit() and _done(form, lambda: terms.add(form.facts(), by=by)):
        return redirect(url_for("admin.terms"), 303)
    return _page(form, None)


@requires(Permission.SETTINGS_EDIT)
def one(term_id: int, by: Staff) -> ResponseReturnValue:
    """Change a term."""
    term = terms.get(term_id)
    form = TermForm(obj=terms.facts_of(term))
    if form.validate_on_submit() and _done(form, lambda: terms.change(term_id, form.facts(), by=by)):
        return redirect(url_for("admin.terms"), 303)
    return _page(form, terms.get(term_id))


@requires(Permission.SETTINGS_EDIT)
def archive(term_id: int, by: Staff) -> ResponseReturnValue:
    """Put its petitions into the archive."""
    terms.archive(term_id, by=by)
    return redirect(url_for("admin.terms"), 303)


@requires(Permission.SETTINGS_EDIT)
def take_out(term_id: int, by: Staff) -> ResponseReturnValue:
    """Take its petitions out of the archive."""
    terms.take_out(term_id, by=by)
    return redirect(url_for("admin.terms"), 303)


@requires(Permission.SETTINGS_EDIT)
def remove(term_id: int, by: Staff) -> ResponseReturnValue:
    """Forget the term."""
    terms.remove(term_id, by=by)
    return redirect(url_for("admin.terms"), 303)


def _done(form: TermForm, act: Callable[[], None]) -> bool:
    """Whether it was done; what stood against it is said at its field."""
    try:
        act()
    except terms.PeriodTaken:
        form.period.errors = [_("Another term has this period. Choose another.")]
    except terms.Overlaps:
        form.opens_on.errors = [_("Another term has some of these days. Terms must not overlap.")]
    except terms.NotOver:
        form.dissolves_on.errors = [
            _("The term is archived, so its end must be past. Take it out of the archive first.")
        ]
    else:
        return True
    return False


def _page(form: TermForm, term: Term | None) -> ResponseReturnValue:
    is_over = term is not None and terms.is_over(term.dissolves_at)
    page = render_template("admin/term.html", form=form, term=term, is_over=is_over)
    return page, 422 if form.is_submitted() else 200
