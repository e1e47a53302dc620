"""Which rows are too old at a moment, in SQL: the conditions behind the table's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from petitions.due_dates import months_before
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.models import (
    Alert,
    AlertMatch,
    Campaign,
    CampaignState,
    Debate,
    Duty,
    Mail,
    MailCap,
    Mailing,
    OriginCount,
    Petition,
    PetitionReport,
    Signature,
    SignatureRole,
    SignatureState,
    SignInFailure,
    StaffLink,
    StaffSession,
    WebhookDelivery,
)
from petitions.models.mail import QUEUED

#: How long "this wasn't me" can be taken back from the same mail; until then the data of the signature stays.
REFUSAL_UNDO = timedelta(hours=24)

MONTHS_AFTER_CLOSE = 6
MONTHS_AFTER_PROCEDURE = 1
ORIGIN_DAYS = 30
ALERT_STOPPED_DAYS = 30
NETWORK_DAYS = 30
ORIGIN_COUNT_DAYS = 2
MAIL_CAP_DAYS = 31
MAIL_DAYS = 90
WEBHOOK_DAYS = 30
SESSION_DAYS = 90
SIGN_IN_FAILURE_DAYS = 1
STAFF_LINK_DAYS = 90
CAMPAIGN_MONTHS = 6
REPORT_MONTHS = 6

#: States of a campaign that still needs its conditions.
CAMPAIGN_RUNS = (CampaignState.LOOKING, CampaignState.RUNNING, CampaignState.UNDOING)
#: Columns of a signature that say more than its country, area, moments and that it counts.
PERSONAL = ("name_sealed", "email_sealed", "postcode_sealed", "ip_sealed", "domain_hash", "network_hash")


def ended_at() -> ColumnElement[Any]:
    """When a petition came to its end, in SQL; NULL while it has not."""
    return case(
        (Petition.state == State.CLOSED, Petition.closed_at),
        (Petition.state == State.REJECTED, Petition.rejected_at),
        (Petition.state == State.HIDDEN, Petition.hidden_at),
        (Petition.state == State.WITHDRAWN, Petition.withdrawn_at),
        (Petition.state == State.LAPSED, Petition.lapsed_at),
    )


def _waited(at: datetime) -> ColumnElement[bool]:
    """Mails that were still to be sent at that moment, in so far as what is kept of them tells."""
    return or_(Mail.state == QUEUED, Mail.finished_at > at)


def unconfirmed(at: datetime) -> ColumnElement[bool]:
    """What nobody confirmed in time, a wish that a later one replaced included. A petitioner's waits for the petition."""
    started = and_(
        Signature.role == SignatureRole.CREATOR,
        exists().where(Petition.id == Signature.petition_id, Petition.state == State.PENDING),
    )
    return and_(
        Signature.validated_at.is_(None),
        Signature.state.in_((SignatureState.PENDING, SignatureState.WITHDRAWN)),
        func.coalesce(Signature.link_sent_at, Signature.created_at)
        < at - timedelta(days=settings().confirm_days),
        not_(started),
        not_(exists().where(Mail.signature_id == Signature.id, _waited(at))),
    )


def refused(at: datetime) -> ColumnElement[bool]:
    """What was signed in somebody's name, when that can no longer be taken back."""
    return and_(
        Signature.state == SignatureState.REFUSED,
        Signature.ended_at < at - REFUSAL_UNDO,
        or_(*(getattr(Signature, name).is_not(None) for name in PERSONAL)),
    )


def no_longer_needed(at: datetime) -> ColumnElement[bool]:
    """Petitions that ended long enough ago, or whose procedure did, and about which nobody waits for news."""
    return and_(
        or_(ended_at() < months_before(at, MONTHS_AFTER_CLOSE), _procedure_ended(at)),
        or_(Petition.anonymised_at.is_(None), Petition.anonymised_at < ended_at()),
        not_(exists().where(Mail.petition_id == Petition.id, _waited(at))),
        not_(
            exists().where(
                Mailing.petition_id == Petition.id,
                or_(Mailing.finished_at.is_(None), Mailing.finished_at > at),
                or_(Mailing.stopped_at.is_(None), Mailing.stopped_at > at),
            )
        ),
    )


def _procedure_ended(at: datetime) -> ColumnElement[bool]:
    """A threshold was crossed, and the petition's closing, its last answer and its last debate are long enough ago."""
    before = months_before(at, MONTHS_AFTER_PROCEDURE)
    late = aliased(Duty)
    return and_(
        Petition.state == State.CLOSED,
        Petition.closed_at < before,
        exists().where(Duty.petition_id == Petition.id),
        not_(
            exists().where(
                late.petition_id == Petition.id,
                or_(late.answered_at.is_(None), late.answered_at >= before),
            )
        ),
        not_(
            exists().where(
                Debate.petition_id == Petition.id,
                or_(Debate.outcome_at.is_(None), Debate.outcome_at >= before),
            )
        ),
    )


