"""Who may read what only operators should: machines of the networks that a setting names, or whoever sends the token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from ipaddress import ip_address

from flask import Request

from config import Network, Settings


def may_read(request: Request, settings: Settings) -> bool:
    """Whether a request comes from an operator's machine, or carries the token.

    Every machine that it passed must be one, so that a visitor is never taken for the proxy in front of us: where a proxy
    stands there that is not said in the settings, each visitor would seem to come from this very machine.
    """
    token = settings.metrics_token
    if token and hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    ):
        return True
    passed = (
        ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
        if "X-Forwarded-For" in request.headers
        else []
    )
    if "Forwarded" in request.headers:
        # Its grammar is not ours to read; our own scrapes have none.
        return False
    before = request.environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR")
    addresses = [request.remote_addr or "", *passed, *([before] if before is not None else [])]
    return all(_is_in(address, settings.metrics_from) for address in addresses)


def _is_in(address: str, networks: Iterable[Network]) -> bool:
    try:
        found = ip_address(address.strip())
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)
