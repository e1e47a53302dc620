"""Buttons beside a petition: take it in hand and let it go, notes and tags, questions to its petitioner."""

from __future__ import annotations

from contextlib import suppress

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petitions.models import Staff
from petitions.moderation import asking, claims, notes, queries
from petitions.moderation.actions import TextChanged
from petitions.moderation.asking import QUESTIONS_LIMIT, CannotBeAsked
from petitions.moderation.forms import ClaimForm, NoteForm, QuestionsForm, TagForm
from petitions.moderation.petition_page import petition_page
from petitions.moderation.second import back, somebody_was_first
from petitions.permissions import Permission, requires


@requires(Permission.PETITION_EDIT)
def claim(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Take it in hand. Where a colleague was a moment quicker, the page says who."""
    queries.petition(petition_id)
    form = ClaimForm()
    form.validate()
    with suppress(claims.HeldByAnother):
        claims.take(petition_id=petition_id, instead_of=form.instead_of.data, by=by)
    return back(petition_id)


@requires(Permission.PETITION_EDIT)
def let_go(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Leave it to others."""
    claims.let_go(petition_id=petition_id, by=by)
    return back(petition_id)


@requires(Permission.PETITION_EDIT)
def note(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Add a note for colleagues."""
    found = queries.petition(petition_id)
    form = NoteForm()
    if not form.validate_on_submit():
        return petition_page(found, by, form), 422
    notes.add_note(petition_id=petition_id, body=form.body.data or "", by=by)
    return back(petition_id, "notes")


@requires(Permission.PETITION_EDIT)
def tag(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Add a tag."""
    found = queries.petition(petition_id)
    form = TagForm()
    if not form.validate_on_submit():
        return petition_page(found, by, form), 422
    notes.add_tag(petition_id=petition_id, name=form.tag.data or "", by=by)
    return back(petition_id, "tags")


@requires(Permission.PETITION_EDIT)
def untag(petition_id: int, tag_id: int, by: Staff) -> ResponseReturnValue:
    """Take a tag off."""
    notes.remove_tag(petition_id=petition_id, tag_id=tag_id, by=by)
    return back(petition_id, "tags")


@requires(Permission.PETITION_DECIDE)
def ask(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Send it back to its petitioner with questions."""
    found = queries.petition(petition_id)
    form = QuestionsForm(text_version=found.text_version)
    typed = form.questions.data or ""
    if form.validate_on_submit():
        try:
            asking.ask(petition_id=petition_id, text_version=form.version, questions=typed, by=by)
            return redirect(url_for("moderation.queue"), 303)
        except (CannotBeAsked, TextChanged):
            return somebody_was_first(petition_id, typed)
    if not asking.may_be_asked(found):
        return somebody_was_first(petition_id, typed)
    page = render_template("moderation/ask.html", petition=found, form=form, questions_limit=QUESTIONS_LIMIT)
    return page, 422 if form.is_submitted() else 200


@requires(Permission.PETITION_SEE)
def tags(by: Staff) -> ResponseReturnValue:
    """Every tag in use, each leading to its petitions."""
    return render_template("moderation/tags.html", tags=notes.all_tags())
