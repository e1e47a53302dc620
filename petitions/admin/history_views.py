"""The permanent history: read, narrowed down, taken away."""

from __future__ import annotations

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from petitions import clock
from petitions.admin import history as lookup
from petitions.admin import queries, wording
from petitions.extensions import settings
from petitions.models import Staff
from petitions.permissions import Permission, requires

FORMS = {
    "csv": (lookup.as_csv, "text/csv"),
    "jsonl": (lookup.as_json_lines, "application/jsonl"),
}


@requires(Permission.HISTORY_SEE)
def history(by: Staff) -> ResponseReturnValue:
    """The permanent history, newest first; of one petition, one person, one kind of line, some days."""
    wanted = lookup.Wanted.read(request.args)
    page, lines = lookup.page(
        wanted,
        number=request.args.get("page", 1, type=int),
        url=lambda number: url_for("admin.history", **wanted.in_address(), page=number),
    )
    return render_template(
        "admin/history.html",
        page=page,
        lines=lines,
        wanted=wanted,
        people=queries.people(),
        action_choices=wording.action_choices(),
    )


@requires(Permission.HISTORY_SEE, fresh=True)
def export(by: Staff) -> ResponseReturnValue:
    """The same lines as a file. That it was taken is a line of the history too, the last one in the file."""
    wanted = lookup.Wanted.read(request.form)
    form = "csv" if request.form.get("form") == "csv" else "jsonl"
    write, mimetype = FORMS[form]
    last_id = lookup.begin_export(wanted=wanted, form=form, by=by)
    day = clock.today(settings().timezone).isoformat()
    response = Response(stream_with_context(write(wanted, last_id)), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="history-{day}.{form}"'
    return response
