"""Pages of campaigns: many signatures of one petition, chosen by conditions, looked at before anything is changed."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.errors import StateChanged
from petitions.models import Campaign, CampaignAction, CampaignState, Staff
from petitions.permissions import Permission, requires
from petitions.scrutiny import campaigns as verbs
from petitions.scrutiny import queries, searches, wording
from petitions.scrutiny.conditions import from_json
from petitions.scrutiny.forms import CampaignForm, UndoForm, filled
from petitions.secrecy import opened

#: The worker has something to do.
AT_WORK = {CampaignState.LOOKING, CampaignState.RUNNING, CampaignState.UNDOING}
CAN_BE_CANCELLED = {CampaignState.LOOKING, CampaignState.READY, CampaignState.RUNNING}


@requires(Permission.SIGNATURE_SEE)
def campaigns(petition_id: int, by: Staff) -> ResponseReturnValue:
    """The campaigns of one petition."""
    return render_template(
        "scrutiny/campaigns.html",
        petition=queries.petition(petition_id),
        campaigns=queries.campaigns_of(petition_id),
        nouns=wording.NOUNS,
        states=wording.CAMPAIGN_STATES,
    )


@requires(Permission.SIGNATURE_CHANGE)
def new_campaign(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Say what must be true of a signature, and what is to be done with all that fit; `?search=` begins with a search."""
    found = queries.petition(petition_id)
    form = _begun_with(petition_id) if request.method == "GET" else CampaignForm()
    if form.is_submitted() and form.validate():
        try:
            begun = verbs.begin(
                petition_id=petition_id,
                action=CampaignAction(form.action.data),
                conditions=form.conditions,
                reason=form.reason.data or "",
                by=by,
            )
            return redirect(url_for("scrutiny.campaign", campaign_id=begun.id), 303)
        except verbs.NothingAsked:
            form.form_errors.append(
                _("Fill in at least one condition. Without one, every signature would be changed.")
            )
        except StateChanged:
            return render_template("scrutiny/stands_still.html", petition=found), 409
    page = render_template(
        "scrutiny/new_campaign.html",
        petition=found,
        form=form,
        hints=wording.action_hints(),
        most_by_one=verbs.MOST_BY_ONE,
    )
    return page, 422 if form.is_submitted() else 200


def _begun_with(petition_id: int) -> Any:
    conditions = searches.read(petition_id, request.args.get("search", ""))
    return filled(CampaignForm, conditions)


@requires(Permission.SIGNATURE_SEE)
def campaign(campaign_id: int, by: Staff) -> ResponseReturnValue:
    """One campaign: what it looks for, what it found, how far it is, and what can be done with it."""
    return _page(campaign_id, by)


def _described(campaign: Campaign) -> list[tuple[str, str, None]]:
    """What it looks for; after half a year, or where its key is lost, that nobody knows any more."""
    conditions = opened(campaign, "conditions")
    if conditions is None:
        return [(str(_("Conditions")), str(_("not kept any more")), None)]
    return wording.described(from_json(conditions))


def _page(campaign_id: int, by: Staff, undo_form: UndoForm | None = None, refused: str = "") -> str:
    found = queries.campaign(campaign_id)
    is_ready = found.state is CampaignState.READY and found.found > 0
    needs_another = found.found > verbs.MOST_BY_ONE and found.staff_id == by.id
    return render_template(
        "scrutiny/campaign.html",
        campaign=found,
        petition=found.petition,
        noun=wording.NOUNS[found.action],
        state_words=wording.CAMPAIGN_STATES[found.state],
        described=_described(found),
        sample=queries.sample_of(campaign_id),
        undone=queries.number_undone(campaign_id),
        is_at_work=found.state in AT_WORK,
        moves_on=found.state in AT_WORK or is_ready,
        can_start=is_ready and not needs_another,
        needs_another=is_ready and needs_another,
        can_cancel=found.state in CAN_BE_CANCELLED,
        can_undo=verbs.can_be_undone(found),
        undo_form=undo_form or UndoForm(formdata=None),
        refused=refused,
        most_by_one=verbs.MOST_BY_ONE,
        states=wording.STATES,
        tones=wording.TONES,
        signal_words=wording.signal_words,
    )


@requires(Permission.SIGNATURE_CHANGE, fresh=True)
def start(campaign_id: int, by: Staff) -> ResponseReturnValue:
    """Let the worker change what was found; more than so many only if somebody else began it."""
    try:
        verbs.start(campaign_id=campaign_id, by=by)
    except verbs.NeedsSecondPerson:
        return _page(campaign_id, by, refused=_("Somebody else must start it.")), 409
    except StateChanged:
        return _page(campaign_id, by, refused=_changed_meanwhile()), 409
    return redirect(url_for("scrutiny.campaign", campaign_id=campaign_id), 303)


@requires(Permission.SIGNATURE_CHANGE)
def cancel(campaign_id: int, by: Staff) -> ResponseReturnValue:
    """Stop it after the portion at hand."""
    try:
        verbs.cancel(campaign_id=campaign_id, by=by)
    except StateChanged:
        return _page(campaign_id, by, refused=_changed_meanwhile()), 409
    return redirect(url_for("scrutiny.campaign", campaign_id=campaign_id), 303)


@requires(Permission.SIGNATURE_CHANGE, fresh=True)
def undo(campaign_id: int, by: Staff) -> ResponseReturnValue:
    """Put back all that it changed, for a reason that is published as well."""
    queries.campaign(campaign_id)
    form = UndoForm()
    if not form.validate_on_submit():
        return _page(campaign_id, by, form), 422
    try:
        verbs.undo(campaign_id=campaign_id, reason=form.reason.data or "", by=by)
    except StateChanged:
        return _page(campaign_id, by, refused=_changed_meanwhile()), 409
    return redirect(url_for("scrutiny.campaign", campaign_id=campaign_id), 303)


def _changed_meanwhile() -> str:
    return str(_("The campaign has moved on since you opened the page. This is how it stands now."))
