"""Removing everything personal from a signature: at its signer's wish, when its time is over, and after a restore.

What stays tells nobody who signed: country, area, moments, and that it counts.
"""

from __future__ import annotations

from petitions.mail import outbox
from petitions.models import Signature, SignatureRole


def forget(signature: Signature) -> None:
    """Remove everything personal from one signature, and from the mails about it. Its counts stay. In a unit of work.

    A petitioner's name leaves the petition too.
    """
    if signature.role is SignatureRole.CREATOR:
        signature.petition.creator_name = None
    signature.name = signature.email = signature.postcode = signature.ip = None
    signature.mailbox_hash = signature.domain_hash = signature.network_hash = None
    signature.wants_updates = False
    signature.signals = []
    outbox.forget_recipients(signature)
