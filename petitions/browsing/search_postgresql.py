"""Search on PostgreSQL: the generated columns `search_document` (indexed) and `search_title` of `search_texts`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, column, func, literal, literal_column, select, table

from petitions.browsing.search_terms import Terms

TEXTS = table("search_texts", column("petition_id"), column("search_document"), column("search_title"))
#: Stems are made by the application: PostgreSQL takes words as they are.
SIMPLE: ColumnElement[str] = literal_column("'simple'::regconfig")


def matching(terms: Terms, *, in_title: bool) -> Subquery:
    """Petitions that hold every wanted term and no unwanted one: `petition_id`, `rank` (2: all in the title, side by side
    as they were typed; 1: all in the title; 0: anywhere); with `in_title` only those that have all in the title."""
    every = query = _joined(func.tsquery_and, [_phrase(term.stems) for term in terms.wanted])
    for term in terms.unwanted:
        query = func.tsquery_and(query, func.tsquery_not(_phrase(term.stems)))
    side_by_side = _phrase([stem for term in terms.wanted for stem in term.stems])
    rank = case(
        (_holds(TEXTS.c.search_title, side_by_side), literal(2)),
        (_holds(TEXTS.c.search_title, every), literal(1)),
        else_=literal(0),
    )
    found = select(TEXTS.c.petition_id, rank.label("rank"))
    if in_title:
        found = found.where(_holds(TEXTS.c.search_title, every))
    if terms.unwanted or not in_title:
        found = found.where(_holds(TEXTS.c.search_document, query))
    return found.subquery("found")


def _holds(document: Any, query: Any) -> Any:
    return document.op("@@")(query)


def _phrase(stems: Any) -> Any:
    """Words that follow each other. `phraseto_tsquery` reads any text as plain words, so there are no operators to guard."""
    return func.phraseto_tsquery(SIMPLE, " ".join(stems))


def _joined(join: Callable[[Any, Any], Any], queries: list[Any]) -> Any:
    """All of them as one, halved again and again, so that twenty words nest five deep and not twenty."""
    if len(queries) == 1:
        return queries[0]
    middle = len(queries) // 2
    return join(_joined(join, queries[:middle]), _joined(join, queries[middle:]))
