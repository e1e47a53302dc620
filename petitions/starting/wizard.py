"""Writing a petition, one question a page: which page follows which press of a button.

The state is the draft in the page. Each page posts the draft, the `stage` it shows, the `move` that was asked for
(`next`, `back`, `change:<stage>`) and its own fields. A program may post all fields at once, without a draft.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from petitions.errors import NotFound
from petitions.forms import PersonForm, PublicForm
from petitions.starting.draft import ANSWERS, Draft
from petitions.starting.forms import NO, ActionForm, BackgroundForm, DetailsForm, EligibleForm


class Stage(StrEnum):
    """One page."""

    ELIGIBLE = "eligible"
    ACTION = "action"
    SIMILAR = "similar"
    BACKGROUND = "background"
    ADDITIONAL_DETAILS = "additional_details"
    ABOUT_YOU = "about_you"
    CHECK = "check"
    NOT_ELIGIBLE = "not_eligible"


#: The pages in their order.
ORDER = (
    Stage.ELIGIBLE,
    Stage.ACTION,
    Stage.SIMILAR,
    Stage.BACKGROUND,
    Stage.ADDITIONAL_DETAILS,
    Stage.ABOUT_YOU,
    Stage.CHECK,
)
FORMS: dict[Stage, type[PublicForm]] = {
    Stage.ELIGIBLE: EligibleForm,
    Stage.ACTION: ActionForm,
    Stage.BACKGROUND: BackgroundForm,
    Stage.ADDITIONAL_DETAILS: DetailsForm,
    Stage.ABOUT_YOU: PersonForm,
}
QUESTIONS = tuple(stage for stage in ORDER if stage in FORMS)


@dataclass(frozen=True)
class Turn:
    """The page to show next, or, when `finished`, the draft to store; its answers are cleaned."""

    stage: Stage
    draft: Draft
    form: PublicForm
    refused: bool = False
    """The answers on this page, or the whole, could not be taken."""
    draft_lost: bool = False
    """The draft in the page was not one of ours: only what was typed on that page is left."""
    finished: bool = False

    @property
    def token(self) -> str:
        """The draft for the page, without the answers that its own fields hold."""
        return self.draft.token(without=_fields(self.stage))

    @property
    def question(self) -> int | None:
        """Which question this is, from 1."""
        return QUESTIONS.index(self.stage) + 1 if self.stage in QUESTIONS else None


def begin() -> Turn:
    """The first page."""
    return _show(ORDER[0], Draft())


def is_submission(posted: MultiDict[str, str]) -> bool:
    """Whether this press is meant to start the petition."""
    return _stage(posted) is Stage.CHECK and posted.get("move", "next") == "next"


def answer(posted: MultiDict[str, str]) -> Turn:
    """The page that follows a press. Raises `BadRequest` for a stage or a move that no page of ours offers."""
    stage, move = _stage(posted), posted.get("move", "next")
    before, draft_lost = _carried(posted)
    draft = before.with_posted(posted, asked=_fields(stage))
    if draft_lost:
        return replace(_first_refused(draft) or _last_look(draft), refused=True, draft_lost=True)
    if move == "back":
        return _show(_before(stage), draft)
    if move.startswith("change:"):
        return _show(_named(move.removeprefix("change:")), draft)
    if move != "next":
        raise BadRequest
    if stage is Stage.CHECK:
        return _first_refused(draft) or replace(_last_look(draft), finished=True)
    return _next(stage, draft)


def _next(stage: Stage, draft: Draft) -> Turn:
    checked = _check(stage, draft)
    if checked.refused or checked.stage is Stage.NOT_ELIGIBLE:
        return checked
    after = ORDER[ORDER.index(stage) + 1]
    if after is Stage.CHECK:
        return _first_refused(draft) or _last_look(draft)
    # Who changed one answer at the end goes straight back there; a new title is held against others first.
    if after is not Stage.SIMILAR and _first_refused(draft) is None:
        return _last_look(draft)
    return _show(after, draft)


def _stage(posted: MultiDict[str, str]) -> Stage:
    return _named(posted.get("stage", Stage.CHECK))


def _named(name: str) -> Stage:
    if name not in ORDER:
        raise BadRequest
    return Stage(name)


def _before(stage: Stage) -> Stage:
    return ORDER[max(0, ORDER.index(stage) - 1)]


def _fields(stage: Stage) -> tuple[str, ...]:
    form = FORMS.get(stage)
    return tuple(name for name in ANSWERS if form is not None and hasattr(form, name))


def _carried(posted: MultiDict[str, str]) -> tuple[Draft, bool]:
    """The draft in the page, and whether there was one that cannot be believed."""
    token = posted.get("draft")
    if not token:
        return Draft(), False
    try:
        return Draft.from_token(token), False
    except NotFound:
        return Draft(), True


def _show(stage: Stage, draft: Draft) -> Turn:
    return Turn(stage, draft, FORMS.get(stage, PublicForm)(draft.form_data()))


def _check(stage: Stage, draft: Draft) -> Turn:
    """The page of one stage with what is wrong on it; for people who are not eligible, the page that says so."""
    turn = _show(stage, draft)
    if not turn.form.validate():
        return replace(turn, refused=True)
    if stage is Stage.ELIGIBLE and turn.form["eligible"].data == NO:
        return _show(Stage.NOT_ELIGIBLE, draft)
    return turn


def _first_refused(draft: Draft) -> Turn | None:
    """The first page whose answers cannot be taken."""
    for stage in QUESTIONS:
        turn = _check(stage, draft)
        if turn.stage is Stage.NOT_ELIGIBLE:
            return replace(turn, refused=True)
        if turn.refused:
            return turn
    return None


def _last_look(draft: Draft) -> Turn:
    """The page with all answers, as they will be stored."""
    cleaned = {name: value for stage in QUESTIONS for name, value in _show(stage, draft).form.data.items()}
    return _show(Stage.CHECK, replace(draft, **cleaned))
