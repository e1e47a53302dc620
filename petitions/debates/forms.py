"""The forms of whoever sees to debates and other business. Each carries the mark of what its page showed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FileField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from petitions import clock
from petitions.changed_since import SeenForm
from petitions.duties.outcomes import DEBATE_LINKS
from petitions.extensions import settings
from petitions.forms import AtMost, Readable, clean_line, clean_text
from petitions.staff_fields import AnsweringForm, DayField, SecureLink

REASON_LIMIT = 1000
LINK_LIMIT = 500
OVERVIEW_LIMIT = 2000
SUBJECT_LIMIT = 300
BUSINESS_LIMIT = 4000
ALT_LIMIT = 300


def _today() -> date:
    return clock.today(settings().timezone)


def _not_to_come(field: Field) -> None:
    if field.data > _today():
        raise ValidationError(gettext("Enter a day that is not still to come."))


def _another_day(day: str) -> str:
    return str(gettext("Somebody else set %(date)s meanwhile. Send again to replace it.", date=day))


class ConsideredForm(SeenForm, AnsweringForm):
    """The day on which it was considered whether to debate."""

    said_at = "considered_on"

    considered_on = DayField(
        _l("Day on which it was considered"), [InputRequired(_l("Enter the day on which it was considered."))]
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="considered", **options)

    def validate_considered_on(self, field: Field) -> None:
        """What was considered lies behind us."""
        _not_to_come(field)

    def sentence_of_change(self, stands: str) -> str:
        """With the day that the first one set."""
        return _another_day(stands)


class ScheduleForm(SeenForm, AnsweringForm):
    """The day of a debate."""

    said_at = "scheduled_on"

    scheduled_on = DayField(_l("Day of the debate"), [InputRequired(_l("Enter the day of the debate."))])

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="schedule", **options)

    def sentence_of_change(self, stands: str) -> str:
        """With the day that the first one set."""
        return _another_day(stands)


def link_field(label: Any) -> StringField:
    """An address that begins with https://, or nothing."""
    return StringField(label, [AtMost(LINK_LIMIT), Readable(), SecureLink()], filters=[clean_line])


class OutcomeForm(SeenForm):
    """What came of a debate."""

    said_at = "debated"

    debated = RadioField(
        _l("Was it debated?"),
        [InputRequired(_l("Choose whether it was debated."))],
        choices=lambda: [("yes", _l("Yes")), ("no", _l("No, it will not be debated"))],
    )
    debated_on = DayField(_l("Day of the debate"), [Optional()])
    overview = TextAreaField(
        _l("What was said, in short"), [AtMost(OVERVIEW_LIMIT), Readable()], filters=[clean_text]
    )
    declined_reason = TextAreaField(
        _l("Why it will not be debated"), [AtMost(REASON_LIMIT), Readable()], filters=[clean_text]
    )
    transcript_url = link_field(DEBATE_LINKS["transcript_url"])
    video_url = link_field(DEBATE_LINKS["video_url"])
    research_url = link_field(DEBATE_LINKS["research_url"])
    public_engagement_url = link_field(DEBATE_LINKS["public_engagement_url"])
    summary_url = link_field(DEBATE_LINKS["summary_url"])

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="outcome", **options)

    def validate_debated(self, field: Field) -> None:
        """What was held was held on a day that is not still to come; what was refused says why."""
        if field.data == "yes" and self.debated_on.data is None and not self.debated_on.errors:
            raise ValidationError(gettext("Enter the day on which it was debated."))
        if field.data == "yes" and self.debated_on.data and self.debated_on.data > _today():
            raise ValidationError(
                gettext("The day of the debate is still to come: set it as the day of the debate.")
            )
        if field.data == "no" and not self.declined_reason.data:
            raise ValidationError(
                gettext("Say why it is not debated: the petitioner and the signers read it.")
            )


class PictureForm(SeenForm):
    """A picture of the debate and its description. The file is read beside the form, by the view."""

    said_at = "picture"

    picture = FileField(_l("Picture: a JPEG, PNG or WebP file of at most 5 MB"))
    alt = TextAreaField(
        _l("What the picture shows"),
        [
            DataRequired(_l("Describe the picture for people who cannot see it.")),
            AtMost(ALT_LIMIT),
            Readable(),
        ],
        filters=[clean_line],
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="picture", **options)

    def sentence_of_change(self, stands: str) -> str:
        """A browser does not send the same file twice by itself."""
        if not stands:
            return str(
                gettext("Somebody else took the picture away meanwhile. Choose your file again and send.")
            )
        return str(
            gettext(
                "Somebody else changed the picture meanwhile: it is shown on this page. "
                "Choose your file again and send to replace it."
            )
        )

    def refuse_file(self, message: str) -> None:
        """Say what is wrong with the file."""
        self.picture.errors = [message]


class BusinessForm(SeenForm):
    """Something else that happened to a petition in the chamber."""

    said_at = "subject"

    subject = StringField(
        _l("What happened"),
        [DataRequired(_l("Say what happened, in a line.")), AtMost(SUBJECT_LIMIT), Readable()],
        filters=[clean_line],
    )
    occurred_on = DayField(_l("Day"), [InputRequired(_l("Enter the day on which it happened."))])
    body = TextAreaField(_l("More about it"), [AtMost(BUSINESS_LIMIT), Readable()], filters=[clean_text])
    url = link_field(_l("Where it can be read"))
    tell = BooleanField(_l("Tell the petitioner and the signers who asked, once"))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="business", **options)

    def validate_occurred_on(self, field: Field) -> None:
        """What is told happened."""
        _not_to_come(field)

    def words(self) -> dict[str, Any]:
        """What was filled in, by the names of the actions."""
        return {
            "subject": self.subject.data,
            "occurred_on": self.occurred_on.data,
            "body": self.body.data or "",
            "url": self.url.data or None,
            "tell": bool(self.tell.data),
        }
