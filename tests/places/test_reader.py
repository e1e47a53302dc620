"""Nobody learns where few people signed from: a reader who misses nothing, against the rule and against weaker ones.

`ATTACKS=2000` plays so many histories in each world instead of a few.
"""

import os
import random

import pytest

from petitions.counts.disclosure import Figures, is_due
from tests.places.reader import Due, Publish, Step, Ways, World, attack, by_the_rule

REGION, OTHER, NONE = 8, 9, None
NOWHERE, ABROAD = ("nowhere", 0, NONE), (("abroad", 1, NONE), ("abroad", 2, NONE))
WORLDS = {
    "two areas without a region": World((("area", 1, NONE), ("area", 2, NONE), NOWHERE), 2),
    "a region of two, and abroad": World((("area", 1, REGION), ("area", 2, REGION), NOWHERE, *ABROAD), 2),
    "a region of three": World((*(("area", key, REGION) for key in (1, 2, 3)), NOWHERE), 2),
    "two regions of one, and abroad": World((("area", 1, REGION), ("area", 2, OTHER), NOWHERE, *ABROAD), 2),
    "an area beside a region": World((("area", 1, NONE), ("area", 2, REGION), NOWHERE), 2),
    "three as the smallest": World((("area", 1, REGION), ("area", 2, REGION), NOWHERE), 3),
}
ATTACKS = int(os.environ.get("ATTACKS", "4"))


def history(world: World, seed: int, *, most: int = 12, length: int = 36) -> list[Step]:
    """People come for a while, then leave for a while; some places have far more of them than others."""
    chance = random.Random(seed)
    liked = [chance.random() ** 2 + 0.02 for _ in world.places]
    there, steps, coming = [0] * len(liked), list[Step](), True
    for _ in range(length):
        coming = not coming if chance.random() < 0.08 else coming
        comes = chance.random() < (0.9 if coming else 0.1)
        comes = (comes or not sum(there)) and sum(there) < most
        (place,) = chance.choices(range(len(there)), liked if comes else there)
        there[place] += 1 if comes else -1
        steps.append(Step(place, comes))
    return steps


@pytest.mark.parametrize("name", WORLDS)
def test_the_reader_learns_of_no_few_people_and_places_nobody(name: str) -> None:
    world = WORLDS[name]
    for seed in range(ATTACKS):
        learnt = attack(world, history(world, seed))
        assert not learnt, (name, seed, learnt)


def everything(world: World, _shown: Figures, ways: Ways, _total: int, _looked_at: int) -> Figures:
    """Suppression switched off."""
    return world.counted(ways)


def from_the_smallest_up(world: World, _shown: Figures, ways: Ways, _total: int, _looked_at: int) -> Figures:
    """Small numbers hidden, and nothing else done."""
    counted = world.counted(ways)
    parts = (counted.countries, counted.regions, counted.areas)
    return Figures(*({key: value for key, value in part.items() if value >= world.n} for part in parts))  # type: ignore[arg-type]


def rounded_down(world: World, shown: Figures, ways: Ways, total: int, looked_at: int) -> Figures:
    """Whole steps without a remainder that is kept, and without a limit to one round."""
    counted = from_the_smallest_up(world, shown, ways, total, looked_at)
    parts = (counted.countries, counted.regions, counted.areas)
    return Figures(*({key: value // world.n * world.n for key, value in part.items()} for part in parts))  # type: ignore[arg-type]


def at_every_step(_total: int, _looked_at: int, _n: int) -> bool:
    return True


@pytest.mark.parametrize(
    ("publish", "due"),
    [
        (everything, at_every_step),
        (from_the_smallest_up, at_every_step),
        (from_the_smallest_up, is_due),
        (rounded_down, is_due),
    ],
    ids=["everything", "from the smallest up", "the same in rounds", "whole steps in rounds"],
)
def test_the_same_reader_beats_every_weaker_rule(publish: Publish, due: Due) -> None:
    world = WORLDS["a region of two, and abroad"]
    assert any(attack(world, history(world, seed), publish, due) for seed in range(4))


def test_the_rule_shows_something_worth_reading() -> None:
    """It could keep every secret by showing nothing: half of what is counted is shown where many sign."""
    world = World((("area", 1, REGION), ("area", 2, REGION), NOWHERE, *ABROAD), 10)
    shown = by_the_rule(world, Figures(), (640, 38, 9, 44, 3), 734, 0)
    assert shown == Figures({"XV": 680, "F1": 40}, {REGION: 670}, {1: 640, 2: 30})
