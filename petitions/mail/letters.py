"""Letters: messages to many that differ in a few words only. The words are rendered and the headers written once, by the same
code as every other message; then the blanks are filled in, and what leaves is byte for byte what would have left otherwise.

Rendering one message and writing it takes longer than handing it to the mail server. Figures: docs/performance.md.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import Protocol

from markupsafe import escape

from petitions.mail.conversation import Envelope
from petitions.mail.message import (
    KINDS,
    Context,
    finished,
    message_of,
    quoted_printable,
    rendered,
    unsubscribing,
)

#: An address that the library writes as it is: everything else goes the long way.
PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
)
#: Within one line, and no space at its ends, which might be the ends of the whole text.
PLAIN_WORDS = re.compile(r"\S(?:[^\r\n]*\S)?")
#: What a header may hold of a blank: a token.
PLAIN_TOKEN = re.compile(r"[A-Za-z0-9._-]+")
PLAIN_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.@_-]+>")


class CannotBeFilledIn(Exception):
    """This message, or this recipient, goes the long way."""


@dataclass(frozen=True)
class Letter:
    """A message as it goes to the mail server."""

    sender: str
    """The envelope's: where it comes back to."""
    recipient: str
    message_id: str
    subject: str
    content: bytes

    @property
    def envelope(self) -> Envelope:
        """What the mail server is told before it."""
        return Envelope(self.sender, self.recipient, len(self.content))


@dataclass(frozen=True)
class Prepared:
    """What is to become of one mail."""

    letter: Letter | None
    """Nothing: nobody is to get it any more."""
    signature_id: int
    """The signature whose own address it goes to."""
    has_link: bool = False
    """It carries that signature's confirm link, whose life starts when it is accepted."""


class Waiting(Protocol):
    """One mail, as it was read with the others of its batch."""

    def prepared(self) -> Prepared:
        """Filled in. Raises `CannotBeFilledIn`."""


class _Part:
    """One form of the words, as it stands in the message: what lies between the lines with blanks is written already.

    Each line is written by itself, so what stands in a blank may not have several.
    """

    def __init__(self, words: str, marks: Mapping[str, str]) -> None:
        self._pieces: list[bytes | str] = []
        plain: list[str] = []
        for line in re.split("(?<=\n)", words.replace("\r\n", "\n").replace("\r", "\n")):
            if any(mark in line for mark in marks.values()):
                self._pieces += [_lines("".join(plain)), line]
                plain = []
            else:
                plain.append(line)
        self._pieces.append(_lines("".join(plain)))

    def filled_in(self, values: Mapping[str, str]) -> bytes:
        """With `values` for the marks."""
        return b"".join(
            piece if isinstance(piece, bytes) else _lines(_with(values, piece)) for piece in self._pieces
        )


def _with(values: Mapping[str, str], line: str) -> str:
    for mark, value in values.items():
        line = line.replace(mark, value)
    return line


class Form:
    """A message with blanks. Raises `CannotBeFilledIn` where a blank stands in its subject, which is written as a whole."""

    def __init__(
        self,
        kind: str,
        blanks: tuple[str, ...],
        context: Callable[[Mapping[str, str]], Context],
        language: str,
    ) -> None:
        """`context` gives the words for values of the blanks."""
        # Nobody can know the marks, so no title and no name can have one in it.
        self._marks = {blank: secrets.token_hex(16) for blank in blanks}
        known = context(self._marks)
        words = finished(rendered(kind, known, language))
        if any(mark in words.subject for mark in self._marks.values()):
            raise CannotBeFilledIn("a blank in the subject")
        self.subject = words.subject
        to, message_id = f"{secrets.token_hex(16)}@example.org", f"<{secrets.token_hex(16)}@example.org>"
        message = message_of(kind, words, to, message_id, unsubscribing(KINDS[kind], known))
        message.date = 0.0
        head, _, body = message.as_bytes().partition(b"\r\n\r\n")
        edge, between = body.split(b"\r\n", 1)[0], b"\r\n\r\n"
        plain, html = (part.split(between, 1)[0] for part in body.split(edge + b"\r\n")[1:])
        own = {mark: blank for blank, mark in self._marks.items() if mark.encode() in head}
        self._own_in_head = tuple(own.values())
        self._head = _format(head, {to: "to", message_id: "id", _date(0): "date", **own})
        self._text, self._html = _Part(words.text, self._marks), _Part(words.html, self._marks)
        self._before_text = b"\r\n\r\n" + edge + b"\r\n" + plain + b"\r\n\r\n"
        self._before_html = b"\r\n" + edge + b"\r\n" + html + b"\r\n\r\n"
        self._end = b"\r\n" + edge + b"--\r\n"

    def filled_in(self, values: Mapping[str, str], *, sender: str, recipient: str, message_id: str) -> Letter:
        """The letter to one person. Raises `CannotBeFilledIn`."""
        if not PLAIN_ADDRESS.fullmatch(recipient) or not PLAIN_MESSAGE_ID.fullmatch(message_id):
            raise CannotBeFilledIn("not a plain address")
        if not all(PLAIN_WORDS.fullmatch(value) for value in values.values()):
            raise CannotBeFilledIn("not plain words")
        if not all(PLAIN_TOKEN.fullmatch(values[blank]) for blank in self._own_in_head):
            raise CannotBeFilledIn("not plain in a header")
        marked = {mark: values[blank] for blank, mark in self._marks.items()}
        escaped = {mark: str(escape(value)) for mark, value in marked.items()}
        head = self._head % {
            b"to": recipient.encode(),
            b"id": message_id.encode(),
            b"date": _date(int(time.time())).encode(),
            **{blank.encode(): values[blank].encode() for blank in self._own_in_head},
        }
        content = b"".join(
            (
                head, self._before_text, self._text.filled_in(marked),
                self._before_html, self._html.filled_in(escaped), self._end,
            )
        )  # fmt: skip
        return Letter(sender, recipient, message_id, self.subject, content)


def _format(head: bytes, blanks: Mapping[str, str]) -> bytes:
    head = head.replace(b"%", b"%%")
    for mark, blank in blanks.items():
        if head.count(mark.encode()) != 1:
            raise CannotBeFilledIn("a header that is not as expected")
        head = head.replace(mark.encode(), f"%({blank})b".encode())
    return head


@lru_cache(maxsize=8)
def _date(second: int) -> str:
    return formatdate(second, localtime=True)


def _lines(words: str) -> bytes:
    return quoted_printable(words).replace(b"\n", b"\r\n")
