"""Addresses that leave the site, in mails and feeds: always built from `BASE_URL`, never from a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app

from petitions.extensions import settings
from petitions.tokens import Purpose, sign

if TYPE_CHECKING:
    from petitions.models.alert import Alert
    from petitions.models.petition import Petition
    from petitions.models.signature import Signature
    from petitions.models.staff import StaffLink


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page of this site; of a staff page at the staff's own host, where there is one."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return (settings().staff_url if path.startswith("/staff") else settings().base_url) + path


class _Numbered(Protocol):
    """A petition, or the row of a list."""

    @property
    def id(self) -> int: ...


def petition(petition: _Numbered) -> str:
    """A petition's public page."""
    return absolute("browsing.petition", petition_id=petition.id)


def confirm_signature(signature: Signature) -> str:
    """The page with the two buttons, for one signature."""
    return absolute("signing.confirm", token=sign(Purpose.CONFIRM_SIGNATURE, signature.id))


def my_signature(signature: Signature) -> str:
    """The signer's own page: see, withdraw, stop mails, export, erase."""
    return absolute("signing.my_signature", token=sign(Purpose.MY_SIGNATURE, signature.id))


def unsubscribe(signature: Signature) -> str:
    """Stops the mails about one petition; also the one-click address of RFC 8058."""
    return absolute("signing.unsubscribe", token=sign(Purpose.UNSUBSCRIBE, signature.id))


def rate_response(response_id: int, signature: Signature) -> str:
    """Asks one signer the two questions about one answer."""
    token = sign(Purpose.RATE_RESPONSE, [response_id, signature.id])
    return absolute("answers.rate", token=token)


def petitioner(petition: Petition) -> str:
    """The petitioner's own page."""
    return absolute("starting.creator", token=sign(Purpose.PETITIONER, petition.id))


def appeal(petition: Petition) -> str:
    """The petitioner's page to appeal against a refusal, and what became of it."""
    return absolute("appealing.appeal", token=sign(Purpose.APPEAL, petition.id))


def support(petition: Petition) -> str:
    """The private link for first supporters, given out by the petitioner."""
    return absolute("signing.support", petition_id=petition.id, token=sign(Purpose.SUPPORT, petition.id))


def confirm_alert(alert: Alert) -> str:
    """The page with the two buttons, for one alert."""
    return absolute("alerts.confirm", token=sign(Purpose.CONFIRM_ALERT, alert.id))


def my_alert(alert: Alert) -> str:
    """The owner's page of one alert: see, change, pause, stop, erase."""
    return absolute("alerts.my_alert", token=sign(Purpose.MY_ALERT, alert.id))


def stop_alert(alert: Alert) -> str:
    """Stops one alert; also the one-click address of RFC 8058."""
    return absolute("alerts.stop", token=sign(Purpose.STOP_ALERT, alert.id))


def staff_invitation(link: StaffLink) -> str:
    """The page on which somebody who was invited chooses a password."""
    return absolute("accounts.invitation", token=sign(Purpose.STAFF_INVITATION, link.id))


def staff_reset(link: StaffLink) -> str:
    """The page on which somebody chooses another password."""
    return absolute("accounts.reset", token=sign(Purpose.STAFF_RESET, link.id))
