"""The words of the listed petitions and how many petitions have each, counted anew by a worker every day, and where
they have become many more or fewer.

They say which words tell much (those of few petitions), and what a mistyped word was meant to be. Words of petitions that
are not listed are never among them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import delete, func, or_, select

from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import KnownWord, Petition, SearchTerm, SearchText
from petitions.search_index import indexing, words
from petitions.turns import take_turns

#: Rows read and written at once.
AT_ONCE = 1000
#: The row that counts the petitions themselves.
EVERY = ""
TURNS = b"known words"
#: A word this short has too many neighbours to guess from, and one this long may have two slips.
SHORTEST_GUESSED, TWO_SLIPS_FROM = 4, 8


@dataclass(frozen=True)
class Frequencies:
    """In how many petitions stems are, of how many."""

    petitions: int
    holding: dict[str, int]

    def weight(self, stem: str) -> float:
        """How much a stem tells: more, the fewer petitions have it (the idf of BM25). 0 of one that none has."""
        holding = min(self.holding.get(stem, 0), self.petitions)
        if not holding:
            return 0.0
        return math.log(1 + (self.petitions - holding + 0.5) / (holding + 0.5))


def is_behind() -> bool:
    """Whether the listed petitions have become more or fewer by one in a hundred since they were counted."""
    listed = select(func.count()).where(Petition.state.in_(states_where("is_listed"))).scalar_subquery()
    counted = select(KnownWord.petitions).where(KnownWord.word == EVERY).scalar_subquery()
    now, before = db.session.execute(select(listed, func.coalesce(counted, 0))).one()
    db.session.rollback()
    return bool(abs(now - before) * 100 > before)


def recount() -> int:
    """Count the words of all listed petitions anew. Returns how many different words there are."""
    counted: Counter[str] = Counter()
    query = select(Petition.action, Petition.background, Petition.additional_details).where(
        Petition.state.in_(states_where("is_listed"))
    )
    # Read outside the unit of work that stores: nobody who writes waits for it.
    for texts in db.session.execute(query.execution_options(yield_per=AT_ONCE)):
        counted.update({EVERY, *(word for text in texts for word in words.words(text))})
    db.session.rollback()
    _replace(counted)
    return len(counted)


@transactional
def _replace(counted: Counter[str]) -> None:
    rows = [{"word": word, "stem": words.stem(word), "petitions": number} for word, number in counted.items()]
    # Two workers that count at the same time would both take the old words away, and store the same new ones.
    take_turns(db.session, TURNS)
    db.session.execute(delete(KnownWord))
    for first in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(KnownWord.__table__, db.session), rows[first : first + AT_ONCE])


def frequencies(stems: Iterable[str]) -> Frequencies:
    """In how many petitions these stems are. What was not counted yet is counted now."""
    wanted = set(stems)
    query = (
        select(KnownWord.stem, func.sum(KnownWord.petitions))
        .where(KnownWord.stem.in_({EVERY, *wanted}))
        .group_by(KnownWord.stem)
    )
    holding = {stem: int(number) for stem, number in db.session.execute(query)}
    petitions = holding.pop(EVERY, 0)
    if missing := wanted - holding.keys():
        numbers = {indexing.term_number(stem): stem for stem in missing}
        new = (
            select(SearchTerm.term, func.count())
            .where(SearchTerm.term.in_(numbers))
            .group_by(SearchTerm.term)
        )
        holding |= {numbers[term]: number for term, number in db.session.execute(new)}
    if not petitions:
        petitions = db.session.execute(select(func.count()).select_from(SearchText)).scalar_one()
    return Frequencies(petitions, holding)


def known(asked: Iterable[str]) -> set[str]:
    """Those of the folded words that a listed petition has, in this or another form."""
    stems = {word: words.stem(word) for word in asked}
    there = set(
        db.session.execute(select(KnownWord.stem).where(KnownWord.stem.in_(set(stems.values())))).scalars()
    )
    return {word for word, stem in stems.items() if stem in there}


def meant_by(word: str) -> str | None:
    """The known word that a folded word, which may be mistyped, comes nearest to; nothing where none is near.

    One slip may be in it (a letter wrong, missing, too many, or two that changed places), in a long word two. Of several
    as near, the one in most petitions is meant.
    """
    if len(word) < SHORTEST_GUESSED:
        return None
    slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
    # Hardly anybody errs in the first two letters at once.
    alike = or_(KnownWord.word.startswith(word[0]), func.substr(KnownWord.word, 2, 1) == word[1])
    query = select(KnownWord.word, KnownWord.petitions).where(
        func.length(KnownWord.word).between(len(word) - slips, len(word) + slips),
        alike,
        KnownWord.word != word,
    )
    known = {row.word: row.petitions for row in db.session.execute(query)}
    near = process.extract(
        word, list(known), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None
    )
    best = min(near, key=lambda found: (found[1], -known[found[0]], found[0]), default=None)
    return best[0] if best else None
