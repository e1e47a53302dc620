"""Areas and places for programs and tables: the local ones in the shapes of the UK Parliament's API, key for key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from petitions import links
from petitions.documents import table
from petitions.local.places_page import PlacesPage, Row
from petitions.local.queries import Here
from petitions.models import Place

LOCAL_COLUMNS = ("Petition", "URL", "State", "Local Signatures", "Total Signatures")
PLACE_COLUMNS = (
    "Kind",
    "Code",
    "Name",
    "Region",
    "Signatures",
    "Electorate",
    "Signatures per 1,000 electors",
    "Population",
    "Signatures per 1,000 people",
)


def local_document(place: Place, found: Sequence[Here]) -> dict[str, Any]:
    """What is signed in an area. `mp` is absent while nobody holds the seat."""
    document: dict[str, Any] = {"constituency": place.name}
    if place.representative:
        document["mp"] = {"name": place.representative, "url": place.representative_url}
    document["petitions"] = [
        {
            "action": each.petition.action,
            "url": links.petition(each.petition),
            "state": each.petition.current_state.value,
            "constituency_signature_count": each.signature_count,
            "total_signature_count": each.petition.signature_count,
        }
        for each in found
    ]
    return document


def local_table(found: Sequence[Here]) -> str:
    """The same as a table."""
    rows = (
        (
            each.petition.action,
            links.petition(each.petition),
            each.petition.current_state.value,
            each.signature_count,
            each.petition.signature_count,
        )
        for each in found
    )
    return table(LOCAL_COLUMNS, rows)


def places_document(page: PlacesPage) -> dict[str, Any]:
    """Where a petition's signatures come from. `smallest_published` is the step that figures are rounded down to."""
    return {
        "id": page.petition.id,
        "action": page.petition.action,
        "signature_count": page.petition.signature_count,
        "smallest_published": page.smallest,
        "boundaries": page.boundaries.name,
        "signatures_by_country": [
            {"name": each.name, "code": each.code, "signature_count": each.signature_count}
            for each in page.countries
        ],
        "signatures_by_region": [_place(row) for row in page.regions],
        "signatures_by_constituency": [
            {**_place(row), "region": _region(row), "mp": row.place.representative} for row in page.areas
        ],
    }


def _place(row: Row) -> dict[str, Any]:
    return {
        "name": row.place.name,
        "ons_code": row.place.code,
        "signature_count": row.signature_count,
        "electorate": row.place.electorate,
        "per_thousand_electors": _per_thousand(row.for_elector),
        "population": row.place.population,
        "per_thousand_people": _per_thousand(row.for_person),
    }


def _per_thousand(rate: float | None) -> float | None:
    return round(rate * 1000, 2) if rate is not None else None


def _region(row: Row) -> str | None:
    return row.place.region.name if row.place.region else None


def places_table(page: PlacesPage) -> str:
    """The same as a table: areas, then regions, then countries, told apart by the first column."""
    areas = [_line("area", row) for row in page.areas]
    regions = [_line("region", row) for row in page.regions]
    abroad = [
        ("country", each.code, each.name, "", each.signature_count, *[""] * 4) for each in page.countries
    ]
    return table(PLACE_COLUMNS, [*areas, *regions, *abroad])


def _line(kind: str, row: Row) -> tuple[object, ...]:
    place = row.place
    figures = (
        place.electorate,
        _per_thousand(row.for_elector),
        place.population,
        _per_thousand(row.for_person),
    )
    known = ("" if each is None else each for each in figures)
    return (kind, place.code, place.name, _region(row) or "", row.signature_count, *known)
