"""What staff decide about campaigns: begin one, start it, cancel it, undo it. The worker does the rest."""

from __future__ import annotations

from sqlalchemy import select

from petitions import audit
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError, StateChanged
from petitions.extensions import db
from petitions.models import Campaign, CampaignAction, CampaignState, Petition, Staff
from petitions.scrutiny import changing, finishing, notes
from petitions.scrutiny.conditions import Conditions, to_json

#: Signatures that one person alone may change; for more a second one starts the campaign.
MOST_BY_ONE = 1000


class NothingAsked(PetitionsError):
    """A campaign without a condition would change every signature."""


class NeedsSecondPerson(PetitionsError):
    """So many are changed that somebody else must start it."""


@transactional
def begin(
    *, petition_id: int, action: CampaignAction, conditions: Conditions, reason: str, by: Staff
) -> Campaign:
    """Have the worker look for what `action` could change; nothing is changed until the campaign is started.

    Raises `NotFound`, `NothingAsked`, and `StateChanged` where the petition's count stands still.
    """
    if conditions.is_empty:
        raise NothingAsked("a campaign needs a condition")
    petition = changing.locked(petition_id)
    campaign = Campaign(
        petition_id=petition.id,
        action=action,
        state=CampaignState.LOOKING,
        conditions=to_json(conditions),
        reason=reason,
        staff_id=by.id,
    )
    db.session.add(campaign)
    db.session.flush()
    audit.record("campaign_begun", petition=petition, by=by, campaign=campaign.id, act=action, reason=reason)
    return campaign


@transactional
def start(*, campaign_id: int, by: Staff) -> None:
    """Let the worker change what was found. Above `MOST_BY_ONE` that takes somebody else than who began it.

    Raises `NotFound`, `NeedsSecondPerson`, and `StateChanged` when it does not wait to be started.
    """
    campaign = locked(campaign_id)
    if campaign.state is not CampaignState.READY or not campaign.found:
        raise StateChanged("this campaign does not wait to be started")
    if campaign.found > MOST_BY_ONE and campaign.staff_id == by.id:
        raise NeedsSecondPerson("somebody else must start it")
    if campaign.staff_id != by.id:
        campaign.approved_by_id = by.id
    petition = db.session.get_one(Petition, campaign.petition_id)
    campaign.state, campaign.last_signature_id = CampaignState.RUNNING, 0
    notes.note(petition, 0, reason=campaign.reason, by=by, campaign=campaign)
    audit.record("campaign_started", petition=petition, by=by, campaign=campaign.id, found=campaign.found)


@transactional
def cancel(*, campaign_id: int, by: Staff) -> None:
    """Stop it after the portion at hand. What is done stays done, and can be undone.

    Raises `NotFound`, and `StateChanged` where there is nothing to stop.
    """
    campaign = locked(campaign_id)
    if campaign.state not in {CampaignState.LOOKING, CampaignState.READY, CampaignState.RUNNING}:
        raise StateChanged("this campaign has ended")
    petition = db.session.get_one(Petition, campaign.petition_id)
    audit.record(
        "campaign_cancelled", petition=petition, by=by, campaign=campaign.id, changed=campaign.changed
    )
    finishing.finish(campaign, petition, CampaignState.CANCELLED)


@transactional
def undo(*, campaign_id: int, reason: str, by: Staff) -> None:
    """Let the worker put back all that the campaign changed. Raises `NotFound`, and `StateChanged` where it cannot."""
    campaign = locked(campaign_id)
    if not can_be_undone(campaign):
        raise StateChanged("there is nothing to undo")
    petition = db.session.get_one(Petition, campaign.petition_id)
    if petition.anonymised_at is not None:
        raise StateChanged("the count of this petition stands still")
    campaign.state, campaign.last_signature_id, campaign.finished_at = CampaignState.UNDOING, 0, None
    notes.note(petition, 0, reason=reason, by=by, campaign=campaign)
    audit.record("campaign_undoing", petition=petition, by=by, campaign=campaign.id, reason=reason)


def can_be_undone(campaign: Campaign) -> bool:
    """Whether it has ended and changed something."""
    return campaign.state in {CampaignState.DONE, CampaignState.CANCELLED} and campaign.changed > 0


def locked(campaign_id: int) -> Campaign:
    """A campaign with its row locked: the worker does the next portion after whoever has it. Raises `NotFound`."""
    query = select(Campaign).where(Campaign.id == campaign_id).with_for_update(of=Campaign)
    campaign = db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if campaign is None:
        raise NotFound("no such campaign")
    return campaign
