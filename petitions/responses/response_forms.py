"""The forms of who writes, approves and publishes an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from petitions import clock
from petitions.changed_since import SeenForm, mark_of
from petitions.duties import answers
from petitions.duties.answers import Words
from petitions.duties.outcomes import WORDS
from petitions.extensions import settings
from petitions.forms import AtMost, PublicForm, Readable, StaffForm, WholeNumber, clean_line, clean_text
from petitions.models import Outcome, Response
from petitions.models.response import BODY_LIMIT, SUMMARY_LIMIT
from petitions.responses.waiting import MOMENT
from petitions.staff_fields import AnsweringForm, SecureLink
from petitions.templating import date_and_time

MOST_DRAFTS = 1_000_000
REASON_LIMIT = 500
#: How far ahead an answer can be put on the schedule.
FARTHEST = timedelta(days=366)
#: In ASCII digits, in this century.
_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::00)?")


def _outcomes() -> list[tuple[str, Any]]:
    return [(outcome.value, words) for outcome, words in WORDS.items()]


class Rows(FieldList):  # type: ignore[type-arg]
    """Parts of a form that may be there several times: `points-0-ask`. Reads only plain numbers of two digits."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for key in formdata:
            if key.startswith(f"{prefix}-"):
                number = key[len(prefix) + 1 :].split("-", 1)[0]
                if number.isascii() and number.isdigit() and len(number) <= 2:
                    yield int(number)


class PointForm(PublicForm):
    """One thing that the petition asks, and the answer to it."""

    ask = StringField(_l("What is asked"), [AtMost(answers.ASK_LIMIT), Readable()], filters=[clean_line])
    answer = TextAreaField(
        _l("Answer to it"), [AtMost(answers.POINT_LIMIT), Readable()], filters=[clean_text]
    )
    outcome = SelectField(
        _l("What it comes to"), [Optional()], choices=lambda: [("", _l("Choose")), *_outcomes()]
    )

    @property
    def is_empty(self) -> bool:
        """Nothing was written."""
        return not (self.ask.data or self.answer.data or self.outcome.data)


class LinkForm(PublicForm):
    """Where to read on."""

    title = StringField(_l("Title"), [AtMost(answers.TITLE_LIMIT), Readable()], filters=[clean_line])
    url = StringField(
        _l("Address"), [AtMost(answers.URL_LIMIT), Readable(), SecureLink()], filters=[clean_line]
    )

    def validate_url(self, field: Field) -> None:
        """A link has words and an address."""
        if bool(field.data) != bool(self.title.data):
            raise ValidationError(gettext("Give each link a title and an address, or leave both empty."))


class ResponseForm(StaffForm):
    """The answer: a draft may be incomplete, what is published may not."""

    summary = TextAreaField(_l("Summary"), [AtMost(SUMMARY_LIMIT), Readable()], filters=[clean_line])
    outcome = RadioField(
        _l("What does the answer come to?"),
        [Optional()],
        # Nothing but spaces is no choice; without this it would pass as one.
        filters=[clean_line],
        choices=_outcomes,
    )
    body = TextAreaField(_l("Answer"), [AtMost(BODY_LIMIT), Readable()], filters=[clean_text])
    points = Rows(FormField(PointForm), max_entries=answers.MOST_POINTS)
    links = Rows(FormField(LinkForm), max_entries=answers.MOST_LINKS)
    draft_version = WholeNumber(widget=HiddenInput(), validators=[NumberRange(0, MOST_DRAFTS)], default=0)

    @classmethod
    def filled(cls, words: Words, draft_version: int, **options: Any) -> ResponseForm:
        """The form with what was written so far, or what was posted."""
        return cls(data=words.columns() | {"draft_version": draft_version}, **options)

    def version_read(self) -> int:
        """The version of the draft that was read before writing."""
        return self.draft_version.data or 0

    def words(self) -> Words:
        """What was written; rows that are empty are none, nor is an outcome that is not offered."""
        outcome = Outcome(self.outcome.data) if self.outcome.data in set(Outcome) else None
        points = [_texts(row.form) for row in self.points if not row.form.is_empty]
        links = [_texts(row.form) for row in self.links if row.form.url.data]
        return Words(self.summary.data or "", self.body.data or "", outcome, points, links)

    def with_rows(self, action: str) -> ResponseForm | None:
        """The form with a point or a link more or less, as a button asks (`add_point`, `remove_link:2`); nothing for any
        other button."""
        verb, _, number = action.partition(":")
        name = {"add_point": "points", "remove_point": "points", "add_link": "links", "remove_link": "links"}
        if verb not in name:
            return None
        data = {key: value for key, value in self.data.items() if key != "csrf_token"}
        rows = data[name[verb]]
        if verb.startswith("add_") and len(rows) < (
            answers.MOST_POINTS if "point" in verb else answers.MOST_LINKS
        ):
            rows.append({})
        elif verb.startswith("remove_") and number.isascii() and number.isdigit():
            del rows[int(number[:3]) : int(number[:3]) + 1]
        return ResponseForm(formdata=None, data=data)

    def require_all(self) -> bool:
        """Say of each field that a published answer must have where it is missing."""
        missing = {
            self.summary: gettext("Write a summary."),
            self.body: gettext("Write the answer."),
            self.outcome: gettext("Choose what the answer comes to."),
        }
        for row in self.points:
            if not row.form.is_empty:
                missing[row.form.ask] = gettext("Write what is asked.")
                missing[row.form.answer] = gettext("Write the answer to what is asked.")
                missing[row.form.outcome] = gettext("Choose what it comes to.")
        for field, message in missing.items():
            if not field.data:
                field.errors = [*field.errors, message]
        return all(field.data for field in missing)

    def problems(self) -> dict[str, list[str]]:
        """What is wrong, by the id of the field to go to: of the rows too."""
        rows = [part for row in (*self.points, *self.links) for part in row.form]
        found = {field.id: list(field.errors) for field in (self.summary, self.body, *rows) if field.errors}
        if self.outcome.errors:
            found[f"{self.outcome.id}-0"] = list(self.outcome.errors)
        if self.draft_version.errors or self.csrf_token.errors:
            found[""] = [*self.draft_version.errors, *self.csrf_token.errors]
        return found


