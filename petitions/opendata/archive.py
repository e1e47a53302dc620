"""Petitions of terms that are over and archived, as the UK Parliament's API has them under `/archived`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Request, abort
from sqlalchemy import ColumnElement, false

from petitions import links, terms
from petitions.addresses import HIGHEST
from petitions.models import Petition, Term
from petitions.opendata.asking import AskedList, asked_list, number_in
from petitions.opendata.petition_documents import Document, items, whole
from petitions.opendata.term_documents import term_fields

#: The lists of the archive, with the list that holds the same of petitions whose time is over.
LISTS = {
    "all": "all",
    "published": "closed",
    "rejected": "rejected",
    "with_response": "with_response",
    "debated": "debated",
    "not_debated": "not_debated",
}
NOT_THERE = ("closing_date", "creator_name")
BY_NAME = ("signatures_by_country", "signatures_by_constituency")


def asked_archive(request: Request) -> tuple[AskedList, Term | None]:
    """What a request asks the archive for, and of which term: the latest one, unless it names another by its number.

    Answers 400 where what it names is no number; a number that is no archived term's finds nothing.
    """
    named = request.args.get("parliament")
    number = number_in(named, HIGHEST)
    if named and number is None:
        abort(400)
    found = terms.archived()
    term = next((each for each in found if named is None or named == "" or each.id == number), None)
    wanted, state = asked_list(request), request.args.get("state") or "all"
    others: list[tuple[str, str]] = [("parliament", str(number))] if number else []
    if state in LISTS and state != "all":
        others.append(("state", state))
    asked = replace(wanted.asked, state=LISTS.get(state, "all"))
    is_known = state in LISTS and not any(name.startswith("state[") for name in request.args)
    return replace(wanted, asked=asked, is_known=is_known, others=tuple(others)), term


def of_term(term: Term | None) -> ColumnElement[bool]:
    """Whether a petition stands in the archive of a term; nothing does where there is none."""
    return terms.in_archive([term]) if term is not None else false()


def archived_items(petitions: Sequence[Petition], term: Term | None) -> list[Document]:
    """Petitions of one archived term as they stand in its lists."""
    return [_archived(document, term) for document in items(petitions)]


def archived_whole(petition: Petition, term: Term) -> Document:
    """`data` of an archived petition's own document."""
    document = _archived(whole(petition), term)
    for key in BY_NAME:
        if key in document["attributes"]:
            document["attributes"][key].sort(key=lambda row: str(row["name"]))
    return document


def _archived(document: Document, term: Term | None) -> Document:
    number = document["id"]
    written: dict[str, Any] = {"type": "archived-petition", "id": number}
    if "links" in document:
        written["links"] = {"self": links.absolute("archive.petition", petition_id=number)}
    written["parliament"] = term_fields(term) if term is not None else None
    kept = {key: value for key, value in document["attributes"].items() if key not in NOT_THERE}
    return written | {"attributes": kept}
