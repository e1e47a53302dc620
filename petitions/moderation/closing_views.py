"""The page on which moderators close a petition before its deadline."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from petitions.errors import StateChanged
from petitions.forms import AtMost, Readable, clean_text
from petitions.models import Staff
from petitions.moderation import queries
from petitions.moderation.early_closing import close_early, may_be_closed
from petitions.moderation.forms import VersionedForm
from petitions.moderation.second import back, somebody_was_first
from petitions.permissions import Permission, requires

REASON_LIMIT = 1_000


class CloseForm(VersionedForm):
    """Why it is closed."""

    reason = TextAreaField(
        _l("Why it is closed now"),
        [
            DataRequired(_l("Say why it is closed: everybody can read it.")),
            AtMost(REASON_LIMIT),
            Readable(),
        ],
        filters=[clean_text],
    )


@requires(Permission.PETITION_DECIDE)
def close(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Close it now, with a public reason."""
    found = queries.petition(petition_id)
    form = CloseForm(text_version=found.text_version)
    if form.validate_on_submit():
        try:
            close_early(
                petition_id=petition_id, text_version=form.version, reason=form.reason.data or "", by=by
            )
            return back(petition_id)
        except StateChanged:
            return somebody_was_first(petition_id, form.reason.data or "")
    if not may_be_closed(found):
        return somebody_was_first(petition_id, form.reason.data or "")
    page = render_template("moderation/close.html", petition=found, form=form, limit=REASON_LIMIT)
    return page, 422 if form.is_submitted() else 200
