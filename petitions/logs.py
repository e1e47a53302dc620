"""What the log may say: where something went wrong and of what kind, never whom it was about.

A link in a mail is a secret, an address is somebody's, and an error's own message may quote either, or a name. So every
line passes a formatter that leaves links and addresses out, and of an error it writes the way through the code and the
error's kind, not its words. It stands behind gunicorn's log too, which would quote the line of a request it cannot read.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

from flask import Flask
from flask.logging import default_handler

FORMAT = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"
#: Loggers that bring handlers of their own.
FOREIGN = ("gunicorn.error", "gunicorn.access")

#: What stands behind these words in an address of ours opens something.
_SECRET_PATH = re.compile(r"((?:signatures/confirm|signatures|unsubscribe|creators|supporters)/)[^\s\"'<>?]+")
#: A signed link wherever it stands: what it carries, a dot, 32 bytes in base64.
_TOKEN = re.compile(r"[A-Za-z0-9_.-]+\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
_ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;:=/]+(?:@|%40)[^\s\"'<>()\[\]{},;:/]+")
#: How gunicorn names the origin of a request that it cannot read.
_ORIGIN = re.compile(r"\bip=\S+")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_secrets(text: str) -> str:
    """`text` with links, mail addresses and origins left out."""
    text = _TOKEN.sub("[link]", _SECRET_PATH.sub(r"\1[link]", text))
    return _ORIGIN.sub("ip=[origin]", _ADDRESS.sub("[address]", text))


def way_to(error: BaseException) -> str:
    """How an error came about: the lines of code and the kinds of error, the first cause first. No message of theirs.

    What the operating system says (`OSError.strerror`) is the same for everybody and helps: no space left on device.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{way_to(cause)}\n\nThen:\n" if cause is not None else ""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    words = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return f"{before}{''.join(traceback.format_tb(error.__traceback__))}{kind}{words}"


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

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        """The way to the error."""
        return way_to(ei[1]) if ei[1] is not None else ""


def register(app: Flask) -> None:
    """Let everything that is written to the log pass the formatter."""
    formatter = Discreet(FORMAT)
    default_handler.setFormatter(formatter)
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(formatter)
        root.addHandler(handler)
    for name in FOREIGN:
        for foreign in logging.getLogger(name).handlers:
            foreign.setFormatter(formatter)
