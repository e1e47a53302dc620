"""The end of a campaign, or of its undoing: its note is whole, and the petitioner gets one mail."""

from __future__ import annotations

from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models import Campaign, CampaignState, Correction, Petition
from petitions.scrutiny import notes


def note_of(campaign: Campaign) -> Correction | None:
    """The public note that grows with the campaign: of its undoing, where that has begun."""
    newest = select(Correction).where(Correction.campaign_id == campaign.id).order_by(Correction.id.desc())
    return db.session.execute(newest.limit(1)).scalar_one_or_none()


def finish(campaign: Campaign, petition: Petition, state: CampaignState) -> None:
    """Give a campaign its last state, in the caller's unit of work. A note about nothing goes."""
    campaign.state, campaign.finished_at = state, clock.now()
    correction = note_of(campaign)
    if correction is None:
        return
    if correction.change:
        notes.tell_petitioner(petition, correction)
    else:
        db.session.delete(correction)
