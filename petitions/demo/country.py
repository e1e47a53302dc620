"""Arvenia, the made-up country of the demo: regions, districts in hexagons, representatives, postcodes.

The map is drawn as text: one letter is one hexagon and names its region. Rows are shifted by half a hexagon
on odd `r` ("odd-r", the layout of hexjson), `r` grows northwards, `q` eastwards.

Postcodes look like `SK04 7`: two letters for the region, two digits for the district, one digit for the
quarter. The first four characters decide the district.

The country's code is `XV`: ISO 3166-1 keeps XA to XZ free for private use, so it can never collide with a
real country, and CLDR gives it no name, so the name must come from here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

COUNTRY_CODE = "XV"
COUNTRY_NAME = "Arvenia"
POSTCODE_PATTERN = r"(?:SK|HV|LM|AR|TV|SS)\d{2} ?\d"
POSTCODE_EXAMPLE = "AR03 5"

MAP = """
. S S . . . H . .
S S . . H H H . .
S S S . H H H H .
. S L L A H H T .
. L L A A A T T .
L L L A A A T T T
. L L A A A T T .
. L L A A T T . .
. L O O A O O . .
. . O O O O O . .
. . . O . . . . .
"""


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its code, the letters its postcodes begin with, and its name."""

    code: str
    letters: str
    name: str


@dataclass(frozen=True, slots=True)
class District:
    """An electoral district: one hexagon, one representative; `electorate` counts voters, `population` people."""

    code: str
    name: str
    region: Region
    q: int
    r: int
    population: int
    electorate: int
    representative: str
    party: str
    prefix: str


