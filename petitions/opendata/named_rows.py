"""What many petitions share: rows found by their name or code, and made where nobody has used them yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from petitions.extensions import db
from petitions.models import CountryName, Department, Place, PlaceName, RejectionReason, Topic
from petitions.opendata.petition_line import NamedCountry, NamedPlace
from petitions.slugs import free_slug


class Clash(Exception):
    """A line does not go with a row that is stored. The message says why."""


def name_of_code(code: str) -> str:
    """A readable name for a code: `race-and-equality` is “Race and equality”, `covid-19` is “Covid-19”."""
    words = re.sub(r"-(?!\d)", " ", code)
    return words[:1].upper() + words[1:]


def departments(wanted: Iterable[Department]) -> dict[str, Department]:
    """Departments by name. One that is there already stays as it is."""
    by_name = {row.name: row for row in wanted}
    query = select(Department).where(Department.name.in_(list(by_name)))
    found = {row.name: row for row in db.session.execute(query).scalars()}
    missing = [name for name in by_name if name not in found]
    slugs = set(db.session.execute(select(Department.slug)).scalars()) if missing else set()
    for name in missing:
        row = by_name[name]
        row.slug = free_slug(name, row.acronym or str(len(slugs) + 1), slugs)
        slugs.add(row.slug)
        db.session.add(row)
        found[name] = row
    return found


def topics(wanted: Iterable[str]) -> dict[str, Topic]:
    """Topics by code; a new one is named after its code."""
    codes = list(dict.fromkeys(wanted))
    query = select(Topic).where(Topic.code.in_(codes))
    found = {row.code: row for row in db.session.execute(query).scalars()}
    for code in codes:
        if code not in found:
            found[code] = Topic(code=code, name=name_of_code(code))
            db.session.add(found[code])
    return found


def rejection_reasons(wanted: Iterable[str]) -> None:
    """See to it that every code is a reason; a new one is public, last, and named after its code."""
    codes = list(dict.fromkeys(wanted))
    query = select(RejectionReason.code).where(RejectionReason.code.in_(codes))
    found = set(db.session.execute(query).scalars())
    last = db.session.execute(select(func.max(RejectionReason.position))).scalar_one() or 0
    missing = [code for code in codes if code not in found]
    db.session.add_all(
        RejectionReason(code=code, title=name_of_code(code), description="", position=last + number)
        for number, code in enumerate(missing, 1)
    )


def places(wanted: Iterable[NamedPlace]) -> dict[str, Place]:
    """Places by code. One that is there already only learns who represents it, where it does not know.

    Raises `Clash` where a code belongs to another kind of place.
    """
    distinct = list(dict.fromkeys(wanted))
    if not distinct:
        return {}
    query = select(Place).where(Place.code.in_({place.code for place in distinct}))
    found = {row.code: row for row in db.session.execute(query).scalars()}
    current = select(Place.slug).where(Place.end_date.is_(None))
    slugs = set(db.session.execute(current).scalars())
    for place in distinct:
        row = found.get(place.code)
        if row is None:
            row = Place(**place._asdict(), slug=free_slug(place.name, place.code, slugs))
            slugs.add(row.slug)
            db.session.add(row)
            found[place.code] = row
        elif row.kind != place.kind:
            raise Clash(f"{place.code} is the code of a {row.kind} already")
        elif row.representative is None and place.representative is not None:
            row.representative = place.representative
    return found


def place_names(wanted: Iterable[NamedPlace], places: Mapping[str, Place]) -> dict[NamedPlace, PlaceName]:
    """What the source calls each place and who represented it then, kept beside what it is called here."""
    distinct = list(dict.fromkeys(wanted))
    query = select(PlaceName).where(PlaceName.place_id.in_({places[each.code].id for each in distinct}))
    rows: Iterable[PlaceName] = db.session.execute(query).scalars() if distinct else ()
    here = {(row.place_id, row.name, row.representative): row for row in rows}
    found: dict[NamedPlace, PlaceName] = {}
    for each in distinct:
        key = (places[each.code].id, each.name, each.representative or "")
        if key not in here:
            here[key] = PlaceName(place_id=key[0], name=key[1], representative=key[2])
            db.session.add(here[key])
        found[each] = here[key]
    return found


def countries(wanted: Iterable[NamedCountry]) -> None:
    """The code and name that documents have for each country; one that is named already stays so."""
    by_code = {each.country: each for each in wanted}
    query = select(CountryName.country).where(CountryName.country.in_(list(by_code)))
    known = set(db.session.execute(query).scalars()) if by_code else set()
    db.session.add_all(CountryName(**by_code[code]._asdict()) for code in by_code if code not in known)
