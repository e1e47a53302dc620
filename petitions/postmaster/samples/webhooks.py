"""A made-up case of the message about webhooks."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from petitions import clock, links
from petitions.mail.message import Context
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


@sample("webhook_disabled", _l("Webhook was disabled"), to=made_up.STAFF)
def webhook_disabled() -> Context:
    """A newspaper's server was switched off."""
    return {
        "address": "https://news.example.org/petitions",
        "failing_since": clock.now() - timedelta(days=3),
        "url": links.absolute("webhooks.one", webhook_id=1),
    }
