"""What administrators do with webhooks: add, try, pause, let go on, remove."""

from __future__ import annotations

import base64
import secrets

from sqlalchemy import func, select

from petitions import audit, clock, webhook_outbox
from petitions.database import transactional
from petitions.errors import PetitionsError, StateChanged
from petitions.extensions import db
from petitions.models import DeliveryState, Staff, Webhook, WebhookDelivery
from petitions.webhooks.queries import get
from petitions.webhooks.sending import SECRET_PREFIX

#: More would make every publication write as many rows.
MOST = 50
SECRET_BYTES = 32


class TooMany(PetitionsError):
    """There are as many webhooks as there may be."""


class KnownAlready(PetitionsError):
    """The address is a webhook's already."""


@transactional
def add(*, url: str, by: Staff) -> Webhook:
    """Tell a program at `url`, whose form was checked, from now on. Raises `TooMany` and `KnownAlready`."""
    if db.session.execute(select(func.count()).select_from(Webhook)).scalar_one() >= MOST:
        raise TooMany("no more webhooks")
    if db.session.execute(select(Webhook.id).where(Webhook.url == url)).first() is not None:
        raise KnownAlready(url)
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    webhook = Webhook(url=url, secret=secret, staff_id=by.id)
    db.session.add(webhook)
    db.session.flush()
    audit.record("webhook_added", by=by, webhook=webhook.id, url=url)
    return webhook


@transactional
def ping(*, webhook_id: int, by: Staff) -> None:
    """Send a word to try it. Raises `NotFound`, and `StateChanged` where it is disabled."""
    webhook = get(webhook_id, lock=True)
    if webhook.disabled_at is not None:
        raise StateChanged("it is told nothing")
    line = audit.record("webhook_pinged", by=by, webhook=webhook.id)
    webhook_outbox.ping(webhook, f"ping:{line.id}")


@transactional
def pause(*, webhook_id: int, by: Staff) -> None:
    """Send nothing for a while; what happens meanwhile is kept. Raises `NotFound`."""
    webhook = get(webhook_id, lock=True)
    if webhook.paused_at is None:
        webhook.paused_at = clock.now()
        audit.record("webhook_paused", by=by, webhook=webhook.id)


@transactional
def resume(*, webhook_id: int, by: Staff) -> None:
    """Send again, also after it was disabled; what was kept goes out now. Raises `NotFound`."""
    webhook = get(webhook_id, lock=True)
    if webhook.paused_at is None and webhook.disabled_at is None:
        return
    webhook.paused_at = webhook.disabled_at = webhook.failing_since = None
    audit.record("webhook_resumed", by=by, webhook=webhook.id)


@transactional
def send_again(*, webhook_id: int, by: Staff) -> int:
    """Send once more what was given up. Returns how much that was. Raises `NotFound`."""
    webhook = get(webhook_id, lock=True)
    given_up = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook.id,
        WebhookDelivery.state.in_([DeliveryState.FAILED, DeliveryState.CANCELLED]),
    )
    found = db.session.execute(given_up).scalars().all()
    for delivery in found:
        delivery.state, delivery.attempts = DeliveryState.QUEUED, 0
        delivery.due_at, delivery.finished_at = clock.now(), None
    if found:
        audit.record("webhook_sent_again", by=by, webhook=webhook.id, number=len(found))
    return len(found)


@transactional
def remove(*, webhook_id: int, by: Staff) -> None:
    """Tell it nothing more, and forget what it was told. Raises `NotFound`."""
    webhook = get(webhook_id, lock=True)
    audit.record("webhook_removed", by=by, webhook=webhook.id, url=webhook.url)
    db.session.delete(webhook)
