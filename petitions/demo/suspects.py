"""Signatures that look made by a program: some wait for staff, some were removed before they counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import null

from petitions.demo.signers import Signers
from petitions.models import Signature, SignatureState
from petitions.secrecy import domain_hash, mailbox_hash
from petitions.signals import Signal

#: One small mail domain whose addresses all came within minutes.
DOMAIN = "quick-letters.example.org"
#: What was noted of them, in turn; the first of each is why it is held.
NOTED = (
    (Signal.DOMAIN, Signal.QUICK),
    (Signal.DOMAIN, Signal.ALIAS),
    (Signal.TRAP, Signal.QUICK),
    (Signal.ORIGIN,),
)
#: Every third was removed.
REMOVED = 3


def suspects(signers: Signers, until: datetime, number: int) -> list[Signature]:
    """So many, all of the two hours before `until`; none is counted."""
    rows = [signers.waiting(until - timedelta(seconds=70 + 7 * each)) for each in range(number)]
    for each, row in enumerate(rows):
        noted = NOTED[each % len(NOTED)]
        address = f"s{each:03}@{DOMAIN}"
        row.email = address
        row.mailbox_hash = mailbox_hash(signers.petition_id, address)
        row.domain_hash = domain_hash(signers.petition_id, DOMAIN)
        row.signals = [signal.value for signal in Signal if signal in noted]
        row.held_reason = noted[0].value
        row.link_sent_at = row.created_at + timedelta(seconds=2)
        row.validated_at = row.link_sent_at + timedelta(seconds=4 + each % 3)
        row.confirm_seconds = 4 + each % 3
        row.state, row.wants_updates = SignatureState.HELD, False
        if each % REMOVED == 0:
            row.state, row.seat, row.ended_at = SignatureState.INVALIDATED, null(), until
    return rows
