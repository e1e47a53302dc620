"""Where a webhook may lead: to the public internet alone, so that nobody makes this server ask a neighbour of its own.

A name is looked up once, every address it has is judged, and the connection goes to a judged address: what the name means
a moment later (DNS rebinding) plays no part.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from petitions.extensions import settings
from petitions.models.webhook import URL_LIMIT

#: IPv6 addresses that carry an IPv4 address inside: NAT64 (RFC 6052), and mapped ones, are judged by that.
NAT64 = IPv6Network("64:ff9b::/96")
#: Nobody's server is there, though Python calls (some of) these global: addresses of protocols (RFC 6890), the relays of 6to4
#: that were given up (RFC 7526), and what IPv6 once called site-local (RFC 3879).
NOBODYS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv6Network("fec0::/10"))


class NotAllowed(Exception):
    """The address cannot be a webhook's. The message is a code of `webhooks.wording.PROBLEMS`."""


def checked_url(url: str) -> SplitResult:
    """The parts of an address that a webhook may have, by its form alone. Raises `NotAllowed`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("not_an_address") from None
    if len(url) > URL_LIMIT or not url.isascii() or not url.isprintable() or " " in url:
        raise NotAllowed("not_an_address")
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0:
        raise NotAllowed("not_an_address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed("not_an_address")
    if parts.scheme != "https" and settings().is_production:
        raise NotAllowed("not_https")
    return parts


def resolve(host: str, port: int) -> str:
    """An address of `host` that may be connected to. Raises `NotAllowed`: unknown, or any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowed("unknown_host") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(is_allowed(address) for address in addresses):
        raise NotAllowed("not_public")
    return addresses[0]


def is_allowed(address: str) -> bool:
    """Whether one IP address may be connected to. While developing, also this machine itself: a receiver may be tried there."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found)
    if inner.is_loopback and not settings().is_production:
        return True
    if any(inner in network for network in NOBODYS):
        return False
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 address, where there is one: mapped, by NAT64, by 6to4, by Teredo."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address


def refuse_private_number(host: str) -> None:
    """Raises `NotAllowed` where `host` is an IP address that may not be connected to. A name is judged when it is used."""
    try:
        ip_address(host)
    except ValueError:
        return
    if not is_allowed(host):
        raise NotAllowed("not_public")
