"""Which figures of places may be seen, so that nobody learns of a few people: the rule, as a function of numbers alone.

Every figure (country, region, area) is a whole multiple of the smallest number that may be published, `n`. Figures are
looked at in rounds: only when the petition's own public count has moved by 2n since the last look, and only in that
direction. In a round a figure moves by whole steps of n, never by more than the round's movement less n, so that no
signature of a round can be pinned to one place; n signatures at least stay without a country; a region shows no more
than lets each of its areas have none. `docs/decisions/0009-figures-of-places.md` says why each is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: A round needs this many times the smallest number of signatures that came, or went.
ROUND = 2


@dataclass(frozen=True)
class Figures:
    """Signatures of one petition by country code, and by the ids of regions and areas: counted ones, or those shown."""

    countries: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[int, int] = field(default_factory=dict)
    areas: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Tree:
    """How places lie in each other: the home country, each area's region, and how many areas each region has."""

    home: str
    region_of: Mapping[int, int | None]
    sizes: Mapping[int, int]


def is_due(total: int, looked_at: int, n: int) -> bool:
    """Whether a petition whose public count was `looked_at` at the last look may be looked at again."""
    return abs(total - looked_at) >= ROUND * n


def refreshed(shown: Figures, counted: Figures, tree: Tree, *, total: int, looked_at: int, n: int) -> Figures:
    """The figures to show from now on. Call only when `is_due`; between two looks nothing may change."""
    board = _Board(shown, counted, tree, n, whole(abs(total - looked_at) - n, n))
    if total > looked_at:
        board.raise_countries(total)
        board.raise_places()
    else:
        board.fit(total)
        board.lower_places()
        board.lower_countries()
    return board.figures()


def whole(number: int, n: int) -> int:
    """The largest multiple of `n` that is not above `number`; 0 for less than none."""
    return max(0, number) // n * n