def slug(name: str) -> str:
    """A name as it stands in an address: small letters without accents, hyphens between."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ø", "o"))
    return "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))


REGIONS = {
    "S": Region("R1", "SK", "Skerry Coast"),
    "H": Region("R2", "HV", "High Velden"),
    "L": Region("R3", "LM", "Lowmark"),
    "A": Region("R4", "AR", "Arvenna"),
    "T": Region("R5", "TV", "Tarn Valley"),
    "O": Region("R6", "SS", "South Sound"),
}

# In the map's reading order inside each region: name, thousands of people, representative, party.
_DISTRICTS: dict[str, tuple[tuple[str, int, str, str], ...]] = {
    "S": (
        ("Kelda and the Outer Isles", 41, "Runa Halvorsen-Bright", "Harbour Party"),
        ("Norrskär", 58, "Aksel Lindqvist", "Liberal League"),
        ("Great Skerry", 63, "Catriona Mòr", "Harbour Party"),
        ("Løvsund", 77, "Ingeborg Dahl", "Civic Union"),
        ("Tormeray", 69, "Fergus Adeyemi", "Land and Labour"),
        ("Hollin Head", 84, "Petra Vaughan", "Civic Union"),
        ("Whinsand", 91, "Tobias Eklund", "Green Commons"),
        ("Ferryhaven", 118, "Nuala Prendergast", "Harbour Party"),
    ),
    "H": (
        ("Drevny Pass", 44, "Yelena Markova", "Land and Labour"),
        ("Šarnica", 61, "Miroslav Kovář", "Civic Union"),
        ("Černá", 57, "Ludmila Horáková", "Liberal League"),
        ("Larchfell", 72, "Gwendolyn Pryce", "Green Commons"),
        ("Stonecairn", 66, "Duncan Oyelaran", "Land and Labour"),
        ("Kolvary", 83, "Zoltán Bárány", "Civic Union"),
        ("Veldmoor", 88, "Annelies de Wit", "Liberal League"),
        ("Ostvelden", 79, "Bartholomew Crane", "Independent"),
        ("Grünmark", 95, "Heidrun Falk", "Green Commons"),
        ("Upper Tarn", 71, "Idris Penhallow", "Land and Labour"),
    ),
    "L": (
        ("Saltmarch", 86, "Willem Zuidema", "Harbour Party"),
        ("Dunwater", 93, "Philippa Ransome", "Civic Union"),
        ("Fenwick-by-Orle", 78, "Jacob Stellenbosch", "Land and Labour"),
        ("Orle Bridge", 104, "Saoirse Whitcombe", "Liberal League"),
        ("Polder East", 82, "Hendrika Bos", "Green Commons"),
        ("Aldermere", 99, "Oluwaseun Grant", "Civic Union"),
        ("Merrow", 87, "Thea Blackwood", "Liberal League"),
        ("Hay and Harrow", 74, "Arthur Pemberley", "Land and Labour"),
        ("Wickenby", 90, "Rosamund Achebe", "Civic Union"),
        ("Zuidvelt", 81, "Kees van Oort", "Green Commons"),
        ("Brûlemont", 68, "Solange Marchetti", "Liberal League"),
        ("Long Acre", 85, "Desmond Fairweather", "Land and Labour"),
    ),
    "A": (
        ("Arvenna North", 142, "Farida Nasser", "Civic Union"),
        ("Lindenhof", 137, "Maximilian Thorne", "Liberal League"),
        ("Arvenna Castle", 151, "Beatrix Solano", "Civic Union"),
        ("Queensgate", 146, "Kwabena Mensah-Hill", "Green Commons"),
        ("Arvenna Old Mills", 158, "Roisin Callaghan", "Land and Labour"),
        ("University and Botanic Gardens", 133, "Theodora Vasilakis", "Green Commons"),
        ("Brickfields", 161, "Samir Qureshi", "Land and Labour"),
        ("Sankt Olave", 129, "Linnea Storm", "Liberal League"),
        ("Arvenna East", 155, "Mei-Lin Foster", "Civic Union"),
        ("Arvenna Meadows", 148, "Tomasz Wierzbicki", "Land and Labour"),
        ("Riverside Wharves", 139, "Imogen Okonjo", "Green Commons"),
        ("Arvenna Harbour", 144, "Salvador Reyes-Quinn", "Harbour Party"),
        ("Southgate", 126, "Eleni Marsh", "Civic Union"),
    ),
    "T": (
        ("Tarnford", 97, "Emrys Goldsworthy", "Civic Union"),
        ("Ilvesta", 76, "Aino Korhola", "Green Commons"),
        ("Châtelmont", 84, "Bastien Roux", "Liberal League"),
        ("Vinegarth", 73, "Cordelia Nwosu", "Land and Labour"),
        ("Hopfield", 89, "Leopold Hartwig", "Civic Union"),
        ("Mühlbruck", 92, "Friederike Osei", "Liberal League"),
        ("Rosalba", 65, "Ginevra Tallis", "Independent"),
        ("Lower Tarn", 101, "Owain Castellane", "Land and Labour"),
        ("Cask Hill", 70, "Marguerite Eze", "Civic Union"),
        ("Ponteverro", 88, "Lorenzo Albright", "Liberal League"),
    ),
    "O": (
        ("Bayhallow", 94, "Jocelyn Treharne", "Harbour Party"),
        ("Peñascal", 79, "Inés Caballero", "Civic Union"),
        ("Marisma", 83, "Rafael Ogunleye", "Green Commons"),
        ("Southsound", 122, "Harriet Lockyer", "Land and Labour"),
        ("Coraly", 67, "Anselm Duarte", "Liberal League"),
        ("Lantern Cape", 59, "Morwenna Sharp", "Harbour Party"),
        ("São Telmo", 75, "Benedita Faria", "Civic Union"),
        ("Gullhaven", 98, "Ruben Asante", "Harbour Party"),
        ("Islamar", 72, "Yasmin Delacroix", "Green Commons"),
        ("Old Lighthouse and the Seven Parishes of the Sound", 53, "Peregrine Mbeki-Jones", "Independent"),
    ),
}  # fmt: skip


def _hexagons() -> list[tuple[str, int, int]]:
    """(region letter, q, r) of every hexagon on the map, from north-west to south-east."""
    rows = MAP.strip().splitlines()
    return [
        (letter, q, len(rows) - 1 - line)
        for line, row in enumerate(rows)
        for q, letter in enumerate(row.split())
        if letter != "."
    ]


def _districts() -> tuple[District, ...]:
    waiting = {letter: list(rows) for letter, rows in _DISTRICTS.items()}
    made: list[District] = []
    for letter, q, r in _hexagons():
        name, thousands, representative, party = waiting[letter].pop(0)
        region = REGIONS[letter]
        number = len(_DISTRICTS[letter]) - len(waiting[letter])
        # Uneven last digits, so that no table of the demo looks rounded.
        population = thousands * 1000 + (thousands * 37 + number * 131) % 1000
        made.append(
            District(
                code=f"AR{len(made) + 1:03d}",
                name=name,
                region=region,
                q=q,
                r=r,
                population=population,
                electorate=population * 73 // 100,
                representative=representative,
                party=party,
                prefix=f"{region.letters}{number:02d}",
            )
        )
    return tuple(made)


DISTRICTS = _districts()


def hexjson() -> dict[str, Any]:
    """The map as a hexjson document, the format `flask places load` reads."""
    return {
        "layout": "odd-r",
        "hexes": {
            d.code: {
                "n": d.name,
                "q": d.q,
                "r": d.r,
                "a": d.region.code,
                "region": d.region.name,
                "e": d.electorate,
                "p": d.population,
            }
            for d in DISTRICTS
        },
    }
