"""The staff page of a petition's debate: its day, and what came of it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import Debate, Petition, Staff
from petitions.permissions import Permission, requires
from petitions.responses import debate_actions
from petitions.responses.debate_actions import DebateOutcome
from petitions.responses.forms import OutcomeForm, ScheduleForm
from petitions.responses.records import debate_of

LINKS = ("transcript_url", "video_url", "research_url", "public_engagement_url", "summary_url")


@requires(Permission.DEBATE_EDIT)
def debate(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Set the day of the debate, or say what came of it."""
    petition = _published(petition_id)
    found = debate_of(petition_id)
    is_schedule = request.form.get("action") == "schedule"
    schedule = ScheduleForm(obj=found) if is_schedule else ScheduleForm(formdata=None, obj=found)
    outcome = OutcomeForm(formdata=None, **_known(found)) if is_schedule else OutcomeForm(**_known(found))
    if request.method == "POST":
        form = schedule if is_schedule else outcome
        if form.validate_on_submit():
            _save(petition_id, schedule if is_schedule else None, outcome, by)
            return redirect(url_for("responses.debate", petition_id=petition_id), 303)
    page = render_template(
        "responses/debate.html",
        petition=petition,
        debate=found,
        schedule=schedule,
        outcome=outcome,
        refused=(schedule if is_schedule else outcome) if request.method == "POST" else None,
        links=LINKS,
    )
    return page, 422 if request.method == "POST" else 200


def _published(petition_id: int) -> Petition:
    petition = db.session.get(Petition, petition_id)
    if petition is None or not petition.was_published or not petition.facts.text_is_public:
        raise NotFound("no published petition")
    return petition


def _known(debate: Debate | None) -> dict[str, object]:
    """What the form of the outcome shows already."""
    if debate is None:
        return {}
    names = ("debated_on", "overview", *LINKS)
    known = {name: getattr(debate, name) for name in names}
    known["debated_on"] = debate.debated_on or debate.scheduled_on
    if debate.debated is not None:
        known["debated"] = "yes" if debate.debated else "no"
    return known


def _save(petition_id: int, schedule: ScheduleForm | None, form: OutcomeForm, by: Staff) -> None:
    if schedule is not None:
        debate_actions.schedule(petition_id, by=by, **schedule.answers())
        return
    debated = form.debated.data == "yes"
    outcome = DebateOutcome(
        debated=debated,
        debated_on=form.debated_on.data if debated else None,
        overview=form.overview.data or "",
        **{name: getattr(form, name).data or None for name in LINKS},
    )
    debate_actions.give_outcome(petition_id, outcome=outcome, by=by)
