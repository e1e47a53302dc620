"""Reads hexjson: a map on which every area is one hexagon (layout "odd-r": every other row is shifted by half a hexagon)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petitions.places import regions

LARGEST_NUMBER = 2**31 - 1


class Unreadable(Exception):
    """The file cannot be used. The message is a sentence."""


@dataclass(frozen=True)
class Area:
    """One area: its code and name, and where they are given its hexagon's column and row, its region, how many may vote and
    how many live there."""

    code: str
    name: str
    q: int | None
    r: int | None
    region_code: str | None
    region_name: str
    electorate: int | None
    population: int | None = None


def read(path: Path) -> list[Area]:
    """The areas of a file, by code. Raises `Unreadable`."""
    try:
        document = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode())
    except (ValueError, RecursionError):
        raise Unreadable(f"{path.name} is not a JSON file.") from None
    if not isinstance(document, dict) or not isinstance(document.get("hexes"), dict) or not document["hexes"]:
        raise Unreadable(f"{path.name} has no “hexes”: it is not a hexjson file.")
    if document.get("layout") != "odd-r":
        raise Unreadable(f"{path.name} has not the layout “odd-r”.")
    areas = [area_of(code, hexagon) for code, hexagon in sorted(document["hexes"].items())]
    refuse_clashes(areas)
    return areas


def area_of(code: str, hexagon: Any, *, on_a_map: bool = True) -> Area:
    """An area of what a file says of it, under hexjson's names: n, q, r, a or u or region, e, p. Raises `Unreadable`."""
    if not isinstance(hexagon, dict):
        raise Unreadable(f"“{code}” is not an object.")
    region_code, region_name = _region(code, hexagon)
    q, r = _number(code, hexagon, "q"), _number(code, hexagon, "r")
    if (q is None or r is None) and (on_a_map or q is not r):
        raise Unreadable(f"“{code}” has no place on the map: give it q and r.")
    name = _text(code, hexagon, "n", 200)
    if name is None:
        raise Unreadable(f"“{code}” has no name: give it n.")
    if not code or len(code) > 20 or not code.isprintable():
        raise Unreadable(f"“{code[:40]}” is not a code of 1 to 20 characters.")
    electorate, population = _number(code, hexagon, "e"), _number(code, hexagon, "p")
    if (electorate or 0) < 0 or (population or 0) < 0:
        raise Unreadable(f"“{code}” has an electorate or a population below zero.")
    return Area(code, name, q, r, region_code, region_name, electorate, population)


def _region(code: str, hexagon: dict[str, Any]) -> tuple[str | None, str]:
    """The code and the name of the region: `a` and `u` are codes, `region` is its name beside them, else its code."""
    short, long = _text(code, hexagon, "a", 20), _text(code, hexagon, "u", 20)
    given = _text(code, hexagon, "region", 200)
    region = regions.known(*filter(None, [long, short, given]))
    if region:
        return region.code, region.name
    own = short or long
    if own is None and given is not None and len(given) > 20:
        raise Unreadable(f"“{code}” has a region whose code is longer than 20 characters.")
    return own or given, given or own or ""


def _number(code: str, hexagon: dict[str, Any], key: str) -> int | None:
    value = hexagon.get(key)
    if value is None:
        return None
    if type(value) is not int or abs(value) > LARGEST_NUMBER:
        raise Unreadable(f"“{code}” has a {key} that is not a whole number.")
    return value


def _text(code: str, hexagon: dict[str, Any], key: str, limit: int) -> str | None:
    value = hexagon.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > limit or not value.isprintable():
        raise Unreadable(f"“{code}” has a {key} that is not a text of up to {limit} characters.")
    return value.strip() or None


def refuse_clashes(areas: list[Area]) -> None:
    """Raises `Unreadable` where two areas stand on one hexagon, or an area is also a region."""
    positions: dict[tuple[int, int], str] = {}
    codes = {area.code for area in areas}
    for area in areas:
        if area.q is None or area.r is None:
            continue
        other = positions.setdefault((area.q, area.r), area.code)
        if other != area.code:
            raise Unreadable(f"“{other}” and “{area.code}” stand on the same hexagon.")
    for area in areas:
        if area.region_code in codes:
            raise Unreadable(f"“{area.region_code}” is an area and a region.")
