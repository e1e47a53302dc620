"""Pages for those who start a petition: how it works, the form, petitions like the one being written, and their own page.

The petitioner's page is behind a private link: no script, kept by nobody. Opening it changes nothing, pressing does.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import caching, limits, links, origins
from petitions.duties.threshold_words import owed_in_words, promised
from petitions.extensions import limiter
from petitions.lifecycle import MOVES, Event, State
from petitions.models.petition import BACKGROUND_LIMIT, DETAILS_LIMIT, TITLE_LIMIT, Petition
from petitions.places import countries
from petitions.reply_time import in_full_steps
from petitions.security import token_page
from petitions.starting import actions, queries, wizard
from petitions.starting.forms import ANSWER_LIMIT, AnswerForm, AuthorForm, TextForm
from petitions.starting.similar import SimilarPetition, similar_to
from petitions.starting.wizard import Stage, Turn

blueprint = Blueprint("starting", __name__)

START_SECONDS = 300
LIMITS = {"action": TITLE_LIMIT, "background": BACKGROUND_LIMIT, "additional_details": DETAILS_LIMIT}
#: What the buttons of the petitioner's page do, by the `action` they post.
PRESSED: dict[str, Callable[..., None]] = {
    "confirm": actions.confirm,
    "disown": actions.disown,
    "silence": partial(actions.disown, for_ever=True),
    "unsure": lambda petition_id: None,
    "send_link": actions.send_new_link,
    "withdraw": actions.withdraw,
}


@blueprint.get("/petitions/start")
def start() -> Response:
    """How it works, before anything is asked."""
    page = render_template("starting/start.html", promised=promised(), owed_in_words=owed_in_words)
    return caching.public(page, seconds=START_SECONDS)


@blueprint.get("/petitions/new")
def new() -> Response:
    """The first question."""
    return _page(wizard.begin())


@blueprint.post("/petitions/new", endpoint="answer")
@limiter.limit(limits.START, exempt_when=lambda: not wizard.is_submission(request.form))
@in_full_steps
def answer() -> ResponseReturnValue:
    """An answer: the next question, the same one with what is wrong, or, at the end, the petition is stored."""
    turn = wizard.answer(request.form)
    if not turn.finished:
        return _page(turn)
    # Where the button was pressed twice, the first press did it all. The page is the same whoever's address it is.
    with suppress(actions.AlreadyStarted, actions.TooManyMails):
        actions.start(draft=turn.draft, ip=origins.readable(request.remote_addr))
    return caching.private(redirect(url_for("starting.thank_you"), 303))


def _page(turn: Turn) -> Response:
    draft = turn.draft
    page = render_template(
        f"starting/new/{turn.stage}.html",
        turn=turn,
        limits=LIMITS,
        questions=len(wizard.QUESTIONS),
        similar=similar_to(draft.action, draft.background) if turn.stage is Stage.SIMILAR else [],
        country=countries.name(draft.country) if turn.stage is Stage.CHECK else None,
    )
    response = caching.private(page) if draft.names_somebody else caching.for_back(page)
    response.status_code = 422 if turn.refused else 200
    return response


@blueprint.get("/petitions/thank-you")
def thank_you() -> Response:
    """Check your e-mail."""
    return caching.private(render_template("starting/thank_you.html"))


def _similar_asked() -> list[SimilarPetition]:
    return similar_to(request.args.get("q", ""), request.args.get("background", ""))


@blueprint.get("/petitions/similar")
def similar() -> Response:
    """Petitions like one being written: a part of a page, to be put into one."""
    return caching.public(render_template("starting/similar_list.html", similar=_similar_asked()))


@blueprint.get("/petitions/similar.json")
def similar_json() -> Response:
    """The same for programs, in the envelope of lists."""
    asked = {name: request.args[name] for name in ("q", "background") if name in request.args}
    response = jsonify(
        links={"self": links.absolute("starting.similar_json", **asked)},
        data=[_item(each) for each in _similar_asked()],
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return caching.public(response)


def _item(similar: SimilarPetition) -> dict[str, object]:
    petition, answer = similar.petition, similar.answer
    return {
        "type": "petition",
        "id": petition.id,
        "links": {"self": links.petition(petition) + ".json"},
        "attributes": {
            "action": petition.action,
            "background": petition.background,
            "additional_details": petition.additional_details or None,
            "state": petition.current_state.value,
            "signature_count": petition.signature_count,
            "outcome": answer.outcome.value if answer and answer.outcome else None,
            "rejection": similar.rejection
            and {"code": similar.rejection.code, "details": similar.rejection.details or None},
        },
    }


@blueprint.get("/creators/<token>")
@token_page
def creator(token: str) -> ResponseReturnValue:
    """The petitioner's page: what the petition waits for, and what can be done about it."""
    return _creator_page(queries.petition_of(token), token, AuthorForm())


