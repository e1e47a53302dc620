"""What other features read of sharing: the picture of a petition's links, and a petition at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from petitions import links
from petitions.models import Petition, PetitionThreshold
from petitions.responses.queries import Record
from petitions.sharing import card
from petitions.sharing.glance import glance_of

__all__ = ["Preview", "preview_of"]


@dataclass(frozen=True)
class Preview:
    """The picture for social media: its address with a version, and what is on it in words. Sizes are in pixels."""

    url: str
    alt: str
    width: int = card.WIDTH
    height: int = card.HEIGHT


def preview_of(petition: Petition, record: Record, thresholds: Sequence[PetitionThreshold]) -> Preview:
    """The picture of a petition, from what its page has read."""
    glance = glance_of(petition, record, thresholds)
    url = links.absolute("sharing.card", petition_id=petition.id, v=card.key_of(glance))
    return Preview(url, card.alternative(glance))
