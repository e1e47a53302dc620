"""What rises for programs: JSON in the shape of the UK Parliament's API, and a feed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from petitions import links
from petitions.browsing.trending_asking import UNUSUAL, USUAL_COUNT_FOR_PROGRAMS, Asked
from petitions.browsing.trending_page import Row, ranked, window
from petitions.browsing.windows import floor_hour
from petitions.documents import moment
from petitions.extensions import settings
from petitions.feed import Entry, atom, tag, updated_of
from petitions.templating import number

#: The day in the ids of the feeds, for ever.
_FIRST_DAY = date(2026, 1, 1)


def trending_document(asked: Asked) -> dict[str, Any]:
    """The list that was asked for. Unasked it is the UK's: ten petitions, `signature_count` that of the last hour.

    Beside the UK's keys: each petition's whole count, what would be usual, the window, and the pages before and after.
    """
    count = asked.count or USUAL_COUNT_FOR_PROGRAMS
    found, looked_at = ranked(asked, usual_count=USUAL_COUNT_FOR_PROGRAMS), window(asked)
    has_more = asked.page * count < found.total

    def page(to: int) -> str:
        return asked.full_url("browsing.trending_json", page=to, is_dated=True)

    return {
        "data": [_item(row) for row in found.rows],
        "links": {
            "self": asked.full_url("browsing.trending_json"),
            "next": page(asked.page + 1) if has_more else None,
            "prev": page(asked.page - 1) if asked.page > 1 else None,
        },
        "meta": {
            "updated_at": moment(asked.at),
            "period": asked.period,
            "since": moment(looked_at.since),
            "until": moment(looked_at.until),
            "total": found.total,
        },
    }


def _item(row: Row) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "action": row.petition.action,
        "signature_count": row.signatures,
        "total_signature_count": row.petition.signature_count,
    }
    if row.unusual is not None:
        attributes |= {
            "expected_count": round(row.unusual.expected, 1),
            "rise": round(row.unusual.rise, 2),
            "signatures_before": row.unusual.before,
            "days_before": round(row.unusual.usual_days, 2),
            "usual_of_petitions_like_it": row.unusual.like_it,
        }
    if row.here is not None:
        attributes["estimated_place_count"] = row.here
    address = f"{links.petition(row.petition)}.json"
    return {
        "type": "petition",
        "id": row.petition.id,
        "links": {"self": address},
        "attributes": attributes,
    }


def trending_feed(asked: Asked) -> tuple[bytes, datetime]:
    """The list as a feed: a petition comes into it once for each day on which it rises. Changes with the hour."""
    entries = [_entry(row, asked) for row in ranked(asked, usual_count=USUAL_COUNT_FOR_PROGRAMS).rows]
    titles = {
        "hour": _("Most signed in the last hour: %(site)s", site=settings().site_name),
        "day": _("Most signed in the last day: %(site)s", site=settings().site_name),
        "week": _("Most signed in the last week: %(site)s", site=settings().site_name),
        UNUSUAL: _("Rising for its size: %(site)s", site=settings().site_name),
    }
    document = atom(
        feed_id=tag(
            _FIRST_DAY, "/".join(filter(None, ["trending", asked.period, *asked.topics, asked.place]))
        ),
        title=titles[asked.period],
        url=asked.full_url("browsing.trending"),
        self_url=asked.full_url("browsing.trending_atom"),
        language=str(get_locale()).replace("_", "-"),
        entries=entries,
    )
    return document, updated_of(entries)


def _entry(row: Row, asked: Asked) -> Entry:
    hour = floor_hour(asked.at)
    departments = ", ".join(each.name for each in row.petition.departments)
    return Entry(
        id=tag(hour.date(), f"trending/{asked.period}/{row.petition.id}"),
        title=row.petition.action,
        url=links.petition(row.petition),
        published=row.petition.opened_at or hour,
        updated=hour,
        summary=_sentence(row, asked.period),
        author=departments or settings().site_name,
        category=asked.period,
    )


def _sentence(row: Row, period: str) -> str:
    count = number(row.signatures)
    if row.unusual is not None:
        return str(
            _(
                "%(count)s signatures in the last day, where %(expected)s would be usual.",
                count=count,
                expected=number(round(row.unusual.expected)),
            )
        )
    if period == "hour":
        return str(
            ngettext(
                "%(count)s signature in the last hour.",
                "%(count)s signatures in the last hour.",
                row.signatures,
                count=count,
            )
        )
    if period == "day":
        return str(
            ngettext(
                "%(count)s signature in the last day.",
                "%(count)s signatures in the last day.",
                row.signatures,
                count=count,
            )
        )
    return str(
        ngettext(
            "%(count)s signature in the last week.",
            "%(count)s signatures in the last week.",
            row.signatures,
            count=count,
        )
    )
