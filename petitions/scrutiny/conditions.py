"""What must be true of a signature: conditions joined by AND, as a search or a campaign asks for them.

What stands in plain columns or keyed hashes is asked of the database (`columns`). The rest is sealed: the rows that are
left are opened and looked at one by one (`fits`). Neither knows more than one petition: hashes are keyed with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from sqlalchemy import ColumnElement, String, cast

from petitions import mailboxes, origins
from petitions.models import Signature, SignatureRole, SignatureState
from petitions.places import postcodes
from petitions.scrutiny.opening import opened
from petitions.secrecy import domain_hash, mailbox_hash, network_hash

WILD = "*"
MOMENTS = ("signed_from", "signed_before", "confirmed_from", "confirmed_before")


@dataclass(frozen=True)
class Conditions:
    """Every condition; one that is empty asks for nothing. Addresses, domains and origins are as somebody typed them."""

    address: str = ""
    domain: str = ""
    """`example.org`, or a pattern such as `*.example.org`, in lower case and ASCII form."""
    origin: str = ""
    """An address or a network, IPv4 or IPv6: `192.0.2.7`, `2001:db8::/32`."""
    postcode: str = ""
    """As `postcodes.compact` writes it; `AB1*` is every postcode that begins so."""
    place_id: int | None = None
    country: str = ""
    state: str = ""
    role: str = ""
    held_reason: str = ""
    signals: tuple[str, ...] = ()
    signed_from: datetime | None = None
    signed_before: datetime | None = None
    confirmed_from: datetime | None = None
    confirmed_before: datetime | None = None
    seconds_from: int | None = None
    """Seconds between the mail's arrival and the pressed button."""
    seconds_to: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every signature of the petition fits."""
        return not any(self._given(field.name) for field in fields(self))

    def _given(self, name: str) -> bool:
        return getattr(self, name) not in ("", None, ())

    def given(self) -> dict[str, Any]:
        """The conditions that ask for something, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if self._given(field.name)}

    @property
    def network(self) -> IPv4Network | IPv6Network | None:
        """The origin as a network."""
        return ip_network(self.origin, strict=False) if self.origin else None

    @property
    def opens(self) -> tuple[str, ...]:
        """The sealed columns that must be opened to tell whether a signature fits."""
        needed = []
        if WILD in self.domain:
            needed.append("email")
        if self.network is not None and not _is_one_network(self.network):
            needed.append("ip")
        if self.postcode:
            needed.append("postcode")
        return tuple(needed)


def to_json(conditions: Conditions) -> str:
    """As text, to be sealed."""
    return json.dumps(
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in conditions.given().items()
        }
    )


def from_json(text: str) -> Conditions:
    """What `to_json` wrote."""
    values = json.loads(text)
    values |= {name: datetime.fromisoformat(values[name]) for name in MOMENTS if values.get(name)}
    return Conditions(**values | {"signals": tuple(values.get("signals", ()))})


def columns(conditions: Conditions, petition_id: int) -> list[ColumnElement[bool]]:
    """What the database itself can tell."""
    asked = [Signature.petition_id == petition_id]
    asked += _hashes(conditions, petition_id)
    for column, value in (
        (Signature.place_id, conditions.place_id),
        (Signature.country, conditions.country or None),
        (Signature.held_reason, conditions.held_reason or None),
    ):
        if value is not None:
            asked.append(column == value)
    if conditions.state:
        asked.append(Signature.state == SignatureState(conditions.state))
    if conditions.role:
        asked.append(Signature.role == SignatureRole(conditions.role))
    # Codes are plain words: as text, a list of them holds each in quotation marks.
    asked += [cast(Signature.signals, String).contains(f'"{code}"') for code in conditions.signals]
    return asked + _ranges(conditions)


def _hashes(conditions: Conditions, petition_id: int) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if conditions.address:
        mailbox = mailboxes.canonical(conditions.address)
        asked.append(Signature.mailbox_hash == mailbox_hash(petition_id, mailbox))
    if conditions.domain and WILD not in conditions.domain:
        asked.append(Signature.domain_hash == domain_hash(petition_id, conditions.domain))
    network = conditions.network
    if network is not None and _lies_in_one(network):
        asked.append(Signature.network_hash == network_hash(petition_id, str(network[0])))
    return asked


def _ranges(conditions: Conditions) -> list[ColumnElement[bool]]:
    asked = [
        (Signature.created_at, conditions.signed_from, conditions.signed_before),
        (Signature.validated_at, conditions.confirmed_from, conditions.confirmed_before),
    ]
    found: list[ColumnElement[bool]] = []
    for column, start, end in asked:
        found += [column >= start] if start is not None else []
        found += [column < end] if end is not None else []
    if conditions.seconds_from is not None:
        found.append(Signature.confirm_seconds >= conditions.seconds_from)
    if conditions.seconds_to is not None:
        found.append(Signature.confirm_seconds <= conditions.seconds_to)
    return found


def fits(conditions: Conditions, row: Any) -> bool:
    """Whether a row that `columns` found fits what must be opened to be seen."""
    for name in conditions.opens:
        text = opened(row, name)
        if text is None or not _fits_one(conditions, name, text):
            return False
    return True


def _fits_one(conditions: Conditions, name: str, text: str) -> bool:
    if name == "email":
        pattern = ".*".join(re.escape(part) for part in conditions.domain.split(WILD))
        return re.fullmatch(pattern, mailboxes.domain_of(text)) is not None
    if name == "ip":
        network = conditions.network
        assert network is not None
        return origins.lies_in(text, network)
    code = postcodes.compact(text)
    if conditions.postcode.endswith(WILD):
        return code.startswith(conditions.postcode.removesuffix(WILD))
    return code == conditions.postcode


def _lies_in_one(network: IPv4Network | IPv6Network) -> bool:
    """Whether it is no wider than the networks that signatures keep the hash of."""
    return network.subnet_of(ip_network(origins.network_of(str(network[0]))))  # type: ignore[arg-type]


def _is_one_network(network: IPv4Network | IPv6Network) -> bool:
    return str(network) == origins.network_of(str(network[0]))
