"""Where a request comes from: the one address, and the network around it that one household, company or carrier has.

An IPv4 address stands for itself; its network is a /24. In IPv6 one household has a /64 at least, so that stands for
the address, and the network is a /48.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address


@lru_cache(maxsize=1_000)
def _parsed(ip: str) -> IPv4Address | IPv6Address:
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=1_000)
def readable(ip: str | None) -> str | None:
    """An address in its one spelling; `None` for what is no address, which nobody but a broken proxy sends."""
    try:
        address = _parsed(ip or "")
    except ValueError:
        return None
    return str(address).partition("%")[0]


@lru_cache(maxsize=1_000)
def _around(ip: str, *, v4: int, v6: int) -> str:
    address = _parsed(ip)
    bits = v4 if isinstance(address, IPv4Address) else v6
    # By its number, so without the name of an interface that may stand behind it.
    others = address.max_prefixlen - bits
    return f"{type(address)(int(address) >> others << others)}/{bits}"


def household_of(ip: str) -> str:
    """What counts as one origin: `192.0.2.7/32`, `2001:db8:1:2::/64`. Raises `ValueError` for what is no address."""
    return _around(ip, v4=32, v6=64)


def network_of(ip: str) -> str:
    """The network around an address: `192.0.2.0/24`, `2001:db8:1::/48`. Raises `ValueError` for what is no address."""
    return _around(ip, v4=24, v6=48)


def lies_in(ip: str, network: IPv4Network | IPv6Network) -> bool:
    """Whether an address is in a network; one of the other family is not."""
    return _parsed(ip) in network
