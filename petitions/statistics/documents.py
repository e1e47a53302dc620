"""The public figures for programs: as JSON and as tables."""

from __future__ import annotations

from typing import Any

from petitions import links
from petitions.documents import table
from petitions.extensions import settings
from petitions.moderation.queries import Figures, Statistics
from petitions.responses.queries import Overview, overview_fields
from petitions.statistics.use import Use
from petitions.statistics.use_documents import use_fields


def statistics_document(found: Statistics, answers: Overview, use: Use) -> dict[str, Any]:
    """The JSON document. Each part of the statistics has a key of its own under `data`."""
    return {
        "links": {
            "self": links.absolute("statistics.statistics_json"),
            "html": links.absolute("statistics.page"),
            "csv": links.absolute("statistics.statistics_csv"),
            "answers_csv": links.absolute("statistics.answers_csv"),
            "months_csv": links.absolute("statistics.months_csv"),
            "places_csv": links.absolute("statistics.places_csv"),
        },
        "data": {
            "moderation": {
                "promised_working_days": settings().moderation_days,
                "timezone": settings().timezone.key,
                "year": {"since": found.since.isoformat(), **_figures(found.year)},
                "weeks": [
                    {
                        "week": week.name,
                        "starts_on": week.starts_on.isoformat(),
                        "is_running": week.is_running,
                        **_figures(week),
                    }
                    for week in found.weeks
                ],
            },
            "answers": overview_fields(answers),
            "use": use_fields(use),
        },
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "received": figures.received,
        "published": figures.published,
        "refused": figures.refused.total(),
        "refused_by_reason": dict(sorted(figures.refused.items())),
        "taken_down": figures.taken_down.total(),
        "taken_down_by_reason": dict(sorted(figures.taken_down.items())),
        "closed_early": figures.closed_early,
        "median_working_days": figures.median_days,
        "p90_working_days": figures.slow_days,
        "share_in_time": None if figures.share_in_time is None else round(figures.share_in_time, 4),
        "appeals": figures.appeals,
        "appeals_upheld": figures.upheld,
        "appeals_dismissed": figures.dismissed,
    }


def statistics_table(found: Statistics) -> str:
    """The weeks as CSV, oldest first; one column for each reason that was given in any of them."""
    reasons = sorted({code for week in found.weeks for code in week.refused})
    lines = [_figures(week) for week in found.weeks]
    columns = [name for name in lines[0] if not name.endswith("_by_reason")]
    return table(
        ["week", "starts_on", *columns, *(f"refused_{code}" for code in reasons)],
        [
            [
                week.name,
                week.starts_on.isoformat(),
                *(line[name] for name in columns),
                *(week.refused[code] for code in reasons),
            ]
            for week, line in zip(found.weeks, lines, strict=True)
        ],
    )


def answers_table(answers: Overview) -> str:
    """The months of answering as CSV, oldest first; what signers think stands in columns of its own."""
    opinions = ("answers", "addressed_share", "clear_share")
    months = overview_fields(answers)["months"]
    columns = [name for name in months[0] if name != "satisfaction"]
    return table(
        [*columns, *(f"satisfaction_{name}" for name in opinions)],
        [
            [
                *(month[name] for name in columns),
                *((month["satisfaction"] or {}).get(name) for name in opinions),
            ]
            for month in months
        ],
    )
