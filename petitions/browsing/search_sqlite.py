"""Search on SQLite: the FTS5 table `petition_search`, ranked by bm25 with the title weighing most."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, Select, Subquery, column, desc, func, select, table

from petitions.browsing.search_terms import Terms, forms

SEARCH = table("petition_search", column("rowid", Integer))
#: Weights of title, background and details.
WEIGHTS = (10.0, 4.0, 1.0)


def matching(terms: Terms) -> Subquery:
    """Petitions that hold every wanted term and no unwanted one: `petition_id`, `rank` (higher is better)."""
    query = " AND ".join(map(_any_form, terms.wanted))
    for term in terms.unwanted:
        query = f"({query}) NOT {_any_form(term)}"
    return _match(query).subquery("found")


def resembling(words: list[str], limit: int) -> Subquery:
    """Petitions that hold any of the words, best first, at most `limit`: `petition_id`, `rank`."""
    query = " OR ".join(map(_any_form, words))
    return _match(query).order_by(desc("rank")).limit(limit).subquery("found")


def _any_form(term: str) -> str:
    return "(" + " OR ".join(map(_quoted, forms(term))) + ")"


def _quoted(term: str) -> str:
    """An FTS5 string: between quotes nothing is an operator."""
    return '"' + term.replace('"', "") + '"'


def _match(query: str) -> Select[tuple[int, float]]:
    whole: ColumnElement[str] = column("petition_search")
    rank = -func.bm25(whole, *WEIGHTS)
    return select(SEARCH.c.rowid.label("petition_id"), rank.label("rank")).where(whole.op("MATCH")(query))
