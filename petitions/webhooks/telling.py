"""Tells administrators by mail that a webhook was disabled: somebody else's program hears nothing any more."""

from __future__ import annotations

from petitions.mail import outbox
from petitions.models import Webhook
from petitions.permissions import Permission
from petitions.staffing.owners import holders_of


def tell_administrators(webhook: Webhook) -> None:
    """Queue the mail, once for each time it is disabled. In a unit of work."""
    assert webhook.disabled_at is not None
    for staff in holders_of(Permission.WEBHOOK_EDIT):
        outbox.queue(
            "webhook_disabled",
            key=f"webhook:{webhook.id}:{webhook.disabled_at:%Y%m%d%H%M%S}:{staff.id}",
            staff=staff,
            webhook_id=webhook.id,
        )
