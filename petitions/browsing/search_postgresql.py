"""Search on PostgreSQL: the generated column `petitions.search_document`, ranked by `ts_rank`; the title weighs most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, column, desc, func, literal_column, select, table

from petitions.browsing.search_terms import Terms, forms

PETITIONS = table("petitions", column("id"), column("search_document"))
ENGLISH: ColumnElement[str] = literal_column("'english'::regconfig")


def matching(terms: Terms) -> Subquery:
    """Petitions that hold every wanted term and no unwanted one: `petition_id`, `rank` (higher is better)."""
    query = _joined(func.tsquery_and, [_any_form(term) for term in terms.wanted])
    for term in terms.unwanted:
        query = func.tsquery_and(query, func.tsquery_not(_any_form(term)))
    return _match(query).subquery("found")


def resembling(words: list[str], limit: int) -> Subquery:
    """Petitions that hold any of the words, best first, at most `limit`: `petition_id`, `rank`."""
    query = _joined(func.tsquery_or, [_any_form(word) for word in words])
    return _match(query).order_by(desc("rank")).limit(limit).subquery("found")


def _any_form(term: str) -> Any:
    """A query for a term; `phraseto_tsquery` reads any text as plain words, so there are no operators to guard."""
    return _joined(func.tsquery_or, [func.phraseto_tsquery(ENGLISH, form) for form in forms(term)])


def _joined(join: Callable[[Any, Any], Any], queries: list[Any]) -> Any:
    """All of them as one, halved again and again, so that forty words nest six deep and not forty."""
    if len(queries) == 1:
        return queries[0]
    middle = len(queries) // 2
    return join(_joined(join, queries[:middle]), _joined(join, queries[middle:]))


def _match(query: Any) -> Select[tuple[int, float]]:
    rank = func.ts_rank(PETITIONS.c.search_document, query)
    return select(PETITIONS.c.id.label("petition_id"), rank.label("rank")).where(
        PETITIONS.c.search_document.op("@@")(query)
    )
