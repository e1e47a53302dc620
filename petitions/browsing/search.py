"""Search over petitions: one interface, two databases. Any text is safe to search for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, Integer, Subquery, false, literal, select

from petitions.browsing import search_postgresql, search_sqlite, search_terms
from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Petition


def _engine() -> Any:
    return search_sqlite if db.engine.dialect.name == "sqlite" else search_postgresql


def matching(q: str) -> Subquery:
    """The petitions that hold every word of `q`, as a subquery with `petition_id` and `rank` (higher is better).

    It does not look at states: join it with what may be shown. A text without any word matches nothing.
    """
    terms = search_terms.read(q)
    if not terms.wanted:
        nothing = select(literal(0, Integer).label("petition_id"), literal(0.0, Float).label("rank")).where(
            false()
        )
        return nothing.subquery("found")
    found: Subquery = _engine().matching(terms)
    return found


def candidates(words: str, limit: int) -> list[tuple[int, float]]:
    """Listed petitions that share any word with a text, best first: their ids and a score (higher is better).

    Petitions whose words are not public never appear.
    """
    wanted = search_terms.words(words)
    if not wanted:
        return []
    # More than `limit` are ranked, because those that are not public fall out afterwards.
    found = _engine().resembling(wanted, 3 * limit)
    rows = db.session.execute(
        select(Petition.id, found.c.rank)
        .join(found, found.c.petition_id == Petition.id)
        .where(Petition.state.in_(states_where("is_listed")))
        .order_by(found.c.rank.desc(), Petition.id)
        .limit(limit)
    )
    return [(petition_id, float(rank)) for petition_id, rank in rows]
