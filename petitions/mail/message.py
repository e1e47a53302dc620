"""What a message is: a kind, three templates (`templates/email/<kind>.subject.txt`, `.txt`, `.html`) and one function.

The function takes the outbox row and gives the words' context, or `None` when the message is no longer true and is not
to be sent. It is declared with `@message("kind")` in one of the modules of `petitions.mail.messages`.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from typing import Any, cast

from flask import render_template
from flask_babel import force_locale
from flask_mail import Message

from petitions import links, mailboxes, suppressions
from petitions.extensions import settings
from petitions.mail import return_path
from petitions.models import Mail

Context = dict[str, Any]
Build = Callable[[Mail], Context | None]

#: Lines end in CRLF, and headers stay as they were written: taken apart and put together again, words that look encoded
#: would become so.
AS_WRITTEN = policy.SMTP.clone(refold_source="none")
#: What a part of a mail that is left out leaves behind.
EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Kind:
    """One kind of message."""

    name: str
    build: Build
    can_unsubscribe: bool
    """Carries the unsubscribe headers of RFC 8058: everything but confirmations and what staff get for their work."""
    starts_link_life: bool
    """The life of the signature's confirm link starts when this mail is accepted."""
    is_for_many: bool = False
    """Says the same to everybody who signed and asked to be told, but for the links that are each signer's own (`news.py`)."""


@dataclass(frozen=True)
class Words:
    """What a message says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Rendered:
    """What the three templates gave."""

    subject: str
    text: str
    html: str


class TwoForms(Message):
    """A message whose plain text and HTML are two forms of one thing (`multipart/alternative`).

    Flask-Mail puts the two inside a `multipart/mixed`, which mail programs show as a message with an attachment, and sends
    them as they are: with lines longer than the 998 octets that mail servers take, and in bytes that not all of them take.
    """

    return_path: str | None = None
    """Where it comes back to when it cannot be delivered; the sender's address unless told otherwise."""

    @property
    def message_id(self) -> str:
        """The Message-ID."""
        return self.msgId

    def _message(self) -> MIMEBase:
        mixed = super()._message()
        alternative = cast(MIMEBase, mixed.get_payload(0))
        for name, value in mixed.raw_items():
            if name.lower() not in {"content-type", "mime-version", "subject"}:
                alternative[name] = value
        # A title that looks like an encoded word is shown as it was typed, not decoded by mail programs.
        plain = self.subject.isascii() and "=?" not in self.subject
        charset = "us-ascii" if plain else "utf-8"
        alternative["Subject"] = Header(self.subject, charset, header_name="Subject").encode()
        alternative.policy = AS_WRITTEN
        return alternative

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        part = MIMENonMultipart("text", subtype, charset="utf-8")
        part.set_payload(quoted_printable(text or "").decode("ascii"))
        part["Content-Transfer-Encoding"] = "quoted-printable"
        return cast(MIMEText, part)


KINDS: dict[str, Kind] = {}


def quoted_printable(words: str) -> bytes:
    """Words as they stand in a part of a message: lines are short, and end in a line feed."""
    return b2a_qp(words.replace("\r\n", "\n").replace("\r", "\n").encode(), istext=True)


def message(
    name: str, *, can_unsubscribe: bool = False, starts_link_life: bool = False, is_for_many: bool = False
) -> Callable[[Build], Build]:
    """Declare the function below as the message `name`."""

    def declare(build: Build) -> Build:
        KINDS[name] = Kind(name, build, can_unsubscribe, starts_link_life, is_for_many)
        return build

    return declare


def recipient_of(mail: Mail) -> str | None:
    """The one address a mail goes to; `None` when its person was erased.

    An address of its own comes first: a mailbox that signed may have been typed in another spelling this time.
    """
    if mail.recipient is not None:
        return mail.recipient
    if mail.signature is not None:
        return mail.signature.email
    if mail.staff is not None:
        return mail.staff.email
    if mail.alert is not None:
        return mail.alert.email
    return None


