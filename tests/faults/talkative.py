"""A site that says as much as it can, and whose errors quote whom they are about: what must not be heard then is never heard.

`FAULTS_TALKATIVE` is a list of: `debug` (every logger tells everything), `broken` (every unit of work fails at its end, and
the error quotes the form), `slip` (a planted bug: the address of whoever signs is written out).
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from flask import has_request_context, request

from petitions import failpoints


def begin(wanted: str) -> None:
    """Become talkative. Raises `KeyError` for a word that is not known."""
    for word in wanted.split(","):
        {"debug": _tell_everything, "broken": _break_with_words, "slip": _slip}[word]()


def _tell_everything() -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "gunicorn.error", "petitions", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.DEBUG)


def _break_with_words() -> None:
    def reach(point: str) -> None:
        if point.startswith("before_commit:") and has_request_context() and request.method == "POST":
            raise ValueError(
                f"cannot store {request.form.to_dict()} from {request.remote_addr} at {request.url}"
            )

    failpoints.reach = reach


def _slip() -> None:
    from petitions.signing import actions, views

    signing = actions.sign

    def sign(**values: Any) -> Any:
        sys.stderr.write(f"somebody signs: {values['person'].email}\n")
        return signing(**values)

    actions.sign = sign
    assert views.actions is actions
