"""Search over petitions: one interface, two databases, the same petitions in the same order. Any text is safe to search for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Subquery, false, literal, select

from petitions.browsing import search_postgresql, search_sqlite, search_terms
from petitions.extensions import db


def _engine() -> Any:
    return search_sqlite if db.engine.dialect.name == "sqlite" else search_postgresql


def matching(q: str, *, in_title: bool = False) -> Subquery:
    """The petitions that hold every word of `q`, as a subquery with `petition_id` and `rank` (higher is better).

    Words side by side in the title rank first, then words in the title, then the rest; among equals let the most signed
    come first. With `in_title` only those that rank before the rest. It does not look at states: join it with what may be
    shown. A text without any word matches nothing.
    """
    terms = search_terms.read(q)
    if not terms.wanted:
        nothing = select(literal(0, Integer).label("petition_id"), literal(0, Integer).label("rank"))
        return nothing.where(false()).subquery("found")
    found: Subquery = _engine().matching(terms, in_title=in_title)
    return found
