"""What else the same mailbox has started, for those who check petitions.

The hash of a mailbox is keyed with its petition, so that two petitions' hashes cannot be matched. Whoever may read the
petitioner's address can hash it anew under the key of each other petition and compare: nobody else's address is opened, and
what is compared are petitioners only, never signers.
"""

from __future__ import annotations

from sqlalchemy import select

from petitions import mailboxes
from petitions.extensions import db
from petitions.models import Petition, Signature, SignatureRole
from petitions.petitioners import creator_of
from petitions.secrecy import mailbox_hash, opened

#: Petitions that are compared, the newest first: each costs two hashes, so that these take about a tenth of a second.
COMPARED = 10_000


def same_petitioner(petition: Petition) -> list[Petition]:
    """The other petitions of the same mailbox, newest first; none where its address was erased."""
    creator = creator_of(petition)
    address = opened(creator, "email") if creator is not None else None
    if address is None:
        return []
    canonical = mailboxes.canonical(address)
    creators = (
        select(Signature.petition_id, Signature.mailbox_hash)
        .where(Signature.role == SignatureRole.CREATOR, Signature.petition_id != petition.id)
        .order_by(Signature.petition_id.desc())
        .limit(COMPARED)
    )
    ids = [number for number, kept in db.session.execute(creators) if kept == mailbox_hash(number, canonical)]
    query = select(Petition).where(Petition.id.in_(ids)).order_by(Petition.id.desc())
    return list(db.session.execute(query).scalars())
