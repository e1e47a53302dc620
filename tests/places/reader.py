"""A reader who wants to know where people signed from, and misses nothing.

The reader knows the rule, sees the petition's public count go up and down one by one, and after every step takes what is shown
of its places. Against that stands every way in which people could have come and gone: the reader keeps all that agree with
everything seen so far, forwards and then backwards, so nothing that sums, levels, differences or time could tell is missed.
Small worlds only: a way is a count for each place, and all of them are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from petitions.counts.disclosure import Figures, Tree, is_due, refreshed

#: How many came from each place, in the order of `World.places`.
Ways = tuple[int, ...]
Publish = Callable[["World", Figures, Ways, int, int], Figures]
Due = Callable[[int, int, int], bool]


@dataclass(frozen=True)
class World:
    """A small country: its places as (kind, key, region); kind is `area`, `nowhere` (at home, no area) or `abroad`."""

    places: tuple[tuple[str, int, int | None], ...]
    n: int

    def tree(self) -> Tree:
        region_of = {key: region for kind, key, region in self.places if kind == "area"}
        regions = [region for region in region_of.values() if region is not None]
        return Tree("XV", region_of, {region: regions.count(region) for region in regions})

    def counted(self, ways: Ways) -> Figures:
        """The exact counts that these ways make up."""
        countries, regions, areas = {"XV": 0}, dict[int, int](), dict[int, int]()
        for (kind, key, region), number in zip(self.places, ways, strict=True):
            if kind == "abroad":
                countries[f"F{key}"] = number
                continue
            countries["XV"] += number
            if kind == "area":
                areas[key] = number
                if region is not None:
                    regions[region] = regions.get(region, 0) + number
        return Figures(countries, regions, areas)


def by_the_rule(world: World, shown: Figures, ways: Ways, total: int, looked_at: int) -> Figures:
    """What the service shows next."""
    return refreshed(shown, world.counted(ways), world.tree(), total=total, looked_at=looked_at, n=world.n)


@dataclass(frozen=True)
class Step:
    """One signer came or left."""

    place: int
    comes: bool


@dataclass(frozen=True)
class Learnt:
    """What the reader knows for certain: small counts, and single signers."""

    small: tuple[str, ...]
    signers: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.small or self.signers)


def attack(world: World, steps: Sequence[Step], publish: Publish = by_the_rule, due: Due = is_due) -> Learnt:
    """Play the steps, and tell what a reader of every step learnt by the end about any moment."""
    nobody: Ways = (0,) * len(world.places)
    truth, shown, looked_at, total = nobody, Figures(), 0, 0
    layers: list[set[Ways]] = [{nobody}]
    for step in steps:
        change = 1 if step.comes else -1
        truth, total = _moved(truth, step.place, change), total + change
        possible = {after for before in layers[-1] for after in _all_moves(before, change)}
        if due(total, looked_at, world.n):
            before = shown
            shown = publish(world, before, truth, total, looked_at)
            possible = {ways for ways in possible if publish(world, before, ways, total, looked_at) == shown}
            looked_at = total
        assert truth in possible
        layers.append(possible)
    return Learnt(tuple(_small_counts(world, layers)), tuple(_placed_signers(world, steps, layers)))


def _moved(ways: Ways, place: int, change: int) -> Ways:
    return (*ways[:place], ways[place] + change, *ways[place + 1 :])


def _all_moves(ways: Ways, change: int) -> Iterable[Ways]:
    return (_moved(ways, place, change) for place in range(len(ways)) if ways[place] + change >= 0)


def _backwards(steps: Sequence[Step], layers: list[set[Ways]]) -> None:
    """Keep at every moment only the ways from which everything seen later could come about."""
    for moment in range(len(steps) - 1, -1, -1):
        change = 1 if steps[moment].comes else -1
        layers[moment] = {
            ways
            for ways in layers[moment]
            if any(after in layers[moment + 1] for after in _all_moves(ways, change))
        }


def _small_counts(world: World, layers: list[set[Ways]]) -> Iterable[str]:
    for moment, layer in enumerate(layers):
        for place, (kind, key, _region) in enumerate(world.places):
            found = {ways[place] for ways in layer}
            if kind != "nowhere" and max(found) < world.n and min(found) > 0:
                yield f"at moment {moment} {kind} {key} has {min(found)} to {max(found)}"


def _placed_signers(world: World, steps: Sequence[Step], layers: list[set[Ways]]) -> Iterable[str]:
    _backwards(steps, layers)
    groups = _groups(world)
    for moment, step in enumerate(steps):
        change = 1 if step.comes else -1
        could = {
            place
            for ways in layers[moment]
            for place in range(len(ways))
            if ways[place] + change >= 0 and _moved(ways, place, change) in layers[moment + 1]
        }
        for name, group in groups.items():
            if could <= group:
                yield f"who {'came' if step.comes else 'left'} at moment {moment} is of {name}"


def _groups(world: World) -> dict[str, set[int]]:
    """Every place whose people must not be told: areas, regions, countries abroad, and home."""
    groups: dict[str, set[int]] = {}
    for number, (kind, key, region) in enumerate(world.places):
        if kind != "nowhere":
            groups.setdefault(f"{kind} {key}", set()).add(number)
        if region is not None:
            groups.setdefault(f"region {region}", set()).add(number)
        if kind != "abroad":
            groups.setdefault("home", set()).add(number)
    if not any(kind == "abroad" for kind, _, _ in world.places):
        groups.pop("home", None)
    return groups
