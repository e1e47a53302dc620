"""Messages of alerts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from petitions import links
from petitions.duties.duty_clock import owner_name
from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.mail.message import Context, message
from petitions.models import (
    RESPONSE,
    Alert,
    AuditEntry,
    Mail,
    News,
    Petition,
    PetitionThreshold,
    Response,
)
from petitions.templating import number


@message("confirm_alert")
def confirm_alert(mail: Mail) -> Context | None:
    """The link that confirms an alert. Not sent when it is confirmed, or was refused and not asked for since."""
    alert = mail.alert
    if alert is None or alert.is_active:
        return None
    return _asked_for(alert) | {"confirm_url": links.confirm_alert(alert)}


@message("alert_known", can_unsubscribe=True)
def alert_known(mail: Mail) -> Context | None:
    """That this mailbox has the alert it was asked for."""
    alert = mail.alert
    if alert is None or not alert.is_active:
        return None
    return _asked_for(alert)


@message("alert_news", can_unsubscribe=True)
def alert_news(mail: Mail) -> Context | None:
    """What an alert found. What is no longer public is left out; nothing left: no mail."""
    alert = mail.alert
    if alert is None:
        return None
    told = mail.details["told"]
    listed = select(Petition).where(
        Petition.id.in_({each[1] for each in told}), Petition.state.in_(states_where("is_listed"))
    )
    petitions = {petition.id: petition for petition in db.session.execute(listed).scalars()}
    items = [
        _item(News(news), petitions[petition_id], entry)
        for news, petition_id, entry in told
        if petition_id in petitions
    ]
    return _about(alert) | {"items": items} | headings() if items else None


def headings() -> Context:
    """What stands above each kind of news, what matters most first, and before the title of a single one."""
    return {
        "headings": [
            (News.ANSWERED, _("Answered")),
            (News.CROSSED, _("Reached a threshold")),
            (News.PUBLISHED, _("Published")),
            (News.RISING, _("Rising for its size")),
        ],
        "titles": {
            News.ANSWERED: _("Answered"),
            News.CROSSED: _("Threshold reached"),
            News.PUBLISHED: _("New petition"),
            News.RISING: _("Rising"),
        },
    }


def _asked_for(alert: Alert) -> Context:
    """What a mail may say that anybody can have sent to any mailbox: no word that was typed. The page behind its link shows
    the rest."""
    return {"about": _("petitions that match a search") if alert.search else alert.title}


def _about(alert: Alert) -> Context:
    return {"title": alert.title, "is_of_one": alert.petition_id is not None}


def _item(news: News, petition: Petition, entry: int) -> dict[str, Any]:
    return {
        "news": news,
        "title": petition.action,
        "url": links.petition(petition),
        "sentence": _sentence(news, petition, entry),
    }


def _sentence(news: News, petition: Petition, entry: int) -> str:
    count = number(petition.signature_count)
    if news is News.PUBLISHED:
        return str(_("Published. It has %(count)s signatures.", count=count))
    if news is News.RISING:
        return str(_("Signed much more than is usual for it. It has %(count)s signatures.", count=count))
    if news is News.CROSSED:
        return _crossed(petition, entry)
    return _answered(petition)


def _crossed(petition: Petition, entry: int) -> str:
    line = db.session.get(AuditEntry, entry)
    key = line.details.get("threshold") if line is not None else None
    threshold = db.session.get(PetitionThreshold, (petition.id, key)) if key else None
    if threshold is None:
        return str(_("It reached a threshold."))
    count = number(threshold.signatures)
    if threshold.duty == RESPONSE:
        return str(_("It reached %(count)s signatures: an answer is owed.", count=count))
    return str(_("It reached %(count)s signatures: a debate is considered.", count=count))


def _answered(petition: Petition) -> str:
    query = (
        select(Response)
        .where(Response.petition_id == petition.id, Response.published_at.is_not(None))
        .order_by(Response.published_at.desc())
        .limit(1)
    )
    response = db.session.execute(query).scalar_one_or_none()
    if response is None:
        return str(_("It was answered."))
    return f"{owner_name(response.department)}: {response.summary}"
