"""Search on SQLite: the FTS5 table `petition_search`, which triggers keep in step with `search_texts`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, Subquery, case, column, literal, select, table

from petitions.browsing.search_terms import Terms

SEARCH = table("petition_search", column("rowid", Integer))


def matching(terms: Terms, *, in_title: bool) -> Subquery:
    """Petitions that hold every wanted term and no unwanted one: `petition_id`, `rank` (2: all in the title, side by side
    as they were typed; 1: all in the title; 0: anywhere); with `in_title` only those that have all in the title."""
    every = " AND ".join(_quoted(term.stems) for term in terms.wanted)
    query = f"title : ({every})" if in_title else every
    for term in terms.unwanted:
        query = f"({query}) NOT {_quoted(term.stems)}"
    rank = case(
        (
            SEARCH.c.rowid.in_(
                _rows(f"title : {_quoted(stem for term in terms.wanted for stem in term.stems)}")
            ),
            literal(2),
        ),
        (SEARCH.c.rowid.in_(_rows(f"title : ({every})")), literal(1)),
        else_=literal(0),
    )
    return (
        select(SEARCH.c.rowid.label("petition_id"), rank.label("rank"))
        .where(_matches(query))
        .subquery("found")
    )


def _rows(query: str) -> Any:
    return select(SEARCH.c.rowid).where(_matches(query))


def _matches(query: str) -> Any:
    whole: Any = column("petition_search")
    return whole.op("MATCH")(query)


def _quoted(stems: Iterable[str]) -> str:
    """An FTS5 string, words that follow each other: stems are letters and digits, so nothing in it is an operator."""
    return '"' + " ".join(stems) + '"'
