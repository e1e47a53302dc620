"""The board for programs: JSON and CSV.

Lists have the envelope of the UK Parliament's API (`links`, `data`). One duty:
`{"type": "duty", "id", "links": {"self"}, "attributes": {…}}`; `days` counts days left, below 0 days late, and of an
answered duty the days before its date, below 0 after it. `meta` has the figures, what signers think, the departments and the months.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from petitions import clock, links
from petitions.accountability.pages import BoardPage, DepartmentPage, Shown
from petitions.documents import day_or_none, moment, moment_or_none, table
from petitions.duties.duty_days import days_taken, local_day
from petitions.extensions import settings
from petitions.models import Department
from petitions.responses.queries import (
    DutyRow,
    Overview,
    Satisfaction,
    figures_fields,
    overview_fields,
    satisfaction_fields,
    satisfaction_of,
)

COLUMNS = (
    "duty", "url", "petition", "petition_url", "title", "department", "round", "signatures_needed", "reached_at",
    "first_due_on", "due_on", "status", "days", "answered_at", "days_taken", "outcome",
    "pauses", "extensions", "transfers", "holding_replies", "escalations",
)  # fmt: skip


def board_document(page: BoardPage) -> dict[str, Any]:
    """The board, or the part of it that was asked for."""
    return _list(page.shown, "accountability.board_json") | {
        "meta": _meta(page.shown, page.overview)
        | {
            "departments": [
                _department(row.department)
                | {
                    "figures": figures_fields(row.figures),
                    "satisfaction": satisfaction_fields(page.satisfaction.get(row.department.id)),
                }
                for row in page.departments
            ]
        }
    }


def department_document(page: DepartmentPage) -> dict[str, Any]:
    """One department's duties, figures and months."""
    document = _list(page.shown, "accountability.department_json", slug=page.department.slug)
    meta = _meta(page.shown, page.overview) | {"department": _department(page.department)}
    return document | {"meta": meta}


def duty_document(row: DutyRow) -> dict[str, Any]:
    """One duty."""
    rated = satisfaction_of([row.response_id]) if row.response_id is not None else {}
    found = _duty(row, rated.get(row.response_id or 0))
    return {"links": found["links"], "data": found}


def duty_table(found: Sequence[DutyRow]) -> str:
    """Duties as CSV, one line each; several pauses and the like stand in one cell with a semicolon between."""
    return table(COLUMNS, map(_line, found))


def duty_url(duty_id: int) -> str:
    """The permanent address of a duty's page."""
    return links.absolute("accountability.duty", duty_id=duty_id)


def _list(shown: Shown, endpoint: str, **values: Any) -> dict[str, Any]:
    page = shown.page

    def address(number: int | None) -> str | None:
        if number is None:
            return None
        return links.absolute(endpoint, **values, **shown.asked.parameters(page=number))

    return {
        "links": {
            "self": address(page.number),
            "first": address(1),
            "last": address(page.pages),
            "next": address(page.number + 1 if page.next_url else None),
            "prev": address(page.number - 1 if page.previous_url else None),
        },
        "data": [_duty(row, shown.satisfaction.get(row.response_id or 0)) for row in page.rows],
    }


def _meta(shown: Shown, overview: Overview) -> dict[str, Any]:
    return {
        "total": shown.page.total,
        "day": clock.today(settings().timezone).isoformat(),
    } | overview_fields(overview)


def _duty(row: DutyRow, satisfaction: Satisfaction | None) -> dict[str, Any]:
    duty, threshold = row.duty, row.duty.crossing.threshold
    return {
        "type": "duty",
        "id": duty.id,
        "links": {"self": links.absolute("accountability.duty_json", duty_id=duty.id)},
        "attributes": {
            "petition": {
                "id": duty.petition_id,
                "action": row.petition.action,
                "url": links.petition(row.petition),
                "signature_count": row.petition.signature_count,
            },
            "threshold": {"key": threshold.key, "signatures": threshold.signatures},
            "department": _department(row.department) if row.department else None,
            "round": duty.round,
            "follow_up_reason": duty.follow_up_reason or None,
            "status": row.status.standing.value,
            "sentence": row.status.whole,
            "reached_at": moment(duty.reached_at),
            "first_due_on": day_or_none(duty.first_due_on),
            "due_on": day_or_none(row.status.due_on),
            "days": row.status.days,
            "answered_at": moment_or_none(duty.answered_at),
            "days_taken": days_taken(duty),
            "outcome": row.outcome.value if row.outcome else None,
            "satisfaction": satisfaction_fields(satisfaction),
            "url": duty_url(duty.id),
        }
        | _moves(row),
    }


def _moves(row: DutyRow) -> dict[str, Any]:
    """What moved the date, and who was told what."""
    duty = row.duty
    return {
        "pauses": [
            {
                "starts_on": pause.starts_on.isoformat(),
                "ends_on": day_or_none(pause.ends_on),
                "reason": pause.reason,
            }
            for pause in duty.pauses
        ],
        "extensions": [
            {
                "at": moment(each.created_at),
                "due_on": each.due_on.isoformat(),
                "reason": each.reason,
                "by_overseer": each.by_overseer,
            }
            for each in duty.extensions
        ],
        "transfers": [
            {
                "at": moment(each.created_at),
                "from": _department(each.from_department) if each.from_department else None,
                "to": _department(each.to_department),
                "reason": each.reason,
            }
            for each in duty.transfers
        ],
        "holding_replies": [
            {"at": moment(each.published_at), "body": each.body} for each in duty.holding_replies
        ],
        "escalations": [
            {"at": moment(each.escalated_at), "days_late": each.days_late} for each in duty.escalations
        ],
    }


def _department(department: Department) -> dict[str, Any]:
    return {
        "name": department.name,
        "slug": department.slug,
        "acronym": department.acronym,
        "url": links.absolute("accountability.department", slug=department.slug),
    }


def _line(row: DutyRow) -> list[object]:
    duty, petition = row.duty, row.petition
    return [
        duty.id, duty_url(duty.id), petition.id, links.petition(petition), petition.action,
        row.department.name if row.department else "", duty.round, duty.crossing.threshold.signatures,
        moment(duty.reached_at), day_or_none(duty.first_due_on), day_or_none(row.status.due_on),
        row.status.standing.value, row.status.days, moment_or_none(duty.answered_at), days_taken(duty),
        row.outcome.value if row.outcome else "",
        "; ".join(f"{each.starts_on}/{each.ends_on or ''} {each.reason}" for each in duty.pauses),
        "; ".join(f"{each.due_on} {each.reason}" for each in duty.extensions),
        "; ".join(f"{local_day(each.created_at)} {each.to_department.name}: {each.reason}" for each in duty.transfers),
        "; ".join(f"{local_day(each.published_at)} {each.body}" for each in duty.holding_replies),
        "; ".join(f"{local_day(each.escalated_at)}" for each in duty.escalations),
    ]  # fmt: skip
