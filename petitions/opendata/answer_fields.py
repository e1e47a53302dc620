"""The answers to a petition, out of one line of data: the UK's one response, or all of ours with their versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from petitions.extensions import settings
from petitions.models import Commitment, CommitmentCheck, Kept, Outcome, Response, ResponseVersion
from petitions.opendata.fields import Broken, Fields
from petitions.opendata.owed_fields import DutyKey

SUMMARY_LIMIT = 400
NAME_LIMIT = 200
OUTCOMES = tuple(outcome.value for outcome in Outcome)


@dataclass
class Answer:
    """A published answer with its versions; to which duty, by which department (its name; empty: the petition's first)."""

    response: Response
    duty: DutyKey
    department: str = ""
    commitments: list[Commitment] = field(default_factory=list)


def answers(petition_id: int, data: Fields) -> list[Answer]:
    """Every published answer."""
    if data.has("answers"):
        return [_ours(petition_id, each) for each in data.objects("answers")]
    response = _of_the_uk(petition_id, data)
    return [Answer(response, ("response", 1))] if response else []


def _of_the_uk(petition_id: int, data: Fields) -> Response | None:
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
        responded_on=given.day_or_none("responded_on") or day_of(published_at),
        created_at=created_at,
        updated_at=given.moment("updated_at"),
        versions=[ResponseVersion(version=1, is_plain=True, **words)],
        **words,
    )


def _ours(petition_id: int, given: Fields) -> Answer:
    versions = [_version(number, each) for number, each in enumerate(given.objects("versions"), 1)]
    if not versions:
        raise Broken("answers has one without a version")
    first, last = versions[0], versions[-1]
    published_at = given.moment_or_none("first_published_at") or first.published_at
    response = Response(
        petition_id=petition_id,
        author_role=given.line("author_role", 60),
        responded_on=given.day_or_none("responded_on") or day_of(published_at),
        created_at=given.moment_or_none("created_at") or first.published_at,
        updated_at=given.moment_or_none("updated_at") or last.published_at,
        summary=last.summary,
        body=last.body,
        outcome=Outcome(last.outcome) if last.outcome else None,
        points=last.points,
        links=last.links,
        published_at=published_at,
        versions=versions,
    )
    department = given.object_or_none("department")
    return Answer(
        response,
        (given.line_or_none("threshold", 30) or "", given.number("round", 1) if given.has("round") else 1),
        department.line("name", NAME_LIMIT) if department else "",
        [_commitment(each, published_at, response) for each in given.objects("commitments")],
    )


def _version(number: int, given: Fields) -> ResponseVersion:
    return ResponseVersion(
        version=number,
        summary=given.text("summary", SUMMARY_LIMIT),
        body=given.text_or_empty("markdown"),
        is_plain=given.truth("is_plain"),
        outcome=given.one_of("outcome", OUTCOMES) if given.has("outcome") else None,
        points=[_point(each) for each in given.objects("points")],
        links=[
            {"title": each.line("title", NAME_LIMIT), "url": each.url("url")}
            for each in given.objects("links")
        ],
        reason=given.text_or_empty("reason"),
        published_at=given.moment("published_at"),
    )


def _point(given: Fields) -> dict[str, str]:
    outcome = {"outcome": given.one_of("outcome", OUTCOMES)} if given.has("outcome") else {"outcome": ""}
    return {"ask": given.text_or_empty("ask"), "answer": given.text_or_empty("answer")} | outcome


def _commitment(given: Fields, promised_at: datetime, response: Response) -> Commitment:
    return Commitment(
        response=response,
        promise=given.text("promise"),
        due_on=given.day_or_none("due_on"),
        created_at=promised_at,
        checks=[
            CommitmentCheck(
                months=each.number("months", 1),
                asked_at=each.moment("asked_at"),
                answered_at=each.moment_or_none("answered_at"),
                kept=Kept(each.one_of("kept", tuple(Kept))) if each.has("kept") else None,
                note=each.text_or_empty("note"),
            )
            for each in given.objects("checks")
        ],
    )


def day_of(moment: datetime) -> date:
    """The day of a moment in the site's zone."""
    return moment.astimezone(settings().timezone).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in the site's zone."""
    return datetime.combine(day, time(), settings().timezone)