def _texts(form: PublicForm) -> dict[str, str]:
    return {name: value or "" for name, value in form.data.items()}


class PublishForm(AnsweringForm):
    """Act on the draft that was previewed: publish it, approve it, ask for approval, bring it back."""

    draft_version = WholeNumber(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, MOST_DRAFTS)]
    )


class MomentField(DateTimeLocalField):
    """A day and a time in the site's zone, as a browser's own field sends it: 2026-12-09T14:00."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment, or say how to write one."""
        self.data = None
        if not any(valuelist):
            return
        # Plain form only: others hide a zone or a week in it.
        if not _MOMENT.fullmatch(valuelist[0]):
            raise ValueError(gettext("Enter a day and a time such as 2026-12-09T14:00."))
        try:
            self.data = datetime.fromisoformat(valuelist[0]).replace(tzinfo=settings().timezone)
        except ValueError:
            raise ValueError(gettext("Enter a day and a time such as 2026-12-09T14:00.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(settings().timezone).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class ScheduleAnswerForm(SeenForm, PublishForm):
    """When the answer is to be published by itself."""

    said_at = "publish_at"

    publish_at = MomentField(_l("Publish at"), [InputRequired(_l("Enter the day and the time."))])

    def validate_publish_at(self, field: Field) -> None:
        """A moment to come that the clocks of the site's zone will show."""
        if field.data is None:
            return
        shown = field.data.astimezone(UTC).astimezone(settings().timezone)
        if shown.replace(tzinfo=None) != field.data.replace(tzinfo=None):
            raise ValidationError(gettext("The clocks go forward then: enter another time."))
        if field.data <= clock.now():
            raise ValidationError(gettext("Enter a time that is still to come."))
        if field.data > clock.now() + FARTHEST:
            raise ValidationError(gettext("Enter a time within a year."))

    def says_what_stands(self, response: Response) -> None:
        """Somebody else set another moment, or took the answer off the schedule."""
        moment = date_and_time(response.publish_at) if response.publish_at else ""
        self.says_that_it_changed(mark_of(response, MOMENT), moment)

    def sentence_of_change(self, stands: str) -> str:
        """With the moment that the first one set."""
        if not stands:
            return str(
                gettext("Somebody else took it off the schedule meanwhile. Send again to put it back.")
            )
        return str(
            gettext("Somebody else set %(moment)s meanwhile. Send again to replace it.", moment=stands)
        )


class ChangeForm(PublishForm):
    """Publish the changed words, and say why."""

    reason = TextAreaField(
        _l("Why is it changed?"),
        [DataRequired(_l("Give the reason: it is published.")), AtMost(REASON_LIMIT), Readable()],
        filters=[clean_text],
    )
    tell = BooleanField(_l("Mail the new version to everybody who asked to be told"))
