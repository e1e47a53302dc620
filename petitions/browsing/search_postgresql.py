"""Search on PostgreSQL: the generated column `petitions.search_document`, ranked by `ts_rank`; the title weighs most."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, Subquery, column, desc, func, literal_column, select, table

from petitions.browsing.search_terms import Terms

PETITIONS = table("petitions", column("id"), column("search_document"))
ENGLISH: ColumnElement[str] = literal_column("'english'::regconfig")


def matching(terms: Terms) -> Subquery:
    """Petitions that hold every wanted term and no unwanted one: `petition_id`, `rank` (higher is better)."""
    parts = [_quoted(term) for term in terms.wanted] + [f"-{_quoted(term)}" for term in terms.unwanted]
    return _match(" ".join(parts)).subquery("found")


def resembling(words: list[str], limit: int) -> Subquery:
    """Petitions that hold any of the words, best first, at most `limit`: `petition_id`, `rank`."""
    return _match(" OR ".join(map(_quoted, words))).order_by(desc("rank")).limit(limit).subquery("found")


def _quoted(term: str) -> str:
    """A phrase for `websearch_to_tsquery`, which reads any text without error."""
    return '"' + term.replace('"', "") + '"'


def _match(query: str) -> Select[tuple[int, float]]:
    wanted = func.websearch_to_tsquery(ENGLISH, query)
    rank = func.ts_rank(PETITIONS.c.search_document, wanted)
    return select(PETITIONS.c.id.label("petition_id"), rank.label("rank")).where(
        PETITIONS.c.search_document.op("@@")(wanted)
    )
