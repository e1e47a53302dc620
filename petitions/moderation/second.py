"""Where a button of a petition's page leads: back to the page, or, for whoever came second, to what happened meanwhile."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petitions.admin import queries as history
from petitions.moderation import queries


def back(petition_id: int, part: str | None = None) -> ResponseReturnValue:
    """To the petition's page, at one part of it."""
    return redirect(url_for("moderation.petition", petition_id=petition_id, _anchor=part), 303)


def somebody_was_first(petition_id: int, typed: str = "") -> ResponseReturnValue:
    """Says what happened meanwhile; `typed` is what would be lost."""
    page = render_template(
        "moderation/somebody_was_first.html",
        petition=queries.petition(petition_id),
        lines=history.lines_of(petition_id)[:3],
        typed=typed,
    )
    return page, 409
