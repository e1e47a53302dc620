"""The page of a petition's words: each correction since publication with its reason and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from petitions import wordings
from petitions.differences import Piece, differences
from petitions.models import Petition, PetitionText

#: The parts of a petition's words, in the order of reading.
PARTS = ("action", "background", "additional_details")


@dataclass(frozen=True)
class Correction:
    """One correction, and the parts of the words that it changed, each as its pieces."""

    text: PetitionText
    changes: list[tuple[str, list[Piece]]]


@dataclass(frozen=True)
class VersionsPage:
    """The words as they were published, and what was corrected since, newest first."""

    petition: Petition
    first: PetitionText | None
    published_at: datetime
    corrections: list[Correction]


def versions_page(petition: Petition) -> VersionsPage:
    """What a petition's words were and are. Only for one whose words are public and that was published."""
    assert petition.opened_at is not None
    texts = wordings.public_texts(petition)
    found = [Correction(after, _changes(before, after)) for before, after in pairwise(texts)]
    return VersionsPage(petition, texts[0] if texts else None, petition.opened_at, found[::-1])


def _changes(before: PetitionText, after: PetitionText) -> list[tuple[str, list[Piece]]]:
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in PARTS)
    return [(part, differences(old, new)) for part, old, new in pairs if old != new]
