"""Writes the counts by hour, minute, country and place so that each adds up to the petition's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from petitions import clock
from petitions.demo.growth import floor_hour, share_out, spread_over_hours
from petitions.demo.plan import Plan
from petitions.demo.signers import Signers
from petitions.extensions import db, settings
from petitions.models import CountryCount, HourCount, MinuteCount, PlaceCount, Signature
from petitions.models.counts import MINUTES_KEPT


def write_counts(plan: Plan, signers: Signers, rows: Sequence[Signature], zone: ZoneInfo) -> None:
    """Spread the signatures without rows, add the rows, and store every kind of count."""
    counted = [row for row in rows if row.counted_at is not None]
    hours: dict[datetime, int] = {}
    if plan.imported:
        story = signers.story
        hours = spread_over_hours(
            plan.anchors, story.shape, last_hour=story.last_hour, zone=zone, random=signers.random
        )
    weights = signers.country_weights()
    countries = dict(zip(weights, share_out(plan.imported, list(weights.values())), strict=True))
    at_home = countries[settings().home_country]
    places = dict(
        zip((area.place.id for area in signers.areas), share_out(at_home, signers.area_weights), strict=True)
    )
    petition_id = signers.petition_id
    counted_hours = Counter(floor_hour(row.counted_at) for row in counted if row.counted_at)
    counted_places = Counter(row.place_id for row in counted if row.place_id is not None)
    _insert(HourCount, petition_id, "hour", hours, counted_hours)
    _insert(CountryCount, petition_id, "country", countries, Counter(row.country for row in counted))
    _insert(PlaceCount, petition_id, "place_id", places, counted_places)
    kept = clock.now() - MINUTES_KEPT
    minutes = Counter(
        row.counted_at.replace(second=0, microsecond=0)
        for row in counted
        if row.counted_at and row.counted_at >= kept
    )
    for minute, number in sorted(minutes.items()):
        row = {"petition_id": petition_id, "minute": minute, "signature_count": number}
        db.session.execute(insert(MinuteCount), row)


def _insert(
    model: Any, petition_id: int, column: str, imported: Mapping[Any, int], counted: Mapping[Any, int]
) -> None:
    values = [
        {
            "petition_id": petition_id,
            column: key,
            "signature_count": number + counted.get(key, 0),
            "imported_signatures": number,
        }
        for key in sorted({*imported, *counted})
        if (number := imported.get(key, 0)) or counted.get(key, 0)
    ]
    if values:
        db.session.execute(insert(model), values)
