"""The staff page of a petition's debate: considered, its day, what came of it, its picture."""

from __future__ import annotations

from contextlib import closing

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.changed_since import SeenForm, WordsChanged
from petitions.debates import actions
from petitions.debates.actions import DebateOutcome, marks_of
from petitions.debates.forms import ConsideredForm, OutcomeForm, PictureForm, ScheduleForm
from petitions.debates.picture import LARGEST_FILE, NotAPicture, Picture, drawn_anew
from petitions.debates.queries import debate_of
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import Debate, Petition, Staff
from petitions.permissions import Permission, requires
from petitions.security import takes_files
from petitions.templating import long_date

LINKS = ("transcript_url", "video_url", "research_url", "public_engagement_url", "summary_url")
#: Beside the file a form has a few short texts.
LARGEST_FORM = LARGEST_FILE + 64 * 1024


@requires(Permission.DEBATE_EDIT)
def debate(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Say that it was considered, set the day of the debate, or say what came of it."""
    published(petition_id)
    found = debate_of(petition_id)
    if request.method == "GET":
        return _page(petition_id, _forms(found))
    action = request.form.get("action", "")
    sent = action if action in {"considered", "schedule"} else "outcome"
    forms = _forms(found, sent)
    form = forms[sent]
    if not form.validate_on_submit():
        return _page(petition_id, forms, refused=form), 422
    try:
        _save(petition_id, form, by)
    except WordsChanged:
        return _changed(petition_id, sent, form)
    return redirect(url_for("debates.debate", petition_id=petition_id), 303)


@takes_files(LARGEST_FORM)
@requires(Permission.DEBATE_EDIT)
def set_picture(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Show a picture with the debate, describe it anew, or take it away."""
    published(petition_id)
    form = PictureForm()
    is_removed = request.form.get("action") == "remove"
    is_described = form.validate_on_submit()
    drawn = None if is_removed else _uploaded(petition_id, form)
    if not is_removed and (not is_described or form.picture.errors):
        return _page(petition_id, _forms(debate_of(petition_id)) | {"picture": form}, refused=form), 422
    seen = form.seen.data
    try:
        if is_removed:
            actions.remove_picture(petition_id, by=by, seen=seen)
        else:
            actions.set_picture(petition_id, picture=drawn, alt=form.alt.data or "", by=by, seen=seen)
    except WordsChanged:
        return _changed(petition_id, "picture", form)
    return redirect(url_for("debates.debate", petition_id=petition_id), 303)


def published(petition_id: int) -> Petition:
    """A petition that stands on the site. Raises `NotFound`."""
    petition = db.session.get(Petition, petition_id)
    if petition is None or not petition.was_published or not petition.facts.text_is_public:
        raise NotFound("no published petition")
    return petition


def _uploaded(petition_id: int, form: PictureForm) -> Picture | None:
    """The picture that was sent, drawn anew; none where only its description is sent. The form says what is wrong."""
    file = b""
    if (sent := request.files.get(form.picture.name)) is not None:
        # A large upload lies in a file of the system until it is closed.
        with closing(sent):
            file = sent.read(LARGEST_FILE + 1)
    if not file:
        found = debate_of(petition_id)
        if found is None or found.picture is None:
            form.refuse_file(_("Choose a file."))
        return None
    if len(file) > LARGEST_FILE:
        form.refuse_file(_("The file has more than 5 MB. Choose a smaller one."))
        return None
    try:
        return drawn_anew(file)
    except NotAPicture:
        form.refuse_file(_("This file cannot be read as a picture. Choose a JPEG, PNG or WebP file."))
        return None


def _changed(petition_id: int, sent: str, form: SeenForm) -> ResponseReturnValue:
    """Somebody else was first: what they said and what this person sends now, on one page."""
    found = debate_of(petition_id)
    form.says_that_it_changed(marks_of(found)[sent], _stands(found, sent))
    return _page(petition_id, _forms(found) | {sent: form}, refused=form, changed=sent), 422


def _stands(found: Debate | None, sent: str) -> str:
    """What the first one said, for the sentence that tells the second; empty where there is nothing, or too much."""
    day = found and {"considered": found.considered_on, "schedule": found.scheduled_on}.get(sent)
    if sent == "picture" and found is not None and found.picture is not None:
        return found.picture.alt
    return long_date(day) if day else ""


def _forms(found: Debate | None, sent: str | None = None) -> dict[str, SeenForm]:
    """Each form of the page; only the one that was sent is filled from what was sent."""
    marks = marks_of(found)

    def known(name: str, **values: object) -> dict[str, object]:
        return values | {"seen": marks[name]} | ({} if sent == name else {"formdata": None})

    alt = found.picture.alt if found is not None and found.picture is not None else ""
    return {
        "considered": ConsideredForm(**known("considered", considered_on=found and found.considered_on)),
        "schedule": ScheduleForm(**known("schedule", scheduled_on=found and found.scheduled_on)),
        "outcome": OutcomeForm(**known("outcome", **_outcome_of(found))),
        "picture": PictureForm(formdata=None, alt=alt, seen=marks["picture"]),
    }


def _page(
    petition_id: int, forms: dict[str, SeenForm], refused: SeenForm | None = None, changed: str = ""
) -> str:
    return render_template(
        "debates/debate.html",
        petition=published(petition_id),
        debate=debate_of(petition_id),
        forms=forms,
        refused=refused,
        changed=changed,
        links=LINKS,
    )


def _outcome_of(debate: Debate | None) -> dict[str, object]:
    """What the form of the outcome shows already."""
    if debate is None:
        return {}
    known: dict[str, object] = {
        name: getattr(debate, name) for name in ("overview", "declined_reason", *LINKS)
    }
    known["debated_on"] = debate.debated_on or debate.scheduled_on
    if debate.debated is not None:
        known["debated"] = "yes" if debate.debated else "no"
    return known


def _save(petition_id: int, form: SeenForm, by: Staff) -> None:
    if isinstance(form, ConsideredForm):
        actions.consider(petition_id, by=by, **form.answers())
    elif isinstance(form, ScheduleForm):
        actions.schedule(petition_id, by=by, **form.answers())
    elif isinstance(form, OutcomeForm):
        debated = form.debated.data == "yes"
        outcome = DebateOutcome(
            debated=debated,
            debated_on=form.debated_on.data if debated else None,
            overview=form.overview.data or "",
            declined_reason="" if debated else form.declined_reason.data or "",
            **{name: getattr(form, name).data or None for name in LINKS},
        )
        actions.give_outcome(petition_id, outcome=outcome, by=by, seen=form.seen.data)
