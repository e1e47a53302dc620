"""Figures about answers as programs read them: the same names in the board's documents and in the statistics."""

from __future__ import annotations

from typing import Any

from petitions.responses.figures import Figures
from petitions.responses.overview import Overview
from petitions.responses.satisfaction import Satisfaction
from petitions.responses.trend import Month


def overview_fields(overview: Overview) -> dict[str, Any]:
    """Figures, satisfaction and months."""
    return {
        "figures": figures_fields(overview.figures),
        "satisfaction": satisfaction_fields(overview.satisfaction),
        "months": [_month(month) for month in overview.months],
    }


def figures_fields(figures: Figures) -> dict[str, Any]:
    """The figures of everybody or of one department."""
    return {
        "owed_now": figures.owed_now,
        "overdue": figures.overdue,
        "answered": figures.answered,
        "on_time_share_this_year": _rounded(figures.on_time_share),
        "median_days": figures.median_days,
        "ninety_percent_days": figures.ninety_percent_days,
    }


def satisfaction_fields(satisfaction: Satisfaction | None) -> dict[str, Any] | None:
    """What signers think; nothing while there are too few to say."""
    if satisfaction is None or not satisfaction.is_public:
        return None
    return {
        "answers": satisfaction.answers,
        "addressed_share": _rounded(satisfaction.addressed_share),
        "clear_share": _rounded(satisfaction.clear_share),
    }


def _month(month: Month) -> dict[str, Any]:
    return {
        "month": month.first.isoformat()[:7],
        "answered": month.answered,
        "on_time": month.on_time,
        "on_time_share": _rounded(month.on_time_share),
        "median_days": month.median_days,
        "overdue_at_end": month.overdue,
        "satisfaction": satisfaction_fields(month.satisfaction),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
