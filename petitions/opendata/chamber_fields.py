"""What happened to a petition in the chamber, out of one line of data: the debate, other business."""

from __future__ import annotations

from petitions.models import Debate, OtherBusiness
from petitions.opendata.answer_fields import day_of, start_of
from petitions.opendata.fields import Broken, Fields


def debate(petition_id: int, data: Fields) -> Debate | None:
    """The debate: scheduled, held, or, with an outcome but no day on which it was held, refused."""
    given = data.object_or_none("debate")
    scheduled_on = data.day_or_none("scheduled_debate_date")
    if given is None and scheduled_on is None:
        return None
    announced_on = data.day_or_none("debate_scheduled_on")
    row = Debate(petition_id=petition_id, scheduled_on=scheduled_on, overview="")
    row.scheduled_at = start_of(announced_on) if announced_on else None
    if given is not None:
        _outcome(row, given, data)
    row.created_at = row.scheduled_at or row.outcome_at or data.moment("updated_at")
    row.updated_at = row.outcome_at or row.created_at
    return row


def _outcome(row: Debate, given: Fields, data: Fields) -> None:
    row.debated_on = given.day_or_none("debated_on")
    row.outcome_at = data.moment_or_none("debate_outcome_at")
    if row.outcome_at is None and row.debated_on is not None:
        row.outcome_at = start_of(row.debated_on)
    if row.outcome_at is not None:
        row.debated = row.debated_on is not None
    row.overview = given.text_or_empty("overview")
    row.declined_reason = given.text_or_empty("declined_reason")
    row.considered_on = given.day_or_none("considered_on")
    row.transcript_url = given.url_or_blank("transcript_url")
    row.video_url = given.url_or_blank("video_url")
    row.research_url = given.url_or_blank("debate_pack_url")
    row.public_engagement_url = given.url_or_blank("public_engagement_url")
    row.summary_url = given.url_or_blank("debate_summary_url")


def other_business(petition_id: int, data: Fields) -> list[OtherBusiness]:
    """What else happened in the chamber. Where the data has no day of it, the day it was written down."""
    return [_business(petition_id, each) for each in data.objects("other_parliamentary_business")]


def _business(petition_id: int, given: Fields) -> OtherBusiness:
    subject = given.text("subject", 300)
    if not subject.strip():
        raise Broken("other_parliamentary_business has one without a subject")
    is_ours = given.has("markdown")
    return OtherBusiness(
        petition_id=petition_id,
        subject=subject,
        body=given.text_or_empty("markdown" if is_ours else "body"),
        is_plain=not is_ours,
        url=given.url_or_none("url"),
        occurred_on=given.day_or_none("occurred_on") or day_of(given.moment("created_at")),
        created_at=given.moment("created_at"),
        updated_at=given.moment("updated_at"),
    )
