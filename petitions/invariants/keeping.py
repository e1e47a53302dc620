"""I17, I24: what was erased is gone, and nothing personal is kept longer than the table of retention allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, exists, func, literal, or_, select, union_all

from petitions import clock
from petitions.invariants.invariant import invariant
from petitions.models import Petition, Signature, SignatureState
from petitions.retention import expiry
from petitions.retention.rules import RULES, Rule

#: A worker removes once a day what is too old; so long it may take until it has.
SLACK = timedelta(days=2)


@invariant(
    "I17", about=Signature, broken="signature {id} of petition {petition_id} is erased, and not all of it"
)
def what_is_erased_is_gone() -> Select[*tuple[Any, ...]]:
    """Of a signature without its address nothing personal is left, nor of one that was made anonymous.

    Where a mailbox's owner said “this wasn't me”, its fingerprint stays, so that it is left alone.
    """
    personal = [getattr(Signature, name).is_not(None) for name in expiry.PERSONAL]
    refused = Signature.state == SignatureState.REFUSED
    fingerprint = Signature.mailbox_hash.is_not(None) & (~refused | Signature.anonymised_at.is_not(None))
    return select(Signature.id, Signature.petition_id).where(
        or_(Signature.email_sealed.is_(None), Signature.anonymised_at.is_not(None)),
        or_(*personal, fingerprint),
    )


@invariant("I17", about=Petition, broken="petition {id} was made anonymous and still names its petitioner")
def names_leave_with_the_signatures() -> Select[*tuple[Any, ...]]:
    """A petition whose signatures were made anonymous names nobody."""
    return select(Petition.id).where(
        Petition.anonymised_at >= expiry.ended_at(), Petition.creator_name_sealed.is_not(None)
    )


@invariant(
    "I24", about=Signature, broken="{rows} rows of {table} are kept too long ({rule})", of_the_moment=True
)
def nothing_is_kept_too_long() -> Any:
    """What the table of retention says is over is gone, two days later at the latest."""
    at = clock.now() - SLACK
    return union_all(
        *(
            select(
                func.count().label("rows"),
                literal(rule.model.__tablename__, String).label("table"),
                literal(rule.key, String).label("rule"),
            )
            .select_from(rule.model)
            .where(rule.expired(at), _holds_something(rule))
            .having(func.count() > 0)
            for rule in RULES
            if rule.expired is not None
        )
    )


def _holds_something(rule: Rule) -> Any:
    """An imported petition has nothing that would have to be made anonymous, until a worker notes that it is."""
    if rule.key != "anonymised":
        return literal(True)
    return exists().where(Signature.petition_id == Petition.id, Signature.anonymised_at.is_(None))
