"""The table. A rule's `expired` says which rows of its model are too old at a moment; a rule without one says what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import (
    Alert,
    AlertMatch,
    Campaign,
    Mail,
    MailCap,
    OriginCount,
    Petition,
    PetitionReport,
    Signature,
    SignInFailure,
    StaffLink,
    StaffSession,
    WebhookDelivery,
)
from petitions.retention import expiry


@dataclass(frozen=True)
class Rule:
    """One row of the table."""

    key: str
    what: LazyString
    """The data, in the words of the privacy page."""
    kept: Callable[[], str]
    """How long, from when, in the words of the privacy page."""
    source: str
    """Why so long: the rule or the example it follows."""
    model: Any = None
    expired: Callable[[datetime], ColumnElement[bool]] | None = None
    empties: tuple[str, ...] = ()
    """Columns that are emptied; none: the row is deleted."""


def _days(number: int) -> str:
    return str(ngettext("%(num)d day", "%(num)d days", number))


RULES: tuple[Rule, ...] = (
    Rule(
        "unconfirmed",
        _l("A signature that nobody confirmed"),
        lambda: str(
            _(
                "%(days)s after the e-mail with the link was taken by your mail server; then deleted",
                days=_days(settings().confirm_days),
            )
        ),
        "the life of the link (CONFIRM_DAYS)",
        Signature,
        expiry.unconfirmed,
    ),
    Rule(
        "refused",
        _l("A signature refused with “This wasn’t me”"),
        lambda: str(
            _(
                "24 hours, in which that can be taken back; then only the fingerprint of the mailbox stays, so that it is left alone"
            )
        ),
        "“this wasn’t me” can be taken back for 24 hours",
        Signature,
        expiry.refused,
        expiry.PERSONAL,
    ),
    Rule(
        "anonymised",
        _l("Name, e-mail address, postcode and fingerprints beside a signature"),
        lambda: str(
            _(
                "6 months after the petition ended, or 1 month after it was closed, answered and debated where that is due, whichever comes first; then only that it counts, when, and from where stays"
            )
        ),
        "the UK Parliament’s petitions: 6 months; the European citizens’ initiative: 1 month after the procedure",
        Petition,
        expiry.no_longer_needed,
    ),
    Rule(
        "names",
        _l("A petitioner’s name as it is shown"),
        lambda: str(_("Until the petition closes")),
        "the UK Parliament’s petitions show no name after closing",
        Petition,
        expiry.shown_name,
        ("creator_name_sealed",),
    ),
    Rule(
        "origins",
        _l("The network address (IP) a signature came from"),
        lambda: str(_("%(days)s", days=_days(expiry.ORIGIN_DAYS))),
        "long enough to find signatures made by programs",
        Signature,
        expiry.origins,
        ("ip_sealed",),
    ),
    Rule(
        "networks",
        _l("A fingerprint of the network a signature came from"),
        lambda: str(_("%(days)s after the petition ended", days=_days(expiry.NETWORK_DAYS))),
        "staff can look for false signatures for a month after the end",
        Signature,
        expiry.networks,
        ("network_hash",),
    ),
    Rule(
        "origin_counts",
        _l("How many signatures came from one network address in an hour, without the address"),
        lambda: _days(expiry.ORIGIN_COUNT_DAYS),
        "limits look back one hour",
        OriginCount,
        expiry.origin_counts,
    ),
    Rule(
        "mail_caps",
        _l("How many e-mails one mailbox got, without its address"),
        lambda: _days(expiry.MAIL_CAP_DAYS),
        "caps look back one month",
        MailCap,
        expiry.mail_caps,
    ),
    Rule(
        "mails",
        _l("That an e-mail was sent, and whether it arrived"),
        lambda: _days(expiry.MAIL_DAYS),
        "questions about an e-mail that did not come",
        Mail,
        expiry.mails,
    ),
    Rule(
        "alerts_unconfirmed",
        _l("An alert that nobody confirmed"),
        lambda: str(_("%(days)s; then deleted", days=_days(settings().confirm_days))),
        "the life of a confirm link (CONFIRM_DAYS)",
        Alert,
        expiry.unconfirmed_alerts,
    ),
    Rule(
        "alerts",
        _l("The address that an alert writes to, and what the alert is about"),
        lambda: str(
            _(
                "Until you erase it, or %(days)s after you stopped it or its e-mails came back; then deleted",
                days=_days(expiry.ALERT_STOPPED_DAYS),
            )
        ),
        "long enough to take back a stop that a mail program pressed",
        Alert,
        expiry.stopped_alerts,
    ),
    Rule(
        "alert_matches",
        _l("What an alert told you of"),
        lambda: str(
            _(
                "%(days)s after it told you; that it told you of a new or a rising petition as long as the alert",
                days=_days(expiry.MAIL_DAYS),
            )
        ),
        "as long as its e-mail; what is news only once must not be told again",
        AlertMatch,
        expiry.alert_matches,
    ),
    Rule(
        "webhook_deliveries",
        _l("That somebody else’s program was told what happened to a petition; nothing about signers"),
        lambda: _days(expiry.WEBHOOK_DAYS),
        "questions about a message that did not come",
        WebhookDelivery,
        expiry.webhook_deliveries,
    ),
    Rule(
        "campaigns",
        _l("What staff searched for when they removed false signatures"),
        lambda: str(_("6 months after the search ended")),
        "as the signatures that they name",
        Campaign,
        expiry.campaigns,
        ("conditions_sealed",),
    ),
    Rule(
        "reports",
        _l("What a reader wrote to report a petition; nothing about the reader is kept at all"),
        lambda: str(_("6 months after it was resolved")),
        "as long as its reference may be asked for",
        PetitionReport,
        expiry.reports,
    ),
    Rule(
        "sessions",
        _l("When staff were signed in"),
        lambda: _days(expiry.SESSION_DAYS),
        "long enough to look into a misused sign-in",
        StaffSession,
        expiry.sessions,
    ),
    Rule(
        "sign_in_failures",
        _l("How often a wrong password was typed for one address, without the address"),
        lambda: _days(expiry.SIGN_IN_FAILURE_DAYS),
        "who waits is let in again the same day",
        SignInFailure,
        expiry.sign_in_failures,
    ),
    Rule(
        "staff_links",
        _l("That staff were invited, or asked for another password"),
        lambda: _days(expiry.STAFF_LINK_DAYS),
        "as the times at which they were signed in",
        StaffLink,
        expiry.staff_links,
    ),
    Rule(
        "suppressions",
        _l("A fingerprint of a mailbox that wants no e-mail from us"),
        lambda: str(_("Until its owner wants e-mail again")),
        "it is its owner’s wish",
    ),
    Rule(
        "ratings",
        _l("What signers think of an answer: two answers and the day, without who said it"),
        lambda: str(
            _(
                "For good, or until the signature is taken back, removed or erased; from what is kept nobody can be found without our secret key"
            )
        ),
        "a result stays comparable over time, and a rating names no signer",
    ),
    Rule(
        "audit",
        _l("The permanent record of what staff did"),
        lambda: str(_("For good; it names no signer")),
        "what staff did must be provable",
    ),
    Rule(
        "counts",
        _l("Numbers: signatures by petition, place, country and hour"),
        lambda: str(_("For good")),
        "the count is history",
    ),
)


def overdue(slack: timedelta = timedelta(0)) -> Iterator[str]:
    """What should be gone and is not, one sentence for each rule. `slack`: how long it may take until a purge has run."""
    at = clock.now() - slack
    for rule in RULES:
        if rule.expired is None:
            continue
        number = db.session.execute(
            select(func.count()).select_from(rule.model).where(rule.expired(at))
        ).scalar_one()
        if number:
            yield f"{number} rows of {rule.model.__tablename__} are kept too long ({rule.key})"
