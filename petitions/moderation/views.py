"""The queue, search over every state, and one petition as moderators see it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.forms import clean_line
from petitions.lifecycle import State
from petitions.models import Staff
from petitions.moderation import decision_views, queries
from petitions.moderation.petition_page import petition_page
from petitions.moderation.promise import Age
from petitions.permissions import Permission, requires

blueprint = Blueprint("moderation", __name__, url_prefix="/staff")

PETITION = "/petitions/<int:petition_id>"
blueprint.add_url_rule(f"{PETITION}/text", "text", decision_views.text, methods=["GET", "POST"])
blueprint.add_url_rule(f"{PETITION}/subjects", "subjects", decision_views.subjects, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/publish", "publish", decision_views.publish, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/refuse", "refuse", decision_views.refuse, methods=["GET", "POST"])
blueprint.add_url_rule(f"{PETITION}/restore", "restore", decision_views.restore, methods=["POST"])

LONGEST_SEARCH = 200


def _one_of(choices: type[Age] | type[State], name: str) -> Age | State | None:
    """The choice that the address names; nothing where it names none of them."""
    value = request.args.get(name, "")
    return choices(value) if value in list(choices) else None


@blueprint.get("/queue")
@requires(Permission.PETITION_SEE)
def queue(by: Staff) -> ResponseReturnValue:
    """What waits to be checked, the longest waiting first, and what was decided lately."""
    age = _one_of(Age, "age")
    found = queries.queue(age if isinstance(age, Age) else None)
    labels = {
        Age.NEW: _("New"),
        Age.SOON: _("Nearly due"),
        Age.LATE: _("Overdue"),
        Age.ASKED: _("With the petitioner"),
    }
    tabs = [(_("All"), url_for("moderation.queue"), age is None, found.total)]
    tabs += [
        (labels[each], url_for("moderation.queue", age=each.value), age is each, found.counts[each])
        for each in Age
    ]
    return render_template(
        "moderation/queue.html", queue=found, tabs=tabs, decisions=queries.recent_decisions()
    )


@blueprint.get("/petitions")
@requires(Permission.PETITION_SEE)
def petitions(by: Staff) -> ResponseReturnValue:
    """Petitions of every state, by their words, number or state."""
    state = _one_of(State, "state")
    words = clean_line(request.args.get("q", ""))[:LONGEST_SEARCH]
    value = state.value if state else None
    page = queries.search(
        state=state if isinstance(state, State) else None,
        words=words,
        number=request.args.get("page", 1, type=int),
        url=lambda number: url_for("moderation.petitions", state=value, q=words or None, page=number),
    )
    return render_template(
        "moderation/petitions.html", page=page, state=value, words=words, states=list(State)
    )


@blueprint.get(PETITION)
@requires(Permission.PETITION_SEE)
def petition(petition_id: int, by: Staff) -> ResponseReturnValue:
    """One petition: its words beside what helps to judge them, and what may be done with it."""
    return petition_page(queries.petition(petition_id))
