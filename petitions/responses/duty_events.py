"""What happened to the clock of one duty, for the timeline: pauses, later dates, other departments, words in between,
who was told that it is late, and that a better answer was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from petitions.duties.duty_clock import capitalised, day_in_words, days_text, pause_in_words
from petitions.extensions import settings
from petitions.models import RESPONSE, Duty
from petitions.responses.events import TimelineEvent


def duty_events(duty: Duty) -> Iterator[TimelineEvent]:
    """All of it, with the published reasons, in no order."""
    if duty.round > 1 and duty.crossing.threshold.duty == RESPONSE:
        yield _asked_again(duty)
    for pause in duty.pauses:
        yield TimelineEvent(
            pause.created_at,
            gettext("The time to answer was paused"),
            pause_in_words(pause),
            key=f"pause-{pause.id}",
        )
    for extension in duty.extensions:
        title = gettext("The date was moved to %(date)s", date=day_in_words(extension.due_on))
        yield TimelineEvent(extension.created_at, title, extension.reason, key=f"extension-{extension.id}")
    for transfer in duty.transfers:
        title = gettext("Given to the %(department)s", department=transfer.to_department.name)
        yield TimelineEvent(transfer.created_at, title, transfer.reason, key=f"transfer-{transfer.id}")
    for reply in duty.holding_replies:
        yield TimelineEvent(
            reply.published_at,
            gettext("A holding reply, which moves no date"),
            reply.body,
            key=f"holding-{reply.id}",
        )
    for escalation in duty.escalations:
        title = gettext("%(overseer)s was told that the answer is late", overseer=_overseer())
        late = days_text("%(count)s day late.", "%(count)s days late.", escalation.days_late)
        yield TimelineEvent(
            escalation.escalated_at, title, late, key=f"escalation-{duty.id}-{escalation.number}"
        )


def _overseer() -> str:
    return capitalised(settings().site_overseer)


def _asked_again(duty: Duty) -> TimelineEvent:
    title = gettext("%(overseer)s asked for a better answer", overseer=_overseer())
    texts = [duty.follow_up_reason]
    if duty.first_due_on is not None:
        texts.append(gettext("Due by %(date)s.", date=day_in_words(duty.first_due_on)))
    return TimelineEvent(duty.reached_at, title, " ".join(texts), big=True, key=f"asked-again-{duty.id}")
