"""How many signatures came from where within the hour. Nobody is turned away by it: over the limit they are held for staff.

Only the configured number of proxies is believed about where a request comes from, so nobody can choose what is counted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam

from petitions import clock
from petitions.database import insert
from petitions.extensions import db
from petitions.limits import NETWORK_AN_HOUR, ORIGIN_AN_HOUR
from petitions.models import OriginCount
from petitions.origins import household_of, network_of
from petitions.questions import Question
from petitions.secrecy import keyed_hash


def count(ip: str | None) -> bool:
    """Count one signature that is sent from `ip` now; tells whether its origin is over the limit. In a unit of work.

    An IPv4 /24 is not counted: its addresses belong to strangers.
    """
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    limits = {_hash(str(hour), household_of(ip) if ip else "unknown"): ORIGIN_AN_HOUR}
    if ip and ":" in ip:
        limits[_hash(str(hour), network_of(ip))] = NETWORK_AN_HOUR
    # In one order everywhere, so that two transactions never wait for each other crosswise.
    numbers = {each: ONE_MORE.first(hour=hour, origin_hash=each, number=1).number for each in sorted(limits)}
    return any(number > limits[each] for each, number in numbers.items())


def _one_more() -> Any:
    keys: dict[str, Any] = {name: bindparam(name) for name in ("hour", "origin_hash", "number")}
    statement = insert(OriginCount, db.session).values(**keys)
    return statement.on_conflict_do_update(
        index_elements=["hour", "origin_hash"], set_={"number": OriginCount.number + 1}
    ).returning(OriginCount.number)


ONE_MORE = Question(_one_more)


def _hash(hour: str, origin: str) -> bytes:
    return keyed_hash(f"origin:{hour}", origin)
