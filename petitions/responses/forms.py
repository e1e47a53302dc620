"""The forms about one duty's clock and department."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from petitions import clock
from petitions.changed_since import SeenForm, mark_of
from petitions.duties.duty_clock import day_in_words, local_day, owner_name
from petitions.duties.pauses import overlaps
from petitions.extensions import settings
from petitions.models import Department, Duty, DutyPause, HousePause
from petitions.responses.duty_actions import DATE, END, OWNER, has_open_pause, latest_extension
from petitions.staff_fields import AnsweringForm, DayField, reason_field


def _today() -> date:
    return clock.today(settings().timezone)


class PauseForm(AnsweringForm):
    """Let the clock of a duty stand still."""

    starts_on = DayField(
        _l("The clock stands still from"), [InputRequired(_l("Enter the first day of the pause."))]
    )
    ends_on = DayField(_l("It runs again on"), [Optional()])
    reason = reason_field(_l("Reason"))

    def __init__(self, duty: Duty, **options: Any) -> None:
        super().__init__(prefix="pause", **options)
        self.duty = duty

    def validate_starts_on(self, field: Field) -> None:
        """A pause begins after the threshold was reached and, unless the answer is late already, by its date."""
        reached = local_day(self.duty.reached_at)
        if field.data < reached:
            raise ValidationError(gettext("Enter a day from %(date)s on.", date=day_in_words(reached)))
        latest = max(self.duty.due_on, _today()) if self.duty.due_on else None
        if latest is not None and field.data > latest:
            raise ValidationError(gettext("Enter a day up to %(date)s.", date=day_in_words(latest)))

    def validate_ends_on(self, field: Field) -> None:
        """A pause ends after it began and covers no day of another."""
        if field.data is None or self.starts_on.data is None:
            return
        if field.data <= self.starts_on.data:
            raise ValidationError(gettext("Enter a day after the first day of the pause."))

    def validate_reason(self, field: Field) -> None:
        """Said here because it is about both days."""
        if self.starts_on.data and overlaps(self.duty, self.starts_on.data, self.ends_on.data):
            raise ValidationError(gettext("Another pause covers some of these days. End that one first."))


class EndPauseForm(SeenForm, AnsweringForm):
    """Say when the clock runs again."""

    said_at = "ends_on"

    ends_on = DayField(
        _l("The clock runs again on"), [InputRequired(_l("Enter the day on which the clock runs again."))]
    )

    def __init__(self, pause: DutyPause | HousePause, **options: Any) -> None:
        known = {"seen": mark_of(pause, END), "ends_on": pause.ends_on}
        super().__init__(prefix="end", **known | options)
        self.starts_on = pause.starts_on

    def says_what_stands(self, pause: DutyPause | HousePause) -> None:
        """Somebody else set another end."""
        self.says_that_it_changed(mark_of(pause, END), day_in_words(pause.ends_on) if pause.ends_on else "")

    def sentence_of_change(self, stands: str) -> str:
        """With the day that the first one set."""
        return str(gettext("Somebody else set %(date)s meanwhile. Send again to replace it.", date=stands))

    def validate_ends_on(self, field: Field) -> None:
        """A pause is at least a day."""
        if field.data <= self.starts_on:
            raise ValidationError(gettext("Enter a day after %(date)s.", date=day_in_words(self.starts_on)))


class ExtendForm(SeenForm, AnsweringForm):
    """Move the date of a duty."""

    said_at = "due_on"

    due_on = DayField(_l("New date"), [InputRequired(_l("Enter the new date."))])
    reason = reason_field(_l("Reason"))

    def __init__(self, duty: Duty, *, by_overseer: bool, **options: Any) -> None:
        super().__init__(prefix="extend", **{"seen": mark_of(duty, DATE)} | options)
        self.duty, self.by_overseer = duty, by_overseer

    def says_what_stands(self, duty: Duty) -> None:
        """Somebody else moved the date."""
        self.says_that_it_changed(mark_of(duty, DATE), day_in_words(duty.due_on) if duty.due_on else "")

    def sentence_of_change(self, stands: str) -> str:
        """With the date that the first one set."""
        return str(
            gettext("Somebody else moved the date to %(date)s meanwhile. Send again to move it.", date=stands)
        )

    @property
    def latest(self) -> date | None:
        """To which day at the latest this person may move the date; none where there is no limit, or no date."""
        if self.by_overseer or self.duty.due_on is None:
            return None
        return latest_extension(self.duty, self.duty.due_on)

    def validate_due_on(self, field: Field) -> None:
        """Only to a later day, and only while the present date is known."""
        if has_open_pause(self.duty):
            raise ValidationError(gettext("Set the end of the pause first."))
        if self.duty.due_on is not None and field.data <= self.duty.due_on:
            raise ValidationError(gettext("Enter a day after %(date)s.", date=day_in_words(self.duty.due_on)))
        if self.latest is not None and field.data > self.latest:
            raise ValidationError(
                gettext(
                    "Enter a day up to %(date)s. If you need longer, ask %(overseer)s to move the date.",
                    date=day_in_words(self.latest),
                    overseer=settings().site_overseer,
                )
            )


class TransferForm(SeenForm, AnsweringForm):
    """Give a duty to a department."""

    said_at = "department_id"

    department_id = SelectField(_l("Department"), coerce=int)
    reason = reason_field(_l("Reason"))

    def __init__(self, duty: Duty, departments: list[Department], **options: Any) -> None:
        super().__init__(prefix="transfer", **{"seen": mark_of(duty, OWNER)} | options)
        self.department_id.choices = [(each.id, each.name) for each in departments]

    def says_what_stands(self, duty: Duty) -> None:
        """Somebody else gave it away."""
        self.says_that_it_changed(mark_of(duty, OWNER), owner_name(duty.department))

    def sentence_of_change(self, stands: str) -> str:
        """With the department that has it now."""
        return str(gettext("%(department)s has it by now. Send again to give it away.", department=stands))
