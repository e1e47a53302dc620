"""The words of a petition that the public may read: those that were published, and each correction since."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from petitions.extensions import db
from petitions.models import AuditEntry, Petition, PetitionText, Signature


def public_texts(petition: Petition) -> list[PetitionText]:
    """The words as they were published and each correction since, oldest first; nothing where none are public.

    Words that were hidden once are never among them, unless they are the present ones: whoever shows a petition again
    in better words does not show the old ones.
    """
    if petition.opened_at is None or not petition.facts.text_is_public:
        return []
    texts = shown_texts(petition)
    before = [text.version for text in texts if text.created_at <= petition.opened_at]
    first = max(before, default=0)
    return [text for text in texts if text.version >= first]


def shown_texts(petition: Petition) -> list[PetitionText]:
    """Every version that was not hidden, oldest first, those from before publication included."""
    if petition.words_are_hidden:
        return []
    hidden_at = select(func.max(AuditEntry.at)).where(
        AuditEntry.petition_id == petition.id, AuditEntry.action == "hidden"
    )
    query = (
        select(PetitionText, hidden_at.scalar_subquery())
        .where(PetitionText.petition_id == petition.id)
        .order_by(PetitionText.version)
    )
    return [
        text
        for text, hidden in db.session.execute(query)
        if hidden is None or text.created_at > hidden or text.version == petition.text_version
    ]


def corrections(petition: Petition) -> Sequence[PetitionText]:
    """What was corrected since the words stand on the site, oldest first. Asks nothing where nothing was changed."""
    return public_texts(petition)[1:] if petition.text_version > 1 else []


def signed_text(signature: Signature) -> PetitionText | None:
    """The words that a signature is under, where others stand now and these may still be read."""
    if signature.text_version == signature.petition.text_version:
        return None
    texts = {text.version: text for text in shown_texts(signature.petition)}
    return texts.get(signature.text_version)
