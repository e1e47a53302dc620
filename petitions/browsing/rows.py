"""Petitions as the rows of a list show them: each with its departments and topics."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from petitions.extensions import db
from petitions.models import Petition

#: Two questions more, whatever the number of rows.
SUBJECTS = (selectinload(Petition.departments), selectinload(Petition.topics))


def by_number(numbers: Collection[int], *conditions: ColumnElement[bool]) -> dict[int, Petition]:
    """Those of the petitions with these numbers that meet the conditions."""
    if not numbers:
        return {}
    query = select(Petition).where(Petition.id.in_(numbers), *conditions).options(*SUBJECTS)
    return {petition.id: petition for petition in db.session.execute(query).scalars()}
