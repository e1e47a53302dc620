"""Reading a delivery report (RFC 3464): what became of one mail, and which one it was. Nothing in it is believed unseen."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import cast

#: Bytes. Reports carry back the whole mail, and ours are small.
LARGEST = 1024 * 1024
#: Headers by which a mail system tells to whom a report was delivered.
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")


class NotAReport(Exception):
    """It is no delivery report, or too large to be one about a mail of ours."""


@dataclass(frozen=True)
class Report:
    """What a mail server says became of a mail."""

    status: str
    """Enhanced status code (RFC 3463): `5.1.1`."""
    recipients: str
    """The headers that say to whom the report came: our return path is among them."""
    message_ids: tuple[str, ...]
    """The Message-ID of the mail that came back, where its headers came with it."""

    @property
    def is_permanent(self) -> bool:
        """The mail came back for good."""
        return self.status.startswith("5.")


def read(content: bytes) -> Report:
    """Take a report apart. Raises `NotAReport`."""
    if len(content) > LARGEST:
        raise NotAReport("too large")
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        parts = list(message.walk()) if _is_report(message) else []
        status = _worst(parts)
        ids = tuple(_returned_ids(parts))
        recipients = "\n".join(
            str(value) for name in RECIPIENT_HEADERS for value in message.get_all(name, [])
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # What the parser of the standard library makes of bytes that were never a mail.
        raise NotAReport("cannot be read") from None
    if status is None:
        raise NotAReport("says nothing about delivery")
    return Report(status, recipients, ids)


def _is_report(message: Message) -> bool:
    kind = str(message.get_param("report-type", "")).lower()
    return message.get_content_type() == "multipart/report" and kind == "delivery-status"


def _worst(parts: list[Message]) -> str | None:
    """The gravest status that the report gives of a delivery that failed or waits."""
    found = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for group in cast("list[Message]", part.get_payload()):
            action = str(group.get("Action", "")).strip().lower()
            status = STATUS.match(str(group.get("Status", "")).strip())
            if status is not None and action in {"failed", "delayed"} and status[1] != "2":
                found.append(status[0] if action == "failed" else f"4{status[0][1:]}")
    return max(found, default=None)


def _returned_ids(parts: list[Message]) -> Iterator[str]:
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            part = email.message_from_string(str(part.get_payload()))
        if part.get("Message-ID"):
            yield str(part["Message-ID"]).strip()
