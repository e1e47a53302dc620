"""Petitions as the UK Parliament's CSV: title, address, state, signatures."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import load_only

from petitions import links
from petitions.documents import quoted_line
from petitions.extensions import db
from petitions.models import Petition

HEADER = "Petition,URL,State,Signatures Count\r\n"
BATCH = 500


def lines(numbers: array[int]) -> Iterator[str]:
    """The table, in pieces. Which petitions and in what order was decided before; each is read when its turn comes."""
    yield HEADER
    for first in range(0, len(numbers), BATCH):
        yield _piece(numbers[first : first + BATCH].tolist())


def _piece(numbers: list[int]) -> str:
    query = (
        select(Petition)
        .where(Petition.id.in_(numbers))
        .options(
            load_only(
                Petition.action,
                Petition.state,
                Petition.closes_at,
                Petition.lapses_at,
                Petition.signature_count,
            )
        )
    )
    found = {row.id: _line(row) for row in db.session.execute(query).scalars() if row.facts.is_listed}
    # Between two pieces no connection is kept from others, however slowly they are fetched.
    db.session.rollback()
    return "".join(found[number] for number in numbers if number in found)


def _line(row: Petition) -> str:
    return quoted_line([row.action, links.petition(row), row.current_state.value], [row.signature_count])
