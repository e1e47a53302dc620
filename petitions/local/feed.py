"""An area as an Atom feed: the open petitions that people there sign, the newest first."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from petitions import links
from petitions.extensions import settings
from petitions.feed import Entry, atom, tag, updated_of
from petitions.local.queries import Here
from petitions.models import Place
from petitions.templating import number

#: The day in the ids of the feeds, for ever.
_FIRST_DAY = date(2026, 1, 1)


def area_feed(place: Place, found: list[Here]) -> tuple[bytes, datetime]:
    """The feed, and when it last changed. An entry does not come again because more people sign."""
    entries = [_entry(place, each) for each in found]
    document = atom(
        feed_id=tag(_FIRST_DAY, f"places/{place.code}"),
        title=_("Petitions signed in %(place)s: %(site)s", place=place.name, site=settings().site_name),
        url=links.absolute("local.area", area=place.slug),
        self_url=links.absolute("local.area_atom", area=place.slug),
        language=str(get_locale()).replace("_", "-"),
        entries=entries,
    )
    return document, updated_of(entries)


def _entry(place: Place, here: Here) -> Entry:
    petition = here.petition
    published = petition.opened_at or petition.created_at
    return Entry(
        id=tag(petition.created_at.date(), f"places/{place.code}/petitions/{petition.id}"),
        title=petition.action,
        url=links.petition(petition),
        published=published,
        updated=published,
        summary=ngettext(
            "%(count)s signature from %(place)s.",
            "%(count)s signatures from %(place)s.",
            here.signature_count,
            count=number(here.signature_count),
            place=place.name,
        ),
        author=settings().site_name,
        category=petition.current_state.value,
    )
