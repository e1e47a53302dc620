"""The orders that a reader may ask a list for, besides the list's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import UnaryExpression, and_, case, func

from petitions.browsing.as_it_stood import Moment
from petitions.browsing.lists import most_signed
from petitions.lifecycle import State
from petitions.models import Petition

RELEVANCE = "relevance"


@dataclass(frozen=True)
class Sort:
    """One order. `order` is asked for that of a moment; relevance is the search's to know."""

    key: str
    label: LazyString
    """As the choice is called."""
    text: LazyString
    """As it goes on from "12 petitions, "."""
    order: Callable[[Moment], list[UnaryExpression[Any]]]


def _closing_soon(moment: Moment) -> list[UnaryExpression[Any]]:
    """What can be signed comes first, the nearest end before; then what ended last."""
    ends_at = func.coalesce(Petition.closes_at, Petition.closed_at)
    is_published = Petition.state.in_([State.OPEN, State.CLOSED])
    open_until = case((and_(is_published, ends_at >= moment.at), ends_at))
    ended_at = case((and_(is_published, ends_at < moment.at), func.coalesce(Petition.closed_at, ends_at)))
    return [open_until.asc().nulls_last(), ended_at.desc().nulls_last(), Petition.id.desc()]


_ = lazy_gettext
SORTS: dict[str, Sort] = {
    each.key: each
    for each in (
        Sort(RELEVANCE, _("Best match"), _("best match first"), most_signed),
        Sort(
            "newest", _("Newest"), _("newest first"),
            lambda _moment: [published_at().desc(), Petition.id.desc()],
        ),
        Sort("signatures", _("Most signatures"), _("most signatures first"), most_signed),
        Sort("closing", _("Closing soon"), _("closing soon first"), _closing_soon),
    )
}  # fmt: skip


def published_at() -> Any:
    """When a petition came to the public; what was never published counts from when it was made."""
    return func.coalesce(Petition.opened_at, Petition.created_at)
