"""Made-up cases of the messages of alerts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from petitions.mail.message import Context
from petitions.mail.messages.alerts import headings
from petitions.models import News
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample

READERS = _l("Readers who asked for an alert")


def _asked_for() -> Context:
    return {"about": _("petitions that match a search")}


def _about() -> Context:
    return {
        "title": _("%(list)s with “%(words)s”", list=_("All petitions"), words="night bus"),
        "is_of_one": False,
    }


@sample("confirm_alert", _l("Confirm an alert"), to=READERS)
def confirm_alert() -> Context:
    """Somebody saved a search."""
    return _asked_for() | {"confirm_url": made_up.link("alerts.confirm")}


@sample("alert_known", _l("Alert is there already"), to=READERS)
def alert_known() -> Context:
    """Somebody asked for an alert that this mailbox has."""
    return _asked_for() | {
        "my_alert_url": made_up.link("alerts.my_alert"),
        "unsubscribe_url": made_up.link("alerts.stop"),
    }


@sample("alert_news", _l("News of an alert"), to=READERS)
def alert_news() -> Context:
    """A day with a new petition and an answer."""
    url = made_up.link("alerts.my_alert")
    return (
        _about()
        | headings()
        | {
            "items": [
                _item(News.PUBLISHED, "Let night buses stop on request", "Published. It has 6 signatures."),
                _item(News.ANSWERED, made_up.petition().action, "The Department of Transport: We will."),
            ],
            "my_alert_url": url,
            "unsubscribe_url": made_up.link("alerts.stop"),
        }
    )


def _item(news: News, title: str, sentence: str) -> dict[str, Any]:
    address = made_up.about()["petition_url"]
    return {"news": news, "title": title, "url": address, "sentence": sentence}
