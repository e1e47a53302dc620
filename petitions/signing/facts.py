"""What decides what becomes of a wish to sign, as far as one question can tell; asked in the turn of its mailbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, bindparam, select

from petitions import caps, suppressions
from petitions.extensions import db, settings
from petitions.mailboxes import Mailbox
from petitions.models import Petition
from petitions.models.petition import Life
from petitions.places import postcodes
from petitions.questions import Question
from petitions.signing import unusual
from petitions.signing.wish import Person
from petitions.turns import number_of_turn, turn


def of(petition_id: int, person: Person, mailbox: Mailbox) -> Any:
    """The petition's life with the properties of `Life`; `is_suppressed`, `place_id` and `of_domain` (see `unusual.recent`).

    Waits for the mailbox's turn, as `caps.allowance` does. Nothing where there is no such petition.
    """
    is_at_home = person.country == settings().home_country
    return FACTS.first(
        petition_id=petition_id,
        turn=number_of_turn(caps.turn_of(mailbox.canonical)),
        **suppressions.asked(mailbox.canonical),
        **postcodes.asked(person.postcode if is_at_home else ""),
        **unusual.asked(petition_id, mailbox),
    )


def _facts() -> Any:
    return select(
        Petition.id,
        Petition.state,
        Petition.text_version,
        Petition.opened_at,
        Petition.closes_at,
        Petition.lapses_at,
        Petition.hidden_at,
        turn("turn", db.session).label("turn"),
        suppressions.naming().label("is_suppressed"),
        postcodes.lying_in().label("place_id"),
        unusual.recent().label("of_domain"),
    ).where(Petition.id == bindparam("petition_id", type_=Integer))


FACTS = Question(_facts, Life)
