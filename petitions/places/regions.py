"""The regions of the United Kingdom under each of the codes that its open data names them by.

Maps, statistics and the Parliament's petitions each use other codes for the same twelve regions. They are one place
here, kept under the code that the petitions use. A region that is not listed is kept under the code it came with.
"""

from __future__ import annotations

from typing import NamedTuple


class Region(NamedTuple):
    """A region: the code it is kept under, its name, and the other codes it has elsewhere."""

    code: str
    name: str
    aliases: tuple[str, ...]


REGIONS = (
    Region("A", "North East", ("UKC", "E12000001")),
    Region("B", "North West", ("UKD", "E12000002")),
    Region("D", "Yorkshire and The Humber", ("UKE", "E12000003")),
    Region("E", "East Midlands", ("UKF", "E12000004")),
    Region("F", "West Midlands", ("UKG", "E12000005")),
    Region("G", "East of England", ("UKH", "E12000006")),
    Region("H", "London", ("UKI", "E12000007")),
    Region("J", "South East", ("UKJ", "E12000008")),
    Region("K", "South West", ("UKK", "E12000009")),
    Region("L", "Wales", ("UKL", "W92000004")),
    Region("M", "Scotland", ("UKM", "S92000003")),
    Region("N", "Northern Ireland", ("UKN", "N92000002")),
)

_BY_ALIAS = {alias: region for region in REGIONS for alias in region.aliases}


def known(*codes: str) -> Region | None:
    """The region that any of these codes names."""
    return next((_BY_ALIAS[code] for code in codes if code in _BY_ALIAS), None)
