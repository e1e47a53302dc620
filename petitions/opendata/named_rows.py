"""What many petitions share: rows found by their name or code, and made where nobody has used them yet."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import func, select

from petitions.extensions import db
from petitions.models import Department, Place, RejectionReason, Topic
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


def places(wanted: Iterable[Place]) -> dict[str, Place]:
    """Places by code. One that is there already only learns who represents it, where it does not know.

    Raises `Clash` where a code belongs to another kind of place.
    """
    wanted = list(wanted)
    query = select(Place).where(Place.code.in_({row.code for row in wanted}))
    found = {row.code: row for row in db.session.execute(query).scalars()}
    slugs: set[str] | None = None
    for row in wanted:
        if row.code not in found:
            if slugs is None:
                current = select(Place.slug).where(Place.end_date.is_(None))
                slugs = set(db.session.execute(current).scalars())
            row.slug = free_slug(row.name, row.code, slugs)
            slugs.add(row.slug)
            db.session.add(row)
            found[row.code] = row
        elif found[row.code].kind != row.kind:
            raise Clash(f"{row.code} is the code of a {found[row.code].kind} already")
        elif found[row.code].representative is None and row.representative is not None:
            found[row.code].representative = row.representative
    return found
