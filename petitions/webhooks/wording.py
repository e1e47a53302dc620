"""What stands on the pages about webhooks, in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from petitions import webhook_outbox
from petitions.models import DeliveryState

KINDS: dict[str, LazyString] = {
    webhook_outbox.PUBLISHED: _l("Petition published"),
    webhook_outbox.CROSSED: _l("Threshold reached"),
    webhook_outbox.ANSWERED: _l("Answer published"),
    webhook_outbox.PING: _l("Test"),
}

STATES: dict[DeliveryState, LazyString] = {
    DeliveryState.QUEUED: _l("Waits"),
    DeliveryState.DELIVERED: _l("Delivered"),
    DeliveryState.FAILED: _l("Given up"),
    DeliveryState.CANCELLED: _l("Cancelled"),
}

#: Why there was no good answer.
PROBLEMS: dict[str, LazyString] = {
    "not_an_address": _l("It is no address of a web page."),
    "not_https": _l("It does not begin with https://."),
    "unknown_host": _l("No server has this name."),
    "not_public": _l("The name leads into a private network."),
    "bad_certificate": _l("The certificate of the server does not fit its name."),
    "too_slow": _l("It took too long to answer."),
    "no_connection": _l("The connection failed."),
    "redirect": _l("It sent us on to another address, which we do not follow."),
    "refused": _l("It answered that something is wrong."),
}

#: What to do about an address that cannot be a webhook's.
REFUSALS: dict[str, LazyString] = {
    "not_an_address": _l("Enter the whole address, such as https://news.example.org/petitions."),
    "not_https": _l("Enter an address that begins with https://."),
    "not_public": _l("This name leads into a private network. Enter an address that everybody can reach."),
}
