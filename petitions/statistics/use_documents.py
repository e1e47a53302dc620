"""The figures of use for programs: as a part of the JSON document, and as tables."""

from __future__ import annotations

from typing import Any

from petitions.documents import table
from petitions.models import MonthFigure
from petitions.statistics.use import Use, this_month

MONTH_COLUMNS = (
    "month", "is_running", "started", "published", "refused", "reached_answer_threshold", "signatures",
    "people_at_least", "people_at_most", "signatures_removed", "signatures_put_back",
)  # fmt: skip
PLACE_COLUMNS = ("code", "name", "signatures", "people_at_least", "electorate", "signatures_per_thousand")


def use_fields(found: Use) -> dict[str, Any]:
    """What the JSON document says of use. Numbers of people are bounds: no more is known."""
    return {
        "petitions": found.petitions,
        "signatures": found.signatures,
        "signatures_without_time": found.without_time,
        "people_at_least": found.people.least,
        "people_at_most": found.people.most,
        "months": [dict(zip(MONTH_COLUMNS, _month(month), strict=True)) for month in found.months],
        "places": [dict(zip(PLACE_COLUMNS, line, strict=True)) for line in _places(found)],
        "removals": [
            {"reason": each.reason, "signatures": each.removed, "petitions": each.petitions}
            for each in found.removals
        ],
    }


def months_table(found: Use) -> str:
    """The months as CSV, oldest first."""
    return table(MONTH_COLUMNS, [_month(month) for month in found.months])


def places_table(found: Use) -> str:
    """The areas as CSV, most signatures first."""
    return table(PLACE_COLUMNS, _places(found))


def _month(row: MonthFigure) -> list[object]:
    return [
        f"{row.month:%Y-%m}",
        row.month == this_month(),
        row.started,
        row.published,
        row.refused,
        row.crossed,
        row.signatures,
        row.most_on_one,
        row.signatures,
        row.removed,
        row.put_back,
    ]


def _places(found: Use) -> list[list[object]]:
    return [
        [
            row.place.code,
            row.place.name,
            row.signatures,
            row.most_on_one,
            row.place.electorate,
            round(1000 * row.signatures / row.place.electorate, 1) if row.place.electorate else None,
        ]
        for row in found.places
    ]
