"""Pages about the signatures of one petition at a time: nobody can list what one person signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import clock
from petitions.addresses import HIGHEST
from petitions.errors import StateChanged
from petitions.models import Petition, Staff
from petitions.permissions import Permission, requires
from petitions.scrutiny import actions, campaign_views, integrity_views, looking, queries, searches, wording
from petitions.scrutiny.conditions import Conditions
from petitions.scrutiny.forms import ChangeForm, ConditionsForm, RevealForm, filled, held_only

blueprint = Blueprint("scrutiny", __name__, url_prefix="/staff")

PETITION = "/petitions/<int:petition_id>"
SIGNATURE = f"{PETITION}/signatures/<int:signature_id>"
CAMPAIGN = "/campaigns/<int:campaign_id>"
blueprint.add_url_rule(f"{PETITION}/integrity", "integrity", integrity_views.integrity)
blueprint.add_url_rule(f"{PETITION}/campaigns", "campaigns", campaign_views.campaigns)
blueprint.add_url_rule(
    f"{PETITION}/campaigns/new", "new_campaign", campaign_views.new_campaign, methods=["GET", "POST"]
)
blueprint.add_url_rule(CAMPAIGN, "campaign", campaign_views.campaign)
for _verb in ("start", "cancel", "undo"):
    blueprint.add_url_rule(
        f"{CAMPAIGN}/{_verb}", f"{_verb}_campaign", getattr(campaign_views, _verb), methods=["POST"]
    )


@blueprint.get("/held")
@requires(Permission.SIGNATURE_SEE)
def held(by: Staff) -> ResponseReturnValue:
    """Petitions with signatures that wait for staff, those first that wait longest."""
    return render_template(
        "scrutiny/held.html", held=queries.held(), search=searches.url, condition=held_only()
    )


@blueprint.route(f"{PETITION}/signatures", methods=["GET", "POST"])
@requires(Permission.SIGNATURE_SEE)
def signatures(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Search the signatures of a petition. What is asked for is posted, and leads to an address that does not tell it."""
    found = queries.petition(petition_id)
    if request.method == "GET":
        return _results(found, searches.read(petition_id, request.args.get("search", "")))
    form = ConditionsForm()
    if form.validate():
        return redirect(searches.url(petition_id, form.conditions), 303)
    return render_template("scrutiny/signatures.html", petition=found, form=form, found=None), 422


def _results(petition: Petition, conditions: Conditions, change: ChangeForm | None = None) -> str:
    """The page of a search: its conditions, what fits, and what can be done with it."""
    after = _row_number("after")
    found = looking.search(petition.id, conditions, after=after, limit=actions.MOST_AT_ONCE)
    return render_template(
        "scrutiny/signatures.html",
        petition=petition,
        form=filled(ConditionsForm, conditions),
        described=wording.described(conditions),
        found=found,
        rows=queries.masked(found.ids),
        next_url=searches.url(petition.id, conditions, after=found.after) if found.after else None,
        change=change or ChangeForm(formdata=None),
        token=searches.token_of(petition.id, conditions),
        after=after,
        done=_done(),
        **_words(),
    )


def _row_number(name: str) -> int | None:
    """A number in the address that a row may have."""
    value = request.args.get(name, type=int)
    return value if value is not None and 0 < value <= HIGHEST else None


def _done() -> dict[str, int]:
    """What was done before this page, as `change` put it into the address: numbers only."""
    return {name: request.args.get(name, 0, type=int) for name in ("asked", "changed", "count")}


def _words() -> dict[str, Any]:
    return {
        "states": wording.STATES,
        "tones": wording.TONES,
        "roles": wording.ROLES,
        "signal_words": wording.signal_words,
        "action_hints": wording.HINTS.values(),
        "most_opened": looking.MOST_OPENED,
    }


@blueprint.post(f"{PETITION}/signatures/change")
@requires(Permission.SIGNATURE_CHANGE)
def change(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Hold, release, remove or put back the signatures that are ticked; back to the search, or with `?back_to=` to that one."""
    found = queries.petition(petition_id)
    conditions = searches.read(petition_id, request.args.get("search", ""))
    back_to = _row_number("back_to")
    form = ChangeForm()
    if not form.validate_on_submit():
        page = (
            _signature_page(petition_id, back_to, change=form)
            if back_to
            else _results(found, conditions, form)
        )
        return page, 422
    try:
        done = actions.change_some(
            petition_id=petition_id,
            action=form.chosen_action,
            signature_ids=form.signatures.data or [],
            reason=form.reason.data or "",
            by=by,
        )
    except StateChanged:
        return render_template("scrutiny/stands_still.html", petition=found), 409
    numbers = {"asked": done.asked, "changed": done.changed, "count": done.count_change}
    if back_to:
        return redirect(_signature_url(petition_id, back_to, **numbers), 303)
    return redirect(searches.url(petition_id, conditions, after=_row_number("after"), **numbers), 303)


def _signature_url(petition_id: int, signature_id: int, **numbers: Any) -> str:
    return url_for("scrutiny.signature", petition_id=petition_id, signature_id=signature_id, **numbers)


@blueprint.get(SIGNATURE)
@requires(Permission.SIGNATURE_SEE)
def signature(petition_id: int, signature_id: int, by: Staff) -> ResponseReturnValue:
    """One signature, its signer covered up."""
    return _signature_page(petition_id, signature_id)


def _signature_page(petition_id: int, signature_id: int, **more: Any) -> str:
    """The page of one signature; `more` is a form that was refused, or what was seen."""
    shown = queries.signature(petition_id, signature_id)
    values: dict[str, Any] = {"signer": None, "wait_until": None} | more
    values.setdefault("form", RevealForm(formdata=None))
    values.setdefault("change", ChangeForm(formdata=None))
    return render_template(
        "scrutiny/signature.html",
        petition=queries.petition(petition_id),
        signature=shown,
        unusual=", ".join(wording.signal_words(code) for code in shown.row.signals),
        reveals=actions.REVEALS,
        done=_done(),
        **values,
        **_words(),
    )


@blueprint.post(f"{SIGNATURE}/reveal")
@requires(Permission.SIGNATURE_REVEAL)
def reveal(petition_id: int, signature_id: int, by: Staff) -> ResponseReturnValue:
    """Show who one signer is, once, on this reply; so many in an hour and no more."""
    queries.signature(petition_id, signature_id)
    form = RevealForm()
    if not form.validate_on_submit():
        return _signature_page(petition_id, signature_id, form=form), 422
    try:
        signer = actions.reveal(
            petition_id=petition_id, signature_id=signature_id, reason=form.why.data or "", by=by
        )
    except actions.TooManyReveals as refusal:
        response = make_response(
            _signature_page(petition_id, signature_id, form=form, wait_until=refusal.until), 429
        )
        seconds = (refusal.until - clock.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, int(seconds) + 1))
        return response
    return _signature_page(petition_id, signature_id, signer=signer)
