"""Messages to administrators about webhooks."""

from __future__ import annotations

from petitions import links
from petitions.extensions import db
from petitions.mail.message import Context, message
from petitions.models import Mail, Webhook


@message("webhook_disabled")
def webhook_disabled(mail: Mail) -> Context | None:
    """To administrators: a webhook failed for three days. Not sent once it is told again, or is gone."""
    webhook = db.session.get(Webhook, mail.details["webhook_id"])
    if webhook is None or webhook.disabled_at is None or mail.staff is None or not mail.staff.is_active:
        return None
    return {
        "address": webhook.url,
        "failing_since": webhook.failing_since or webhook.disabled_at,
        "url": links.absolute("webhooks.one", webhook_id=webhook.id),
    }
