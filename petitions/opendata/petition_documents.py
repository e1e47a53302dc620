"""A petition as every JSON document of ours has it: alone, in a list, in an archive, in an export.

The UK Parliament's keys come first, in its order; ours follow in keys of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions import links
from petitions.extensions import db
from petitions.models import Commitment, Petition
from petitions.opendata.breakdown import Breakdown, breakdowns
from petitions.opendata.petition_additions import additions, answer_fields
from petitions.opendata.petition_attributes import attributes
from petitions.opendata.petition_facts import facts_of
from petitions.responses.queries import satisfaction_of

Document = dict[str, Any]

NAMELESS: Document = {"creator_name": None}


def items(petitions: Iterable[Petition]) -> list[Document]:
    """Petitions as they stand in lists, in their order. Departments and topics should have been loaded with them.

    As many queries for many as for one.
    """
    rows = list(petitions)
    facts = facts_of(rows)
    return [
        {"type": "petition", "id": row.id, "links": {"self": address(row)}}
        | {"attributes": attributes(row, facts[row.id]) | additions(row, facts[row.id])}
        for row in rows
    ]


def whole_items(petitions: Iterable[Petition]) -> list[Document]:
    """As `items`, each with all that its own document has, but not who started it: for files.

    The site forgets a petitioner's name when the petition closes or their data is erased; copies of a file never do.
    """
    rows = list(petitions)
    return [
        {"links": {"self": address(row)}, **data, "attributes": data["attributes"] | NAMELESS}
        for row, data in zip(rows, _whole(rows), strict=True)
    ]


def whole(petition: Petition) -> Document:
    """`data` of a petition's own document: without its link, with where its signatures come from and every answer."""
    return _whole([petition])[0]


def address(petition: Petition) -> str:
    """Where a petition's own document is."""
    return links.absolute("opendata.petition", petition_id=petition.id)


def _whole(rows: Sequence[Petition]) -> list[Document]:
    facts = facts_of(rows)
    numbers = [answer.id for each in facts.values() for answer in each.answers]
    ratings, promised = satisfaction_of(numbers), _promised(numbers)
    broken_down = breakdowns([row.id for row in rows if is_broken_down(row)])
    return [
        {
            "type": "petition",
            "id": row.id,
            "attributes": attributes(row, facts[row.id])
            | _breakdown(broken_down.get(row.id))
            | additions(row, facts[row.id])
            | {"answers": answer_fields(facts[row.id], ratings, promised)},
        }
        for row in rows
    ]


def is_broken_down(petition: Petition) -> bool:
    """Whether the places of its signatures are told: of an open or closed petition, not of a refused one."""
    return petition.facts.text_is_public and petition.facts.counts_signatures


def _breakdown(found: Breakdown | None) -> Document:
    if found is None:
        return {}
    return {
        "signatures_by_country": found.countries,
        "signatures_by_constituency": found.constituencies,
        "signatures_by_region": found.regions,
        "other_parliamentary_business": found.business,
    }


def _promised(response_ids: Sequence[int]) -> dict[int, list[Commitment]]:
    if not response_ids:
        return {}
    query = (
        select(Commitment)
        .where(Commitment.response_id.in_(response_ids))
        .order_by(Commitment.id)
        .options(joinedload(Commitment.checks))
    )
    found: defaultdict[int, list[Commitment]] = defaultdict(list)
    for commitment in db.session.execute(query).unique().scalars():
        found[commitment.response_id].append(commitment)
    return found
