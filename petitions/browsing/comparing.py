"""Which petitions are to be compared: read from an address as people type it, with a word on each that cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from petitions.addresses import HIGHEST
from petitions.browsing.queries import published_petition
from petitions.errors import Gone, NotFound
from petitions.models import Petition
from petitions.templating import number

MOST = 4
#: A petition's number, or its address on this site or as somebody has copied it.
_NUMBER = re.compile(r"(?:\S*/petitions/)?([0-9]{1,10})(?:[./?#]\S*)?", re.ASCII)


@dataclass
class Wanted:
    """The petitions that were asked for and may be shown, what was typed, and what is wrong with it."""

    by_age: bool
    typed: list[str] = field(default_factory=list)
    petitions: list[Petition] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    """By the id of the field."""


def read(arguments: MultiDict[str, str]) -> Wanted:
    """What an address asks for. The same petition twice is one; empty fields are left out."""
    typed = [value.strip()[:200] for value in arguments.getlist("id") if value.strip()]
    wanted = Wanted(by_age=arguments.get("by") == "age", typed=typed[:MOST])
    for place, value in enumerate(wanted.typed, start=1):
        found = _find(value)
        if isinstance(found, str):
            wanted.errors[f"id-{place}"] = [found]
        elif found.id not in {each.id for each in wanted.petitions}:
            wanted.petitions.append(found)
    if len(typed) > MOST:
        left_out = len(typed) - MOST
        wanted.errors[""] = [
            ngettext(
                "At most four can be compared: %(count)s was left out.",
                "At most four can be compared: %(count)s were left out.",
                left_out,
                count=number(left_out),
            )
        ]
    return wanted


def _find(value: str) -> Petition | str:
    """The petition that somebody named, or what is wrong."""
    match = _NUMBER.fullmatch(value)
    if match is None or not 1 <= int(match[1]) <= HIGHEST:
        return str(_("“%(typed)s” is no petition: type its number or paste its address", typed=value))
    try:
        return published_petition(int(match[1]))
    except Gone:
        return str(_("Petition %(id)s was taken down: choose another one", id=match[1]))
    except NotFound:
        return str(_("There is no published petition %(id)s: choose another one", id=match[1]))