def shown_name(_at: datetime) -> ColumnElement[bool]:
    """A petition that was refused may be put back; until it is made anonymous it keeps its petitioner's name."""
    over = (State.CLOSED, State.WITHDRAWN, State.LAPSED)
    return and_(Petition.state.in_(over), Petition.creator_name_sealed.is_not(None))


def origins(at: datetime) -> ColumnElement[bool]:
    """Addresses of origin in clear."""
    return and_(Signature.ip_sealed.is_not(None), Signature.created_at < at - timedelta(days=ORIGIN_DAYS))


def origin_counts(at: datetime) -> ColumnElement[bool]:
    """Hours that no limit looks at any more."""
    return OriginCount.hour < at - timedelta(days=ORIGIN_COUNT_DAYS)


def webhook_deliveries(at: datetime) -> ColumnElement[bool]:
    """What programs of others were told, or could not be told."""
    return WebhookDelivery.finished_at < at - timedelta(days=WEBHOOK_DAYS)


def mail_caps(at: datetime) -> ColumnElement[bool]:
    """Days that no cap looks at any more."""
    return MailCap.day < (at - timedelta(days=MAIL_CAP_DAYS)).date()


def networks(at: datetime) -> ColumnElement[bool]:
    """Networks of signatures on petitions that ended."""
    ended = select(Petition.id).where(ended_at() < at - timedelta(days=NETWORK_DAYS))
    return and_(Signature.network_hash.is_not(None), Signature.petition_id.in_(ended))


def mails(at: datetime) -> ColumnElement[bool]:
    """Done with, or parked and forgotten. Mails to staff about a petition belong to its record, and name no signer; one with
    a link to confirm stays as long as the signature waits for it."""
    return and_(
        Mail.state != QUEUED,
        func.coalesce(Mail.finished_at, Mail.due_at) < at - timedelta(days=MAIL_DAYS),
        not_(exists().where(Signature.id == Mail.signature_id, Signature.state == SignatureState.PENDING)),
        or_(Mail.staff_id.is_(None), Mail.petition_id.is_(None)),
    )


def sessions(at: datetime) -> ColumnElement[bool]:
    """Ended, or simply not used any more: then it has timed out long ago."""
    return func.coalesce(StaffSession.ended_at, StaffSession.created_at) < at - timedelta(days=SESSION_DAYS)


def sign_in_failures(at: datetime) -> ColumnElement[bool]:
    """Nobody is made to wait for what was mistyped yesterday."""
    return SignInFailure.failed_at < at - timedelta(days=SIGN_IN_FAILURE_DAYS)


def staff_links(at: datetime) -> ColumnElement[bool]:
    """Invitations and resets that work no more, however that came."""
    return StaffLink.expires_at < at - timedelta(days=STAFF_LINK_DAYS)


def campaigns(at: datetime) -> ColumnElement[bool]:
    """Conditions of campaigns that are over, or were never started."""
    return and_(
        Campaign.state.not_in(CAMPAIGN_RUNS),
        func.coalesce(Campaign.finished_at, Campaign.created_at) < months_before(at, CAMPAIGN_MONTHS),
        Campaign.conditions_sealed.is_not(None),
    )


def reports(at: datetime) -> ColumnElement[bool]:
    """Resolved so long ago that nobody asks for them any more."""
    return PetitionReport.resolved_at < months_before(at, REPORT_MONTHS)


def unconfirmed_alerts(at: datetime) -> ColumnElement[bool]:
    """What nobody confirmed in time, or the owner of the mailbox did not ask for."""
    return and_(
        Alert.confirmed_at.is_(None),
        Alert.created_at < at - timedelta(days=settings().confirm_days),
        not_(exists().where(Mail.alert_id == Alert.id, _waited(at))),
    )


def stopped_alerts(at: datetime) -> ColumnElement[bool]:
    """Stopped so long ago that nobody starts them again, or written to an address that is none any more."""
    before = at - timedelta(days=ALERT_STOPPED_DAYS)
    return or_(Alert.stopped_at < before, Alert.undeliverable_at < before)


def alert_matches(at: datetime) -> ColumnElement[bool]:
    """Told as long ago as the mail that told it. What is news only once (entry 0) stays with its alert, which would tell it
    again."""
    return and_(AlertMatch.entry > 0, AlertMatch.told_at < at - timedelta(days=MAIL_DAYS))