def _creator_page(petition: Petition, token: str, form: AuthorForm, status: int = 200) -> ResponseReturnValue:
    page = queries.petitioner_page(petition)
    if page.link_expired:
        return render_template("starting/creator/link_expired.html", token=token), 410
    shown = render_template(
        f"starting/creator/{page.state}.html",
        page=page,
        form=form,
        petition=page.petition,
        token=token,
        may_edit=queries.may_edit(petition),
        may_withdraw=(page.state, Event.WITHDRAW) in MOVES,
    )
    return shown, status


@blueprint.post("/creators/<token>", endpoint="creator_press")
@limiter.limit(limits.TOKEN)
@token_page
def creator_press(token: str) -> ResponseReturnValue:
    """A button of the petitioner's page."""
    petition = queries.petition_of(token)
    pressed = request.form.get("action", "")
    if not pressed and queries.state_of(petition) is State.PENDING:
        return _creator_page(petition, token, AuthorForm().refuse(), 422)
    if pressed not in PRESSED:
        abort(400)
    try:
        PRESSED[pressed](petition_id=petition.id)
    except actions.LinkExpired:
        return render_template("starting/creator/link_expired.html", token=token), 410
    if pressed == "send_link":
        return redirect(url_for("starting.thank_you"), 303)
    return redirect(url_for("starting.creator", token=token), 303)


@blueprint.route("/creators/<token>/edit", methods=["GET", "POST"])
@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def creator_edit(token: str) -> ResponseReturnValue:
    """The petition's words, to be changed until somebody checks them."""
    petition = queries.petition_of(token)
    if not queries.may_edit(petition):
        return _not_editable(petition, token)
    form = TextForm.from_request() if request.method == "POST" else TextForm(None, obj=petition)
    if request.method == "GET" or not form.validate():
        page = render_template("starting/creator/edit.html", form=form, token=token, limits=LIMITS)
        return page, 422 if form.errors else 200
    try:
        actions.change_text(petition_id=petition.id, **form.data)
    except actions.NotEditable:
        return _not_editable(petition, token)
    return redirect(url_for("starting.creator", token=token), 303)


def _not_editable(petition: Petition, token: str) -> ResponseReturnValue:
    in_review = queries.state_of(petition) is State.REVIEW
    page = render_template("starting/creator/not_editable.html", in_review=in_review, token=token)
    return page, 409


@blueprint.route("/creators/<token>/answer", methods=["GET", "POST"])
@limiter.limit(limits.TOKEN, methods=["POST"])
@token_page
def creator_answer(token: str) -> ResponseReturnValue:
    """The answer to the moderators' questions."""
    petition = queries.petition_of(token)
    form = AnswerForm.from_request()
    if request.method == "POST" and form.validate():
        try:
            actions.answer(petition_id=petition.id, answer=form.data["answer"])
            return redirect(url_for("starting.creator", token=token), 303)
        except actions.NotAsked:
            return _not_asked(token, form.data["answer"])
    question = queries.petitioner_page(petition).question
    if question is None:
        return _not_asked(token, form.data["answer"])
    page = render_template(
        "starting/creator/answer.html", form=form, question=question, token=token, limit=ANSWER_LIMIT
    )
    return page, 422 if form.errors else 200


def _not_asked(token: str, typed: str) -> ResponseReturnValue:
    return render_template("starting/creator/not_asked.html", token=token, typed=typed), 409


@blueprint.get("/creators/<token>/withdraw")
@token_page
def creator_withdraw(token: str) -> ResponseReturnValue:
    """Asked once more before the petition is taken back."""
    petition = queries.petition_of(token)
    if (queries.state_of(petition), Event.WITHDRAW) not in MOVES:
        return redirect(url_for("starting.creator", token=token), 303)
    return render_template("starting/creator/withdraw.html", petition=petition, token=token)
