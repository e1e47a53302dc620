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
    """One hexagon: the area's code and name, its column and row, its region and electorate where they are given."""

    code: str
    name: str
    q: int
    r: int
    region_code: str | None
    region_name: str
    electorate: int | None


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
    areas = [_area(code, hexagon) for code, hexagon in sorted(document["hexes"].items())]
    _refuse_clashes(areas)
    return areas


def _area(code: str, hexagon: Any) -> Area:
    if not isinstance(hexagon, dict):
        raise Unreadable(f"“{code}” is not an object.")
    region_code, region_name = _region(code, hexagon)
    q, r = _number(code, hexagon, "q"), _number(code, hexagon, "r")
    if q is None or r is None:
        raise Unreadable(f"“{code}” has no place on the map: give it q and r.")
    name = _text(code, hexagon, "n", 200)
    if name is None:
        raise Unreadable(f"“{code}” has no name: give it n.")
    if not code or len(code) > 20 or not code.isprintable():
        raise Unreadable(f"“{code[:40]}” is not a code of 1 to 20 characters.")
    electorate = _number(code, hexagon, "e")
    if electorate is not None and electorate < 0:
        raise Unreadable(f"“{code}” has an electorate below zero.")
    return Area(code, name, q, r, region_code, region_name, electorate)


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


def _refuse_clashes(areas: list[Area]) -> None:
    positions: dict[tuple[int, int], str] = {}
    codes = {area.code for area in areas}
    for area in areas:
        other = positions.setdefault((area.q, area.r), area.code)
        if other != area.code:
            raise Unreadable(f"“{other}” and “{area.code}” stand on the same hexagon.")
        if area.region_code in codes:
            raise Unreadable(f"“{area.region_code}” is an area and a region.")
