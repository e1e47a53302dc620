"""How long people take from the e-mail to the pressed button: programs are quick, and much alike."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from petitions.extensions import db
from petitions.models import Signature
from petitions.scrutiny.integrity import DELAYS, number_where


@dataclass(frozen=True)
class Delay:
    """Signatures that took at least `low` seconds and less than `high`; the last group has no end."""

    low: int
    high: int | None
    number: int
    share: float


def _timed(petition_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Signature.petition_id == petition_id,
        Signature.counted_at.is_not(None),
        Signature.confirm_seconds.is_not(None),
    )


def delays(petition_id: int) -> list[Delay]:
    """A number for each group of `DELAYS`, quickest first; nothing where no delay is known."""
    seconds = Signature.confirm_seconds
    spans = list(zip([0, *DELAYS], [*DELAYS, None], strict=True))
    columns = [
        number_where(seconds >= low if high is None else (seconds >= low) & (seconds < high))
        for low, high in spans
    ]
    numbers = db.session.execute(select(*columns).where(*_timed(petition_id))).one()
    total = sum(numbers)
    return [
        Delay(low, high, number, number / total)
        for (low, high), number in zip(spans, numbers, strict=True)
        if total
    ]


def median_seconds(petition_id: int, total: int) -> int | None:
    """The delay that half of `total` signatures did not exceed."""
    middle = (
        select(Signature.confirm_seconds)
        .where(*_timed(petition_id))
        .order_by(Signature.confirm_seconds)
        .offset((total - 1) // 2 if total else 0)
        .limit(1)
    )
    return db.session.execute(middle).scalar()
