"""The queue, search over every state, and one petition as moderators see it."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.appeals import queries as appeals
from petitions.forms import clean_line
from petitions.lifecycle import State
from petitions.models import Staff
from petitions.moderation import closing_views, decision_views, desk_views, notes, queries
from petitions.moderation.petition_page import petition_page
from petitions.moderation.promise import Age
from petitions.moderation.queue import Holder, Queue, Wanted
from petitions.permissions import Permission, requires
from petitions.reports import queries as reports

blueprint = Blueprint("moderation", __name__, url_prefix="/staff")

PETITION = "/petitions/<int:petition_id>"
blueprint.add_url_rule(f"{PETITION}/text", "text", decision_views.text, methods=["GET", "POST"])
blueprint.add_url_rule(f"{PETITION}/subjects", "subjects", decision_views.subjects, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/publish", "publish", decision_views.publish, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/refuse", "refuse", decision_views.refuse, methods=["GET", "POST"])
blueprint.add_url_rule(f"{PETITION}/close", "close", closing_views.close, methods=["GET", "POST"])
blueprint.add_url_rule(f"{PETITION}/restore", "restore", decision_views.restore, methods=["POST"])

blueprint.add_url_rule(f"{PETITION}/claim", "claim", desk_views.claim, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/let-go", "let_go", desk_views.let_go, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/notes", "note", desk_views.note, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/tags", "tag", desk_views.tag, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/tags/<int:tag_id>/remove", "untag", desk_views.untag, methods=["POST"])
blueprint.add_url_rule(f"{PETITION}/ask", "ask", desk_views.ask, methods=["GET", "POST"])
blueprint.add_url_rule("/tags", "tags", desk_views.tags)

LONGEST_SEARCH = 200


Choice = TypeVar("Choice", bound=StrEnum)


def _one_of(choices: type[Choice], name: str) -> Choice | None:
    """The choice that the address names; nothing where it names none of them."""
    value = request.args.get(name, "")
    return choices(value) if value in list(choices) else None


def _asked(name: str) -> str:
    return clean_line(request.args.get(name, "").replace("\x00", ""))[:LONGEST_SEARCH]


def _wanted() -> Wanted:
    """What the address asks of the queue."""
    return Wanted(
        age=_one_of(Age, "age"),
        department=_asked("department"),
        topic=_asked("topic"),
        tag=_asked("tag").casefold(),
        holder=_one_of(Holder, "holder"),
    )


def _tabs(wanted: Wanted, found: Queue) -> list[tuple[str, str, bool, int]]:
    """The ages, each with its number; the other filters stay as they are."""
    labels = {
        None: (_("All"), found.total),
        Age.NEW: (_("New"), found.counts[Age.NEW]),
        Age.SOON: (_("Nearly due"), found.counts[Age.SOON]),
        Age.LATE: (_("Overdue"), found.counts[Age.LATE]),
        Age.ASKED: (_("With the petitioner"), found.counts[Age.ASKED]),
    }
    kept = {name: value or None for name, value in asdict(wanted).items() if name != "age"}
    return [
        (label, url_for("moderation.queue", age=age, **kept), age is wanted.age, count)
        for age, (label, count) in labels.items()
    ]


@blueprint.get("/queue")
@requires(Permission.PETITION_SEE)
def queue(by: Staff) -> ResponseReturnValue:
    """What waits to be checked, the longest waiting first, and what was decided lately."""
    wanted = _wanted()
    found = queries.queue(wanted, by)
    return render_template(
        "moderation/queue.html",
        queue=found,
        wanted=wanted,
        tabs=_tabs(wanted, found),
        decisions=queries.recent_decisions(),
        departments=[(each.slug, each.name) for each in queries.departments()],
        topics=[(each.code, each.name) for each in queries.topics()],
        tags=[(each.name, each.name) for each, _ in notes.all_tags()],
        me=by.id,
        appeals=appeals.number_waiting(),
        reports=reports.number_waiting(),
    )


@blueprint.get("/petitions")
@requires(Permission.PETITION_SEE)
def petitions(by: Staff) -> ResponseReturnValue:
    """Petitions of every state, by their words, number or state."""
    state = _one_of(State, "state")
    words, tag = _asked("q"), _asked("tag").casefold()
    value = state.value if state else None
    page = queries.search(
        state=state,
        tag=tag,
        words=words,
        number=request.args.get("page", 1, type=int),
        url=lambda number: url_for(
            "moderation.petitions", state=value, tag=tag or None, q=words or None, page=number
        ),
    )
    return render_template(
        "moderation/petitions.html", page=page, state=value, tag=tag, words=words, states=list(State)
    )


@blueprint.get(PETITION)
@requires(Permission.PETITION_SEE)
def petition(petition_id: int, by: Staff) -> ResponseReturnValue:
    """One petition: its words beside what helps to judge them, and what may be done with it."""
    return petition_page(queries.petition(petition_id), by)
