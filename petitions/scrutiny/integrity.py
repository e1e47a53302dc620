"""How a petition was signed, in figures that show automated or borrowed signatures: of what, against what is usual here.

`measures` of one petition are exact. What is usual is the same figure of other petitions, each worked out from its latest
signatures, so that looking costs about the same on a small and on a very large site. No figure names a person: mail
domains with few signatures stand together, networks have no name at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, Text, case, cast, func, select

from petitions.extensions import db, settings
from petitions.mailboxes import domain_of
from petitions.models import HourCount, Petition, Place, PlaceCount, Signature, SignatureState
from petitions.secrecy import CannotOpen
from petitions.signals import Signal

#: A mail domain with fewer signatures may be one person's own: it is not named.
SMALLEST_DOMAIN = 5
DOMAINS_SHOWN = 8
PLACES_SHOWN = 10
NETWORKS_SHOWN = 5
#: Petitions that say what is usual, those opened last, and how many of each one's latest signatures are looked at.
COMPARED = 60
SAMPLE = 500
FEWEST_TO_COMPARE = 5
#: A petition with fewer signatures says nothing about what is usual.
FEWEST_SIGNATURES = 100
#: Seconds from the mail to the pressed button, as upper ends of the groups; the last group has none.
DELAYS = (10, 60, 600, 3600, 86_400)
NIGHT = range(0, 6)
#: More than this share of an area's electorate has not signed any petition yet, the largest ever included.
PLAUSIBLE_SHARE = 0.3


@dataclass(frozen=True)
class Group:
    """Signatures that have something in common: how many, and their share of all that were looked at (0 to 1)."""

    label: str
    number: int
    share: float


@dataclass(frozen=True)
class Measures:
    """Shares between 0 and 1 that can be compared between petitions of any size; `None` where nothing is known."""

    largest_domain: float | None
    largest_network: float | None
    aliases: float | None
    within_ten_seconds: float | None
    within_ten_minutes: float | None
    at_night: float | None
    abroad: float | None


@dataclass(frozen=True)
class Usual:
    """What other petitions have: the middle, and between which values four of five of them lie."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class PlaceShare:
    """Signatures of one area for every 1 000 electors there; `is_implausible` where it cannot be true."""

    place_id: int
    name: str
    number: int
    per_thousand: float
    is_implausible: bool


def valid_rows(petition_id: int, latest: int | None = None) -> Subquery:
    """The counted signatures of a petition as something to select from; only the `latest` where that is given."""
    query = select(
        Signature.domain_hash,
        Signature.network_hash,
        Signature.country,
        Signature.confirm_seconds,
        cast(Signature.signals, Text).label("signals"),
    ).where(Signature.petition_id == petition_id, Signature.counted_at.is_not(None))
    if latest is not None:
        query = query.order_by(Signature.counted_at.desc()).limit(latest)
    return query.subquery("signed")


