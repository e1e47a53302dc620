"""What `flask doctor` finds: a sentence about one thing, and how bad it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How bad it is."""

    WRONG = "wrong"
    """The site breaks a promise, now or on the next bad day."""
    ADVICE = "advice"
    """Right for some installations and not for others."""


@dataclass(frozen=True)
class Finding:
    """One thing, with what to do about it."""

    weight: Weight
    sentence: str


Check = Callable[[], Iterator[Finding]]


def wrong(sentence: str) -> Finding:
    """A promise is broken."""
    return Finding(Weight.WRONG, sentence)


def advice(sentence: str) -> Finding:
    """Think about it."""
    return Finding(Weight.ADVICE, sentence)
