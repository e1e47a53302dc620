"""The page that shows how one petition was signed."""

from __future__ import annotations

from petitions.models import Staff
from petitions.moderation import queries as moderation
from petitions.permissions import Permission, requires
from petitions.scrutiny.integrity_page import integrity_page


@requires(Permission.SIGNATURE_SEE)
def integrity(petition_id: int, by: Staff) -> str:
    """Figures that show automated or borrowed signatures, beside what is usual here."""
    return integrity_page(moderation.petition(petition_id))
