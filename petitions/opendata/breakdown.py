"""Where the signatures of petitions come from, and what else happened to them, for their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from petitions.counts import published_places
from petitions.counts.published_places import CountryFigure
from petitions.documents import moment
from petitions.extensions import db
from petitions.markup import plain
from petitions.models import OtherBusiness
from petitions.opendata import source_names
from petitions.opendata.source_names import Named
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
    named = source_names.of_countries()
    for number, figures in published_places.countries_of(list(found)).items():
        rows = [_country(each, named) for each in figures]
        found[number].countries = sorted(rows, key=lambda row: str(row["name"]))


def _country(figure: CountryFigure, named: dict[str, tuple[str, str]]) -> Row:
    code, name = named.get(figure.country) or (figure.country, countries.name(figure.country))
    return {"name": name, "code": code, "signature_count": figure.signature_count}


def _read_places(found: dict[int, Breakdown]) -> None:
    ids = list(found)
    named, sums = source_names.of_places(ids), source_names.regions_added_up_elsewhere(ids)
    for number, figures in published_places.areas_of(ids).items():
        for each in figures:
            here = Named(each.place.name, each.place.representative)
            called = named.get((number, each.place.id), here)
            found[number].constituencies.append(
                {
                    "name": called.name,
                    "ons_code": each.place.code,
                    "mp": called.representative,
                    "signature_count": each.signature_count,
                }
            )
    for number, figures in published_places.regions_of(ids).items():
        regions = [(each.place, each.signature_count) for each in figures] or sums.get(number, [])
        found[number].regions = [
            {"name": place.name, "ons_code": place.code, "signature_count": count} for place, count in regions
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
                "body": row.body if row.is_plain else plain(row.body),
                "occurred_on": row.occurred_on.isoformat(),
                "created_at": moment(row.created_at),
                "updated_at": moment(row.updated_at),
                "url": row.url,
                **({} if row.is_plain else {"markdown": row.body}),
            }
        )
