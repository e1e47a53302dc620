"""What the pages about webhooks read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import DeliveryState, Webhook, WebhookDelivery

SHOWN = 50


def get(webhook_id: int, *, lock: bool = False) -> Webhook:
    """One webhook; `lock`: to be changed by nobody else until the unit of work ends. Raises `NotFound`."""
    query = select(Webhook).where(Webhook.id == webhook_id).execution_options(populate_existing=True)
    found = db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("no such webhook")
    return found


def all_webhooks() -> Sequence[Webhook]:
    """Every webhook, in the order in which they were added."""
    return db.session.execute(select(Webhook).order_by(Webhook.id)).scalars().all()


def number_of_webhooks() -> int:
    """How many there are."""
    return db.session.execute(select(func.count()).select_from(Webhook)).scalar_one()


def waiting() -> dict[int, int]:
    """How much waits for each webhook."""
    query = select(WebhookDelivery.webhook_id, func.count()).where(
        WebhookDelivery.state == DeliveryState.QUEUED
    )
    return dict(db.session.execute(query.group_by(WebhookDelivery.webhook_id)).all())


def latest_deliveries(webhook_id: int) -> Sequence[WebhookDelivery]:
    """What it was told last, the newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    return db.session.execute(query.order_by(WebhookDelivery.id.desc()).limit(SHOWN)).scalars().all()