def number_where(condition: Any) -> Any:
    """How many rows a condition is true of."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def has_signal(column: Any, signal: Signal) -> Any:
    """Whether a list of signals, read as text, has one of them."""
    return column.like(f'%"{signal.value}"%')


def measures(petition_id: int, latest: int | None = None) -> Measures:
    """The comparable figures of one petition, over all its counted signatures or the `latest`."""
    rows = valid_rows(petition_id, latest)
    seconds = rows.c.confirm_seconds
    total, timed, alias, ten, minutes, abroad = db.session.execute(
        select(
            func.count(),
            func.count(seconds),
            number_where(has_signal(rows.c.signals, Signal.ALIAS)),
            number_where(seconds < DELAYS[0]),
            number_where(seconds < DELAYS[2]),
            number_where(rows.c.country != settings().home_country),
        )
    ).one()
    hours = hours_of_day(petition_id)
    return Measures(
        largest_domain=_largest(rows, rows.c.domain_hash),
        largest_network=_largest(rows, rows.c.network_hash)
        if latest
        else _largest_of(_by_network(petition_id)),
        aliases=_share(alias, total),
        within_ten_seconds=_share(ten, timed),
        within_ten_minutes=_share(minutes, timed),
        at_night=_share(sum(hours[hour] for hour in NIGHT), sum(hours)),
        abroad=_share(abroad, total),
    )


def _share(number: int, total: int) -> float | None:
    return number / total if total else None


def _largest(rows: Subquery, column: Any) -> float | None:
    """The share of the largest group among the rows that have the column at all."""
    return _largest_of(select(func.count().label("number")).where(column.is_not(None)).group_by(column))


def _largest_of(grouped: Select[Any]) -> float | None:
    groups = grouped.subquery()
    largest, total = db.session.execute(
        select(func.max(groups.c.number), func.sum(groups.c.number)).select_from(groups)
    ).one()
    return _share(largest or 0, int(total or 0))


def usual_measures(petition: Petition) -> tuple[dict[str, Usual], int]:
    """What is usual for each figure, and how many other petitions say so. Too few of them: nothing is said."""
    others = (
        select(Petition.id)
        .where(
            Petition.id != petition.id,
            Petition.opened_at.is_not(None),
            Petition.signature_count - Petition.imported_signatures >= FEWEST_SIGNATURES,
        )
        .order_by(Petition.opened_at.desc())
        .limit(COMPARED)
    )
    found = [measures(petition_id, SAMPLE) for petition_id in db.session.execute(others).scalars()]
    usual = {}
    for name in Measures.__dataclass_fields__:
        values = [value for each in found if (value := getattr(each, name)) is not None]
        if len(values) >= FEWEST_TO_COMPARE:
            tenths = quantiles(values, n=10, method="inclusive")
            usual[name] = Usual(median(values), tenths[0], tenths[-1])
    return usual, len(found)


def domains(petition_id: int) -> list[Group]:
    """The mail domains most signatures come from, each named by opening one address; small ones together at the end."""
    rows = db.session.execute(
        select(Signature.domain_hash, func.count(), func.min(Signature.id))
        .where(
            Signature.petition_id == petition_id,
            Signature.counted_at.is_not(None),
            Signature.domain_hash.is_not(None),
        )
        .group_by(Signature.domain_hash)
        .order_by(func.count().desc(), func.min(Signature.id))
    ).all()
    total = sum(row[1] for row in rows)
    shown = [row for row in rows[:DOMAINS_SHOWN] if row[1] >= SMALLEST_DOMAIN]
    groups = [Group(_domain_of(sample), number, number / total) for _, number, sample in shown]
    rest = total - sum(group.number for group in groups)
    return [*groups, Group("", rest, rest / total)] if rest else groups


def _domain_of(signature_id: int) -> str:
    signature = db.session.get_one(Signature, signature_id)
    try:
        return domain_of(signature.email or "@?")
    except CannotOpen:
        return "?"


def _by_network(petition_id: int) -> Select[Any]:
    """Numbers by network, of all signatures, counted or not: so the index alone answers, also on a million rows."""
    return (
        select(func.count().label("number"))
        .where(Signature.petition_id == petition_id, Signature.network_hash.is_not(None))
        .group_by(Signature.network_hash)
    )


def networks(petition_id: int) -> list[Group]:
    """How many signatures the busiest networks have, counted or not: numbers alone, no address."""
    groups = _by_network(petition_id).subquery()
    rows = db.session.execute(
        select(groups.c.number, func.sum(groups.c.number).over())
        .order_by(groups.c.number.desc())
        .limit(NETWORKS_SHOWN)
    )
    return [Group(str(place), number, number / int(total)) for place, (number, total) in enumerate(rows, 1)]


def signals(petition_id: int) -> list[Group]:
    """How many of all signatures, counted or not, carry each signal; those that none carries are left out."""
    text = cast(Signature.signals, Text)
    columns = [number_where(has_signal(text, signal)) for signal in Signal]
    total, *numbers = db.session.execute(
        select(func.count(), *columns).where(Signature.petition_id == petition_id)
    ).one()
    return [
        Group(signal.value, number, number / total)
        for signal, number in zip(Signal, numbers, strict=True)
        if number
    ]


def states(petition_id: int) -> dict[SignatureState, int]:
    """How many signatures are in each state."""
    rows = db.session.execute(
        select(Signature.state, func.count())
        .where(Signature.petition_id == petition_id)
        .group_by(Signature.state)
    )
    found = dict(rows.all())
    return {state: found.get(state, 0) for state in SignatureState}


def hours_of_day(petition_id: int) -> list[int]:
    """Signatures counted in each hour of the day of the site's zone, from midnight: 24 numbers."""
    rows = db.session.execute(
        select(HourCount.hour, HourCount.signature_count).where(HourCount.petition_id == petition_id)
    )
    return _by_hour([(row.hour, row.signature_count) for row in rows], settings().timezone)


def _by_hour(rows: Sequence[tuple[datetime, int]], zone: ZoneInfo) -> list[int]:
    numbers: Counter[int] = Counter()
    for hour, number in rows:
        numbers[hour.astimezone(zone).hour] += number
    return [numbers[hour] for hour in range(24)]


def places(petition_id: int) -> tuple[list[PlaceShare], float]:
    """The areas with most signatures for their electorate, and the middle of all areas that have any (per 1 000)."""
    rows = db.session.execute(
        select(Place.id, Place.name, Place.electorate, PlaceCount.signature_count)
        .join(Place, Place.id == PlaceCount.place_id)
        .where(
            PlaceCount.petition_id == petition_id,
            PlaceCount.signature_count > 0,
        )
    ).all()
    shares = [
        PlaceShare(place_id, name, number, 1000 * number / electorate, number > PLAUSIBLE_SHARE * electorate)
        for place_id, name, electorate, number in rows
        if electorate
    ]
    shares.sort(key=lambda share: share.per_thousand, reverse=True)
    return shares[:PLACES_SHOWN], median(share.per_thousand for share in shares) if shares else 0.0
