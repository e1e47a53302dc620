"""Errors told to a Sentry server, where `SENTRY_DSN` names one: the way through the code and the kind of error, nothing else.

What such libraries gather by themselves (the request, its form and headers, local variables, what was logged before) is what
must not leave this machine. So all of that is off, each report is put together here from what the log says too, and what the
library still adds is let through by name or not at all. The library is installed only by who wants it
(`requirements-sentry.txt`; docs/decisions/error-reports.md).
"""

from __future__ import annotations

import logging
import traceback
from types import ModuleType
from typing import Any

from config import SettingError, Settings
from petitions import logs

#: What may stand in a report.
LET_THROUGH = {
    "environment",
    "event_id",
    "exception",
    "level",
    "logger",
    "message",
    "platform",
    "release",
    "sdk",
    "tags",
    "timestamp",
    "transaction",
}
OURS = "petitions"


class Reporter(logging.Handler):
    """Tells of every error that is logged."""

    def __init__(self, library: ModuleType) -> None:
        super().__init__(logging.ERROR)
        self._library = library

    def emit(self, record: logging.LogRecord) -> None:
        """Send a report. The library does so beside, and a server that is away costs nobody anything."""
        self._library.capture_event(report_of(record))


def report_of(record: logging.LogRecord) -> dict[str, Any]:
    """A line of the log as a report. Of the words only ours, before anything was put into them."""
    facts = logs.facts_of(record)
    report: dict[str, Any] = {
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": logs.without_secrets(str(record.msg)) if record.name.startswith(OURS) else record.name,
        "transaction": facts.get("route", ""),
        "tags": {name: str(value) for name, value in facts.items()},
    }
    if record.exc_info and record.exc_info[1] is not None:
        report["exception"] = {"values": _chain(record.exc_info[1])}
    return report


def _chain(error: BaseException) -> list[dict[str, Any]]:
    """The error and what caused it, the first cause first."""
    cause = logs.cause_of(error)
    frames = [
        {
            "filename": frame.f_code.co_filename,
            "function": frame.f_code.co_name,
            "lineno": line,
            "module": frame.f_globals.get("__name__", ""),
            "in_app": str(frame.f_globals.get("__name__", "")).startswith(OURS),
        }
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    this = {"type": type(error).__name__, "module": type(error).__module__, "stacktrace": {"frames": frames}}
    return [*(_chain(cause) if cause is not None else []), this]


def let_through(event: Any, _hint: object = None) -> Any:
    """The last look at a report before it leaves: what is not named here is taken out."""
    return {name: value for name, value in event.items() if name in LET_THROUGH}


def register(settings: Settings) -> None:
    """Report errors, if that is wanted. Raises `SettingError` where the library is missing or the address is none."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, Reporter)]:
        root.removeHandler(handler)
    if not settings.sentry_dsn:
        return
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise SettingError(
            "SENTRY_DSN needs a library: pip install --require-hashes -r requirements-sentry.txt."
        ) from None
    try:
        sentry_sdk.init(
            dsn=settings.sentry_dsn,
            environment=settings.app_env,
            before_send=let_through,
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            server_name="",
        )
    except BadDsn:
        raise SettingError("SENTRY_DSN is not an address such as https://key@sentry.example/1.") from None
    root.addHandler(Reporter(sentry_sdk))
