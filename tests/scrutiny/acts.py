"""What the tests of scrutiny do and look at again and again."""

from collections.abc import Sequence

from sqlalchemy import select

from petitions.counts import counting
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import (
    AuditEntry,
    Campaign,
    CampaignAction,
    Correction,
    CountryCount,
    Crossing,
    HourCount,
    Petition,
    PlaceCount,
    Signature,
    SignatureState,
    Staff,
)
from petitions.scrutiny import actions, campaign_work, campaigns
from petitions.scrutiny.actions import Done
from petitions.scrutiny.conditions import Conditions
from tests import build

REASON = "Made by a program."
BACK = "They were people after all."


def act(
    action: str, petition: Petition, signatures: Sequence[Signature], by: Staff, reason: str = REASON
) -> Done:
    """Do something to signatures, and let the worker count."""
    ids = [signature.id for signature in signatures]
    done = actions.change_some(
        petition_id=petition.id, action=CampaignAction(action), signature_ids=ids, reason=reason, by=by
    )
    counting.sweep()
    return done


@transactional
def waiting(petition: Petition, **columns: object) -> Signature:
    """A signature that waits for its signer, with its mail."""
    row = build.signature(petition, state="pending", **columns)  # type: ignore[arg-type]
    outbox.queue("confirm_signature", key=f"confirm:{row.id}:1", signature=row)
    return row


def begun(
    petition: Petition, by: Staff, action: str = "invalidate", conditions: Conditions | None = None
) -> Campaign:
    """A campaign that has looked."""
    campaign = campaigns.begin(
        petition_id=petition.id,
        action=CampaignAction(action),
        conditions=conditions or Conditions(role="signer"),
        reason=REASON,
        by=by,
    )
    work()
    return campaign


def run(
    petition: Petition, by: Staff, action: str = "invalidate", conditions: Conditions | None = None
) -> Campaign:
    """A campaign from its beginning to its end; one that found nothing cannot be started."""
    campaign = begun(petition, by, action, conditions)
    if campaign.found:
        campaigns.start(campaign_id=campaign.id, by=by)
    work()
    return campaign


def undo(campaign: Campaign, by: Staff) -> None:
    """Undo it to the end."""
    campaigns.undo(campaign_id=campaign.id, reason=BACK, by=by)
    work()


def work() -> None:
    """Let campaigns and the counting do all that waits."""
    db.session.rollback()
    while campaign_work.work() + counting.sweep():
        pass
    db.session.rollback()


def states(signatures: Sequence[Signature]) -> list[str]:
    """Where signatures stand now."""
    db.session.rollback()
    return [SignatureState(signature.state).value for signature in signatures]


def everything_counted(petition: Petition) -> dict[str, object]:
    """Every number about a petition, and every event."""
    db.session.rollback()
    tables = {
        model.__tablename__: sorted(
            (getattr(row, column), row.signature_count)
            for row in db.session.execute(select(model).where(model.petition_id == petition.id)).scalars()
            if row.signature_count
        )
        for model, column in ((PlaceCount, "place_id"), (CountryCount, "country"), (HourCount, "hour"))
    }
    crossings = db.session.execute(select(Crossing).where(Crossing.petition_id == petition.id)).scalars()
    rows = db.session.execute(
        select(Signature.id, Signature.state, Signature.validated_at, Signature.wants_updates)
        .where(Signature.petition_id == petition.id)
        .order_by(Signature.id)
    ).all()
    return {
        "count": petition.signature_count,
        "last signed": petition.last_signed_at,
        **tables,
        "crossings": sorted(
            (each.threshold_key, each.reached_at, each.signature_count) for each in crossings
        ),
        "signatures": [tuple(row) for row in rows],
    }


def corrections(petition: Petition) -> list[tuple[int, str]]:
    """The public notes: change and reason."""
    db.session.rollback()
    wanted = select(Correction).where(Correction.petition_id == petition.id).order_by(Correction.id)
    return [(each.change, each.reason) for each in db.session.execute(wanted).scalars()]


def lines(action: str) -> list[AuditEntry]:
    """The lines of the history of one kind, oldest first."""
    db.session.rollback()
    wanted = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(db.session.execute(wanted).scalars())
