"""What everybody learns when staff correct a count: a note on the petition's timeline, and a mail to its petitioner."""

from __future__ import annotations

from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Campaign, Correction, Petition, Staff
from petitions.petitioners import creator_of


def note(
    petition: Petition, change: int, *, reason: str, by: Staff, campaign: Campaign | None = None
) -> Correction:
    """Write the public note that the count changed by `change` (below zero: removed), and why.

    A campaign's note begins at 0, which nobody is shown, and grows with each of its batches.
    """
    correction = Correction(
        petition_id=petition.id,
        campaign_id=campaign.id if campaign is not None else None,
        change=change,
        reason=reason,
        staff_id=by.id,
    )
    db.session.add(correction)
    db.session.flush()
    return correction


def tell_petitioner(petition: Petition, correction: Correction) -> None:
    """Queue the mail about one note, once for ever."""
    creator = creator_of(petition)
    if creator is not None and correction.change:
        outbox.queue(
            "signatures_removed",
            key=f"signatures_removed:{correction.id}",
            signature=creator,
            correction_id=correction.id,
        )
