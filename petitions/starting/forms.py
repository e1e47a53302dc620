"""The questions that are asked of a petitioner."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from petitions.forms import AtMost, PublicForm, Readable, clean_line, clean_text
from petitions.models.petition import BACKGROUND_LIMIT, DETAILS_LIMIT, TITLE_LIMIT

YES, NO = "yes", "no"
ANSWER_LIMIT = 2_000
#: What programs send for a ticked box means yes.
_TICKED = {"y", "true", "on", "1"}


def _yes_or_no(value: str | None) -> str | None:
    word = (value or "").strip().lower()
    return YES if word in _TICKED else (word or None)


def _answers() -> list[tuple[str, str]]:
    return [(YES, gettext("Yes, I can say that")), (NO, gettext("No"))]


class EligibleForm(PublicForm):
    """Whether the site's rule for petitioners is true of this person."""

    eligible = RadioField(
        _l("Are you eligible?"),
        choices=_answers,
        filters=[_yes_or_no],
        validate_choice=False,
    )

    def validate_eligible(self, field: RadioField) -> None:
        """One of the two answers."""
        if field.data not in {YES, NO}:
            raise ValidationError(_l("Choose yes or no."))


class ActionForm(PublicForm):
    """The title: what is to be done."""

    action = StringField(
        _l("What should be done?"),
        [DataRequired(_l("Enter what should be done.")), AtMost(TITLE_LIMIT), Readable()],
        filters=[clean_line],
    )


class BackgroundForm(PublicForm):
    """The reason in short."""

    background = TextAreaField(
        _l("Why should it be done?"),
        [DataRequired(_l("Enter why it should be done.")), AtMost(BACKGROUND_LIMIT), Readable()],
        filters=[clean_text],
    )


class DetailsForm(PublicForm):
    """More, for those who want to read on."""

    additional_details = TextAreaField(
        _l("What else should people know?"), [AtMost(DETAILS_LIMIT), Readable()], filters=[clean_text]
    )


class TextForm(ActionForm, BackgroundForm, DetailsForm):
    """All the words of a petition, to be changed together."""


class AnswerForm(PublicForm):
    """What the petitioner answers to the moderators' questions."""

    answer = TextAreaField(
        _l("Your answer"),
        [DataRequired(_l("Write your answer.")), AtMost(ANSWER_LIMIT), Readable()],
        filters=[clean_text],
    )


class AuthorForm(PublicForm):
    """Whether the petitioner wrote the petition. A program that presses every button chooses nothing, so nothing starts.

    The first and the last answer change nothing that the middle one could not change back.
    """

    action = RadioField(
        _l("Did you write this petition?"),
        choices=lambda: [
            ("disown", gettext("No, it was not me")),
            ("confirm", gettext("Yes, I wrote it: start it")),
            ("silence", gettext("It was not me: send no e-mail from this site to this address, ever")),
            ("unsure", gettext("I am not sure: leave it as it is")),
        ],
        validate_choice=False,
    )

    def refuse(self) -> AuthorForm:
        """The button was pressed and nothing was chosen."""
        self.action.errors = [gettext("Choose one of the answers.")]
        return self
