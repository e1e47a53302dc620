"""What the pages of alerts read."""

from __future__ import annotations

from petitions.browsing.queries import found, listed_petition
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import Alert

__all__ = ["alert_of_link", "found", "listed_petition"]


def alert_of_link(alert_id: int) -> Alert:
    """The alert that a link names. Raises `NotFound` where it was erased."""
    alert = db.session.get(Alert, alert_id)
    if alert is None:
        raise NotFound("no such alert")
    return alert
