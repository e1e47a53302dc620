"""Where the signatures of petitions come from, and what else happened to them, for their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from petitions import published_places
from petitions.documents import moment
from petitions.extensions import db
from petitions.markup import plain
from petitions.models import OtherBusiness
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


def _read_countries(found: dict[int, Breakdown]) -> None:
    for number, figures in published_places.countries_of(list(found)).items():
        rows = [
            {
                "name": countries.name(each.country),
                "code": each.country,
                "signature_count": each.signature_count,
            }
            for each in figures
        ]
        found[number].countries = sorted(rows, key=lambda row: str(row["name"]))


def _read_places(found: dict[int, Breakdown]) -> None:
    for number, figures in published_places.areas_of(list(found)).items():
        found[number].constituencies = [
            {
                "name": each.place.name,
                "ons_code": each.place.code,
                "mp": each.place.representative,
                "signature_count": each.signature_count,
            }
            for each in figures
        ]
    for number, figures in published_places.regions_of(list(found)).items():
        found[number].regions = [
            {"name": each.place.name, "ons_code": each.place.code, "signature_count": each.signature_count}
            for each in figures
        ]


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
