"""Tells everybody who asked, and the petitioner, of what happened to a petition: each once under a key."""

from __future__ import annotations

from typing import Any

from petitions.mail import outbox
from petitions.models import Petition
from petitions.petitioners import creator_of


def announce(kind: str, *, key: str, petition: Petition, **details: Any) -> None:
    """Queue the message `kind` to the petitioner and to every signer who asked to be told."""
    outbox.queue_mailing(kind, key=key, petition=petition, audience="updates", **details)
    creator = creator_of(petition)
    if creator is not None:
        outbox.queue(kind, key=f"{key}:creator", signature=creator, **details)
