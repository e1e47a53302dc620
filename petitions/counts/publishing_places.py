"""Moves the figures of places that everybody may see (`petitions.counts.disclosure` says how). A worker calls `publish_due`.

The only code that writes what `petitions.counts.published_places` reads. Where SMALLEST_PUBLISHED_AREA is 1 nothing is kept back
and nothing is written: the counts themselves are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from petitions import clock
from petitions.counts.disclosure import ROUND, Figures, Tree, is_due, refreshed
from petitions.counts.published_places import PUBLISHED
from petitions.database import insert, transactional
from petitions.extensions import db, settings
from petitions.models import (
    CountryCount,
    Petition,
    Place,
    PlaceCount,
    PlaceLook,
    PublishedCountryCount,
    PublishedPlaceCount,
)

#: Petitions looked at in one turn of a worker, so that mail and counting have theirs.
AT_ONCE = 200


def publish_due(most: int = AT_ONCE) -> int:
    """Look at petitions whose count has moved enough since the last look. Returns how many there were, `most` at most."""
    if settings().smallest_published_area == 1:
        return 0
    moved = func.abs(Petition.signature_count - func.coalesce(PlaceLook.signature_count, 0))
    due = (
        select(Petition.id)
        .outerjoin(PlaceLook, PlaceLook.petition_id == Petition.id)
        .where(Petition.state.in_(PUBLISHED), moved >= ROUND * settings().smallest_published_area)
        .order_by(Petition.id)
        .limit(most)
    )
    ids = db.session.execute(due).scalars().all()
    tree = _tree() if ids else None
    for petition_id in ids:
        publish(petition_id, tree)
    return len(ids)


@transactional
def publish(petition_id: int, tree: Tree | None = None) -> bool:
    """Look at one petition and move its figures. Tells whether it was due, and nobody else was at work on it.

    `tree` is how all places lie in each other, where it was read for many petitions.
    """
    # Under the petition's lock nothing is counted, so that the total and its parts are of one moment.
    lock = (
        select(Petition).where(Petition.id == petition_id).with_for_update(skip_locked=True, key_share=True)
    )
    petition = db.session.execute(lock.execution_options(populate_existing=True)).scalar_one_or_none()
    n = settings().smallest_published_area
    if petition is None or petition.state not in PUBLISHED:
        return False
    look = db.session.get(PlaceLook, petition_id, populate_existing=True)
    looked_at = look.signature_count if look else 0
    if not is_due(petition.signature_count, looked_at, n):
        return False
    tree = tree or _tree()
    shown = _shown(petition_id, tree)
    figures = refreshed(
        shown,
        _counted(petition_id, tree),
        tree,
        total=petition.signature_count,
        looked_at=looked_at,
        n=n,
    )
    before, after = {**shown.areas, **shown.regions}, {**figures.areas, **figures.regions}
    _store(PublishedPlaceCount, "place_id", petition_id, before, after)
    _store(PublishedCountryCount, "country", petition_id, shown.countries, figures.countries)
    look = look or PlaceLook(petition_id=petition_id)
    look.signature_count, look.looked_at = petition.signature_count, clock.now()
    db.session.add(look)
    return True


def _tree() -> Tree:
    rows = db.session.execute(
        select(Place.id, Place.region_id, Place.end_date.is_(None).label("now")).where(
            Place.kind == "constituency"
        )
    ).all()
    now = Counter(row.region_id for row in rows if row.now and row.region_id is not None)
    before = Counter(row.region_id for row in rows if not row.now and row.region_id is not None)
    # A petition has the areas of its day: the fewer there were in a region, the less it may show beyond them.
    sizes = {region: min(filter(None, (now[region], before[region]))) for region in {*now, *before}}
    return Tree(settings().home_country, {row.id: row.region_id for row in rows}, sizes)


def _shown(petition_id: int, tree: Tree) -> Figures:
    places = _numbers(PublishedPlaceCount, PublishedPlaceCount.place_id, petition_id)
    areas = {place: number for place, number in places.items() if place in tree.region_of}
    regions = {place: number for place, number in places.items() if place not in tree.region_of}
    return Figures(
        _numbers(PublishedCountryCount, PublishedCountryCount.country, petition_id), regions, areas
    )


def _counted(petition_id: int, tree: Tree) -> Figures:
    areas = _numbers(PlaceCount, PlaceCount.place_id, petition_id)
    countries = _numbers(CountryCount, CountryCount.country, petition_id)
    regions: Counter[int] = Counter()
    for area, number in areas.items():
        region = tree.region_of.get(area)
        if region is not None:
            regions[region] += number
    # Imported counts by country and by area need not agree; whoever is in an area is in the home country.
    countries[tree.home] = max(countries.get(tree.home, 0), sum(areas.values()))
    return Figures(countries, regions, areas)


def _numbers(model: Any, key: Any, petition_id: int) -> dict[Any, int]:
    rows = db.session.execute(select(key, model.signature_count).where(model.petition_id == petition_id))
    return {row[0]: row[1] for row in rows}


def _store(
    model: Any, column: str, petition_id: int, before: Mapping[Any, int], after: Mapping[Any, int]
) -> None:
    gone = [key for key in before if key not in after]
    if gone:
        chosen = (model.petition_id == petition_id, getattr(model, column).in_(gone))
        db.session.execute(delete(model).where(*chosen).execution_options(synchronize_session=False))
    moved = {key: number for key, number in after.items() if before.get(key) != number}
    if moved:
        statement = insert(model, db.session)
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["petition_id", column],
                set_={"signature_count": statement.excluded.signature_count},
            ),
            [
                {"petition_id": petition_id, column: key, "signature_count": moved[key]}
                for key in sorted(moved)
            ],
        )
