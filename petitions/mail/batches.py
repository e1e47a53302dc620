"""The mails that a worker has in hand: what all of them need is read together, and the letters are filled in a few at a time.

Confirmations and news to many are; every other mail is composed by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from petitions import clock
from petitions.mail import confirmations, news
from petitions.mail.letters import CannotBeFilledIn, Prepared, Waiting

#: What was read about the mails in hand is believed for so long; then it is read again.
BELIEVED = timedelta(seconds=1)
#: So many are filled in one after the other: each by itself, between two conversations, takes twice the time; a whole batch
#: in one go is a burst after which the worker waits for a processor.
AT_ONCE = 10


class Letters:
    """What can be filled in among the mails that a worker has in hand."""

    def __init__(self) -> None:
        self._waiting: dict[int, Waiting] = {}
        self._prepared: dict[int, Prepared] = {}
        self._mailings = news.Mailings()
        self._believed_until: datetime | None = None
        self._is_read = False

    def forget_batch(self) -> None:
        """Others are in hand now. What their mailings say is believed as long as it was to be."""
        self._is_read = False

    def of(self, mail_id: int, in_hand: Iterable[int]) -> Prepared | None:
        """What is to become of one mail; nothing where it is to be composed. `in_hand` are those that come after it."""
        now = clock.now()
        if self._believed_until is None or now >= self._believed_until:
            self._mailings, self._believed_until = news.Mailings(), now + BELIEVED
            self._is_read = False
        if not self._is_read:
            ids = [mail_id, *in_hand]
            self._waiting, self._prepared = dict(confirmations.read(ids)), {}
            self._waiting |= self._mailings.read([each for each in ids if each not in self._waiting])
            self._is_read = True
        if mail_id in self._waiting:
            for each in (mail_id, *islice(in_hand, AT_ONCE - 1)):
                self._prepare(each)
        return self._prepared.pop(mail_id, None)

    def _prepare(self, mail_id: int) -> None:
        waiting = self._waiting.pop(mail_id, None)
        # What is wrong with this one is found, and written down, on the long way.
        with suppress(CannotBeFilledIn):
            if waiting is not None:
                self._prepared[mail_id] = waiting.prepared()
