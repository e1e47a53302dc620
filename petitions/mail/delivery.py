"""Delivery: takes due mails, composes them, hands them to the mail server, and has written down what it said.

At least once: a mail is marked sent only after it was accepted. A worker killed in between lets it go again, with the
same Message-ID and the same link. One bad message never holds up the others, and one bad moment of the server none.
"""

from __future__ import annotations

import logging
import smtplib
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from flask_mail import BadHeaderError, Message
from sqlalchemy.exc import InterfaceError, OperationalError

from petitions import clock, failpoints
from petitions.extensions import db
from petitions.mail import claiming, marking, outbox, server
from petitions.mail.batches import Letters
from petitions.mail.claiming import LEASE, Claimed, claim, release
from petitions.mail.letters import Letter
from petitions.mail.message import KINDS, compose
from petitions.mail.transport import CannotBeWritten, Sender, ServerAway, connection
from petitions.models import Mail
from petitions.models.mail import QUEUED

#: After this a worker begins no other mail of its batch: well before its lease is over and another takes it.
HOLD = LEASE / 2
#: The same for mails that are no confirmations: a confirmation that was queued meanwhile goes first.
HOLD_OTHERS = timedelta(seconds=2)
#: While whole batches wait, the same connection sends further ones for so long; then the worker's other work has its turn.
MOMENT = timedelta(seconds=0.5)
#: So many put off in a row, and none taken: it is the server, not the mails.
MOST_PUT_OFF = 5
#: RFC 5321: the server closes the conversation.
CLOSING = 421
#: RFC 5321: too large, of one message.
TOO_LARGE = 552

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one mail, as far as the rest of the batch is concerned."""

    TAKEN = "taken"
    PUT_OFF = "put off"
    ENDED = "ended"
    """Refused for good, cancelled, or not to be written: nothing is said about the server."""
    LOST = "lost"
    """The conversation is over."""


@dataclass(frozen=True)
class Ready:
    """A composed message, with what is to be marked when it was taken or refused."""

    mail_id: int
    message: Letter | Message
    link_of: int | None
    """The signature whose confirm link it carries."""
    address_of: int | None
    """The signature whose own address it goes to."""


class InHand:
    """The mails that this worker has: those it has not come to yet, and those whose acceptance is not written down yet."""

    def __init__(self) -> None:
        self.left: deque[Claimed] = deque()
        self.letters = Letters()
        self.taken = marking.Taken()

    def take_more(self) -> int:
        """Claim another batch. Returns how many it has."""
        claimed = claim()
        if claimed:
            failpoints.reach("mail:claimed")
        self.left.extend(claimed)
        self.letters.forget_batch()
        return len(claimed)

    def upcoming(self, spent: timedelta) -> Ready | None:
        """The next one that is to be sent, if there is time for one more after so much; it stays in hand. Those that come before
        it and are not to be sent are done with."""
        while self.left and spent < (HOLD if self.left[0].priority == outbox.CONFIRMATION else HOLD_OTHERS):
            ready = _ready(self.left[0].id, self)
            if ready is not None:
                return ready
            self.left.popleft()
        return None


def deliver() -> int:
    """Send what is due: a batch, and more for a moment while whole ones wait. Returns how many mails were claimed."""
    in_hand, until = InHand(), clock.now() + MOMENT
    number = in_hand.take_more()
    if not number:
        return 0
    try:
        with connection() as sender:
            while _deliver_batch(in_hand, sender) and clock.now() < until:
                number += in_hand.take_more()
    except ServerAway as problem:
        server.away(problem.reason)
    finally:
        if in_hand.left:
            release(in_hand.left)
    return number


def _deliver_batch(in_hand: InHand, sender: Sender) -> bool:
    """Send it, and have what was taken written down. Returns whether more may wait that can be sent now."""
    is_whole = len(in_hand.left) >= claiming.BATCH
    try:
        return _deliver_each(in_hand, sender) and is_whole
    finally:
        in_hand.taken.write_down()


def _deliver_each(in_hand: InHand, sender: Sender) -> bool:
    """One after the other, as long as there is time and the server takes any. Returns whether that was to the end."""
    begun, taken, put_off = clock.now(), 0, 0
    ready = in_hand.upcoming(timedelta())
    while ready is not None:
        in_hand.left.popleft()
        following = in_hand.upcoming(clock.now() - begun)
        outcome = _deliver_one(ready, following, sender, in_hand)
        if outcome is Outcome.TAKEN:
            taken += 1
            if taken == 1:
                server.back()
        put_off += outcome is Outcome.PUT_OFF
        if outcome is Outcome.LOST or (put_off >= MOST_PUT_OFF and not taken):
            if not taken:
                raise ServerAway("hung_up" if outcome is Outcome.LOST else "busy")
            return False
        ready = following
    return not in_hand.left


def _deliver_one(ready: Ready, following: Ready | None, sender: Sender, in_hand: InHand) -> Outcome:
    """Send one claimed mail. `following` is sent next, or none is."""
    mail_id = ready.mail_id
    announced = following.message if following else None
    failpoints.reach("mail:composed")
    try:
        sender.send(ready.message, announced if isinstance(announced, Letter) else None)
    except (BadHeaderError, CannotBeWritten) as problem:
        marking.broken(mail_id, f"cannot be written: {problem or 'a line break in a header'}")
        return Outcome.ENDED
    except smtplib.SMTPSenderRefused as problem:
        return _sender_refused(ready, problem)
    except smtplib.SMTPRecipientsRefused as problem:
        return _refused(ready, [code for code, _ in problem.recipients.values()], unknown_address=True)
    except smtplib.SMTPDataError as problem:
        return _refused(ready, [problem.smtp_code], unknown_address=False)
    except OSError as problem:
        # Every other problem of the conversation is one of these, `smtplib.SMTPException` included.
        marking.postponed(mail_id, f"connection lost: {type(problem).__name__}")
        return Outcome.LOST
    failpoints.reach("mail:accepted")
    in_hand.taken.add(mail_id, link_of=ready.link_of)
    return Outcome.TAKEN


def _ready(mail_id: int, in_hand: InHand) -> Ready | None:
    """The composed message; nothing where there is nothing to send, which is then written down."""
    prepared = in_hand.letters.of(mail_id, (each.id for each in islice(in_hand.left, 1, None)))
    if prepared is None:
        return _composed(mail_id)
    if prepared.letter is None:
        marking.cancelled(mail_id)
        return None
    signature_id = prepared.signature_id
    return Ready(mail_id, prepared.letter, signature_id if prepared.has_link else None, signature_id)


def _composed(mail_id: int) -> Ready | None:
    """The same for one mail by itself."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.state != QUEUED:
        return None
    try:
        message = compose(mail)
        link_of = mail.signature_id if KINDS[mail.kind].starts_link_life else None
        address_of = mail.signature_id if mail.recipient_sealed is None else None
    except (OperationalError, InterfaceError):
        # The database is away or busy, which is nothing about this mail.
        raise
    except Exception as problem:
        # One that cannot be composed is put aside with its reason; the rest of the queue goes on.
        log.exception("mail %s (%s) cannot be composed", mail_id, mail.kind)
        marking.broken(mail_id, f"cannot be composed: {type(problem).__name__}")
        return None
    finally:
        # The conversation with the mail server may be long: no transaction stays open over it.
        db.session.rollback()
    if message is None:
        marking.cancelled(mail_id)
        return None
    return Ready(mail_id, message, link_of, address_of)


def _refused(ready: Ready, codes: list[int], *, unknown_address: bool) -> Outcome:
    """The server said no to this recipient or message: for now (4xx) or for ever (5xx)."""
    if CLOSING in codes:
        marking.postponed(ready.mail_id, f"put off: {CLOSING}")
        return Outcome.LOST
    if all(code >= 500 for code in codes):
        undeliverable = ready.address_of if unknown_address else None
        marking.failed(ready.mail_id, f"refused: {codes[0]}", undeliverable=undeliverable)
        return Outcome.ENDED
    marking.postponed(ready.mail_id, f"put off: {codes[0]}")
    return Outcome.PUT_OFF


def _sender_refused(ready: Ready, problem: smtplib.SMTPSenderRefused) -> Outcome:
    """The server takes nothing from our address, which is no fault of the mails: all wait until somebody sees to it."""
    if problem.smtp_code == TOO_LARGE:
        return _refused(ready, [problem.smtp_code], unknown_address=False)
    marking.postponed(ready.mail_id, f"put off: {problem.smtp_code}")
    raise ServerAway("sender_refused", str(problem.smtp_code))
