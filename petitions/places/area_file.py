"""Areas out of hexjson, GeoJSON or any table: which column or property says what is told by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from petitions.places import csv_file, hexjson
from petitions.places.hexjson import Area, Unreadable

#: What an area may have: hexjson's name for it by ours, which is also the usual name of the column or property.
FIELDS = {
    "code": "",
    "name": "n",
    "region_code": "a",
    "region": "region",
    "electorate": "e",
    "population": "p",
    "q": "q",
    "r": "r",
}
NUMBERS = {"electorate", "population", "q", "r"}
FORMATS = ("hexjson", "csv", "geojson")


def guess(path: Path) -> str:
    """The format that a file's name says: a table, where it says none."""
    name = path.name.removesuffix(".gz").lower()
    return next((each for each in FORMATS if name.endswith(f".{each}")), "csv")


def read(path: Path, kind: str, names: Mapping[str, str]) -> list[Area]:
    """The areas of a file of one of `FORMATS`, by code. `names` says what a field of `FIELDS` is called there. Raises
    `Unreadable`."""
    if kind == "hexjson":
        return hexjson.read(path)
    names = {field: names.get(field) or field for field in FIELDS}
    found = _features(path, names) if kind == "geojson" else _lines(path, names)
    areas = [_area(record, place) for place, record in found]
    if len({area.code for area in areas}) < len(areas):
        raise Unreadable(f"{path.name} has a code twice.")
    hexjson.refuse_clashes(areas)
    return sorted(areas, key=lambda area: area.code)


def _lines(path: Path, names: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, cells in csv_file.rows(path, [names[field] for field in FIELDS], 2):
        yield f"line {number}", dict(zip(FIELDS, cells, strict=True))


def _features(path: Path, names: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        document = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode())
        features = document["features"]
        assert isinstance(features, list)
    except (ValueError, RecursionError, TypeError, KeyError, AssertionError):
        raise Unreadable(f"{path.name} is not a GeoJSON file with features.") from None
    for number, feature in enumerate(features, 1):
        said = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(said, dict):
            raise Unreadable(f"feature {number} of {path.name} has no properties.")
        yield f"feature {number}", {field: said.get(name) for field, name in names.items()}


def _area(record: Mapping[str, Any], place: str) -> Area:
    said: dict[str, Any] = {}
    for field, value in record.items():
        if value is None or str(value).strip() == "":
            continue
        said[FIELDS[field]] = _whole(value, field, place) if field in NUMBERS else str(value).strip()
    code = said.pop("", "")
    try:
        return hexjson.area_of(code, said, on_a_map=False)
    except Unreadable as problem:
        raise Unreadable(f"{place}: {problem}") from None


def _whole(value: Any, field: str, place: str) -> int:
    """12,345 and 12345.0 are whole numbers too."""
    try:
        number = float(str(value).replace(",", "").replace("\u202f", ""))
        whole = int(number)
    except (ValueError, OverflowError):
        raise Unreadable(f"{place}: “{str(value)[:40]}” is not a number ({field}).") from None
    if whole != number:
        raise Unreadable(f"{place}: “{str(value)[:40]}” is not a whole number ({field}).")
    return whole
