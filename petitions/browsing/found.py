"""Which petitions a kept search finds: the arguments of a list's address, kept as text and read again."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from petitions.browsing import asking, trending
from petitions.browsing.asking import Asked
from petitions.browsing.filters import narrowed_by, title_of
from petitions.browsing.unusual import unusual
from petitions.extensions import db
from petitions.models import Department, Topic

#: What says which part of a list is shown, and how: a search is the same without it.
_ONLY_SHOWN = {"page", "count", "sort"}


def kept(arguments: MultiDict[str, str]) -> str:
    """The search of an address as text, the same for every way of asking for it; empty where everything is meant. Topics and
    departments that there are none of are left out: nothing would ever be found, and they would be named as they were typed."""
    named = _with_known_subjects(asking.read(arguments)).parameters()
    return urlencode({key: value for key, value in named.items() if key not in _ONLY_SHOWN}, doseq=True)


def _with_known_subjects(asked: Asked) -> Asked:
    topics, department = asked.topics, asked.department
    if topics:
        known = set(db.session.execute(select(Topic.code).where(Topic.code.in_(topics))).scalars())
        topics = tuple(code for code in topics if code in known)
    if department:
        chosen = select(Department.slug).where(Department.slug == department)
        department = db.session.execute(chosen).scalar_one_or_none() or ""
    return replace(asked, topics=topics, department=department)


def read(search: str) -> Asked:
    """What a kept search asks for."""
    return asking.read(MultiDict(parse_qsl(search)))


def rising_now() -> list[int]:
    """The petitions that rise for their size, the highest rise first."""
    return [each.petition_id for each in unusual(trending.this_minute())]


def in_words(search: str) -> str:
    """What a kept search is about: "Open petitions with “bus”: Transport, until 31 May"."""
    asked = read(search)
    topics = list(db.session.execute(select(Topic)).scalars()) if asked.topics else []
    departments = list(db.session.execute(select(Department)).scalars()) if asked.department else []
    narrow = ", ".join(words for words, _address in narrowed_by(asked, topics, departments))
    return f"{title_of(asked)}: {narrow}" if narrow else title_of(asked)
