"""Pages behind the links in mails. Looking changes nothing, however often; only a pressed button does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import caching, limits, measuring, wordings
from petitions.errors import NotFound
from petitions.extensions import limiter
from petitions.models import Signature, SignatureRole
from petitions.places import countries
from petitions.secrecy import opened
from petitions.security import token_page
from petitions.signing import actions, confirming, mailed_forms, own_signature, queries
from petitions.signing.confirming import Standing
from petitions.signing.mailed_forms import ChoiceForm, NameForm
from petitions.signing.own_signature import Mails
from petitions.tokens import Purpose, read_id

#: What is no longer there is 410; all else is an ordinary page.
GONE = {Standing.EXPIRED, Standing.LATE, Standing.ENDED}
#: Pages that ask whether "this wasn't me" is right.
REFUSED = {Standing.REFUSED, Standing.FINAL}


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def confirm(token: str) -> ResponseReturnValue:
    """Two buttons, and what became of them. `answer` is yes or no; `action` resend asks for a new link.

    After no, `choice` says what else is wanted: count, silence, hear; leave and unsure change nothing.
    """
    number = read_id(Purpose.CONFIRM_SIGNATURE, token)
    is_posted = request.method == "POST"
    if is_posted and request.form.get("answer") == "yes" and request.form.get("action") != "resend":
        return _yes(number, token)
    signature = queries.signature_of_link(number)
    if signature.role is SignatureRole.CREATOR:
        raise NotFound("petitioners confirm on a page of their own")
    return _answer(signature, token) if is_posted else _confirm_page(signature)


def _yes(signature_id: int, token: str) -> ResponseReturnValue:
    """The button that is pressed most: nothing is read here but what it needs."""
    confirmed = confirming.confirm(signature_id=signature_id)
    measuring.confirming(confirmed.standing)
    return _after(confirmed, token)


def _after(confirmed: confirming.Confirmed | None, token: str) -> ResponseReturnValue:
    if confirmed is None or confirmed.standing is not Standing.CONFIRMED:
        return redirect(url_for(".confirm", token=token), 303)
    thanks = url_for(".confirmed", petition_id=confirmed.petition_id, place=confirmed.place)
    return redirect(thanks, 303)


def _confirm_page(signature: Signature, status: int | None = None) -> ResponseReturnValue:
    standing = confirming.standing_of(signature)
    context: dict[str, Any] = {}
    if standing in REFUSED:
        context["form"] = _question(signature, standing)
        context["mails"] = own_signature.mails_wanted(signature)
        context["until"] = (
            signature.ended_at + confirming.UNDO
            if signature.ended_at and standing is Standing.REFUSED
            else None
        )
    page = _page(f"signing/confirm/{standing}.html", signature, **context)
    return page, status or (410 if standing in GONE else 200)


def _question(signature: Signature, standing: Standing) -> ChoiceForm:
    """Whether "this wasn't me" is right; with what is wrong with the answer, where one was sent."""
    form = mailed_forms.after_refusal(signature, can_undo=standing is Standing.REFUSED)
    if request.method == "POST":
        form.validate()
    return form


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
    answer, petition_id, signature_id = request.form.get("answer"), signature.petition_id, signature.id
    confirmed = None
    if request.form.get("action") == "resend":
        actions.send_new_link(signature_id=signature_id)
        return redirect(url_for(".thank_you", petition_id=petition_id), 303)
    if answer == "no":
        confirming.refuse(signature_id=signature_id)
        measuring.confirming(Standing.REFUSED)
    elif (choice := _chosen(signature)) is None:
        return _confirm_page(signature, 422)
    else:
        confirmed = SECOND_THOUGHTS[choice](signature_id)
    return _after(confirmed, token)


def _chosen(signature: Signature) -> str | None:
    """The answer to the question after "this wasn't me"; nothing where it is not asked, or not answered."""
    standing = confirming.standing_of(signature)
    if standing not in REFUSED:
        return None
    form = _question(signature, standing)
    return None if form.errors else cast(str, form.choice.data)


def _nothing(signature_id: int) -> None:
    """It stays as it is."""


#: What the answers after "this wasn't me" do.
SECOND_THOUGHTS: dict[str, Callable[[int], confirming.Confirmed | None]] = {
    "leave": _nothing,
    "unsure": _nothing,
    "count": lambda signature_id: confirming.take_back_refusal(signature_id=signature_id),
    "silence": lambda signature_id: own_signature.choose_mails(signature_id=signature_id, wanted=Mails.NEVER),
    "hear": lambda signature_id: own_signature.choose_mails(signature_id=signature_id, wanted=Mails.NONE),
}


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def my_signature(token: str) -> ResponseReturnValue:
    """What is held about one signature, for its signer.

    `action`: rename (with `name`), withdraw, erase, mails (with `choice`) or stop, start, silence, export, export_text.
    """
    signature = queries.signature_of_link(read_id(Purpose.MY_SIGNATURE, token))
    if request.method != "POST":
        return _my_signature_page(signature)
    action = request.form.get("action", "")
    if action in EXPORTS:
        return EXPORTS[action](signature)
    if action == "rename":
        return _rename(signature, token)
    act = ACTIONS.get(request.form.get("choice", "") if action == "mails" else action)
    if act is None:
        return _my_signature_page(signature), 422
    act(signature.id)
    if action == "erase":
        return redirect(url_for(".erased"), 303)
    return redirect(url_for(".my_signature", token=token), 303)


#: What a button on "my signature" does.
ACTIONS: dict[str, Callable[[int], None]] = {
    "withdraw": lambda signature_id: own_signature.withdraw(signature_id=signature_id),
    "erase": lambda signature_id: own_signature.erase(signature_id=signature_id),
    **{
        wanted.value: lambda signature_id, wanted=wanted: own_signature.choose_mails(  # type: ignore[misc]
            signature_id=signature_id, wanted=wanted
        )
        for wanted in Mails
    },
}


def _my_signature_page(signature: Signature, form: NameForm | None = None) -> str:
    """The page; `?step=` asks for a new name or which mails may come, or once more before anything is lost."""
    is_running = signature.state in own_signature.RUNNING
    is_erased = own_signature.is_erased(signature)
    can = {
        "withdraw": own_signature.can_withdraw(signature),
        "erase": own_signature.can_erase(signature),
        "name": own_signature.can_rename(signature),
        "mails": not is_erased,
    }
    step = "name" if form is not None else request.args.get("step", "")
    template = f"signing/my_signature/{step}.html" if can.get(step) else "signing/my_signature/show.html"
    return _page(
        template,
        signature,
        can=can,
        country=countries.name(signature.country),
        signed=None if can.get(step) else wordings.signed_text(signature),
        is_erased=is_erased,
        is_running=is_running,
        mails=own_signature.mails_wanted(signature),
        mails_form=mailed_forms.choosing_mails(signature, is_running=is_running),
        form=form or NameForm(name=opened(signature, "name")),
    )


def _rename(signature: Signature, token: str) -> ResponseReturnValue:
    form = cast(NameForm, NameForm.from_request())
    if form.validate():
        try:
            own_signature.rename(signature_id=signature.id, name=form.name.data or "")
            return redirect(url_for(".my_signature", token=token), 303)
        except own_signature.NameTaken:
            form.name.errors = [_("Somebody else has signed with this name from your mailbox.")]
    return _my_signature_page(queries.signature_of_link(signature.id), form), 422


def _export(signature: Signature) -> Response:
    response = jsonify(own_signature.export(signature))
    response.headers["Content-Disposition"] = f'attachment; filename="signature-{signature.petition_id}.json"'
    return response


def _export_text(signature: Signature) -> Response:
    text = _page(
        "signing/my_signature/export.txt",
        signature,
        data=own_signature.export(signature),
        country=countries.name(signature.country),
    )
    response = Response(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="signature-{signature.petition_id}.txt"'
    return response


#: Forms in which somebody may take their data along.
EXPORTS: dict[str, Callable[[Signature], Response]] = {"export": _export, "export_text": _export_text}


def erased() -> ResponseReturnValue:
    """What is to be said when nothing personal is left; the same for everybody."""
    return caching.public(render_template("signing/my_signature/erased.html"))


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stops mails: by a button, or by the mail program's own (RFC 8058, answered without redirect).

    `choice` is petition (also without any), all, or none, which lets them come again.
    """
    signature = queries.signature_of_link(read_id(Purpose.UNSUBSCRIBE, token))
    if request.method != "POST":
        return _unsubscribe_page(signature)
    if request.form.get("List-Unsubscribe") == "One-Click":
        own_signature.stop_mails(signature_id=signature.id)
        return Response("", mimetype="text/plain")
    form = mailed_forms.unsubscribing(signature)
    if "choice" not in request.form:
        own_signature.stop_mails(signature_id=signature.id)
    elif not form.validate():
        return _unsubscribe_page(signature), 422
    elif form.choice.data != "none" or _has_stopped_some(signature):
        own_signature.choose_mails(
            signature_id=signature.id, wanted=mailed_forms.STOPS[cast(str, form.choice.data)]
        )
    return redirect(url_for(".unsubscribe", token=token), 303)


def _has_stopped_some(signature: Signature) -> bool:
    return signature.mails_stopped_at is not None or own_signature.mails_wanted(signature) is Mails.NEVER


def _unsubscribe_page(signature: Signature) -> str:
    form = mailed_forms.unsubscribing(signature)
    if request.method == "POST":
        form.validate()
    return _page(
        "signing/unsubscribe.html",
        signature,
        form=form,
        mails=own_signature.mails_wanted(signature),
        is_erased=own_signature.is_erased(signature),
    )
