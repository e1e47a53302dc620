"""Pages behind the links in mails. Looking changes nothing, however often; only a pressed button does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import limits
from petitions.errors import NotFound
from petitions.extensions import limiter
from petitions.models import Signature, SignatureRole
from petitions.places import countries
from petitions.security import token_page
from petitions.signing import actions, confirming, own_signature, queries
from petitions.signing.confirming import Standing
from petitions.tokens import Purpose, read_id

#: What is no longer there is 410; all else is an ordinary page.
GONE = {Standing.EXPIRED, Standing.LATE, Standing.ENDED}


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def confirm(token: str) -> ResponseReturnValue:
    """Two buttons, and what became of them. `answer` is yes or no; `action` resend asks for a new link."""
    signature = queries.signature_of_link(read_id(Purpose.CONFIRM_SIGNATURE, token))
    if signature.role is SignatureRole.CREATOR:
        raise NotFound("petitioners confirm on a page of their own")
    if request.method == "POST":
        return _answer(signature, token)
    return _confirm_page(signature)


def _confirm_page(signature: Signature, status: int | None = None) -> ResponseReturnValue:
    standing = confirming.standing_of(signature)
    page = _page(f"signing/confirm/{standing}.html", signature)
    return page, status or (410 if standing in GONE else 200)


def _page(template: str, signature: Signature, **context: Any) -> str:
    petition = signature.petition
    return render_template(
        template,
        signature=signature,
        petition=petition,
        shows_title=queries.shows_title(petition),
        token_path=request.path,
        **context,
    )


def _answer(signature: Signature, token: str) -> ResponseReturnValue:
    answer, petition_id = request.form.get("answer"), signature.petition_id
    if request.form.get("action") == "resend":
        actions.send_new_link(signature_id=signature.id)
        return redirect(url_for(".thank_you", petition_id=petition_id), 303)
    if answer == "yes":
        place = signature.place.slug if signature.place else None
        if confirming.confirm(signature_id=signature.id) is Standing.CONFIRMED:
            return redirect(url_for(".confirmed", petition_id=petition_id, place=place), 303)
    elif answer == "no":
        confirming.refuse(signature_id=signature.id)
    else:
        return _confirm_page(signature, 422)
    return redirect(url_for(".confirm", token=token), 303)


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def my_signature(token: str) -> ResponseReturnValue:
    """What is held about one signature, for its signer. `action`: withdraw, stop, start, export, erase."""
    signature = queries.signature_of_link(read_id(Purpose.MY_SIGNATURE, token))
    if request.method != "POST":
        return _my_signature_page(signature)
    action = request.form.get("action")
    if action == "export":
        return _export(signature)
    act = ACTIONS.get(action or "")
    if act is None:
        return _my_signature_page(signature), 422
    act(signature.id)
    return redirect(url_for(".my_signature", token=token), 303)


#: What a button on "my signature" does.
ACTIONS: dict[str, Callable[[int], None]] = {
    "withdraw": lambda signature_id: own_signature.withdraw(signature_id=signature_id),
    "erase": lambda signature_id: own_signature.erase(signature_id=signature_id),
    "stop": lambda signature_id: own_signature.set_updates(signature_id=signature_id, wanted=False),
    "start": lambda signature_id: own_signature.set_updates(signature_id=signature_id, wanted=True),
}


def _my_signature_page(signature: Signature) -> str:
    """The page; `?step=withdraw` and `?step=erase` ask once more before anything is lost."""
    can = {
        "withdraw": own_signature.can_withdraw(signature),
        "erase": own_signature.can_erase(signature),
    }
    step = request.args.get("step", "")
    template = f"signing/my_signature/{step}.html" if can.get(step) else "signing/my_signature/show.html"
    return _page(
        template,
        signature,
        can=can,
        country=countries.name(signature.country),
        is_erased=own_signature.is_erased(signature),
        is_running=signature.state in own_signature.RUNNING,
    )


def _export(signature: Signature) -> Response:
    response = jsonify(own_signature.export(signature))
    name = f"signature-{signature.petition_id}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stops the mails about one petition: by a button, or by the mail program's own (RFC 8058, answered without redirect)."""
    signature = queries.signature_of_link(read_id(Purpose.UNSUBSCRIBE, token))
    if request.method != "POST":
        return _page("signing/unsubscribe.html", signature)
    own_signature.set_updates(signature_id=signature.id, wanted=False)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Response("", mimetype="text/plain")
    return redirect(url_for(".unsubscribe", token=token), 303)