def _stopped(kind: Kind, mail: Mail, recipient: str) -> bool:
    """Whether the recipient asked for no more mails of this sort, or for none at all. Staff get what their work needs."""
    if mail.staff_id is None and suppressions.is_suppressed(recipient):
        return True
    if not kind.can_unsubscribe:
        return False
    if mail.alert is not None:
        return not mail.alert.is_active
    return mail.signature is not None and mail.signature.mails_stopped_at is not None


def _undeliverable(kind: Kind, mail: Mail) -> bool:
    """Whether mail to this address came back for good. A confirm link that somebody asks for anew is tried all the same."""
    return kind.can_unsubscribe and mail.signature is not None and mail.signature.undeliverable_at is not None


def words_of(kind: str, context: Context, language: str) -> Words:
    """The words of one message in one language."""
    return finished(rendered(kind, context, language))


def rendered(kind: str, context: Context, language: str) -> Rendered:
    """What the templates say."""
    with force_locale(language):
        return Rendered(
            *(render_template(f"email/{kind}.{part}", **context) for part in ("subject.txt", "txt", "html"))
        )


def finished(parts: Rendered) -> Words:
    """The words as they are sent: the subject is one line, and parts that were left out leave no hole."""
    subject = " ".join(parts.subject.split())
    return Words(
        "".join(character for character in subject if character.isprintable()),
        EMPTY_LINES.sub("\n\n", parts.text).strip() + "\n",
        parts.html,
    )


def compose(mail: Mail) -> TwoForms | None:
    """The finished message of an outbox row; `None` when nobody is to get it any more."""
    kind = KINDS[mail.kind]
    recipient = recipient_of(mail)
    if recipient is None or _stopped(kind, mail, recipient) or _undeliverable(kind, mail):
        return None
    context = context_of(mail)
    if context is None:
        return None
    words = words_of(mail.kind, context, settings().languages[0])
    recipient = mailboxes.written(recipient)
    composed = message_of(mail.kind, words, recipient, mail.message_id, unsubscribing(kind, context))
    composed.return_path = return_path.address_of(mail)
    return composed


def context_of(mail: Mail) -> Context | None:
    """What the words of an outbox row are made from, links included; `None` when the message is no longer true."""
    kind = KINDS[mail.kind]
    with force_locale(settings().languages[0]):
        context = kind.build(mail)
    if context is None:
        return None
    if kind.can_unsubscribe and mail.signature is not None:
        context.setdefault("unsubscribe_url", links.unsubscribe(mail.signature))
        context.setdefault("my_signature_url", links.my_signature(mail.signature))
    if kind.can_unsubscribe and mail.alert is not None:
        context |= {
            "unsubscribe_url": links.stop_alert(mail.alert),
            "my_alert_url": links.my_alert(mail.alert),
        }
    return context


def message_of(kind: str, words: Words, recipient: str, message_id: str, headers: dict[str, str]) -> TwoForms:
    """Words with the headers that every message has, and these beside."""
    fixed = {"X-Petitions-Message": kind, "Auto-Submitted": "auto-generated"}
    made = TwoForms(
        subject=words.subject,
        recipients=[recipient],
        sender=_sender(),
        body=words.text,
        html=words.html,
        extra_headers=fixed | headers,
    )
    made.msgId = message_id
    return made


def _sender() -> str:
    """The site's name and address, quoted: the name may have a comma in it."""
    name = settings().site_name.replace("\\", "").replace('"', "")
    return f'"{name}" <{settings().mail_default_sender}>'


def unsubscribing(kind: Kind, context: Context) -> dict[str, str]:
    """The headers by which a mail program offers to stop mails of this sort (RFC 2369, RFC 8058)."""
    if "unsubscribe_url" not in context or not kind.can_unsubscribe:
        return {}
    return {
        "List-Unsubscribe": f"<{context['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
