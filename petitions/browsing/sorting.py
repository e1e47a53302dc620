"""The orders that a reader may ask a list for, besides the list's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import UnaryExpression, case, func

from petitions.browsing.lists import is_open
from petitions.models import Petition

RELEVANCE = "relevance"


@dataclass(frozen=True)
class Sort:
    """One order. `order` is asked anew each time, because the time is in some; relevance is the search's to know."""

    key: str
    label: LazyString
    """As the choice is called."""
    text: LazyString
    """As it goes on from "12 petitions, "."""
    order: Callable[[], list[UnaryExpression[Any]]]


def _closing_soon() -> list[UnaryExpression[Any]]:
    """What can be signed comes first, the nearest end before; then what ended last."""
    open_until = case((is_open(), Petition.closes_at))
    ended_at = case((~is_open(), Petition.closed_at))
    return [open_until.asc().nulls_last(), ended_at.desc().nulls_last(), Petition.id.desc()]


_ = lazy_gettext
SORTS: dict[str, Sort] = {
    each.key: each
    for each in (
        Sort(RELEVANCE, _("Best match"), _("best match first"), list),
        Sort(
            "newest", _("Newest"), _("newest first"),
            lambda: [published_at().desc(), Petition.id.desc()],
        ),
        Sort(
            "signatures", _("Most signatures"), _("most signatures first"),
            lambda: [Petition.signature_count.desc(), Petition.id.desc()],
        ),
        Sort("closing", _("Closing soon"), _("closing soon first"), _closing_soon),
    )
}  # fmt: skip


def published_at() -> Any:
    """When a petition came to the public; what was never published counts from when it was made."""
    return func.coalesce(Petition.opened_at, Petition.created_at)
