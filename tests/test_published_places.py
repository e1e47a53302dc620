"""What is shown of signatures by place: whole steps, in rounds, from the petition's own count on; exact where the setting is 1."""

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.counts import published_places, publishing_places
from petitions.counts.published_places import PlaceFigure
from petitions.models import CountryCount, Petition, Place, PlaceCount
from tests import build


def counted(petition: Petition, *, nowhere: int = 0, abroad: int = 0, **places: tuple[Place, int]) -> None:
    """Give a petition counts as if its signers had come from these places."""
    at_home = sum(number for _, number in places.values()) + nowhere
    rows = [
        PlaceCount(
            petition_id=petition.id, place_id=place.id, signature_count=number, imported_signatures=number
        )
        for place, number in places.values()
    ]
    countries = [("GB", at_home), ("FR", abroad)]
    build.add(
        *rows,
        *(
            CountryCount(
                petition_id=petition.id, country=code, signature_count=number, imported_signatures=number
            )
            for code, number in countries
            if number
        ),
    )


def numbers(figures: list[PlaceFigure]) -> dict[str, int]:
    return {each.place.name: each.signature_count for each in figures}


def country() -> dict[str, Place]:
    """Two regions: three areas in one, one in the other."""
    north = build.place("North", kind="region", code="N", postcode_prefixes=())
    south = build.place("South", kind="region", code="S", postcode_prefixes=())
    areas = {
        name: build.place(name, code=f"A{number}", region_id=region.id, postcode_prefixes=())
        for number, (name, region) in enumerate(
            {"Ash": north, "Birch": north, "Cedar": north, "Dale": south}.items()
        )
    }
    return {"North": north, "South": south, **areas}


def spread(petition: Petition, places: dict[str, Place]) -> None:
    counted(
        petition,
        nowhere=30,
        abroad=23,
        ash=(places["Ash"], 25),
        birch=(places["Birch"], 9),
        cedar=(places["Cedar"], 9),
        dale=(places["Dale"], 14),
    )


def test_figures_are_whole_steps_and_hide_what_is_small(app: Flask) -> None:
    places, petition = country(), build.imported_petition(count=110)
    spread(petition, places)
    assert published_places.areas(petition.id) == []
    publishing_places.publish_due()
    assert numbers(published_places.areas(petition.id)) == {"Ash": 20, "Dale": 10}
    assert numbers(published_places.regions(petition.id)) == {"North": 30, "South": 10}
    shown = [(each.country, each.signature_count) for each in published_places.countries(petition.id)]
    assert shown == [("FR", 20), ("GB", 80)]


@pytest.mark.settings(smallest_published_area=1)
def test_with_one_as_the_smallest_every_figure_is_the_count_itself_at_once(app: Flask) -> None:
    places, petition = country(), build.imported_petition(count=110)
    spread(petition, places)
    assert numbers(published_places.areas(petition.id)) == {"Ash": 25, "Birch": 9, "Cedar": 9, "Dale": 14}
    assert numbers(published_places.regions(petition.id)) == {"North": 43, "South": 14}
    shown = {each.country: each.signature_count for each in published_places.countries(petition.id)}
    assert shown == {"GB": 87, "FR": 23}
    one = published_places.in_places(place_id=places["North"].id)
    assert build.db.session.execute(select(one.c.petition_id, one.c.signature_count)).all() == [
        (petition.id, 43)
    ]


def test_nothing_moves_until_twice_the_smallest_number_came(app: Flask) -> None:
    places, petition = country(), build.open_petition(count=30)
    publishing_places.publish_due()
    build.signatures(petition, 19, place=places["Birch"])
    assert publishing_places.publish_due() == 0
    build.signature(petition, place=places["Birch"])
    assert publishing_places.publish_due() == 1
    assert numbers(published_places.areas(petition.id)) == {"Birch": 10}
    assert publishing_places.publish_due() == 0
