"""What other features may read of open data: petitions as documents, and all of them in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Petition
from petitions.opendata.petition_documents import whole_items

__all__ = ["let_go", "petitions_in_batches", "whole_items"]

BATCH = 200


def petitions_in_batches(*parts: Any) -> Iterator[list[Petition]]:
    """Every petition whose words are public, by its number; what was read before is let go."""
    last = 0
    while True:
        query = select(Petition).where(Petition.id > last, Petition.state.in_(states_where("is_listed")))
        found = list(db.session.execute(query.order_by(Petition.id).limit(BATCH).options(*parts)).scalars())
        if not found:
            return
        last = found[-1].id
        yield found
        let_go()


def let_go() -> None:
    """Forget what was read: neither memory nor a long reading transaction is held."""
    db.session.rollback()
    db.session.expunge_all()
