"""What came of a petition, out of one line of data: the response, the debate, other business."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from petitions.extensions import settings
from petitions.models import Debate, OtherBusiness, Response, ResponseVersion
from petitions.opendata.fields import Fields

SUMMARY_LIMIT = 400


def response(petition_id: int, data: Fields) -> Response | None:
    """The published answer with its one version. The data does not say what it comes to: `outcome` is empty."""
    given = data.object_or_none("government_response")
    if given is None:
        return None
    created_at = given.moment("created_at")
    published_at = data.moment_or_none("government_response_at") or created_at
    words: dict[str, Any] = {
        "summary": given.text("summary", SUMMARY_LIMIT),
        "body": given.text_or_empty("details"),
        "published_at": published_at,
    }
    return Response(
        petition_id=petition_id,
        responded_on=given.day_or_none("responded_on") or _day_of(published_at),
        created_at=created_at,
        updated_at=given.moment("updated_at"),
        versions=[ResponseVersion(version=1, **words)],
        **words,
    )


def debate(petition_id: int, data: Fields) -> Debate | None:
    """The debate: scheduled, held, or, with an outcome but no day on which it was held, refused."""
    given = data.object_or_none("debate")
    scheduled_on = data.day_or_none("scheduled_debate_date")
    if given is None and scheduled_on is None:
        return None
    announced_on = data.day_or_none("debate_scheduled_on")
    row = Debate(petition_id=petition_id, scheduled_on=scheduled_on, overview="")
    row.scheduled_at = _start_of(announced_on) if announced_on else None
    if given is not None:
        _outcome(row, given, data)
    row.created_at = row.scheduled_at or row.outcome_at or data.moment("updated_at")
    row.updated_at = row.outcome_at or row.created_at
    return row


def _outcome(row: Debate, given: Fields, data: Fields) -> None:
    row.debated_on = given.day_or_none("debated_on")
    row.outcome_at = data.moment_or_none("debate_outcome_at")
    if row.outcome_at is None and row.debated_on is not None:
        row.outcome_at = _start_of(row.debated_on)
    if row.outcome_at is not None:
        row.debated = row.debated_on is not None
    row.overview = given.text_or_empty("overview")
    row.transcript_url = given.url_or_none("transcript_url")
    row.video_url = given.url_or_none("video_url")
    row.research_url = given.url_or_none("debate_pack_url")
    row.public_engagement_url = given.url_or_none("public_engagement_url")
    row.summary_url = given.url_or_none("debate_summary_url")


def other_business(petition_id: int, data: Fields) -> list[OtherBusiness]:
    """What else happened in the chamber. Where the data has no day of it, the day it was written down."""
    return [
        OtherBusiness(
            petition_id=petition_id,
            subject=each.line("subject", 300),
            body=each.text_or_empty("body"),
            occurred_on=each.day_or_none("occurred_on") or _day_of(each.moment("created_at")),
            created_at=each.moment("created_at"),
            updated_at=each.moment("updated_at"),
        )
        for each in data.objects("other_parliamentary_business")
    ]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(settings().timezone).date()


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), settings().timezone)
