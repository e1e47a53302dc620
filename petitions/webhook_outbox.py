"""What programs of others are told: one row for each webhook, written in the action's own transaction.

No commit, nothing told; told once under a key. Sending is `webhooks.delivery`. The words follow the Standard Webhooks
(standardwebhooks.com): `type`, `timestamp`, `data`. The data is small and has addresses to read on: a receiver that is late
reads there what holds by then.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from sqlalchemy import select

from petitions import clock, links
from petitions.database import insert_new
from petitions.documents import moment
from petitions.extensions import db
from petitions.models import Crossing, Duty, Petition, Response, Webhook, WebhookDelivery

PUBLISHED = "petition.published"
CROSSED = "petition.crossed"
ANSWERED = "petition.answered"
PING = "ping"


def published(petition: Petition) -> None:
    """Tell that a petition can be signed. One that comes back after a refusal was told of already."""
    _tell_all(PUBLISHED, f"published:{petition.id}", petition)


def crossed(petition: Petition, crossing: Crossing, duty: Duty) -> None:
    """Tell that a petition reached a threshold, and what is owed now."""
    details = {
        "threshold": {"key": crossing.threshold_key, "signatures": crossing.threshold.signatures},
        "reached_at": moment(crossing.reached_at),
        "duty": {
            "id": duty.id,
            "owed": crossing.threshold.duty,
            "due_on": duty.due_on.isoformat() if duty.due_on else None,
            "url": links.absolute("accountability.duty", duty_id=duty.id),
        },
    }
    _tell_all(CROSSED, f"crossed:{petition.id}:{crossing.threshold_key}", petition, **details)


def answered(petition: Petition, response: Response) -> None:
    """Tell that an answer was published."""
    details = {
        "response": {
            "summary": response.summary,
            "outcome": response.outcome.value if response.outcome else None,
            "department": response.department.name if response.department else None,
            "published_at": moment(response.published_at or clock.now()),
            "url": f"{links.petition(petition)}#response",
        }
    }
    _tell_all(ANSWERED, f"answered:{response.id}", petition, **details)


def ping(webhook: Webhook, key: str) -> None:
    """Send a word to one webhook, to try it."""
    _tell(webhook, PING, key, None, {"webhook": webhook.id})


def _tell_all(kind: str, key: str, petition: Petition, **details: Any) -> None:
    data = {
        "petition": {
            "id": petition.id,
            "action": petition.action,
            "state": petition.state.value,
            "signature_count": petition.signature_count,
            "url": links.petition(petition),
            "json_url": f"{links.petition(petition)}.json",
        }
    } | details
    for webhook in db.session.execute(select(Webhook).where(Webhook.disabled_at.is_(None))).scalars():
        _tell(webhook, kind, key, petition, data)


def _tell(webhook: Webhook, kind: str, key: str, petition: Petition | None, data: dict[str, Any]) -> None:
    now = clock.now()
    content = {"type": kind, "timestamp": moment(now), "data": data}
    insert_new(
        WebhookDelivery,
        db.session,
        webhook_id=webhook.id,
        key=key,
        message_id=f"msg_{secrets.token_hex(16)}",
        kind=kind,
        petition_id=petition.id if petition else None,
        body=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        due_at=now,
    )
