"""What the log may say: where something went wrong and of what kind, never whom it was about.

A link in a mail is a secret, an address is somebody's, and an error's own message may quote either, or a name. So every
line passes a formatter that leaves links and addresses out, and of an error it writes the way through the code and the
error's kind, not its words. It stands behind gunicorn's log too, which would quote the line of a request it cannot read.

`LOG_FORMAT=json` writes each event as one line of JSON; the words are the same.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from flask import Flask, has_request_context, request
from flask.logging import default_handler

from config import Settings
from petitions import measuring
from petitions.addresses import BEFORE_SECRETS

FORMAT = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"
#: Loggers that bring handlers of their own.
FOREIGN = ("gunicorn.error", "gunicorn.access")

# Each begins where a word does, so that a long line without a secret is read once and not from every letter anew.
#: What stands behind these words in an address of ours opens something.
_SECRET_PATH = re.compile(rf"((?:{'|'.join(BEFORE_SECRETS)}|supporters)/)[^\s\"'<>?]+")
#: A signed link wherever it stands: what it carries, a dot, 32 bytes in base64.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]+\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
_ADDRESS = re.compile(r"(?<![^\s\"'<>()\[\]{},;:=/])[^\s\"'<>()\[\]{},;:=/]+(?:@|%40)[^\s\"'<>()\[\]{},;:/]+")
#: How gunicorn names the origin of a request that it cannot read.
_ORIGIN = re.compile(r"\bip=\S+")

#: What a proxy numbers requests with: a UUID or some other hexadecimal number. Anything else could be somebody's name.
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{16,64}")
_REQUEST = "petitions.request_id"
#: Stands in a request's environment where the settings say that a proxy in front is believed.
BEHIND_PROXY = "petitions.behind_a_proxy"

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_secrets(text: str) -> str:
    """`text` with links, mail addresses and origins left out."""
    text = _TOKEN.sub("[link]", _SECRET_PATH.sub(r"\1[link]", text))
    return _ORIGIN.sub("ip=[origin]", _ADDRESS.sub("[address]", text))


def cause_of(error: BaseException) -> BaseException | None:
    """What brought an error about, as far as a report is to tell of it."""
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def way_to(error: BaseException) -> str:
    """How an error came about: the lines of code and the kinds of error, the first cause first. No message of theirs.

    What the operating system says (`OSError.strerror`) is the same for everybody and helps: no space left on device.
    """
    cause = cause_of(error)
    before = f"{way_to(cause)}\n\nThen:\n" if cause is not None else ""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    words = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return f"{before}{''.join(traceback.format_tb(error.__traceback__))}{kind}{words}"


def request_id(environ: dict[str, Any]) -> str:
    """The number of a request: its proxy's, where that is believed and a number, else one of our own."""
    found: str | None = environ.get(_REQUEST)
    if found is None:
        given = environ.get("HTTP_X_REQUEST_ID", "") if environ.get(BEHIND_PROXY) else ""
        found = environ[_REQUEST] = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    return found


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is known of the request that a record belongs to: nothing that tells who asked, or for what."""
    found: dict[str, Any] | None = getattr(record, "facts", None)
    if found is not None:
        return found
    if not has_request_context():
        return {}
    rule = request.url_rule
    return {
        "request": request_id(request.environ),
        "method": measuring.method(request.method),
        "route": rule.rule if rule is not None else measuring.NOWHERE,
    }


class Discreet(logging.Formatter):
    """Writes a record without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it the way to the error."""
        # Another handler may have kept the error's full text on the record; it is not ours to use.
        record.exc_text = None
        try:
            return without_secrets(super().format(record))
        finally:
            record.exc_text = None

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line, with what is known of its request at the end. Whatever stands in it, it stays one line."""
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        return f"{line} ({facts})" if facts else line

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        """The way to the error."""
        return way_to(ei[1]) if ei[1] is not None else ""


class DiscreetJson(Discreet):
    """Writes a record as one line of JSON, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
            **facts_of(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = without_secrets(way_to(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def register(app: Flask, settings: Settings) -> None:
    """Let everything that is written to the log pass the formatter."""
    formatter = DiscreetJson() if settings.log_format == "json" else Discreet(FORMAT)
    default_handler.setFormatter(formatter)
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
        root.handlers[0].setFormatter(formatter)
    for handler in root.handlers:
        if isinstance(handler.formatter, Discreet):
            handler.setFormatter(formatter)
    for name in FOREIGN:
        for foreign in logging.getLogger(name).handlers:
            foreign.setFormatter(formatter)
