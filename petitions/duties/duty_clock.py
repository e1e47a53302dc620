"""The duty's clock: what the dates of a duty come to on one day, in the sentence that stands everywhere.

Days are days of the site's zone. A duty is overdue from the day after its date on; an answer on the date is on time.
While a pause runs the days left (or late) stand still.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from petitions import clock
from petitions.duties import duty_sentences
from petitions.duties.duty_columns import AnyDuty, Owner, Pause
from petitions.duties.duty_days import Standing as Standing
from petitions.duties.duty_days import due_on as due_on
from petitions.duties.duty_days import local_day as local_day
from petitions.duties.duty_days import running_pause as running_pause
from petitions.duties.duty_days import standing
from petitions.extensions import settings
from petitions.models import RESPONSE, Debate, Department, Duty, DutyPause
from petitions.templating import day_in_words as day_in_words
from petitions.templating import number

#: Names that stand in a sentence without an article.
WITHOUT_ARTICLE = ("The ", "HM ", "His ", "Her ", "No ")


@dataclass(frozen=True)
class DutyStatus:
    """How a duty stands on one day, in words and in a tone (wait soon late done paused quiet)."""

    standing: Standing
    tone: str
    sentence: str
    short: str
    detail: str = ""
    days: int | None = None
    """Days left; below 0 days late. Of an answered duty: days before its date; below 0 days after it. None: no date."""
    due_on: date | None = None
    """The date that holds on that day."""
    left: str = ""
    """While it is owed and not late: `short`, to stand in one sentence with `sentence`."""

    @property
    def whole(self) -> str:
        """Who owes what by when, and how long that is, in one sentence."""
        if not self.left:
            return self.sentence
        return str(gettext("%(sentence)s; %(left)s.", sentence=self.sentence.rstrip("."), left=self.left))

    @property
    def is_overdue(self) -> bool:
        """The date has passed and nothing was said."""
        return self.standing is Standing.OVERDUE

    @property
    def was_on_time(self) -> bool:
        """Answered by the date; an answer without a date cannot be late."""
        return self.standing is Standing.ANSWERED and (self.days is None or self.days >= 0)


def pause_to_end(duty: Duty) -> DutyPause | None:
    """The pause of this duty alone whose end is not here yet: it runs, or is to come."""
    today = clock.today(settings().timezone)
    own = (p for p in reversed(duty.pauses) if p.house_pause_id is None)
    return next((p for p in own if p.ends_on is None or p.ends_on > today), None)


def status(duty: AnyDuty, *, debate: Debate | None = None, on: date | None = None) -> DutyStatus:
    """How a duty stands today, or on the day `on`. `debate` is the petition's debate, for a duty to consider one."""
    today = on or clock.today(settings().timezone)
    if duty.threshold.duty != RESPONSE:
        return _debate_status(duty, debate)
    if duty.answered_at is not None:
        return _answered(duty, local_day(duty.answered_at))
    if (pause := running_pause(duty, today)) is not None:
        return _paused(duty, pause, today)
    return _owed(duty, today)


def owner_name(department: Department | Owner | None) -> str:
    """Who owes, as a sentence begins: “The Department of Transport”; the body itself while nobody is named."""
    if department is None:
        return capitalised(settings().site_body)
    if department.name.startswith(WITHOUT_ARTICLE):
        return department.name
    return str(gettext("The %(department)s", department=department.name))


