"""Atom feeds of the lists and of what happened to one petition.

A list's feed tells of a petition when it comes into the list: published, answered, debated, closed. So its newest entries
come first whatever the list's own order is, and a petition has the same id in every feed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urljoin

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func

from petitions import links
from petitions.browsing import queries
from petitions.browsing.asking import Asked
from petitions.browsing.lists import answered_at, crossed_at, debate_fact
from petitions.extensions import settings
from petitions.feed import NEVER, Entry, atom, tag, updated_of
from petitions.models import DEBATE, RESPONSE, Debate, Petition
from petitions.responses.queries import TimelineEvent, timeline

ENTRIES = 50
#: The day in the id of a whole feed, for ever.
_FIRST_DAY = date(2026, 1, 1)


def _opened() -> ColumnElement[Any]:
    return func.coalesce(Petition.opened_at, Petition.created_at)


#: When a petition came into each list.
ENTERED: dict[str, Callable[[], ColumnElement[Any]]] = {
    "all": lambda: func.coalesce(Petition.opened_at, Petition.rejected_at, Petition.created_at),
    "open": _opened,
    "recent": _opened,
    "closed": lambda: func.coalesce(Petition.closed_at, Petition.closes_at),
    "rejected": lambda: func.coalesce(Petition.rejected_at, Petition.created_at),
    "awaiting_response": lambda: func.coalesce(crossed_at(RESPONSE), Petition.opened_at),
    "with_response": answered_at,
    "awaiting_debate": lambda: func.coalesce(
        crossed_at(DEBATE), debate_fact(Debate.scheduled_at), Petition.opened_at
    ),
    "debated": lambda: func.coalesce(debate_fact(Debate.outcome_at), Petition.opened_at),
    "not_debated": lambda: func.coalesce(debate_fact(Debate.outcome_at), Petition.opened_at),
}


def list_feed(asked: Asked, title: str) -> tuple[bytes, datetime]:
    """The feed of a list, narrowed as asked, and when it last changed. Pages of a list have no feed of their own."""
    found = queries.newest_of(asked, ENTERED[asked.state](), ENTRIES)
    entries = [petition_entry(petition, entered) for petition, entered in found]
    narrow = asked.parameters(page=1, count=Asked.count)
    query = urlencode(narrow, doseq=True)
    document = atom(
        feed_id=tag(_FIRST_DAY, f"petitions{'?' if query else ''}{query}"),
        title=f"{title}: {settings().site_name}",
        url=links.absolute("browsing.petitions", **narrow),
        self_url=links.absolute("following.petitions_atom", **narrow),
        language=_language(),
        entries=entries,
    )
    return document, updated_of(entries)


def petition_entry(petition: Petition, entered: datetime) -> Entry:
    """A petition as the entry of a feed, which it came into at `entered`."""
    return Entry(
        id=tag(petition.created_at.date(), f"petitions/{petition.id}"),
        title=petition.action,
        url=links.petition(petition),
        published=petition.opened_at or petition.rejected_at or petition.created_at,
        updated=entered,
        summary=petition.background,
        author=settings().site_name,
        category=petition.current_state.value,
    )


def petition_feed(petition: Petition) -> tuple[bytes, datetime]:
    """The feed of what happened to a published petition, and when it last changed."""
    entries = [_event(petition, event) for event in timeline(petition)]
    name = f"petitions/{petition.id}/timeline"
    document = atom(
        feed_id=tag(petition.created_at.date(), name),
        title=_("What happened: %(petition)s", petition=_words_of(petition)),
        url=links.petition(petition),
        self_url=links.absolute("following.timeline_atom", petition_id=petition.id),
        language=_language(),
        entries=entries,
    )
    return document, max(updated_of(entries), petition.opened_at or NEVER)


def _words_of(petition: Petition) -> str:
    """Its title, where it may be shown: a petition that was taken back has none."""
    if petition.facts.text_is_public:
        return petition.action
    return str(_("petition %(number)s", number=petition.id))


def _event(petition: Petition, event: TimelineEvent) -> Entry:
    return Entry(
        id=tag(petition.created_at.date(), f"petitions/{petition.id}/timeline/{event.key}"),
        title=event.title,
        url=urljoin(links.petition(petition), event.url or ""),
        published=event.moment,
        updated=event.moment,
        summary=event.text,
        author=settings().site_name,
        category=event.key.partition("-")[0],
    )


def _language() -> str:
    return str(get_locale()).replace("_", "-")
