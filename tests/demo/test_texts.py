"""The demo's texts and its map keep the rules that real petitions and places are held to."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from petitions.demo.country import DISTRICTS, POSTCODE_EXAMPLE, POSTCODE_PATTERN, hexjson, slug
from petitions.demo.departments import DEPARTMENTS, TOPICS
from petitions.demo.growth import share_out, spread_over_hours
from petitions.demo.people import make_name
from petitions.demo.story import Shape, Story
from petitions.demo.texts import STORIES
from petitions.models.petition import BACKGROUND_LIMIT, DETAILS_LIMIT, TITLE_LIMIT
from petitions.models.response import BODY_LIMIT, SUMMARY_LIMIT


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_petition_keeps_the_limits(story: Story) -> None:
    assert 0 < len(story.action) <= TITLE_LIMIT
    assert 0 < len(story.background) <= BACKGROUND_LIMIT
    assert len(story.details) <= DETAILS_LIMIT
    assert set(story.topics) <= {topic.code for topic in TOPICS}
    assert story.department in {None, *(department.slug for department in DEPARTMENTS)}
    if story.answer is not None:
        assert len(story.answer.summary) <= SUMMARY_LIMIT
        assert len(story.answer.body) <= BODY_LIMIT


def test_keys_and_titles_are_unique() -> None:
    assert len({story.key for story in STORIES}) == len({story.action for story in STORIES}) == len(STORIES)


def test_districts_have_a_hexagon_a_code_a_postcode_and_an_address_each() -> None:
    assert 55 <= len(DISTRICTS) <= 65
    for values in (
        {(d.q, d.r) for d in DISTRICTS},
        {d.code for d in DISTRICTS},
        {d.prefix for d in DISTRICTS},
        {slug(d.name) for d in DISTRICTS},
        {d.representative for d in DISTRICTS},
    ):
        assert len(values) == len(DISTRICTS)
    assert all(re.fullmatch(POSTCODE_PATTERN, f"{d.prefix} 7") for d in DISTRICTS)
    assert any(POSTCODE_EXAMPLE.startswith(d.prefix) for d in DISTRICTS)
    assert hexjson()["hexes"]["AR001"]["n"] == DISTRICTS[0].name


def test_the_map_is_one_land() -> None:
    """Every hexagon can be reached from every other by its neighbours."""
    land = {(d.q, d.r) for d in DISTRICTS}
    reached, border = set(), [next(iter(land))]
    while border:
        q, r = border.pop()
        if (q, r) in land - reached:
            reached.add((q, r))
            side = 1 if r % 2 else -1
            border += [(q - 1, r), (q + 1, r), *((x, y) for y in (r - 1, r + 1) for x in (q, q + side))]
    assert reached == land


def test_names_come_from_many_scripts() -> None:
    random = Random(7)
    names = Counter(make_name(random) for _ in range(2000))
    assert len(names) > 500
    assert any("Ѐ" <= letter <= "ӿ" for name in names for letter in name)
    assert any("一" <= letter <= "鿿" for name in names for letter in name)


def test_shares_add_up() -> None:
    assert sum(share_out(10_007, [0.3, 5.0, 0.001, 2.7])) == 10_007
    assert share_out(0, [1.0, 2.0]) == [0, 0]


@pytest.mark.parametrize("shape", ["steady", "burst", "late", "waves"])
def test_a_curve_runs_through_its_anchors(shape: Shape) -> None:
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    half, end = start + timedelta(days=20), start + timedelta(days=40)
    hours = spread_over_hours(
        [(start, 6), (half, 900), (end, 5_006)],
        shape,
        last_hour=60,
        zone=ZoneInfo("Europe/London"),
        random=Random(1),
    )
    assert sum(number for hour, number in hours.items() if hour < half) == 894
    assert sum(hours.values()) == 5_000
    assert start <= min(hours) <= max(hours) < end
