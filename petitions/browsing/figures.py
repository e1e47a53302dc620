"""The figures of one petition for programs: the small live count, and its history as JSON and CSV."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, bindparam, func, select

from petitions import documents, links
from petitions.browsing.history import History
from petitions.browsing.queries import for_the_public
from petitions.documents import moment
from petitions.extensions import settings
from petitions.models import DEBATE, RESPONSE, Crossing, Debate, Life, Petition, PetitionThreshold, Response
from petitions.questions import Question

COLUMNS = ("since", "until", "period", "signature_count", "total")


def _local(value: datetime | None, zone: ZoneInfo) -> str | None:
    """A moment in the site's zone with its offset: how this one document of the UK's API writes it."""
    return value.astimezone(zone).isoformat(timespec="milliseconds") if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _first_crossed(duty: str) -> Any:
    first = select(func.min(Crossing.reached_at)).join(Crossing.threshold)
    return first.where(Crossing.petition_id == Petition.id, PetitionThreshold.duty == duty).scalar_subquery()


def _counted() -> Select[Any]:
    answered = select(func.min(Response.published_at)).where(Response.petition_id == Petition.id)
    return (
        select(
            Petition.state,
            Petition.closes_at,
            Petition.lapses_at,
            Petition.hidden_at,
            Petition.opened_at,
            Petition.signature_count,
            Petition.updated_at,
            _first_crossed(RESPONSE).label("response_reached"),
            answered.scalar_subquery().label("answered"),
            _first_crossed(DEBATE).label("debate_reached"),
            Debate.outcome_at,
            Debate.scheduled_on,
            Debate.debated,
            Debate.updated_at.label("debate_changed"),
        )
        .outerjoin(Debate, Debate.petition_id == Petition.id)
        .where(Petition.id == bindparam("petition_id", type_=Integer))
    )


#: One statement, because it is asked for all the time.
COUNTED = Question(_counted, Life)


def count_document(petition_id: int) -> tuple[dict[str, Any], datetime]:
    """The live count with the keys of the UK's `count.json`, and when it changed last. Raises as `for_the_public`."""
    row = for_the_public(COUNTED.row(petition_id=petition_id))
    zone = settings().timezone
    document = {
        "signature_count": row.signature_count,
        "response_threshold_reached_at": _local(row.response_reached, zone),
        "government_response_at": _local(row.answered, zone),
        "debate_threshold_reached_at": _local(row.debate_reached, zone),
        "scheduled_debate_date": _day(row.scheduled_on),
        "debate_outcome_at": _local(row.outcome_at, zone),
        "debated": bool(row.debated),
    }
    moments = (row.updated_at, row.response_reached, row.answered, row.debate_reached, row.debate_changed)
    return document, max(each for each in moments if each is not None)


def history_document(petition: Petition, history: History) -> dict[str, Any]:
    """The history as JSON. `signatures_before` were counted before the first step; each `total` includes them."""
    steps = [
        {
            "since": moment(step.since),
            "until": moment(step.until),
            "period": step.period,
            "signature_count": step.signature_count,
            "total": step.total,
        }
        for step in history.steps
    ]
    return {
        "links": {"self": links.absolute("browsing.history_json", petition_id=petition.id)},
        "data": {
            "type": "petition-history",
            "id": petition.id,
            "attributes": {
                "signature_count": petition.signature_count,
                "signatures_before": history.before,
                "steps": steps,
            },
        },
    }


def history_table(history: History) -> str:
    """The history as CSV: one line a step, moments in UTC."""
    rows = (
        [moment(step.since), moment(step.until), step.period, step.signature_count, step.total]
        for step in history.steps
    )
    return documents.table(COLUMNS, rows)
