"""Covering up what staff need not see: enough stays to compare, nothing that names anybody."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

COVER = "…"


def masked_name(name: str | None) -> str:
    """`A… A…` of Ada Adeyemi."""
    return " ".join(word[0] + COVER for word in (name or "").split())


def masked_address(address: str | None) -> str:
    """`a…@example.org`: the domain is what staff compare."""
    local, at, domain = (address or "").rpartition("@")
    return f"{local[:1]}{COVER}@{domain}" if at else ""


def masked_postcode(postcode: str | None) -> str:
    """`AB…`."""
    return f"{postcode[:2]}{COVER}" if postcode else ""


def masked_origin(ip: str | None) -> str:
    """`192.0.…` or `2001:db8:…`."""
    try:
        address = ip_address(ip or "")
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return ".".join(str(address).split(".")[:2]) + "." + COVER
    first, second = address.exploded.split(":")[:2]
    return f"{int(first, 16):x}:{int(second, 16):x}:{COVER}"
