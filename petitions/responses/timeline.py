"""What happened to a petition: one event for each dated fact, newest first. Nothing is kept for it alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Integer, bindparam, select

from petitions import due_dates, wordings
from petitions.duties.duty_clock import (
    capitalised,
    day_in_words,
    days_text,
    local_day,
    owner_name,
)
from petitions.duties.outcomes import outcome_words
from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.models import (
    RESPONSE,
    Appeal,
    Correction,
    Crossing,
    Debate,
    Petition,
    PetitionText,
    Rejection,
    Response,
)
from petitions.questions import Question
from petitions.responses.duty_events import duty_events
from petitions.responses.events import TimelineEvent
from petitions.responses.records import Record, record_of
from petitions.templating import number

__all__ = ["TimelineEvent", "timeline"]


def timeline(
    petition: Petition, record: Record | None = None, corrections: Sequence[PetitionText] | None = None
) -> list[TimelineEvent]:
    """What happened to a published petition, newest first. `record` and `corrections` (of its words, from
    `wordings.corrections`) save reading again what the page has read."""
    record = record or record_of(petition.id)
    events = [
        *_life(petition),
        *_appeal(petition),
        *_thresholds(petition, record),
        *_answers(petition, record),
    ]
    events += _corrections(petition)
    events += _new_words(petition, wordings.corrections(petition) if corrections is None else corrections)
    for row in record.duties:
        events += duty_events(row.duty)
    if record.debate is not None:
        events += _debate(record.debate)
    events += [
        TimelineEvent(item.occurred_on, item.subject, url=item.url, key=f"business-{item.id}")
        for item in record.other_business
    ]
    # Turned round after sorting, so that of two events of one moment the later written stands first.
    return sorted(events, key=lambda event: event.moment)[::-1]


def _life(petition: Petition) -> Iterator[TimelineEvent]:
    if petition.opened_at is not None:
        yield TimelineEvent(petition.opened_at, gettext("Published"), _checked_in(petition), key="published")
    if petition.current_state is State.CLOSED:
        closed_at = petition.closed_at or petition.closes_at
        assert closed_at is not None
        if petition.closed_early_reason:
            yield TimelineEvent(
                closed_at, gettext("Closed early"), petition.closed_early_reason, key="closed"
            )
        else:
            yield TimelineEvent(
                closed_at, gettext("Closed"), gettext("It can no longer be signed."), key="closed"
            )
    if petition.state is State.REJECTED and petition.rejected_at is not None:
        rejection = db.session.get(Rejection, petition.id)
        yield TimelineEvent(
            petition.rejected_at,
            gettext("Rejected"),
            rejection.reason.title if rejection else "",
            key=f"rejected-{petition.rejected_at:%Y%m%d%H%M%S}",
        )
    if petition.state is State.WITHDRAWN and petition.withdrawn_at is not None:
        yield TimelineEvent(petition.withdrawn_at, gettext("Withdrawn by its petitioner"), key="withdrawn")


def _appeal(petition: Petition) -> Iterator[TimelineEvent]:
    appeal = petition.appeal
    if appeal is None:
        return
    yield TimelineEvent(
        appeal.made_at, gettext("The petitioner appealed against its rejection"), key="appeal"
    )
    if appeal.decided_at is not None:
        title = gettext("The appeal was upheld") if appeal.upheld else gettext("The appeal was dismissed")
        yield TimelineEvent(appeal.decided_at, title, _decided_by_another(appeal), key="appeal-decided")


def _decided_by_another(appeal: Appeal) -> str:
    return str(gettext("By another moderator.")) if appeal.decided_by_id is not None else ""


def _checked_in(petition: Petition) -> str:
    asked, opened = petition.moderation_threshold_reached_at, petition.opened_at
    if asked is None or opened is None or asked >= opened:
        return ""
    days = due_dates.working_days_between(local_day(asked), local_day(opened))
    if not days:
        return str(gettext("Checked on the day it found its supporters."))
    return days_text("Checked in %(count)s working day.", "Checked in %(count)s working days.", days)


def _thresholds(petition: Petition, record: Record) -> Iterator[TimelineEvent]:
    due = {row.duty.threshold_key: row.duty.first_due_on for row in record.duties if row.duty.round == 1}
    for crossing in record.crossings:
        count = number(crossing.threshold.signatures)
        first_due = due.get(crossing.threshold_key)
        if crossing.threshold.duty == RESPONSE:
            title = gettext("Reached %(count)s: an answer is owed", count=count)
        else:
            title = gettext("Reached %(count)s: a debate is considered", count=count)
        texts = [_after_publication(petition, crossing)]
        if first_due is not None:
            texts.append(gettext("Due by %(date)s.", date=day_in_words(first_due)))
        yield TimelineEvent(
            crossing.reached_at,
            title,
            " ".join(text for text in texts if text),
            big=True,
            key=f"crossed-{crossing.threshold_key}",
        )


def _after_publication(petition: Petition, crossing: Crossing) -> str:
    if petition.opened_at is None or crossing.reached_at < petition.opened_at:
        return ""
    days = (local_day(crossing.reached_at) - local_day(petition.opened_at)).days
    if not days:
        return str(gettext("On the day of publication."))
    return days_text("%(count)s day after publication.", "%(count)s days after publication.", days)


CORRECTIONS = Question(
    lambda: (
        select(Correction.id, Correction.change, Correction.reason, Correction.created_at)
        .where(Correction.petition_id == bindparam("petition_id", type_=Integer), Correction.change != 0)
        .order_by(Correction.id)
    )
)


def _corrections(petition: Petition) -> Iterator[TimelineEvent]:
    """What staff took off the count or put back, and why. A note about nothing yet is none."""
    for correction in CORRECTIONS.run(petition_id=petition.id):
        changed = abs(correction.change)
        title = (
            ngettext(
                "%(count)s signature removed",
                "%(count)s signatures removed",
                changed,
                count=number(changed),
            )
            if correction.change < 0
            else ngettext(
                "%(count)s signature put back",
                "%(count)s signatures put back",
                changed,
                count=number(changed),
            )
        )
        yield TimelineEvent(
            correction.created_at, title, correction.reason, key=f"correction-{correction.id}"
        )


def _new_words(petition: Petition, corrections: Sequence[PetitionText]) -> Iterator[TimelineEvent]:
    url = url_for("browsing.versions", petition_id=petition.id)
    for text in corrections:
        yield TimelineEvent(
            text.created_at,
            gettext("The words were corrected"),
            text.reason,
            url=url,
            key=f"words-{text.version}",
        )


def _answers(petition: Petition, record: Record) -> Iterator[TimelineEvent]:
    for response in record.responses:
        yield from _answer(petition, record, response)


def _answer(petition: Petition, record: Record, response: Response) -> Iterator[TimelineEvent]:
    assert response.published_at is not None
    row = next((row for row in record.duties if row.duty.id == response.duty_id), None)
    status, owner = (row.status if row else None), owner_name(response.department)
    is_again = row is not None and row.duty.round > 1
    title = (
        gettext("%(owner)s answered again", owner=owner)
        if is_again
        else gettext("%(owner)s answered", owner=owner)
    )
    texts = [outcome_words(response.outcome), capitalised(status.short) if status else ""]
    yield TimelineEvent(
        response.published_at,
        title,
        " · ".join(text for text in texts if text),
        big=True,
        url="#response",
        key=f"answer-{response.id}",
    )
    if response is record.response:
        yield from _later_versions(petition, response)


def _later_versions(petition: Petition, response: Response) -> Iterator[TimelineEvent]:
    url = url_for("answers.response_versions", petition_id=petition.id)
    for version in response.versions[1:]:
        yield TimelineEvent(
            version.published_at,
            gettext("The answer was changed"),
            version.reason,
            url=url,
            key=f"answer-{response.id}-{version.version}",
        )


def _debate(debate: Debate) -> Iterator[TimelineEvent]:
    chamber = settings().site_chamber
    if debate.considered_on is not None:
        yield TimelineEvent(debate.considered_on, gettext("Considered for a debate"), key="debate-considered")
    if debate.scheduled_at is not None and debate.scheduled_on is not None:
        text = gettext("For %(date)s.", date=day_in_words(debate.scheduled_on))
        yield TimelineEvent(
            debate.scheduled_at, gettext("A debate was scheduled"), text, key="debate-scheduled"
        )
    if debate.debated is None or debate.outcome_at is None:
        return
    at = debate.debated_on or debate.outcome_at
    if debate.debated:
        yield TimelineEvent(
            at,
            gettext("Debated in %(chamber)s", chamber=chamber),
            big=True,
            url="#debate",
            key="debate-outcome",
        )
    else:
        title = gettext("%(chamber)s decided not to debate it", chamber=capitalised(chamber))
        yield TimelineEvent(at, title, debate.declined_reason, big=True, url="#debate", key="debate-outcome")
