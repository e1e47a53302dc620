"""Writes the country itself: places, postcodes, departments, topics, staff."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.security import generate_password_hash

from petitions.demo.country import DISTRICTS, REGIONS, slug
from petitions.demo.departments import DEPARTMENTS, TOPICS
from petitions.demo.signers import Area
from petitions.demo.staff import SIGN_INS
from petitions.extensions import db
from petitions.models import Department, Place, Postcode, Staff, StaffRole, Topic

#: How passwords are hashed that are printed on the screen: nobody needs to guess one, and ten strong hashes take a second.
PRINTED = "scrypt:1024:8:1"


@dataclass(frozen=True, slots=True)
class Offices:
    """The rows that petitions refer to."""

    areas: list[Area]
    departments: dict[str, Department]
    topics: dict[str, Topic]
    moderator: Staff
    other_moderator: Staff
    """Decides the appeals against what the first one refused."""
    officials: dict[str, Staff]
    """Who answers for a department, by its slug."""
    administrator: Staff
    overseer: Staff
    """Watches over the duty to respond."""

    def official_of(self, department: str | None) -> Staff:
        """Who publishes a department's answers; the administrator where the demo has no official of it."""
        return self.officials.get(department or "", self.administrator)


def write_offices() -> Offices:
    """Store the country, its government and the petitions office."""
    departments = {d.slug: Department(slug=d.slug, name=d.name, acronym=d.acronym) for d in DEPARTMENTS}
    topics = {t.code: Topic(code=t.code, name=t.name) for t in TOPICS}
    db.session.add_all([*departments.values(), *topics.values()])
    areas = _write_places()
    db.session.flush()
    staff = _write_staff(departments)
    by_role = {sign_in.role: staff[sign_in.email] for sign_in in reversed(SIGN_INS)}
    return Offices(
        areas=areas,
        departments=departments,
        topics=topics,
        moderator=by_role["moderator"],
        other_moderator=[staff[each.email] for each in SIGN_INS if each.role == "moderator"][-1],
        officials={s.department: staff[s.email] for s in SIGN_INS if s.role == "official" and s.department},
        administrator=by_role["administrator"],
        overseer=by_role["overseer"],
    )


def _write_places() -> list[Area]:
    regions = {
        letter: Place(kind="region", code=region.code, slug=slug(region.name), name=region.name)
        for letter, region in REGIONS.items()
    }
    db.session.add_all(regions.values())
    db.session.flush()
    letters = {region.code: letter for letter, region in REGIONS.items()}
    areas = []
    for district in DISTRICTS:
        letter = letters[district.region.code]
        place = Place(
            kind="constituency",
            code=district.code,
            slug=slug(district.name),
            name=district.name,
            region_id=regions[letter].id,
            representative=district.representative,
            party=district.party,
            electorate=district.electorate,
            population=district.population,
            hex_q=district.q,
            hex_r=district.r,
        )
        db.session.add(place)
        areas.append(Area(place, letter, district.prefix, district.electorate))
    db.session.flush()
    db.session.add_all(Postcode(prefix=area.prefix, place_id=area.place.id) for area in areas)
    return areas


def _write_staff(departments: dict[str, Department]) -> dict[str, Staff]:
    staff = {
        sign_in.email: Staff(
            email=sign_in.email,
            name=sign_in.name,
            password_hash=generate_password_hash(sign_in.password, PRINTED),
            department_id=departments[sign_in.department].id if sign_in.department else None,
            role_rows=[StaffRole(role=sign_in.role)],
        )
        for sign_in in SIGN_INS
    }
    db.session.add_all(staff.values())
    db.session.flush()
    return staff
