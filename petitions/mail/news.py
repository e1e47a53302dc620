"""News to many: the mails of a mailing differ in the links of their signers only. What it says is asked of its message's own
function, as for a mail to somebody of whom nothing is known but that they signed and asked to be told; each mail is filled into
the form of that. Whatever is unusual is left to the long way.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from petitions import links, suppressions
from petitions.database import listed
from petitions.extensions import db, settings
from petitions.mail import outbox, return_path
from petitions.mail.letters import CannotBeFilledIn, Form, Prepared, Waiting
from petitions.mail.message import KINDS, Context, context_of
from petitions.models import Mail, Mailing, Signature, SignatureRole, SignatureState
from petitions.models.mail import QUEUED
from petitions.questions import Question
from petitions.tokens import Purpose, sign

log = logging.getLogger(__name__)


class OwnLink(NamedTuple):
    """A link that is each signer's own."""

    endpoint: str
    token: Callable[[int, Mapping[str, Any]], str]
    """For a signature's number and what the mailing is about."""


#: By their names in the words.
OWN_LINKS = {
    "unsubscribe_url": OwnLink("signing.unsubscribe", lambda number, _: sign(Purpose.UNSUBSCRIBE, number)),
    "my_signature_url": OwnLink("signing.my_signature", lambda number, _: sign(Purpose.MY_SIGNATURE, number)),
    "rate_url": OwnLink(
        "answers.rate", lambda number, about: sign(Purpose.RATE_RESPONSE, [about["response_id"], number])
    ),
}


@dataclass(frozen=True)
class _Said:
    """What a mailing says."""

    is_true: bool
    """Somebody is still to hear of it."""
    form: Form | None
    """Nothing where there can be none."""
    own: tuple[str, ...]
    details: Mapping[str, Any]


@dataclass(frozen=True)
class _Waiting:
    """One mail of a mailing, as it was read with the others of its batch."""

    row: Any
    address: str
    said: _Said
    is_wanted: bool
    """The mailbox wants mail."""

    def prepared(self) -> Prepared:
        """Filled in. Raises `CannotBeFilledIn`."""
        row, said = self.row, self.said
        if not said.is_true or not self.is_wanted:
            return Prepared(None, row.signature_id)
        if said.form is None:
            raise CannotBeFilledIn
        letter = said.form.filled_in(
            {name: OWN_LINKS[name].token(row.signature_id, said.details) for name in said.own},
            sender=return_path.address_of(row) or settings().mail_default_sender,
            recipient=self.address,
            message_id=row.message_id,
        )
        return Prepared(letter, row.signature_id)


class Mailings:
    """What mailings say, asked once for each."""

    def __init__(self) -> None:
        self._said: dict[int, _Said | None] = {}

    def read(self, mail_ids: Sequence[int]) -> dict[int, Waiting]:
        """The plain ones among these mails."""
        rows = WAITING.rows(ids=json.dumps(mail_ids)) if mail_ids else []
        if not rows:
            return {}
        addresses = {row.id: address for row in rows if (address := Signature.email.opened(row))}
        silent = suppressions.suppressed_of(set(addresses.values()))
        said = {mailing_id: self._of(mailing_id) for mailing_id in {row.mailing_id for row in rows}}
        return {
            row.id: _Waiting(row, address, about, address not in silent)
            for row in rows
            if (address := addresses.get(row.id)) and (about := said[row.mailing_id])
        }

    def _of(self, mailing_id: int) -> _Said | None:
        if mailing_id not in self._said:
            try:
                self._said[mailing_id] = _said(mailing_id)
            finally:
                # The conversation with the mail server may be long: no transaction stays open over it.
                db.session.rollback()
        return self._said[mailing_id]


#: To the own address of a signer who asked and can be reached, as `mailings` chose them; others are left to the long way.
WAITING = Question(
    lambda: (
        select(
            Mail.id,
            Mail.message_id,
            Mail.mailing_id,
            Signature.id.label("signature_id"),
            Signature.email_sealed,
            Signature.row_key,
        )
        .join(Signature, Signature.id == Mail.signature_id)
        .where(
            Mail.id.in_(listed("ids", db.session)),
            Mail.state == QUEUED,
            Mail.mailing_id.is_not(None),
            Mail.recipient_sealed.is_(None),
            Mail.staff_id.is_(None),
            Mail.alert_id.is_(None),
            Signature.state == SignatureState.VALIDATED,
            Signature.role != SignatureRole.CREATOR,
            Signature.wants_updates.is_(True),
            Signature.mails_stopped_at.is_(None),
            Signature.undeliverable_at.is_(None),
        )
    )
)


def _said(mailing_id: int) -> _Said | None:
    """What a mailing says now; nothing where each of its mails is to be composed."""
    mailing = db.session.get_one(Mailing, mailing_id)
    if not KINDS[mailing.kind].is_for_many:
        return None
    try:
        context = context_of(outbox.to_anybody(mailing))
        own = tuple(name for name in OWN_LINKS if name in (context or {}))
        return _Said(context is not None, _form(mailing.kind, context, own), own, mailing.details)
    except (OperationalError, InterfaceError):
        # The database is away or busy, which is nothing about this mailing.
        raise
    except Exception:
        # An operator's template may ask for more than is known here, and then each mail goes the long way.
        log.warning(
            "mails of mailing %s (%s) are composed one by one", mailing.id, mailing.kind, exc_info=True
        )
        return None


def _form(kind: str, context: Context | None, own: Sequence[str]) -> Form | None:
    if context is None:
        return None

    def words(marks: Mapping[str, str]) -> Context:
        return context | {name: links.absolute(OWN_LINKS[name].endpoint, token=marks[name]) for name in own}

    return Form(kind, tuple(own), words, settings().languages[0])
