"""A page of a list of petitions as a document: the envelope of the UK Parliament's API.

Each list has an order of its own, the same for pages and programs, and where two petitions are equal in it the newer number
decides. What is ordered by a time that does not move (newest, longest waiting, latest answer; any list with `sort=newest`)
pages through without gaps or repeats while signatures arrive. An order by signatures moves with them: a petition that
overtakes another between two requests may be seen twice or not at all. Who wants every petition once adds `sort=newest`, or
takes the table, whose order is settled before its first line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from petitions.browsing import queries
from petitions.models import Petition
from petitions.opendata.asking import AskedList
from petitions.opendata.petition_documents import items

Document = dict[str, Any]
Items = Callable[[Sequence[Petition]], list[Document]]


def page_document(wanted: AskedList, *conditions: Any, write: Items = items) -> Document:
    """The page asked for. Beyond the end `data` is empty and `prev` is the last page."""
    asked = wanted.asked
    pages = max(1, -(-queries.count_of(asked, *conditions) // asked.count))
    found = queries.petitions_of(asked, *conditions) if asked.page <= pages else []
    before = min(asked.page - 1, pages)
    return {
        "links": {
            "self": wanted.self_url,
            "first": wanted.url(1),
            "last": wanted.url(pages),
            "next": wanted.url(asked.page + 1) if asked.page < pages else None,
            "prev": wanted.url(before) if before > 0 else None,
        },
        "data": write(found),
    }
