"""Confirmations, many at once: what the mails of a batch need is read together, by columns, and each is filled into the form
of its petition. It says what `messages.signing.confirm_signature` says; whatever is unusual is left to that.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import select

from petitions import clock, links, suppressions
from petitions.database import listed
from petitions.extensions import db, settings
from petitions.mail import return_path
from petitions.mail.letters import CannotBeFilledIn, Form, Letter, Prepared, Waiting
from petitions.mail.message import KINDS, Context
from petitions.mail.messages import signing
from petitions.models import Mail, Petition, Signature, SignatureState
from petitions.models.mail import QUEUED
from petitions.models.petition import Life
from petitions.questions import Question
from petitions.tokens import Purpose, sign

KIND = "confirm_signature"
#: So many forms are kept; then all are made anew.
MOST_FORMS = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Waiting:
    """One mail, as it was read with the others of its batch."""

    row: Any
    address: str
    form: Form | None
    """Of its petition; nothing where there can be none."""
    goes: bool
    """Its signer is to get it: the link would still count, and the mailbox wants mail."""

    def prepared(self) -> Prepared:
        """Filled in. Raises `CannotBeFilledIn`."""
        letter = _letter(self.row, self.form, self.address) if self.goes else None
        return Prepared(letter, self.row.signature_id, has_link=True)


def read(mail_ids: Sequence[int]) -> dict[int, Waiting]:
    """The plain ones among these mails."""
    if KINDS[KIND].build is not signing.confirm_signature:
        return {}
    rows = WAITING.rows(ids=json.dumps(mail_ids))
    if not rows:
        return {}
    petitions = PETITIONS.rows(ids=json.dumps(sorted({row.petition_id for row in rows})))
    addresses = {row.id: address for row in rows if (address := Signature.email.opened(row))}
    silent = suppressions.suppressed_of(set(addresses.values()))
    forms = {petition.id: _form(petition) for petition in petitions if _takes_confirmations(petition)}
    waiting: dict[int, Waiting] = {}
    for row in rows:
        address = addresses.get(row.id)
        if address is not None:
            is_true = row.state is SignatureState.PENDING and row.petition_id in forms
            goes = is_true and address not in silent
            waiting[row.id] = _Waiting(row, address, forms.get(row.petition_id), goes)
    return waiting


def _takes_confirmations(petition: Any) -> bool:
    return bool(petition.takes_confirmations(timedelta(hours=settings().grace_hours)))


#: To a signature's own address.
WAITING = Question(
    lambda: (
        select(
            Mail.id,
            Mail.message_id,
            Signature.id.label("signature_id"),
            Signature.petition_id,
            Signature.state,
            Signature.name_sealed,
            Signature.email_sealed,
            Signature.row_key,
        )
        .join(Signature, Signature.id == Mail.signature_id)
        .where(
            Mail.id.in_(listed("ids", db.session)),
            Mail.kind == KIND,
            Mail.state == QUEUED,
            Mail.recipient_sealed.is_(None),
            Mail.staff_id.is_(None),
            Mail.alert_id.is_(None),
        )
    )
)

#: What a confirmation says of its petition, and what decides whether it is sent.
PETITIONS = Question(
    lambda: select(
        Petition.id,
        Petition.action,
        Petition.state,
        Petition.closes_at,
        Petition.lapses_at,
        Petition.hidden_at,
        Petition.opened_at,
    ).where(Petition.id.in_(listed("ids", db.session))),
    Life,
)


def _letter(row: Any, form: Form | None, address: str) -> Letter:
    """The letter to one signer. Raises `CannotBeFilledIn`."""
    name = Signature.name.opened(row)
    if name is None or form is None:
        raise CannotBeFilledIn
    return form.filled_in(
        {"name": name, "token": sign(Purpose.CONFIRM_SIGNATURE, row.signature_id)},
        sender=return_path.address_of(row) or settings().mail_default_sender,
        recipient=address,
        message_id=row.message_id,
    )


def _form(petition: Any) -> Form | None:
    """The form for a petition, kept as long as the site's settings are the same; nothing where there can be none."""
    of, forms = current_app.extensions.get("confirmation_forms", (None, {}))
    if of is not settings() or len(forms) > MOST_FORMS:
        forms = {}
        current_app.extensions["confirmation_forms"] = (settings(), forms)
    is_checked = petition.facts.text_is_public
    key = (petition, is_checked, clock.today(settings().timezone))
    if key not in forms:
        forms[key] = _made(petition, is_checked)
    return cast("Form | None", forms[key])


def _made(petition: Any, is_checked: bool) -> Form | None:
    def words(marks: Mapping[str, str]) -> Context:
        """What the message's own function gives."""
        url = links.absolute("signing.confirm", token=marks["token"])
        return {
            "name": marks["name"],
            "petition": petition,
            "is_checked": is_checked,
            "confirm_url": url,
        }

    try:
        return Form(KIND, ("name", "token"), words, settings().languages[0])
    except Exception:
        # A template of the operator's may ask for more than is read here, and then each mail goes the long way.
        log.warning("confirmations are composed one by one", exc_info=True)
        return None
