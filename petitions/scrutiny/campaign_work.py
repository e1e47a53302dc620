"""What the worker does with campaigns: it looks, changes and undoes, a portion at a time, each portion one unit of work.

Any number of workers share them: a campaign is claimed by its row's lock, and whoever cancels waits for the portion at
hand. After a crash the next portion begins where the last one that was committed ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from petitions import audit, failpoints
from petitions.database import insert, transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Campaign, CampaignSignature, CampaignState
from petitions.scrutiny import changing, finishing, looking
from petitions.scrutiny.changing import OPPOSITE, changeable
from petitions.scrutiny.conditions import from_json
from petitions.secrecy import CannotOpen

#: Rows looked at, and rows changed, in one unit of work: the petition is locked for a moment only.
LOOKED_AT = 5000
CHANGED = 1000

State = CampaignState


@transactional
def work() -> int:
    """Do the next portion of the oldest campaign that nobody else has. Returns how much was done: 0, nothing waits."""
    waiting = (
        select(Campaign)
        .where(Campaign.state.in_([State.LOOKING, State.RUNNING, State.UNDOING]))
        .order_by(Campaign.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Campaign)
    )
    campaign = db.session.execute(waiting.execution_options(populate_existing=True)).scalar_one_or_none()
    if campaign is None:
        return 0
    try:
        return _PORTIONS[campaign.state](campaign)
    except (StateChanged, CannotOpen):
        # Everything personal has left the petition since, or the key of the conditions is lost: what is done stays, the
        # rest cannot be done.
        finishing.finish(campaign, campaign.petition, State.CANCELLED)
        return 1


def _look(campaign: Campaign) -> int:
    conditions = from_json(campaign.conditions or "{}")
    ids, cursor = looking.portion_after(
        campaign.petition_id,
        conditions,
        changeable(campaign.action),
        cursor=campaign.last_signature_id,
        number=LOOKED_AT,
    )
    if ids:
        rows = [{"campaign_id": campaign.id, "signature_id": each} for each in ids]
        db.session.execute(insert(CampaignSignature, db.session).on_conflict_do_nothing(), rows)
        campaign.found += len(ids)
    if cursor is None:
        campaign.state = State.READY
    else:
        campaign.last_signature_id = cursor
    return 1


def _run(campaign: Campaign) -> int:
    petition = changing.locked(campaign.petition_id)
    ids = _next_ids(campaign, CampaignSignature.state_before.is_(None))
    if not ids:
        audit.record("campaign_done", petition=petition, campaign=campaign.id, changed=campaign.changed)
        finishing.finish(campaign, petition, State.DONE)
        return 1
    changed = changing.change(petition, campaign.action, ids)
    _remember(campaign, changed.states_before)
    campaign.changed += changed.number
    _move_on(campaign, ids, changed.count_change)
    return len(ids)


def _undo(campaign: Campaign) -> int:
    petition = changing.locked(campaign.petition_id)
    open_records = (CampaignSignature.state_before.is_not(None), CampaignSignature.undone_at.is_(None))
    ids = _next_ids(campaign, *open_records)
    if not ids:
        audit.record("campaign_undone", petition=petition, campaign=campaign.id)
        finishing.finish(campaign, petition, State.UNDONE)
        return 1
    # It marks what it puts back as undone, in this campaign and in any other.
    changed = changing.change(petition, OPPOSITE[campaign.action], ids)
    _move_on(campaign, ids, changed.count_change)
    return len(ids)


_PORTIONS = {State.LOOKING: _look, State.RUNNING: _run, State.UNDOING: _undo}


def _next_ids(campaign: Campaign, *asked: Any) -> list[int]:
    wanted = (
        select(CampaignSignature.signature_id)
        .where(
            CampaignSignature.campaign_id == campaign.id,
            CampaignSignature.signature_id > campaign.last_signature_id,
            *asked,
        )
        .order_by(CampaignSignature.signature_id)
        .limit(CHANGED)
    )
    return list(db.session.execute(wanted).scalars())


def _remember(campaign: Campaign, states_before: dict[int, Any]) -> None:
    """What each was, by as few statements as there are states."""
    for state in set(states_before.values()):
        ids = [signature_id for signature_id, before in states_before.items() if before is state]
        db.session.execute(
            update(CampaignSignature)
            .where(CampaignSignature.campaign_id == campaign.id, CampaignSignature.signature_id.in_(ids))
            .values(state_before=state.value)
            .execution_options(synchronize_session=False)
        )


def _move_on(campaign: Campaign, ids: Sequence[int], count_change: int) -> None:
    """Cursor and public note move with the signatures: at every moment the note says what was done."""
    campaign.last_signature_id = ids[-1]
    correction = finishing.note_of(campaign)
    assert correction is not None, "a campaign that was started has its note"
    correction.change += count_change
    db.session.flush()
    failpoints.reach("campaign:changed")
