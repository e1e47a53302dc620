"""Tells everybody who asked, and the petitioner, of what happened to a petition: each once under a key."""

from __future__ import annotations

from typing import Any

from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Petition
from petitions.petitioners import creator_of


def still_public(petition_id: int) -> Petition | None:
    """The petition, where its text is public; nobody takes it down before this unit of work has ended.

    What is published about a petition asks this first: read without the lock, one that is being taken down at that very
    moment would still look public. Several may publish about one petition at once.
    """
    petition = db.session.get(Petition, petition_id, with_for_update={"read": True}, populate_existing=True)
    return petition if petition is not None and petition.facts.text_is_public else None


def announce(kind: str, *, key: str, petition: Petition, **details: Any) -> None:
    """Queue the message `kind` to the petitioner and to every signer who asked to be told."""
    outbox.queue_mailing(kind, key=key, petition=petition, audience="updates", **details)
    creator = creator_of(petition)
    if creator is not None:
        outbox.queue(kind, key=f"{key}:creator", signature=creator, **details)
