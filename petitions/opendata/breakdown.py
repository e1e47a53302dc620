"""Where the signatures of petitions come from, and what else happened to them, for their documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions.documents import moment
from petitions.extensions import db, settings
from petitions.markup import plain
from petitions.models import CountryCount, OtherBusiness, Place, PlaceCount
from petitions.places import countries

Row = dict[str, Any]


@dataclass
class Breakdown:
    """The four lists that the UK's API has for one petition, each in its order."""

    countries: list[Row] = field(default_factory=list)
    constituencies: list[Row] = field(default_factory=list)
    regions: list[Row] = field(default_factory=list)
    business: list[Row] = field(default_factory=list)


def breakdowns(ids: Sequence[int]) -> dict[int, Breakdown]:
    """Of each petition."""
    found = {number: Breakdown() for number in ids}
    if ids:
        _read_countries(found)
        _read_places(found)
        _read_business(found)
    return found


def _is_published(count: int) -> bool:
    return count >= settings().smallest_published_area


def _read_countries(found: dict[int, Breakdown]) -> None:
    query = select(CountryCount).where(CountryCount.petition_id.in_(found))
    for row in db.session.execute(query).scalars():
        if _is_published(row.signature_count):
            name = countries.name(row.country)
            found[row.petition_id].countries.append(
                {"name": name, "code": row.country, "signature_count": row.signature_count}
            )
    for each in found.values():
        each.countries.sort(key=lambda row: str(row["name"]))


def _read_places(found: dict[int, Breakdown]) -> None:
    query = (
        select(PlaceCount)
        .where(PlaceCount.petition_id.in_(found), PlaceCount.signature_count > 0)
        .options(joinedload(PlaceCount.place).joinedload(Place.region))
    )
    regions: dict[int, Counter[Place]] = defaultdict(Counter)
    for row in db.session.execute(query).scalars():
        if row.place.region is not None:
            regions[row.petition_id][row.place.region] += row.signature_count
        if _is_published(row.signature_count):
            found[row.petition_id].constituencies.append(
                {
                    "name": row.place.name,
                    "ons_code": row.place.code,
                    "mp": row.place.representative,
                    "signature_count": row.signature_count,
                }
            )
    for number, counts in regions.items():
        found[number].regions = [
            {"name": place.name, "ons_code": place.code, "signature_count": count}
            for place, count in counts.items()
            if _is_published(count)
        ]
    for each in found.values():
        each.constituencies.sort(key=lambda row: str(row["ons_code"]))
        each.regions.sort(key=lambda row: str(row["ons_code"]))


def _read_business(found: dict[int, Breakdown]) -> None:
    query = (
        select(OtherBusiness)
        .where(OtherBusiness.petition_id.in_(found))
        .order_by(OtherBusiness.occurred_on, OtherBusiness.id)
    )
    for row in db.session.execute(query).scalars():
        found[row.petition_id].business.append(
            {
                "subject": row.subject,
                "body": plain(row.body),
                "occurred_on": row.occurred_on.isoformat(),
                "created_at": moment(row.created_at),
                "updated_at": moment(row.updated_at),
                "url": row.url,
            }
        )