class _Board:
    """The figures while they are moved. `most` is by how much one place may move in this round."""

    def __init__(self, shown: Figures, counted: Figures, tree: Tree, n: int, most: int) -> None:
        self._n, self._most, self._tree, self._counted = n, most, tree, counted
        # The smallest number may have been another one when they were last looked at.
        self._countries = _steps(shown.countries, n)
        self._at_first = self._countries.copy()
        self._areas = _steps(shown.areas, n)
        self._regions = _steps(shown.regions, n)
        self._areas_of: dict[int | None, list[int]] = {}
        for area in sorted({*shown.areas, *counted.areas}):
            self._areas_of.setdefault(tree.region_of.get(area), []).append(area)

    def figures(self) -> Figures:
        """What is to be shown; a place with nothing to show is left out."""
        return Figures(*(_without_zeros(each) for each in (self._countries, self._regions, self._areas)))

    def _up(self, shown: int, counted: int) -> int:
        return min(whole(counted - shown, self._n), self._most)

    def _down(self, shown: int, counted: int) -> int:
        return min(shown - min(shown, whole(counted, self._n)), self._most)

    def _in_region(self, region: int | None) -> int:
        return sum(self._areas[area] for area in self._areas_of.get(region, ()))

    def _regions_here(self) -> list[int]:
        return sorted({*self._regions, *(region for region in self._areas_of if region is not None)})

    def _most_of_region(self, region: int) -> int:
        """What a region may show at most: so little more than its areas that each of them may have none."""
        others = self._tree.sizes.get(region, 1) - 1
        return self._in_region(region) + whole(others * (self._n - 1), self._n)

    def raise_countries(self, total: int) -> None:
        """The home country first, then the others by code, while n signatures at least stay without a country."""
        room = whole(total - self._n - sum(self._countries.values()), self._n)
        others = sorted(code for code in self._counted.countries if code != self._tree.home)
        for code in (self._tree.home, *others):
            shown = self._countries[code]
            step = min(self._up(shown, self._counted.countries.get(code, 0)), room)
            self._countries[code] = shown + step
            room -= step

    def raise_places(self) -> None:
        """Areas as far as their region may rise, and regions as far as their country shows; by id, which tells nothing."""
        room = self._countries[self._tree.home] - sum(self._regions.values()) - self._in_region(None)
        for region in self._regions_here():
            shown = self._regions[region]
            ceiling = shown + min(self._up(shown, self._counted.regions.get(region, 0)), max(0, room))
            self._raise_areas(region, ceiling - self._in_region(region))
            self._regions[region] = max(shown, min(ceiling, self._most_of_region(region)))
            room -= self._regions[region] - shown
        self._raise_areas(None, room)

    def _raise_areas(self, region: int | None, room: int) -> None:
        for area in self._areas_of.get(region, ()):
            shown = self._areas[area]
            step = max(0, min(self._up(shown, self._counted.areas.get(area, 0)), room))
            self._areas[area] = shown + step
            room -= step

    def lower_places(self) -> None:
        """Areas that fell, all together by no more than one place may; region and country fall with them. Then what a region
        and the country show beyond."""
        home = self._tree.home
        room = max(0, self._most - (self._at_first[home] - self._countries[home]))
        for region in [*self._regions_here(), None]:
            fell = self._lower_areas(region, room)
            if region is not None:
                shown = self._regions[region] - fell
                beyond = min(shown - self._in_region(region), room - fell)
                further = min(self._down(shown, self._counted.regions.get(region, 0)), beyond)
                self._regions[region] = shown - further
                fell += further
            self._countries[home] = self._countries[home] - fell
            room -= fell
        shown = self._countries[home]
        beyond = min(shown - sum(self._regions.values()) - self._in_region(None), room)
        self._countries[home] = shown - min(self._down(shown, self._counted.countries.get(home, 0)), beyond)

    def _lower_areas(self, region: int | None, room: int) -> int:
        before = room
        for area in self._areas_of.get(region, ()):
            shown = self._areas[area]
            step = min(self._down(shown, self._counted.areas.get(area, 0)), room)
            self._areas[area] = shown - step
            room -= step
        return before - room

    def lower_countries(self) -> None:
        """Countries abroad that fell."""
        for code in set(self._countries) - {self._tree.home}:
            shown = self._countries[code]
            room = max(0, self._most - (self._at_first[code] - shown))
            step = min(self._down(shown, self._counted.countries.get(code, 0)), room)
            self._countries[code] = shown - step

    def fit(self, total: int) -> None:
        """Where the petition's count has fallen near to what is shown: the largest figures give way. What gives way, and
        by how much, follows from what everybody sees, so it tells nothing."""
        _shrink(self._countries, whole(total - self._n, self._n), self._n)
        orphans = {area: self._areas[area] for area in self._areas_of.get(None, ())}
        places: dict[tuple[str, int], int] = {("region", key): value for key, value in self._regions.items()}
        places |= {("area", key): value for key, value in orphans.items()}
        _shrink(places, self._countries[self._tree.home], self._n)
        for (kind, key), value in places.items():
            (self._regions if kind == "region" else self._areas)[key] = value
        for region, value in self._regions.items():
            inside = {area: self._areas[area] for area in self._areas_of.get(region, ())}
            _shrink(inside, value, self._n)
            for area, number in inside.items():
                self._areas[area] = number
            self._regions[region] = min(value, self._most_of_region(region))


def _shrink(figures: dict[Any, int], most: int, n: int) -> None:
    """Take whole steps off the largest figures until they make up no more than `most`."""
    excess = sum(figures.values()) - most
    for key, value in sorted(figures.items(), key=lambda item: (-item[1], item[0])):
        if excess <= 0:
            return
        step = min(value, -(-excess // n) * n)
        figures[key] = value - step
        excess -= step


def _steps(figures: Mapping[Any, int], n: int) -> Counter[Any]:
    return Counter({key: whole(number, n) for key, number in figures.items()})


def _without_zeros(figures: Mapping[Any, int]) -> dict[Any, int]:
    return {key: number for key, number in figures.items() if number > 0}
