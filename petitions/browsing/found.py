"""Which petitions a kept search finds: the arguments of a list's address, kept as text and read again."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from petitions.browsing import asking, trending
from petitions.browsing.asking import Asked
from petitions.browsing.unusual import unusual
from petitions.extensions import db
from petitions.models import Department, Topic

#: What says which part of a list is shown, and how: a search is the same without it.
_ONLY_SHOWN = {"page", "count", "sort"}


def kept(arguments: MultiDict[str, str]) -> str:
    """The search of an address as text, the same for every way of asking for it; empty where everything is meant."""
    named = asking.read(arguments).parameters()
    return urlencode({key: value for key, value in named.items() if key not in _ONLY_SHOWN}, doseq=True)


def read(search: str) -> Asked:
    """What a kept search asks for."""
    return asking.read(MultiDict(parse_qsl(search)))


def rising_now() -> list[int]:
    """The petitions that rise for their size, the highest rise first."""
    return [each.petition_id for each in unusual(trending.this_minute())]


def in_words(search: str) -> str:
    """What a kept search is about."""
    asked = read(search)
    parts = [_("with the words “%(words)s”", words=asked.q)] if asked.q else []
    if asked.topics:
        names = select(Topic.name).where(Topic.code.in_(asked.topics)).order_by(Topic.name)
        found = list(db.session.execute(names).scalars())
        parts.append(_("about %(topics)s", topics=_either(found or list(asked.topics))))
    if asked.department:
        name = select(Department.name).where(Department.slug == asked.department)
        found_name = db.session.execute(name).scalar_one_or_none()
        parts.append(_("for the %(department)s", department=found_name or asked.department))
    known = {"q", "topic", "department", "state"}
    named = asked.parameters()
    for key in sorted(set(named) - known - _ONLY_SHOWN):
        parts.append(f"{_filter_name(key)} {named[key]}")
    return " ".join([str(asked.list.title), ", ".join(str(part) for part in parts)]).strip()


def _filter_name(key: str) -> str:
    return {
        "place": str(_("from")),
        "from": str(_("published from")),
        "to": str(_("published up to")),
        "signatures_from": str(_("signatures from")),
        "signatures_to": str(_("signatures up to")),
        "response": str(_("answer:")),
    }.get(key, key)


def _either(names: Collection[str]) -> str:
    return str(_(" or ")).join(names)
