"""Pages of signing: the form, the private link for supporters, what comes after, and the list of what a mailbox signed."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import caching, limits, links, origins
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db, limiter, settings
from petitions.models import Petition, SignatureRole
from petitions.places import countries
from petitions.replica import sees_own_acts
from petitions.reply_time import in_full_steps
from petitions.security import token_page
from petitions.signing import actions, mailed_views, queries
from petitions.signing.forms import FindForm, SignForm
from petitions.tokens import Purpose, read_id

blueprint = Blueprint("signing", __name__)

PETITION = "/petitions/<int:petition_id>"
#: How long a form may be kept by caches: it holds nothing personal.
FORM_SECONDS = 60

blueprint.add_url_rule(
    "/signatures/confirm/<token>", "confirm", mailed_views.confirm, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    "/signatures/<token>", "my_signature", mailed_views.my_signature, methods=["GET", "POST"]
)
blueprint.add_url_rule("/signatures/erased", "erased", mailed_views.erased)
blueprint.add_url_rule(
    "/unsubscribe/<token>", "unsubscribe", mailed_views.unsubscribe, methods=["GET", "POST"]
)


def _person(form: SignForm) -> actions.Person:
    return actions.Person(
        name=form.name.data or "",
        email=form.email.data or "",
        country=form.country.data,
        postcode=form.postcode.data or "",
        wants_updates=bool(form.updates.data),
        ip=origins.readable(request.remote_addr),
        signals=form.signals(),
        mailbox=form.mailbox,
    )


@blueprint.route(f"{PETITION}/signatures/new", methods=["GET", "POST"])
@limiter.limit(limits.SIGN, methods=["POST"])
@in_full_steps
def sign(petition_id: int) -> ResponseReturnValue:
    """The form beside the petition's words. Whatever is known about the address, the reply is the same."""
    form = cast(SignForm, SignForm.from_request())
    if request.method == "POST" and form.validate() and _is_taken(form, petition_id):
        return redirect(url_for(".thank_you", petition_id=petition_id), 303)
    petition = queries.petition_with_page(petition_id)
    if not petition.is_signable:
        return redirect(url_for("browsing.petition", petition_id=petition_id), 303)
    page = _sign_page(petition, form)
    if request.method == "POST":
        return caching.private((page, 422))
    return caching.public(page, seconds=FORM_SECONDS)


def _is_taken(form: SignForm, petition_id: int, role: SignatureRole = SignatureRole.SIGNER) -> bool:
    """Sign with a form that is filled in as it must be; false where the petition takes no signatures now, or has other words
    than were read, which the form says then."""
    try:
        actions.sign(
            petition_id=petition_id, person=_person(form), role=role, has_read=form.text_version.data or None
        )
    except actions.WordsChanged:
        form.must_be_read_again()
        return False
    except StateChanged:
        return False
    return True


def _sign_page(petition: Petition, form: SignForm) -> str:
    return render_template("signing/sign.html", petition=petition, form=form, home_name=_home_name())


def _home_name() -> str:
    return countries.name(settings().home_country)


@blueprint.get(f"{PETITION}/signatures/thank-you")
@sees_own_acts
def thank_you(petition_id: int) -> ResponseReturnValue:
    """Check your e-mail: the same for everybody who sent the form."""
    petition = queries.petition_with_page(petition_id)
    return caching.public(render_template("signing/thank_you.html", petition=petition, limits=limits))


@blueprint.route(f"{PETITION}/supporters/<token>", methods=["GET", "POST"])
@limiter.limit(limits.SIGN, methods=["POST"])
@token_page
@in_full_steps
def support(petition_id: int, token: str) -> ResponseReturnValue:
    """The private link for first supporters: the same form, under words that nobody has checked yet."""
    if read_id(Purpose.SUPPORT, token) != petition_id:
        raise NotFound("no such link")
    form = cast(SignForm, SignForm.from_request())
    is_sent = request.method == "POST" and form.validate()
    if is_sent and _is_taken(form, petition_id, SignatureRole.SUPPORTER):
        return redirect(url_for(".thank_you", petition_id=petition_id), 303)
    petition = db.session.get(Petition, petition_id)
    if petition is None:
        raise NotFound("no such petition")
    if not queries.takes_supporters(petition):
        return render_template("signing/support_closed.html", petition=petition)
    page = render_template(
        "signing/support.html", petition=petition, form=form, token=token, home_name=_home_name()
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.get(f"{PETITION}/signatures/confirmed")
@sees_own_acts
def confirmed(petition_id: int) -> ResponseReturnValue:
    """Thanks, the signer's area and representative, and what happens next. Nothing on it says who signed."""
    petition = queries.petition_with_page(petition_id)
    slug = request.args.get("place", "")
    page = render_template(
        "signing/confirmed.html",
        petition=petition,
        place=queries.place_by_slug(slug) if slug else None,
        threshold=queries.next_threshold(petition),
        petition_url=links.petition(petition),
    )
    return caching.private(page)


@blueprint.route("/signatures/find", methods=["GET", "POST"])
@limiter.limit(limits.SIGN, methods=["POST"])
@in_full_steps
def find() -> ResponseReturnValue:
    """Asks for a mail that lists what a mailbox signed. The reply says nothing about the mailbox."""
    form = cast(FindForm, FindForm.from_request())
    if request.method != "POST":
        template = "signing/find_sent.html" if "sent" in request.args else "signing/find.html"
        return caching.public(render_template(template, form=form, limits=limits), seconds=FORM_SECONDS)
    if not form.validate():
        return caching.private((render_template("signing/find.html", form=form), 422))
    actions.ask_for_list(email=form.email.data or "")
    return redirect(url_for(".find", sent="yes"), 303)