def capitalised(words: str) -> str:
    """The same words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def days_text(singular: str, plural: str, days: int, **words: str) -> str:
    """A sentence about a number of days; the number is `%(count)s`."""
    return str(ngettext(singular, plural, days, count=number(days), **words))


def _owed(duty: AnyDuty, today: date) -> DutyStatus:
    due = due_on(duty, today)
    owner = owner_name(duty.department)
    if due is None:
        sentence = duty_sentences.owes(duty, owner)
        return DutyStatus(Standing.AWAITING, "wait", sentence, gettext("no date promised"), _reached(duty))
    days = (due - today).days
    if days < 0:
        return _overdue(duty, owner, due, days)
    sentence = duty_sentences.owes_by(duty, owner, day_in_words(due))
    short = days_text("%(count)s day left", "%(count)s days left", days) if days else gettext("due today")
    stands, _due = standing(duty, today)
    tone = "soon" if stands is Standing.DUE_SOON else "wait"
    return DutyStatus(stands, tone, sentence, short, _detail(duty), days, due, left=short)


def _overdue(duty: AnyDuty, owner: str, due: date, days: int) -> DutyStatus:
    sentence = duty_sentences.is_late(duty, owner, -days)
    short = days_text("%(count)s day late", "%(count)s days late", -days)
    detail = gettext("It was due on %(date)s.", date=day_in_words(due))
    return DutyStatus(Standing.OVERDUE, "late", sentence, short, f"{detail} {_detail(duty)}", days, due)


def _paused(duty: AnyDuty, pause: DutyPause | Pause, today: date) -> DutyStatus:
    due = due_on(duty, today)
    sentence = duty_sentences.stands_still(duty, owner_name(duty.department))
    so_far = (today - pause.starts_on).days + 1
    short = days_text("paused for %(count)s day", "paused for %(count)s days", so_far)
    days = (due - today).days if due else None
    return DutyStatus(Standing.PAUSED, "paused", sentence, short, pause_in_words(pause), days, due)


def pause_in_words(pause: DutyPause | Pause) -> str:
    """The published reason of a pause and its days."""
    start = day_in_words(pause.starts_on)
    if pause.ends_on is None and pause.starts_on > clock.today(settings().timezone):
        days = gettext("The clock stands still from %(start)s on; no end is set.", start=start)
    elif pause.ends_on is None:
        days = gettext("The clock stands still since %(start)s; no end is set.", start=start)
    else:
        days = gettext(
            "The clock stands still from %(start)s and runs again on %(end)s.",
            start=start,
            end=day_in_words(pause.ends_on),
        )
    return f"{full_stop(pause.reason)} {days}"


def _answered(duty: AnyDuty, answered_on: date) -> DutyStatus:
    due, owner = due_on(duty, answered_on), owner_name(duty.department)
    detail = gettext("Answered on %(date)s.", date=day_in_words(answered_on))
    days = (due - answered_on).days if due else None
    sentence = duty_sentences.answered(duty, owner, days)
    if not days:
        short = gettext("answered on time") if days == 0 else gettext("answered")
    elif days > 0:
        short = days_text("answered, %(count)s day early", "answered, %(count)s days early", days)
    else:
        short = days_text("answered, %(count)s day late", "answered, %(count)s days late", -days)
    # Late is late for ever, but nothing is owed any more: neither the green of done nor the red of overdue.
    tone = "done" if days is None or days >= 0 else "quiet"
    return DutyStatus(Standing.ANSWERED, tone, sentence, short, detail, days, due)


def _debate_status(duty: AnyDuty, debate: Debate | None) -> DutyStatus:
    chamber = capitalised(settings().site_chamber)
    if debate is not None and debate.debated is not None:
        return _debate_over(chamber, debate)
    if debate is not None and debate.scheduled_on is not None:
        date_words = day_in_words(debate.scheduled_on)
        if debate.scheduled_on < clock.today(settings().timezone):
            sentence = gettext(
                "%(chamber)s set the debate for %(date)s. What came of it is not published yet.",
                chamber=chamber,
                date=date_words,
            )
            return DutyStatus(Standing.ANSWERED, "quiet", sentence, gettext("outcome to come"))
        sentence = gettext("%(chamber)s debates this petition on %(date)s.", chamber=chamber, date=date_words)
        return DutyStatus(Standing.ANSWERED, "done", sentence, gettext("debate on %(date)s", date=date_words))
    if duty.answered_at is not None:
        return _considered(chamber, debate)
    sentence = gettext("%(chamber)s will consider this petition for a debate.", chamber=chamber)
    return DutyStatus(Standing.CONSIDERED, "wait", sentence, gettext("waiting for a debate"), _reached(duty))


def _considered(chamber: str, debate: Debate | None) -> DutyStatus:
    if debate is not None and debate.considered_on is not None:
        sentence = gettext(
            "%(chamber)s considered this petition for a debate on %(date)s. Nothing is decided yet.",
            chamber=chamber,
            date=day_in_words(debate.considered_on),
        )
    else:
        sentence = gettext("%(chamber)s considered this petition for a debate.", chamber=chamber)
    return DutyStatus(Standing.ANSWERED, "done", sentence, gettext("considered"))


def _debate_over(chamber: str, debate: Debate) -> DutyStatus:
    if not debate.debated:
        sentence = gettext("%(chamber)s decided not to debate this petition.", chamber=chamber)
        reason = full_stop(debate.declined_reason) if debate.declined_reason else ""
        return DutyStatus(Standing.ANSWERED, "done", sentence, gettext("not debated"), reason)
    if debate.debated_on is None:
        sentence = gettext("%(chamber)s debated this petition.", chamber=chamber)
    else:
        date_words = day_in_words(debate.debated_on)
        sentence = gettext("%(chamber)s debated this petition on %(date)s.", chamber=chamber, date=date_words)
    return DutyStatus(Standing.ANSWERED, "done", sentence, gettext("debated"))


def _detail(duty: AnyDuty) -> str:
    """What moved the date, else when the threshold was reached."""
    if not duty.extensions:
        return _reached(duty)
    extension = duty.extensions[-1]
    moved = gettext("The date was moved to %(date)s:", date=day_in_words(extension.due_on))
    return f"{moved} {full_stop(extension.reason)}"


def _reached(duty: AnyDuty) -> str:
    """Why it is owed: so many signatures, or what the answer before it left open."""
    if duty.round > 1:
        asked_on = day_in_words(local_day(duty.reached_at))
        asked = gettext("A better answer was asked for on %(date)s:", date=asked_on)
        return f"{asked} {full_stop(duty.follow_up_reason)}"
    return str(
        gettext(
            "%(signatures)s signatures were reached on %(date)s.",
            signatures=number(duty.threshold.signatures),
            date=day_in_words(local_day(duty.reached_at)),
        )
    )


def full_stop(text: str) -> str:
    """The same text as a whole sentence."""
    return text if text.rstrip().endswith((".", "!", "?", "…", "。")) else f"{text.rstrip()}."
