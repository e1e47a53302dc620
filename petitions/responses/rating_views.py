"""The page behind the link in the mail of an answer: two questions to the signer. Looking changes nothing."""

from __future__ import annotations

from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired, Optional

from petitions import limits
from petitions.duties.duty_clock import owner_name
from petitions.errors import Gone, NotFound
from petitions.extensions import db, limiter
from petitions.forms import PublicForm
from petitions.models import Response, Signature
from petitions.responses import rating_actions
from petitions.security import token_page
from petitions.tokens import Purpose, read_pair

YES, NO = "yes", "no"


class RatingForm(PublicForm):
    """Did it address the petition, and was it clear?

    The first and the last answer change nothing, for programs that choose one before they press the button.
    """

    addressed = RadioField(
        _l("Does the answer deal with what the petition asks?"),
        [DataRequired(_l("Choose whether it deals with what the petition asks."))],
        choices=lambda: [
            ("later", _l("I have not read it yet")),
            (YES, _l("Yes")),
            (NO, _l("No")),
            ("none", _l("I would rather not say")),
        ],
    )
    clear = RadioField(
        _l("Is the answer clear?"),
        [Optional()],
        choices=lambda: [(YES, _l("Yes, I understand it")), (NO, _l("No, it is hard to understand"))],
    )

    @property
    def says_something(self) -> bool:
        """Whether there is an answer to keep."""
        return self.addressed.data in {YES, NO}

    def validate(self, extra_validators: object = None) -> bool:
        """Who says something about the answer says both."""
        if not super().validate():
            return False
        if self.says_something and not self.clear.data:
            self.clear.errors = [_l("Choose whether it is clear.")]
            return False
        return True


@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def rate(token: str) -> ResponseReturnValue:
    """The two questions, and what was answered so far; a POST with `addressed` and `clear` keeps or replaces it."""
    response, signature = _found(token)
    if request.method != "POST":
        return _page(response, signature, token)
    form = cast(RatingForm, RatingForm.from_request())
    if not rating_actions.may_rate(response, signature):
        return _page(response, signature, token), 409
    if not form.validate():
        return _page(response, signature, token, form), 422
    if not form.says_something:
        return redirect(
            url_for("browsing.petition", petition_id=response.petition_id, _anchor="response"), 303
        )
    rating_actions.rate(
        response_id=response.id,
        signature_id=signature.id,
        addressed=form.addressed.data == YES,
        clear=form.clear.data == YES,
    )
    return redirect(url_for(".rate", token=token), 303)


def _found(token: str) -> tuple[Response, Signature]:
    """The answer and the signature of a link. Raises `NotFound`, and `Gone` where the petition was taken down."""
    response_id, signature_id = read_pair(Purpose.RATE_RESPONSE, token)
    response, signature = db.session.get(Response, response_id), db.session.get(Signature, signature_id)
    if (
        response is None
        or signature is None
        or response.published_at is None
        or response.petition_id != signature.petition_id
    ):
        raise NotFound("no such answer")
    if not response.petition.facts.text_is_public:
        raise Gone("the petition was taken down")
    return response, signature


def _page(response: Response, signature: Signature, token: str, form: RatingForm | None = None) -> str:
    said = rating_actions.rating_of(response.id, signature.id)
    before = {"addressed": _word(said.addressed), "clear": _word(said.clear)} if said else None
    return render_template(
        "responses/rate.html",
        petition=response.petition,
        response=response,
        owner=owner_name(response.department),
        may_rate=rating_actions.may_rate(response, signature),
        said=said,
        form=form or RatingForm(data=before),
        token_path=url_for(".rate", token=token),
    )


def _word(value: bool) -> str:
    return YES if value else NO
