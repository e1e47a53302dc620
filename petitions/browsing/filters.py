"""What a list is called and narrowed by, in words, each with the address of the list without it; and the orders it may be put in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from petitions.browsing.asking import Asked
from petitions.browsing.sorting import RELEVANCE, SORTS
from petitions.browsing.standing import STANDINGS
from petitions.models import Department, Topic
from petitions.templating import long_date, number

Link = tuple[str, str]


def title_of(asked: Asked) -> str:
    """What a list is called, with the words that are searched for."""
    title = str(asked.list.title)
    return _("%(list)s with “%(words)s”", list=title, words=asked.q) if asked.q else title


def narrowed_by(asked: Asked, topics: Sequence[Topic], departments: Sequence[Department]) -> list[Link]:
    """Everything but the words that narrows a list."""
    called = {topic.code: topic.name for topic in topics}
    slugs = {department.slug: department.name for department in departments}
    found = [
        _without(asked, called.get(code, code), topics=tuple(c for c in asked.topics if c != code))
        for code in asked.topics
    ]
    if asked.department:
        found.append(_without(asked, slugs.get(asked.department, asked.department), department=""))
    return found + _more(asked)


def _more(asked: Asked) -> list[Link]:
    """What stands behind "More filters"."""
    found = []
    if asked.place:
        found.append(_without(asked, _("signed in %(place)s", place=asked.place), place=""))
    if asked.since:
        found.append(_without(asked, _("from %(date)s", date=long_date(asked.since)), since=None))
    if asked.until:
        found.append(_without(asked, _("until %(date)s", date=long_date(asked.until)), until=None))
    if asked.least is not None:
        text = ngettext(
            "at least %(count)s signature",
            "at least %(count)s signatures",
            asked.least,
            count=number(asked.least),
        )
        found.append(_without(asked, text, least=None))
    if asked.most is not None:
        text = ngettext(
            "at most %(count)s signature",
            "at most %(count)s signatures",
            asked.most,
            count=number(asked.most),
        )
        found.append(_without(asked, text, most=None))
    if asked.response:
        found.append(_without(asked, str(STANDINGS[asked.response].label), response=""))
    return found


def _without(asked: Asked, text: str, **changes: Any) -> Link:
    return text, asked.url(page=1, **changes)


def order_text(asked: Asked) -> str:
    """The order that applies, as it goes on from "12 petitions, "."""
    sort = SORTS.get(asked.order)
    # Without words there is nothing to match best.
    return str(sort.text if sort and (asked.q or sort.key != RELEVANCE) else asked.list.order_text)


def sorts(asked: Asked) -> list[tuple[str, str, bool]]:
    """The orders that may be chosen: what each is called, its address, and whether it applies. The list's own order is among
    them where it is none of the others."""
    present = order_text(asked)
    offered = [
        (
            str(each.label),
            asked.url(page=1, sort=each.key if each.key != RELEVANCE else ""),
            str(each.text) == present,
        )
        for each in SORTS.values()
        if asked.q or each.key != RELEVANCE
    ]
    own = str(asked.list.order_text)
    if not asked.q and own not in {str(each.text) for each in SORTS.values()}:
        offered.insert(0, (own[:1].upper() + own[1:], asked.url(page=1, sort=""), present == own))
    return offered
