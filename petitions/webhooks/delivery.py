"""Tells webhooks what waits for them. At least once: marked as delivered after the answer; the id tells a second copy.

A failure is tried again after growing pauses, for three days. A webhook that failed so long and answered nothing meanwhile,
or that says it is gone (410), is disabled: that stands in the history and in the log, and administrators are told by mail.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import joinedload

from petitions import audit, clock, secrecy
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import DeliveryState, Petition, Webhook, WebhookDelivery
from petitions.webhooks import sending, telling

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
#: The pauses between tries: together a little less than 72 hours. Then it is given up.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=20),
)


def deliver() -> int:
    """Tell one thing that is due. Returns 1 where there was one."""
    claimed = _claim() if _is_any_due() else None
    if claimed is None:
        return 0
    ready = _ready(claimed)
    if ready is None:
        return 1
    url, secret, message_id, body = ready
    now = int(clock.now().timestamp())
    try:
        status = sending.send(url=url, secret=secret, message_id=message_id, timestamp=now, body=body)
    except sending.NoAnswer as problem:
        _put_off(claimed, None, str(problem))
    else:
        if 200 <= status < 300:
            _delivered(claimed, status)
        else:
            _put_off(claimed, status, "redirect" if 300 <= status < 400 else "refused")
    return 1


def _due() -> Select[int]:
    """What is due at webhooks that are told, longest first."""
    now = clock.now()
    query = select(WebhookDelivery.id).join(WebhookDelivery.webhook)
    return query.where(
        WebhookDelivery.state == DeliveryState.QUEUED,
        WebhookDelivery.due_at <= now,
        or_(WebhookDelivery.locked_until.is_(None), WebhookDelivery.locked_until < now),
        Webhook.paused_at.is_(None),
        Webhook.disabled_at.is_(None),
    ).order_by(WebhookDelivery.due_at, WebhookDelivery.id)


def _is_any_due() -> bool:
    """A look that takes no lock: nearly always nothing waits."""
    return db.session.execute(_due().limit(1)).first() is not None


@transactional
def _claim() -> int | None:
    """Take the one that is due longest."""
    due = _due().limit(1).with_for_update(skip_locked=True, of=WebhookDelivery).cte("due")
    take = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id.in_(select(due.c.id)))
        .values(locked_until=clock.now() + LEASE)
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(take).scalar_one_or_none()


@transactional
def _ready(delivery_id: int) -> tuple[str, str, str, bytes] | None:
    """What is to be sent where. Nothing where the petition's words were taken down meanwhile, or the secret cannot be opened."""
    delivery = _delivery(delivery_id)
    if delivery is None:
        return None
    petition = db.session.get(Petition, delivery.petition_id) if delivery.petition_id is not None else None
    if petition is not None and not petition.facts.text_is_public:
        delivery.state, delivery.finished_at = DeliveryState.CANCELLED, clock.now()
        delivery.locked_until = None
        return None
    secret = secrecy.opened(delivery.webhook, "secret")
    if not secret:
        # Without a key anybody could sign the same: it waits until there is one.
        log.error("webhook %s: its secret cannot be opened, see flask keys status", delivery.webhook_id)
        delivery.due_at, delivery.locked_until = clock.now() + PAUSES[-1], None
        return None
    return delivery.webhook.url, secret, delivery.message_id, delivery.body.encode()


@transactional
def _delivered(delivery_id: int, status: int) -> None:
    delivery = _delivery(delivery_id)
    if delivery is None:
        return
    delivery.attempts += 1
    delivery.state, delivery.finished_at = DeliveryState.DELIVERED, clock.now()
    delivery.last_status, delivery.last_error, delivery.locked_until = status, "", None
    delivery.webhook.failing_since = None


@transactional
def _put_off(delivery_id: int, status: int | None, error: str) -> None:
    delivery = _delivery(delivery_id)
    if delivery is None:
        return
    now, webhook = clock.now(), delivery.webhook
    webhook.failing_since = webhook.failing_since or now
    delivery.last_status, delivery.last_error, delivery.locked_until = status, error, None
    delivery.attempts += 1
    if status == HTTPStatus.GONE:
        _disable(webhook, "gone")
    elif delivery.attempts <= len(PAUSES):
        delivery.due_at = now + PAUSES[delivery.attempts - 1]
    else:
        delivery.state, delivery.finished_at = DeliveryState.FAILED, now
        if webhook.failing_since <= now - sum(PAUSES, timedelta()):
            _disable(webhook, "failed")


def _disable(webhook: Webhook, why: str) -> None:
    """Stop telling it, aloud. What waited for it is given up."""
    webhook.disabled_at = clock.now()
    db.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.CANCELLED, finished_at=clock.now(), locked_until=None)
        .execution_options(synchronize_session="fetch")
    )
    audit.record("webhook_disabled", webhook=webhook.id, why=why)
    log.error("webhook %s is disabled: %s", webhook.id, why)
    telling.tell_administrators(webhook)


def _delivery(delivery_id: int) -> WebhookDelivery | None:
    """The delivery with its webhook, to be changed by nobody else. It may be gone, or be done with, by now."""
    query = select(WebhookDelivery).where(
        WebhookDelivery.id == delivery_id, WebhookDelivery.state == DeliveryState.QUEUED
    )
    query = query.options(joinedload(WebhookDelivery.webhook)).with_for_update(of=WebhookDelivery)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
