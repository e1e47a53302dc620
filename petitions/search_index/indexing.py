"""Keeps the words that the search looks at in step with the petitions.

Whoever stores a petition or changes its words stores them too, in the same transaction: `watch` sees to it at every
flush. `fill` reads petitions that came another way (a restored backup, an upgrade) and those that were read in another
language; a worker calls it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from sqlalchemy import delete, event, inspect, or_, select
from sqlalchemy.orm import Session

from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.models import Petition, SearchTerm, SearchText
from petitions.search_index import words

#: Petitions that `fill` reads in one transaction.
AT_ONCE = 500
_WATCHED = ("action", "background", "additional_details")


def watch() -> None:
    """From now on every flush stores the words of the petitions that it stores. Doing it twice changes nothing."""
    if not event.contains(Session, "after_flush", _after_flush):
        event.listen(Session, "after_flush", _after_flush)


def _after_flush(session: Session, _context: object) -> None:
    new = [row for row in session.new if isinstance(row, Petition)]
    changed = [row for row in session.dirty if isinstance(row, Petition) and _words_changed(row)]
    if changed:
        _forget(session, [row.id for row in changed])
    if new or changed:
        _store(session, [*new, *changed])


def _words_changed(petition: Petition) -> bool:
    state = inspect(petition)
    return any(state.attrs[name].history.has_changes() for name in _WATCHED)


@transactional
def fill(most: int = AT_ONCE) -> int:
    """Read up to `most` petitions that have no words stored, or those of another language. Returns how many there were."""
    petitions = (
        db.session.execute(
            select(Petition)
            .outerjoin(SearchText, SearchText.petition_id == Petition.id)
            .where(or_(SearchText.petition_id.is_(None), SearchText.language != words.language()))
            .order_by(Petition.id)
            .limit(most)
        )
        .scalars()
        .all()
    )
    if petitions:
        _forget(db.session, [petition.id for petition in petitions])
        _store(db.session, petitions)
    return len(petitions)


def _store(session: Any, petitions: Iterable[Petition]) -> None:
    language = words.language()
    texts, terms = [], []
    for petition in petitions:
        text = {
            "petition_id": petition.id,
            "language": language,
            "title": " ".join(words.stems(petition.action)),
            "background": " ".join(words.stems(petition.background)),
            "details": " ".join(words.stems(petition.additional_details)),
        }
        texts.append(text)
        terms += [
            {"term": term, "petition_id": petition.id}
            for term in terms_of(words.telling(petition.action), words.telling(petition.background))
        ]
    connection = session.connection()
    connection.execute(insert(SearchText.__table__, session), texts)
    if terms:
        connection.execute(insert(SearchTerm.__table__, session), terms)


def terms_of(title: Iterable[str], background: Iterable[str]) -> set[int]:
    """The numbers under which a petition with these telling stems is found."""
    title = set(title)
    return {term_number(stem) for stem in title | set(background)} | {
        term_number(stem, in_title=True) for stem in title
    }


def term_number(stem: str, *, in_title: bool = False) -> int:
    """The number that stands for a stem, or for a stem in a title: 32 bits with a sign, as both databases' integers are.

    Two stems may share one. That costs a candidate more, which the comparison of the words themselves throws out.
    """
    number = crc32((f"title {stem}" if in_title else stem).encode())
    return number - 2**32 if number >= 2**31 else number


def _forget(session: Any, petition_ids: list[int]) -> None:
    """Remove what is stored of these petitions. Their terms are made from the words that were stored, common ones too."""
    mine = SearchText.petition_id.in_(petition_ids)
    connection = session.connection()
    for row in connection.execute(
        select(SearchText.petition_id, SearchText.title, SearchText.background).where(mine)
    ).all():
        terms = terms_of(row.title.split(), row.background.split())
        connection.execute(
            delete(SearchTerm).where(SearchTerm.petition_id == row.petition_id, SearchTerm.term.in_(terms))
        )
    connection.execute(delete(SearchText).where(mine))
